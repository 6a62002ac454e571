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

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
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
		Source:  "DG/zis-built-in-actions: data is a reference path (data.$) or a string that holds JSON; what the platform does with anything else isn't documented",
		Summary: "the data of a jq transform isn't JSON",
		State:   jqData,
	},
}

// builtInCall is a state that calls a built-in action.
type builtInCall struct {
	*zis.BuiltIn
	gets *source.Node // Parameters; nil if there are none
	at   *source.Node // where a missing parameter is missed
}

// builtInOf is nil for any other state, and where what the action gets is
// only known at run time.
func builtInOf(s *zis.State) *builtInCall {
	action, gets := zis.BuiltInOf(s.ActionName.Value), s.Parameters
	if action == nil || s.Node.Get("Parameters.$") != nil || gets != nil && !gets.IsObject() {
		return nil
	}
	return &builtInCall{action, gets, cmp.Or(gets, s.ActionName.Node)}
}

// missing are the mandatory parameters that the call lacks.
func (c *builtInCall) missing() (names []string) {
	for _, want := range c.Parameters {
		if want.Required && field(c.gets, want.Name) == nil {
			names = append(names, want.Name)
		}
	}
	if c.ARN == zis.LoadLinks && field(c.gets, "left_object_name") == nil && field(c.gets, "right_object_name") == nil {
		names = append(names, "left_object_name")
	}
	return names
}

// meant is what the call gets in the place of a missing parameter, under a
// name like it.
func (c *builtInCall) meant(missing string) *source.Node {
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
func (c *builtInCall) taken(n *source.Node) *zis.Parameter {
	i := slices.IndexFunc(c.Parameters, func(t zis.Parameter) bool { return t.Name == parameterName(n) })
	if i < 0 {
		return nil
	}
	return &c.Parameters[i]
}

func builtInRequired(p *Pass, s *zis.State) {
	if c := builtInOf(s); c != nil && c.documented() {
		c.reportMissing(p)
	}
}

// documented tells whether it is documented which parameters are mandatory;
// of the actions that write links it is observed in public code.
func (c *builtInCall) documented() bool { return c.Mark == zis.Documented }

func (c *builtInCall) reportMissing(p *Pass) {
	for _, name := range c.missing() {
		if n := c.meant(name); n != nil {
			p.AtKey(n, english.DidYouMean(name), "%s lacks the parameter %q, and knows no %q", c.Short(), name, parameterName(n))
			continue
		}
		p.At(c.at, fmt.Sprintf("add %q, or %q with a path", name, name+".$"), "%s lacks the parameter %q", c.Short(), name)
	}
}

func builtInParameters(p *Pass, s *zis.State) {
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
	told := map[*source.Node]bool{}
	for _, name := range c.missing() {
		told[c.meant(name)] = true
	}
	for _, n := range c.gets.Members {
		if t := c.taken(n); t != nil {
			checkParameter(p, t, n)
		} else if !told[n] {
			p.AtKey(n, p.didYouMean(parameterName(n), c.known()), "%s knows no parameter %q", c.Short(), parameterName(n))
		}
	}
}

// known are the names of what the action takes.
func (c *builtInCall) known() (names []string) {
	for _, t := range c.Parameters {
		names = append(names, t.Name)
	}
	return names
}

// checkParameter checks a value that stands in the file: one with
// placeholders, or of a key that ends in ".$", is known later.
func checkParameter(p *Pass, t *zis.Parameter, n *source.Node) {
	text, isText := n.Text()
	if n.Name != t.Name || isText && (t.Name == "expr" || t.Name == "data" || variable(text)) {
		return // a program, which has rules of its own, or what is known later
	}
	if t.Type != 0 && typeOf(n) != t.Type.String() {
		p.At(n, "", "%q is %s, and must be %s", t.Name, typeOf(n), t.Type.String())
		return
	}
	switch {
	case t.Name == "scope" && text == "":
		p.At(n, "write the scope of the config", "the scope is empty, and no config has that")
	case t.Name == "page_size":
		pageSize(p, n)
	case t.Name == "link_type" || strings.HasSuffix(t.Name, "_object_name"):
		linkName(p, n)
	case strings.HasSuffix(t.Name, "_object"):
		if name := field(n, "name"); name == nil {
			p.At(n, `add "name"`, "%q lacks the name of the object", t.Name)
		} else if name.Name == "name" {
			linkName(p, name)
		}
	}
}

func pageSize(p *Pass, n *source.Node) {
	number, _ := n.Value.(json.Number)
	if size, err := number.Float64(); err != nil || size < float64(zis.PageSize.Least) || size > float64(zis.PageSize.Most) || size != math.Trunc(size) {
		p.At(n, "", "page_size is a whole number from 1 to 100, not %s", number)
	}
}

func linkName(p *Pass, n *source.Node) {
	s, ok := n.Text()
	if length := utf8.RuneCountInString(s); ok && !variable(s) && (length < zis.LinkName.Least || length > zis.LinkName.Most) {
		p.At(n, "", "%s is %s long, and must be 3 to 256", n.Name, english.Plural(length, "character"))
	}
}

// jqData is silent where placeholders make the JSON, and where the text is a
// path: literal-path tells of it.
func jqData(p *Pass, s *zis.State) {
	c := builtInOf(s)
	if c == nil || c.ARN != zis.Jq {
		return
	}
	n := c.gets.Get("data")
	text, ok := n.Text()
	if n != nil && !ok {
		p.At(n, `write JSON in a string, or "data.$" with a path`, "data is %s; documented are a path (data.$) and a text that holds JSON", typeOf(n))
		return
	}
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
