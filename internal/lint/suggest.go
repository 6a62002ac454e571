package lint

import (
	"fmt"
	"slices"
	"strings"
)

// didYouMean is a help text: the nearest of the known words, or all of them.
func didYouMean(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return listed(known)
}

// listed names what there is, sorted.
func listed(known []string) string {
	const most = 12
	if len(known) == 0 {
		return ""
	}
	known = slices.Sorted(slices.Values(known))
	more := ""
	if len(known) > most {
		more = fmt.Sprintf(" and %d more", len(known)-most)
		known = known[:most]
	}
	quoted := make([]string, len(known))
	for i, k := range known {
		quoted[i] = fmt.Sprintf("%q", k)
	}
	return "there is: " + strings.Join(quoted, ", ") + more
}

// nearest returns the known word that a slip of the hand makes into word: at
// most a third of its letters differ. "" if there is none.
func nearest(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, k := range known {
		if strings.EqualFold(k, word) {
			return k
		}
		if abs(len(k)-len(word)) >= least {
			continue
		}
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// distance counts the letters to insert, remove or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			cost := left
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, above+1, row[j]+1)
			left = above
		}
	}
	return row[len(b)]
}
