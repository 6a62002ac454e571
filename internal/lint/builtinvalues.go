package lint

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

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
			{"link_type", true, text},
			{"left_object_name", false, text},
			{"right_object_name", false, text},
			{"page_size", false, "a number"},
			{"page_after_cursor", false, text},
			{"page_before_cursor", false, text},
		}
	case "action:CreateLink":
		return []parameter{{"link_type", true, text}, {"left_object", true, object}, {"right_object", true, object}}
	case "action:PatchLink":
		return []parameter{
			{"link_type", true, text},
			{"left_object_name", true, text},
			{"right_object_name", false, text},
			{"left_object", false, object},
			{"right_object", false, object},
		}
	case "action:DeleteLink":
		return []parameter{{"link_type", true, text}, {"left_object_name", true, text}, {"right_object_name", true, text}}
	case "transform:Jq":
		return []parameter{{"expr", true, text}, {"data", true, ""}}
	}
	return nil
}

// checkParameter checks a value that stands in the file: one with
// placeholders, or of a key that ends in ".$", is known later.
func checkParameter(p *Pass, t *parameter, n *source.Node) {
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

func pageSize(p *Pass, n *source.Node) {
	number, _ := n.Value.(json.Number)
	if size, err := number.Float64(); err != nil || size < 1 || size > 100 || size != math.Trunc(size) {
		p.At(n, "", "page_size is a whole number from 1 to 100, not %s", number)
	}
}

func linkName(p *Pass, n *source.Node) {
	s, ok := n.Text()
	if length := utf8.RuneCountInString(s); ok && !variable(s) && (length < 3 || length > 256) {
		p.At(n, "", "%s is %d characters long, and must be 3 to 256", n.Name, length)
	}
}

// jqData is silent where placeholders make the JSON, and where the text is a
// path: literal-path tells of it.
func jqData(p *Pass, s *zis.State) {
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
