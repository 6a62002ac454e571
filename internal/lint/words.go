package lint

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// didYouMean is a help text: the nearest of the known words, or all of them.
func (p *Pass) didYouMean(word string, known []string) string {
	if !p.facts.MayCompare(len(known)) {
		return ""
	}
	return didYouMean(word, known)
}

// didYouMean is a help text: the nearest of a few known words, or all of them.
func didYouMean(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return english.DidYouMean(best)
	}
	return thereIs(known)
}

// thereIs names what there is, sorted.
func thereIs(known []string) string {
	const most = 12
	if len(known) == 0 {
		return ""
	}
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	more := ""
	if len(known) > most {
		more = fmt.Sprintf(" and %d more", len(known)-most)
		known = known[:most]
	}
	return "there is: " + quoteAll(known) + more
}

// quoteAll writes words as a list: "a", "b".
func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", diag.Cut(w, diag.Quoted))
	}
	return strings.Join(quoted, ", ")
}

// nearest is the known word that a slip of the hand makes into word, or "".
func nearest(word string, known []string) string { return english.Nearest(word, known) }

// typeOf is a value's type in words.
func typeOf(n *source.Node) string {
	switch n.Value.(type) {
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case source.Object:
		return "an object"
	case source.Array:
		return "an array"
	}
	return "null"
}

// unquoted is a help text for a text where a number, or true or false, must
// stand: how a variable becomes one, or that the quotes are too much.
func unquoted(f *diag.File, n *source.Node, number bool) string {
	text, ok := n.Text()
	written := strings.Trim(string(f.Src[n.Span.Start:n.Span.End]), `"`)
	value, typed := render.Typed(text)
	_, isNumber := value.(json.Number)
	switch p, whole := expr.Whole(written); {
	case !ok || !typed && text != "" && !whole:
		return ""
	case whole:
		name := diag.Cut(p.Name, diag.Quoted)
		return "give " + diag.Option("var", name+":=VALUE") + ": with := the value becomes a number, true or false; in zis.yml write it without quotes"
	case typed && isNumber == number:
		return fmt.Sprintf("write %s, without quotes", text)
	}
	return ""
}

// isTime tells whether s is a time as RFC 3339 writes it.
func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// misspelt tells whether n has a key that was meant to be the absent field.
func misspelt(n *source.Node, field string) bool { return flow.Slip(n, field) != nil }
