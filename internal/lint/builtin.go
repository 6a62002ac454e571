package lint

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
)

var builtInRules = []Rule{
	{
		ID: "built-in-required", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/zis-built-in-actions: LoadConfig needs scope, PatchConfig scope and config, LoadLinks link_type and an object's name, Jq expr and data",
		Summary: "a built-in action lacks a parameter",
		State:   builtInRequired,
	},
	{
		ID: "built-in-parameter", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/zis-built-in-actions and using-zis-links: the parameters of each action, a page_size of 1 to 100, link names of 3 to 256 characters; what the actions that write links need is observed in public code",
		Summary: "a built-in action gets a parameter that it doesn't know, or a wrong value",
		State:   builtInParameters,
	},
	{
		ID: "jq-data", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/zis-built-in-actions: data is a reference path (data.$) or a string that holds JSON",
		Summary: "the data of a jq transform isn't JSON",
		State:   jqData,
	},
}

// parameter is one that a built-in action takes.
type parameter struct {
	name     string
	required bool
	of       string // its type, as typeOf says it; "" for any
}

// parametersOf are the parameters of a built-in action; nil of anything else.
func parametersOf(action string) []parameter {
	name, ok := strings.CutPrefix(action, "zis:common:")
	if !ok {
		return nil
	}
	const text, object = "a text", "an object"
	switch name {
	case "action:LoadConfig":
		return []parameter{{"scope", true, text}}
	case "action:PatchConfig":
		return []parameter{{"scope", true, text}, {"config", true, object}}
	case "action:LoadLinks":
		return []parameter{
			{"link_type", true, text}, {"left_object_name", false, text}, {"right_object_name", false, text},
			{"page_size", false, "a number"}, {"page_after_cursor", false, text}, {"page_before_cursor", false, text},
		}
	case "action:CreateLink":
		return []parameter{{"link_type", true, text}, {"left_object", true, object}, {"right_object", true, object}}
	case "action:PatchLink":
		return []parameter{
			{"link_type", true, text}, {"left_object_name", true, text}, {"right_object_name", false, text},
			{"left_object", false, object}, {"right_object", false, object},
		}
	case "action:DeleteLink":
		return []parameter{{"link_type", true, text}, {"left_object_name", true, text}, {"right_object_name", true, text}}
	case "transform:Jq":
		return []parameter{{"expr", true, text}, {"data", true, ""}}
	}
	return nil
}

// builtInCall is a state that calls a built-in action.
type builtInCall struct {
	action string       // such as LoadConfig
	takes  []parameter  // what the action can get
	gets   *bundle.Node // Parameters; nil if there are none
	at     *bundle.Node // where a missing parameter is missed
}

// builtInOf is nil for any other state, and where what the action gets is
// only known at run time.
func builtInOf(s *bundle.State) *builtInCall {
	name := s.Node.Get("ActionName")
	action, _ := name.Text()
	takes, gets := parametersOf(action), s.Node.Get("Parameters")
	if takes == nil || s.Node.Get("Parameters.$") != nil || gets != nil && !gets.IsObject() {
		return nil
	}
	return &builtInCall{action[strings.LastIndexByte(action, ':')+1:], takes, gets, cmp.Or(gets, name)}
}

// missing are the mandatory parameters that the call lacks.
func (c *builtInCall) missing() (names []string) {
	for _, want := range c.takes {
		if want.required && field(c.gets, want.name) == nil {
			names = append(names, want.name)
		}
	}
	if c.action == "LoadLinks" && field(c.gets, "left_object_name") == nil && field(c.gets, "right_object_name") == nil {
		names = append(names, "left_object_name")
	}
	return names
}

// meant is what the call gets in the place of a missing parameter, under a
// name like it.
func (c *builtInCall) meant(missing string) *bundle.Node {
	if c.gets == nil {
		return nil
	}
	for _, n := range c.gets.Members {
		name := parameterName(n)
		if c.taken(n) == nil && (nearest(name, []string{missing}) != "" || strings.HasPrefix(name, missing)) {
			return n
		}
	}
	return nil
}

