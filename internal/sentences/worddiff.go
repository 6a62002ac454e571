package sentences

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

// tokens are the words of a text, the space between them, and each other sign
// by itself.
func tokens(s string) []string {
	var list []string
	for s != "" {
		n := run(s)
		list, s = append(list, s[:n]), s[n:]
	}
	return list
}

// run is the length of the first token.
func run(s string) int {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 0
	}
	first, n := utf8.DecodeRuneInString(s)
	if class(first) == 0 {
		return n
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return class(r) != class(first) }); i >= 0 {
		return i
	}
	return len(s)
}

// WordDiff compares two texts word by word. The parts are Both, Deleted and
// Inserted, with their text as it is: nothing is made visible or left out.
func WordDiff(old, new string) []Part {
	a, b := tokens(old), tokens(new)
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	d := &wordDiff{}
	d.put(Both, a[:head])
	a, b, rest := a[head:len(a)-tail], b[head:len(b)-tail], a[len(a)-tail:]
	i, j := 0, 0
	for _, c := range meaningful(a, common(a, b)) {
		d.put(Deleted, a[i:c[0]])
		d.put(Inserted, b[j:c[1]])
		d.put(Both, a[c[0]:c[0]+1])
		i, j = c[0]+1, c[1]+1
	}
	d.put(Deleted, a[i:])
	d.put(Inserted, b[j:])
	d.put(Both, rest)
	return d.joined()
}

// meaningful leaves out of what two texts have in common the tokens between
// two changes that are space or a sign alone: they only break up the words.
func meaningful(a []string, places [][2]int) [][2]int {
	var kept [][2]int
	for from := 0; from < len(places); {
		to := from + 1
		for to < len(places) && places[to][0] == places[to-1][0]+1 && places[to][1] == places[to-1][1]+1 {
			to++
		}
		text := strings.Join(a[places[from][0]:places[to-1][0]+1], "")
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			kept = append(kept, places[from:to]...)
		}
		from = to
	}
	return kept
}

type wordDiff struct{ parts []Part }

func (d *wordDiff) put(style Style, words []string) {
	if len(words) > 0 {
		d.parts = append(d.parts, Part{strings.Join(words, ""), style})
	}
}

// joined has one part where several of a style followed each other; of a
// change what goes stands before what comes.
func (d *wordDiff) joined() []Part {
	var out []Part
	for i := 0; i < len(d.parts); {
		if d.parts[i].Style == Both {
			out = appendPart(out, d.parts[i])
			i++
			continue
		}
		var gone, come strings.Builder
		for ; i < len(d.parts) && d.parts[i].Style != Both; i++ {
			if d.parts[i].Style == Deleted {
				gone.WriteString(d.parts[i].Text)
			} else {
				come.WriteString(d.parts[i].Text)
			}
		}
		out = appendPart(out, Part{gone.String(), Deleted})
		out = appendPart(out, Part{come.String(), Inserted})
	}
	return out
}

func appendPart(list []Part, p Part) []Part {
	if p.Text == "" {
		return list
	}
	if n := len(list); n > 0 && list[n-1].Style == p.Style {
		list[n-1].Text += p.Text
		return list
	}
	return append(list, p)
}

// Widths of a difference in a sentence, in runes.
const (
	aroundWidth = 30 // of what both texts have, on either side of a change
	changeWidth = 60 // of what comes or goes
	mostChanges = 3  // places that are shown
)

// nearby is what a sentence shows of a difference: each change with what is
// around it, on one line and visible.
func nearby(parts []Part) phrase {
	var out phrase
	changes := 0
	for i, p := range parts {
		if p.Style != Both {
			if i == 0 || parts[i-1].Style == Both {
				changes++
			}
			if changes <= mostChanges {
				out = append(out, Part{middle(p.Text, changeWidth), p.Style})
			}
			continue
		}
		if changes <= mostChanges {
			text := context(p.Text, i > 0, i < len(parts)-1 && changes < mostChanges)
			out = append(out, Part{text, Both})
		}
	}
	if changes > mostChanges {
		out = out.add(" and " + english.Plural(changes-mostChanges, "more place"))
	}
	return slices.Clip(out)
}

// context is text beside a change: its beginning behind one, its end before
// one.
func context(s string, behind, before bool) string {
	runes := []rune(s)
	switch {
	case behind && before && len(runes) > 2*aroundWidth:
		return Visible(string(runes[:aroundWidth])) + " … " + Visible(string(runes[len(runes)-aroundWidth:]))
	case behind && !before && len(runes) > aroundWidth:
		return Visible(string(runes[:aroundWidth])) + "…"
	case before && !behind && len(runes) > aroundWidth:
		return "…" + Visible(string(runes[len(runes)-aroundWidth:]))
	}
	return Visible(s)
}

// middle leaves out the middle of a long text.
func middle(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return Visible(s)
	}
	return Visible(string(runes[:n*2/3])) + "…" + Visible(string(runes[len(runes)-n/3:]))
}

// alike tells whether so much of two texts is the same that the difference
// can be read word by word.
func alike(parts []Part) bool {
	kept, changed := 0, 0
	for _, p := range parts {
		if p.Style == Both {
			kept += len(p.Text)
		} else {
			changed += len(p.Text)
		}
	}
	return kept*2 >= changed
}
