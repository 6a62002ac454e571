package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/schemas"
)

var schemaRules = []Rule{
	{
		ID: "schema", Severity: diag.Error, Evidence: Documented,
		Source:  "registry/bundles and DG/understanding-flow-states, as schemas/bundle.schema.json has them",
		Summary: "a field is missing, unknown or of the wrong type",
	},
}

// umbrellas only say that another error stands at or below their place.
var umbrellas = []string{"condition_then", "condition_else", "number_all_of"}

// schemaFindings checks a document against the schema. Where a rule has found
// the same fault already, the schema's word is dropped.
func schemaFindings(d *bundle.Document, known []diag.Diagnostic) []diag.Diagnostic {
	told := map[diag.Span]bool{}
	for _, k := range known {
		if k.File == d.File && k.Severity == diag.Error {
			told[k.Span] = true
		}
	}
	var found []diag.Diagnostic
	for _, e := range schemaErrors(d) {
		f := schemaFinding(d, e)
		if !told[f.Span] {
			told[f.Span] = true
			found = append(found, f)
		}
	}
	return found
}

// schemaErrors runs the schema over the values that are parsed already, and
// keeps the errors that name a fault. The order of the library follows maps.
func schemaErrors(d *bundle.Document) (list []gojsonschema.ResultError) {
	schema, err := schemas.Bundle()
	if err != nil {
		panic(err) // the schema is embedded and tested
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(d.Root.Value))
	if err != nil {
		panic(fmt.Sprintf("check %s against the schema: %v", d.File.Path, err)) // values can't fail to load
	}
	all := result.Errors()
	list = slices.DeleteFunc(slices.Clone(all), func(e gojsonschema.ResultError) bool { return slices.Contains(umbrellas, e.Type()) })
	if len(list) == 0 {
		list = all // an invalid bundle never passes in silence
	}
	slices.SortFunc(list, func(a, b gojsonschema.ResultError) int {
		return cmp.Or(strings.Compare(a.Context().String("\xff"), b.Context().String("\xff")), strings.Compare(a.Type(), b.Type()), strings.Compare(a.Description(), b.Description()))
	})
	return list
}

func schemaFinding(d *bundle.Document, e gojsonschema.ResultError) diag.Diagnostic {
	n := d.Root
	for _, step := range strings.Split(e.Context().String("\xff"), "\xff")[1:] {
		if next := n.Child(step); next != nil {
			n = next
		}
	}
	f := d.Report(n, diag.Error, "schema", "", "")
	f.Message, f.Help = schemaWords(n, e)
	switch key, _ := e.Details()["property"].(string); {
	case e.Type() == "additional_property_not_allowed" && n.Get(key) != nil:
		f.Span, f.Pointer = n.Get(key).Key, n.Get(key).Pointer()
	case e.Type() == "false" && n.Parent.IsObject():
		f.Span = n.Key
	case n.IsObject() || n.IsArray():
		f.Span = opening(n)
	}
	return f
}

// opening is the narrowest place that stands for a whole object: its key, or
// its first character.
func opening(n *bundle.Node) diag.Span {
	if n.Key.End > 0 {
		return n.Key
	}
	return diag.Span{Start: n.Span.Start, End: n.Span.Start + 1}
}

// schemaWords says a schema error in the words of the bundle language.
func schemaWords(n *bundle.Node, e gojsonschema.ResultError) (message, help string) {
	details := e.Details()
	switch e.Type() {
	case "required":
		return fmt.Sprintf("%s lacks %q", what(n), details["property"]), fmt.Sprintf("add %q", details["property"])
	case "additional_property_not_allowed":
		return fmt.Sprintf("%s has the unknown key %q", what(n), details["property"]), ""
	case "invalid_type":
		return fmt.Sprintf("%s is %v, and must be %v", what(n), details["given"], details["expected"]), ""
	case "enum", "const":
		return fmt.Sprintf("%s can't be %s", what(n), quoted(n)), fmt.Sprintf("allowed: %v", cmp.Or(fmt.Sprint(details["allowed"]), ""))
	case "false":
		return fmt.Sprintf("%q can't stand here", n.Name), "remove it"
	}
	return fmt.Sprintf("%s: %s", what(n), lowerFirst(e.Description())), ""
}

func quoted(n *bundle.Node) string {
	if s, ok := n.Text(); ok && !n.Secret {
		return fmt.Sprintf("%q", s)
	}
	return "this value"
}

// what names a value in a sentence.
func what(n *bundle.Node) string {
	switch {
	case n.Parent == nil:
		return "the bundle"
	case n.Name != "":
		return fmt.Sprintf("%q", n.Name)
	case n.Parent.Name != "":
		return fmt.Sprintf("item %d of %q", n.Index, n.Parent.Name)
	}
	return "this value"
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
