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

// checkParameter checks a value that stands in the file: one with
// placeholders, or of a key that ends in ".$", is known later.
func checkParameter(p *Pass, t *zis.Parameter, n *source.Node) {
	text, isText := n.Text()
	if n.Name != t.Name || isText && variable(text) {
		return
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
