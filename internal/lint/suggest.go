package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
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
		return quoteHint(best)
	}
	return listed(known)
}

func quoteHint(best string) string {
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// listed names what there is, sorted.
func listed(known []string) string {
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
