package sentences

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Style says what a part of a sentence is.
type Style string

// The styles.
const (
	Words    Style = ""         // ours
	Value    Style = "value"    // of the files: as it will be
	Former   Style = "former"   // of the account: as it was
	Both     Style = "both"     // of the files and the account
	Inserted Style = "inserted" // words of a text that are new
	Deleted  Style = "deleted"  // words of a text that go
)

// Part is a piece of a sentence. Its text holds nothing that can't be seen;
// each medium must still escape it in its own way.
type Part struct {
	Text  string
	Style Style
}

// phrase is a sentence in the making.
type phrase []Part

// say makes a phrase: %s stands for a phrase, a part, or words of ours.
func say(format string, args ...any) phrase {
	var out phrase
	for i, piece := range strings.Split(format, "%s") {
		if i > 0 {
			out = out.add(args[i-1])
		}
		if piece != "" {
			out = append(out, Part{Text: piece})
		}
	}
	return out
}

func (p phrase) add(arg any) phrase {
	switch arg := arg.(type) {
	case phrase:
		return append(p, arg...)
	case Part:
		return append(p, arg)
	case string:
		return append(p, Part{Text: arg})
	}
	panic(fmt.Sprintf("sentences: %T in a phrase", arg))
}

// plain is the phrase without styles; words of a text that come and go stand
// in brackets, as git diff --word-diff writes them.
func (p phrase) plain() string {
	var b strings.Builder
	for _, part := range p {
		switch part.Style {
		case Inserted:
			b.WriteString("{+" + part.Text + "+}")
		case Deleted:
			b.WriteString("[-" + part.Text + "-]")
		default:
			b.WriteString(part.Text)
		}
	}
	return b.String()
}

// value is text of the files; former of the account.
func value(s string) Part  { return Part{name(s), Value} }
func former(s string) Part { return Part{name(s), Former} }

// valueWidth bounds a value in a sentence, in runes.
const valueWidth = 80

// name is s as it stands in a sentence: a word as it is, anything else in
// quotes, so that it can't go on in our words.
func name(s string) string {
	if simple(s) {
		return shorten(s, valueWidth)
	}
	return `"` + strings.ReplaceAll(shorten(Visible(s), valueWidth), `"`, `\"`) + `"`
}

// simple tells whether s is one word of letters, digits and the signs that
// paths and hosts are made of.
func simple(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-/:$", r)
	})
}

// shorten cuts s to n runes.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// Visible writes as an escape whatever can't be seen. A closing quotation mark
// is an ordinary one: text can't leave the quotation that a sentence makes.
func Visible(s string) string {
	return quotes.Replace(diag.Visible(s))
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`)

// list is "a", "a and b", "a, b and c" of phrases; word is "and" or "or".
func list(word string, items []phrase) phrase {
	var out phrase
	for i, item := range items {
		switch {
		case i == 0:
		case i == len(items)-1:
			out = out.add(" " + word + " ")
		default:
			out = out.add(", ")
		}
		out = append(out, item...)
	}
	return out
}

// few is list of at most n items; the others are counted.
func few(word string, n int, items []phrase) phrase {
	if len(items) > n {
		items = append(items[:n-1:n-1], say("%s others", itoa(len(items)-n+1)))
	}
	return list(word, items)
}
