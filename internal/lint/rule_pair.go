package lint

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var pairRules = []Rule{
	{
		ID: "header-form", Severity: diag.Warning, Evidence: Inferred,
		Source:  "RFC 9110 section 5.1: a header's name is a token",
		Summary: "a header has a name that none can have",
		Action:  headerForm,
	},
	{
		ID: "pair-value", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/zis-custom-actions: the value of a header or query parameter is a text in every sample; what becomes of anything else isn't documented",
		Summary: "the value of a header or query parameter is no text",
		Action:  pairValues,
	},
}

// headerForm looks at names that no request can carry.
func headerForm(p *Pass, a *zis.Action) {
	headers := a.Definition.Get("headers")
	if !headers.IsArray() {
		return
	}
	const token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" // RFC 9110 section 5.6.2
	for _, n := range headers.Members {
		key := n.Get("key")
		switch s, ok := key.Text(); {
		case !ok || flow.FilledIn(s) || len(expr.Placeholders(s)) > 0:
		case s == "":
			p.At(key, "write the name of the header", "the action %q sends a header without a name", a.Name.Value)
		case strings.Trim(s, token) != "":
			p.At(key, "write the name alone, without spaces and colons", "no header can be named %q", s)
		}
	}
}

// pairValues finds numbers, booleans, null, objects and lists where a text is
// sent.
func pairValues(p *Pass, a *zis.Action) {
	for _, n := range pairs(a) {
		value, key := n.Get("value"), n.Get("key")
		if _, ok := value.Text(); value == nil || ok {
			continue
		}
		name, _ := key.Text()
		p.At(value, textOfPair(value), "the value of %q is %s, and a request carries text", name, typeOf(value))
	}
}

// textOfPair says how to write a value as text.
func textOfPair(value *source.Node) string {
	switch v := value.Value.(type) {
	case json.Number:
		return "write " + strconv.Quote(diag.Cut(v.String(), diag.Quoted))
	case bool:
		return "write " + strconv.Quote(strconv.FormatBool(v))
	}
	return "write one text; several values are several items of the same key"
}
