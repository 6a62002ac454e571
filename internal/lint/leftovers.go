package lint

import (
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

var leftoverRules = []Rule{
	{
		ID: "leftover-placeholder", Severity: diag.Warning, Evidence: Observed,
		Source:  "public bundles are templates in many styles: NAME_PLACEHOLDER, YOUR_NAME, ${NAME}, <your-name>; only {{NAME}} is filled in here",
		Summary: "a placeholder of another tool, or of the documentation, is left",
		Text:    leftovers,
	},
	{
		ID: "withdrawn-token", Severity: diag.Warning, Evidence: Documented,
		Source:  "announcement of 2024-10-28: access to connection tokens from flows was withdrawn from 2024-12-05 on; four of 24 public bundles still have it",
		Summary: "a flow reads the access token of a connection",
		Text:    withdrawnToken,
	},
}

// leftovers looks for placeholders in all styles but {{NAME}}, which rendering
// reports. Comments may talk of them.
func leftovers(p *Pass, n *source.Node) {
	s, _ := n.Text()
	if n.Secret || n.Name == "Comment" || n.Name == "description" || !maybeLeftover(s) {
		return
	}
	const most = 10 // findings in one string
	found := 0
	for _, left := range expr.Placeholders(s) {
		if left.Kind != expr.Deployer && found < most {
			found++
			p.Inside(n, left.Start, left.End, leftoverHelp(left.Name), "the placeholder %s was never filled in", s[left.Start:left.End])
		}
	}
}

// maybeLeftover is a quick look: most strings have no placeholder.
func maybeLeftover(s string) bool {
	return strings.Contains(s, "PLACEHOLDER") || strings.Contains(s, "YOUR_") || strings.Contains(s, "${") || strings.IndexByte(s, '<') >= 0
}

func leftoverHelp(name string) string {
	name = strings.ReplaceAll(name, "-", "_")
	return fmt.Sprintf("write the value, or {{%s}} and give --var %s=VALUE", name, name)
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
