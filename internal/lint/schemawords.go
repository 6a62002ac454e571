package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// finding says a schema error in the words of the bundle language, at the
// narrowest place.
func (c *schemaCheck) finding(e schemaError) diag.Diagnostic {
	n := e.node
	f := c.doc.Report(n, diag.Error, ruleSchema, "", "")
	if n.IsObject() || n.IsArray() {
		f.Span = opening(n)
	}
	switch e.Type() {
	case "required":
		lacks := c.lacks[n]
		f.Message, f.Help = what(n)+" lacks "+quoteAll(lacks), toAdd(n, e.key, lacks)
		if m := flow.Slip(n, e.key); m != nil {
			f.Span, f.Pointer = m.Key, m.Pointer()
			f.Message, f.Help = fmt.Sprintf("%s has the unknown key %q, and lacks %q", what(n), m.Name, e.key), english.DidYouMean(e.key)
		}
	case "additional_property_not_allowed":
		f.Message, f.Help = fmt.Sprintf("%s has the unknown key %q", what(n), e.key), "remove it"
		if m := n.Get(e.key); m != nil {
			f.Span, f.Pointer = m.Key, m.Pointer()
		}
	case "pattern":
		f.Message, f.Help = fmt.Sprintf("%s is a text, and must be an object", what(n)), rightForm(n)
	case "invalid_type":
		expected := fmt.Sprint(e.Details()["expected"])
		f.Help = cmp.Or(rightForm(n), unquoted(c.doc.File, n, strings.Contains(expected, "number") || strings.Contains(expected, "integer")))
		f.Message = fmt.Sprintf("%s is %s, and must be %s", what(n), withArticle(e.Details()["given"]), withArticle(e.Details()["expected"]))
	case "enum", "const":
		f.Message, f.Help = fmt.Sprintf("%s can't be %s", what(n), shown(n)), allowed(n, e.Details()["allowed"])
	case "false":
		f.Span = opening(n)
		f.Message, f.Help = fmt.Sprintf("%s can't have %q", what(n.Parent), n.Name), "remove it"
	case "array_min_items", "array_min_properties":
		f.Message, f.Help = what(n)+" is empty", "at least one is needed"
	case "number_gte", "number_gt":
		f.Message = fmt.Sprintf("%s is %s, and must be greater than 0", what(n), shown(n))
	default:
		f.Message = what(n) + ": " + lowerFirst(e.Description())
	}
	return f
}

// toAdd says what to write in an object that lacks members, of which key is
// the first.
func toAdd(n *source.Node, key string, lacks []string) string {
	if m := asPair(n); m != nil {
		return fmt.Sprintf(`write {"key": %q, "value": …}`, diag.Cut(m.Name, diag.Quoted))
	}
	if key == "definition" {
		if fields := misplaced(n); len(fields) > 0 {
			return fmt.Sprintf(`put %s into "definition": {…}`, quoteAll(fields))
		}
	}
	return "add " + quoteAll(lacks)
}

// asPair is the only member of an item of a list of headers or parameters
// that was written {"NAME": "VALUE"}; nil of others.
func asPair(n *source.Node) *source.Node {
	list := n.Parent
	if list == nil || !list.IsArray() || !slices.Contains(pairLists, list.Name) || !n.IsObject() || len(n.Members) != 1 {
		return nil
	}
	if m := n.Members[0]; flow.Slip(n, "key") == nil && flow.Slip(n, "value") == nil && m.Name != "key" && m.Name != "value" {
		return m
	}
	return nil
}

// rightForm shows how a field is written that people often write otherwise.
func rightForm(n *source.Node) string {
	switch n.Name {
	case "headers", "queryParams", "query":
		return fmt.Sprintf(`write %q: [{"key": "NAME", "value": "VALUE"}]`, n.Name)
	case "definition":
		return `write "definition": {…}: an object, not a text that holds one`
	case "requestBody":
		return `write "requestBody": {"name": "value"}, or "requestBody.$" with a path`
	case "Choices":
		return `write "Choices": [{"Variable": "$.…", "StringEquals": "…", "Next": "…"}]`
	case "Catch":
		return `write "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "…"}]`
	case "ErrorEquals":
		return `write "ErrorEquals": ["States.ALL"]`
	case "States":
		return `write "States": {"NAME": {"Type": "…", …}}: an object, by the names of the states`
	case "resources":
		return `write "resources": {"KEY": {"type": "…", "properties": {…}}}: an object, by keys of your choice`
	case "Parameters":
		return `write "Parameters": {"name": "value", "other.$": "$.path"}`
	case "Iterator":
		return `write "Iterator": {"StartAt": "…", "States": {…}}`
	case "End":
		return `write "End": true`
	case "zis_template_version":
		return `write "zis_template_version": "2019-10-14"`
	}
	return ""
}

// withArticle writes a type of JSON Schema as English.
func withArticle(details any) string {
	t, _, _ := strings.Cut(strings.Trim(fmt.Sprint(details), "[]"), ",") // of several types the first is the one to write
	switch t {
	case "null":
		return t
	case "array", "object", "integer":
		return "an " + t
	case "boolean":
		return "true or false"
	}
	return "a " + t
}

// allowed suggests the nearest of the allowed values, or lists them.
func allowed(n *source.Node, details any) string {
	list := fmt.Sprint(details)
	if s, ok := n.Text(); ok {
		var words []string
		for w := range strings.SplitSeq(list, ", ") {
			words = append(words, strings.Trim(w, `"`))
		}
		i := slices.IndexFunc(words, func(w string) bool { // "Flow" for "ZIS::Flow"
			_, last, ok := strings.Cut(w, "::")
			return ok && strings.EqualFold(last[strings.LastIndex(last, ":")+1:], s)
		})
		if i >= 0 {
			return english.DidYouMean(words[i])
		}
		if best := nearest(s, words); best != "" {
			return english.DidYouMean(best)
		}
	}
	return "allowed: " + list
}

// shown is a value as a message may quote it.
func shown(n *source.Node) string {
	switch v := n.Value.(type) {
	case string:
		if n.Secret {
			return "this value"
		}
		return fmt.Sprintf("%q", diag.Cut(v, diag.Quoted))
	case source.Object, source.Array:
		return "this value"
	case nil:
		return "null"
	}
	return fmt.Sprint(n.Value)
}

// what names a value in a sentence.
func what(n *source.Node) string {
	switch {
	case n.Parent == nil:
		return "the bundle"
	case n.Name == "":
		return fmt.Sprintf("item %d of %q", n.Index, n.Parent.Name)
	case n.Parent.Parent == nil:
		return fmt.Sprintf("%q", n.Name)
	case n.Parent.Name == "States":
		return fmt.Sprintf("the state %q", n.Name)
	case isResource(n):
		return fmt.Sprintf("the %s %q", resourceKind(n), n.Name)
	case n.Name == "properties" && isResource(n.Parent):
		return what(n.Parent)
	case n.Name == "definition" && n.Parent.Name == "properties" && isResource(n.Parent.Parent):
		return "the definition of " + what(n.Parent)
	}
	return fmt.Sprintf("%q", n.Name)
}

func isResource(n *source.Node) bool {
	return n.Parent != nil && n.Parent.Name == "resources" && n.Parent.Parent.Parent == nil
}

func resourceKind(n *source.Node) string {
	switch t, _ := n.Get("type").Text(); t {
	case zis.TypeFlow:
		return "flow"
	case zis.TypeAction:
		return "action"
	case zis.TypeJobSpec:
		return "job spec"
	}
	return "resource"
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