// taken is the parameter of the action that a member of Parameters is.
func (c *builtInCall) taken(n *bundle.Node) *parameter {
	i := slices.IndexFunc(c.takes, func(t parameter) bool { return t.name == parameterName(n) })
	if i < 0 {
		return nil
	}
	return &c.takes[i]
}

func builtInRequired(p *Pass, s *bundle.State) {
	if c := builtInOf(s); c != nil && c.documented() {
		c.reportMissing(p)
	}
}

// documented tells whether it is documented which parameters are mandatory;
// of the actions that write links it is observed in public code.
func (c *builtInCall) documented() bool {
	return !slices.Contains([]string{"CreateLink", "PatchLink", "DeleteLink"}, c.action)
}

func (c *builtInCall) reportMissing(p *Pass) {
	for _, name := range c.missing() {
		if n := c.meant(name); n != nil {
			p.AtKey(n, quoteHint(name), "%s lacks the parameter %q, and knows no %q", c.action, name, parameterName(n))
			continue
		}
		p.At(c.at, fmt.Sprintf("add %q, or %q with a path", name, name+".$"), "%s lacks the parameter %q", c.action, name)
	}
}

func builtInParameters(p *Pass, s *bundle.State) {
	c := builtInOf(s)
	if c == nil {
		return
	}
	if !c.documented() {
		c.reportMissing(p)
	}
	if c.gets == nil {
		return
	}
	told := map[*bundle.Node]bool{}
	for _, name := range c.missing() {
		told[c.meant(name)] = true
	}
	for _, n := range c.gets.Members {
		if t := c.taken(n); t != nil {
			checkParameter(p, t, n)
		} else if !told[n] {
			p.AtKey(n, p.index.didYouMean(parameterName(n), c.known()), "%s knows no parameter %q", c.action, parameterName(n))
		}
	}
}

// known are the names of what the action takes.
func (c *builtInCall) known() (names []string) {
	for _, t := range c.takes {
		names = append(names, t.name)
	}
	return names
}

// checkParameter checks a value that stands in the file: one with
// placeholders, or of a key that ends in ".$", is known later.
func checkParameter(p *Pass, t *parameter, n *bundle.Node) {
	text, isText := n.Text()
	if n.Name != t.name || isText && variable(text) {
		return
	}
	if t.of != "" && typeOf(n) != t.of {
		p.At(n, "", "%q is %s, and must be %s", t.name, typeOf(n), t.of)
		return
	}
	switch {
	case t.name == "page_size":
		pageSize(p, n)
	case t.name == "link_type" || strings.HasSuffix(t.name, "_object_name"):
		linkName(p, n)
	case strings.HasSuffix(t.name, "_object"):
		if name := field(n, "name"); name == nil {
			p.At(n, `add "name"`, "%q lacks the name of the object", t.name)
		} else if name.Name == "name" {
			linkName(p, name)
		}
	}
}

func pageSize(p *Pass, n *bundle.Node) {
	number, _ := n.Value.(json.Number)
	if size, err := number.Float64(); err != nil || size < 1 || size > 100 || size != math.Trunc(size) {
		p.At(n, "", "page_size is a whole number from 1 to 100, not %s", number)
	}
}

func linkName(p *Pass, n *bundle.Node) {
	s, ok := n.Text()
	if length := utf8.RuneCountInString(s); ok && !variable(s) && (length < 3 || length > 256) {
		p.At(n, "", "%s is %d characters long, and must be 3 to 256", n.Name, length)
	}
}

// jqData is silent where placeholders make the JSON, and where the text is a
// path: literal-path tells of it.
func jqData(p *Pass, s *bundle.State) {
	c := builtInOf(s)
	if c == nil || c.action != "Jq" {
		return
	}
	n := c.gets.Get("data")
	text, ok := n.Text()
	if _, notPath := expr.ParsePath(text); !ok || notPath == nil || n.Secret || strings.Contains(text, "{{") {
		return
	}
	var value any
	err := json.Unmarshal([]byte(text), &value)
	if err == nil {
		return
	}
	at := len(text)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = max(0, int(syntax.Offset)-1)
	}
	p.Inside(n, at, at+1, `write JSON in the string, or "data.$" with a path`, "data isn't JSON: %s", err)
}
