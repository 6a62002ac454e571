package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
)

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

// longestSlip is how many bytes a word has at most that suggestions are made
// for.
const longestSlip = 200

// nearest returns the known word that a slip of the hand makes into word: at
// most a third of its letters differ. "" if there is none.
func nearest(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	if len(word) > longestSlip {
		return ""
	}
	for _, k := range known {
		if strings.EqualFold(k, word) || swapped(k, word) {
			return k
		}
		if max(len(k)-len(word), len(word)-len(k)) >= least {
			continue
		}
		if d := expr.Distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// swapped tells whether two neighbours have changed places.
func swapped(a, b string) bool {
	if len(a) != len(b) || a == b {
		return false
	}
	i := 0
	for a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
