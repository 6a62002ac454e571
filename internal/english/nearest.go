package english

import (
	"fmt"
	"strings"
)

// DidYouMean suggests what Nearest has found: did you mean "b"? It is "" if
// nothing was.
func DidYouMean(best string) string {
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// longestSlip is how many bytes a word has at most that suggestions are made
// for.
const longestSlip = 200

// Nearest returns the known word that a slip of the hand makes into word: at
// most a third of its letters differ, and of one letter only its case. "" if
// there is none.
func Nearest(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	if len(word) > longestSlip {
		return ""
	}
	for _, k := range known {
		if strings.EqualFold(k, word) || swapped(k, word) {
			return k
		}
		if len(word) == 1 || max(len(k)-len(word), len(word)-len(k)) >= least {
			continue
		}
		if d := Distance(word, k); d < least {
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

// Distance counts the bytes to insert, delete or replace to turn a into b
// (Levenshtein): how far a misspelt name is from one that exists.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
