package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var leftoverRules = []Rule{
	{
		ID: "leftover-placeholder", Severity: diag.Warning, Evidence: Observed,
		Source:  "public bundles are templates in many styles: NAME_PLACEHOLDER, YOUR_NAME, ${NAME}, <your-name>, and the documentation writes {subdomain}; only {{NAME}} is filled in here",
		Summary: "a placeholder of another tool, or of the documentation, is left",
		Text:    leftovers,
		Action:  leftoverKeysOfAction,
		State:   leftoverKeysOfState,
	},
	{
		ID: "withdrawn-token", Severity: diag.Warning, Evidence: Documented,
		Source:  "announcement of 2024-10-28: access to connection tokens from flows was withdrawn from 2024-12-05 on; four of 24 public bundles still have it",
		Summary: "a flow reads the access token of a connection",
		Text:    withdrawnToken,
	},
}

// leftovers looks for placeholders in all styles but {{NAME}}, which rendering
// reports, as it does all that stand in names. Comments may talk of them.
func leftovers(p *Pass, n *source.Node) {
	s, _ := n.Text()
	if n.Secret || !expr.MayHold(s) || isName(n) {
		return
	}
	const most = 10 // findings in one string
	for i, left := range Leftovers(n) {
		if i >= most {
			return
		}
		style := ""
		if origin := left.Kind.Origin(); origin != "" {
			style = " (the style " + origin + ")"
		}
		p.Inside(n, left.Start, left.End, leftoverHelp(p, n, left), "the placeholder %s%s was never filled in", s[left.Start:left.End], style)
	}
}

func leftoverKeysOfAction(p *Pass, a *zis.Action) { leftoverKeys(p, a.Definition) }

func leftoverKeysOfState(p *Pass, s *zis.State) {
	leftoverKeys(p, s.Parameters)
	leftoverKeys(p, s.Node.Get("Result"))
}

// leftoverKeys looks at the names of members at any depth: one may be the id of
// a field that differs from account to account.
func leftoverKeys(p *Pass, n *source.Node) {
	if n == nil {
		return
	}
	for _, m := range n.Members {
		if found := keyLeft(m.Name); found != nil {
			p.AtKey(m, leftoverHelp(p, m, *found), "the placeholder %s in the key %q was never filled in", m.Name[found.Start:found.End], m.Name)
		}
		leftoverKeys(p, m)
	}
}

// keyLeft is the placeholder in another style than {{NAME}} that a key holds.
func keyLeft(key string) *expr.Placeholder {
	if !expr.MayHold(key) {
		return nil
	}
	for _, left := range expr.Placeholders(key) {
		if !left.Kind.InBraces() {
			return &left
		}
	}
	return nil
}

// Leftovers are the placeholders of a string that are written in other styles
// than {{NAME}}, where they can be meant as such. Comments may talk of them.
func Leftovers(n *source.Node) []expr.Placeholder {
	s, _ := n.Text()
	if isRemark(n) {
		return nil
	}
	inName := isName(n)
	found := expr.Placeholders(s)
	if inName {
		found = expr.PlaceholdersInName(s)
	}
	return slices.DeleteFunc(found, func(left expr.Placeholder) bool {
		return left.Kind.InBraces() || !inName && !isLeft(n, s, left)
	})
}

// isRemark tells whether n is for readers of the file alone: the description of
// the bundle or a resource, or a state's Comment, and not what is sent.
func isRemark(n *source.Node) bool {
	switch n.Name {
	case "description":
		return n.Parent.Parent == nil || n.Parent.Name == "properties"
	case "Comment":
		for above := n.Parent; above != nil; above = above.Parent {
			if above.Name == "requestBody" || above.Name == "Parameters" {
				return false
			}
		}
		return true
	}
	return false
}

// isName tells whether n names something: rendering looks for placeholders
// there.
func isName(n *source.Node) bool {
	switch n.Name {
	case "event_source", "event_type", "flow_name", "ActionName", "connectionName":
		return true
	case "name":
		return n.Parent.Parent == nil || n.Parent.Name == "properties"
	}
	return false
}

// isLeft tells whether what looks like a placeholder can be one where it
// stands: jq has its own use for $NAME and {name}, and so have patterns.
func isLeft(n *source.Node, s string, left expr.Placeholder) bool {
	inProgram := strings.TrimSuffix(n.Name, ".$") == "expr"
	switch left.Kind {
	case expr.Word, expr.Your, expr.Shell, expr.OtherPath:
		return true
	case expr.Angle:
		return !inProgram || strings.ToUpper(left.Name) == left.Name
	case expr.Curly:
		return !inProgram && !strings.HasSuffix(s[:left.Start], `\`)
	}
	return !inProgram
}

func leftoverHelp(p *Pass, n *source.Node, left expr.Placeholder) string {
	if left.Kind == expr.OtherPath {
		return fmt.Sprintf("did you mean {{%s}}?", diag.Cut(left.Name, diag.Quoted))
	}
	if left.Kind == expr.Liquid {
		return "nobody runs Liquid here: choose by a Choice state, or in a jq program"
	}
	if a := p.facts.DefinedAt(n); a != nil {
		if text, _ := n.Text(); strings.HasPrefix(text[min(len(text), left.End):], ".zendesk.com/") {
			return "did you mean {{$.subdomain}}, the account's own? Or write \"path\" in the place of \"url\", without the host"
		}
		for _, s := range p.facts.Callers(a) {
			if field(s.Parameters, left.Name) != nil {
				return fmt.Sprintf("did you mean {{$.%s}}? The state %q passes it", diag.Cut(left.Name, diag.Quoted), diag.Cut(s.Name, diag.Quoted))
			}
		}
	}
	name := strings.NewReplacer("-", "_", " ", "_", "=", "").Replace(diag.Cut(before(left.Name, ":"), diag.Quoted))
	return fmt.Sprintf("write the value, or {{%s}} and give %s", name, diag.Option("var", name+"=VALUE"))
}

func before(s, mark string) string {
	s, _, _ = strings.Cut(s, mark)
	return s
}

// withdrawnToken finds $.connections.NAME.access_token, also in jq programs.
func withdrawnToken(p *Pass, n *source.Node) {
	const root, token = ".connections.", ".access_token"
	s, _ := n.Text()
	start := strings.Index(s, root)
	if start < 0 || n.Name == "Comment" {
		return
	}
	name := s[start+len(root):]
	length := strings.Index(name, token)
	if length <= 0 || strings.ContainsAny(name[:length], " .|(){}\"") {
		return
	}
	end := start + len(root) + length + len(token)
	if start > 0 && s[start-1] == '$' {
		start--
	}
	p.Inside(n, start, end, fmt.Sprintf(`remove it, and name the connection in the action: "connectionName": %q`, name[:length]),
		"flows can't read the access token of a connection any more")
}
