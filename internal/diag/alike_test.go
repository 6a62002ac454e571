package diag_test

import (
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// unlike are characters that were tried: each makes a text that looks like
// "payload" and is another.
var unlike = map[string]string{
	"zero-width space": "pay\u200bload", "zero-width joiner": "pay\u200dload", "zero-width non-joiner": "pay\u200cload", "word joiner": "pay\u2060load",
	"byte order mark": "pay\ufeffload", "soft hyphen": "pay\u00adload", "left-to-right mark": "pay\u200eload", "override": "pay\u202eload\u202c",
	"isolate": "\u2066payload\u2069", "tag": "payload\U000e0061", "variation selector": "payload\ufe0e", "variation 256": "payload\U000e01ef",
	"mongolian separator": "pay\u180eload", "hangul filler": "payload\u3164", "half filler": "payload\uffa0", "braille blank": "payload\u2800",
	"no-break space": "payload\u00a0", "figure space": "payload\u2007", "function application": "pay\u2061load", "invisible times": "pay\u2062load",
	"cyrillic a": "p\u0430yload", "greek omicron": "payl\u03bfad", "full width": "\uff50ayload", "mathematical": "\U0001d429ayload",
	"roman numeral": "pay\u217coad", "script a": "p\u0251yload", "armenian": "pay\u056coad", "all cyrillic": "\u0440\u0430\u0443load",
	"combining": "payload\u034f", "deprecated shaping": "payload\u206a", "interlinear": "payload\ufff9", "control": "payload\u0085", "escape": "payload\x1b[0m",
	"private use": "payload\uf8ff", "line separator": "payload\u2028", "khmer vowel": "payload\u17b4",
}

func TestTextsThatLookAlikeAreShownApart(t *testing.T) {
	for name, text := range unlike {
		if shown := diag.Visible(text); shown == text || shown == "payload" {
			t.Errorf("%s: %q is shown as %q", name, text, shown)
		}
		old, new := diag.Apart("payload", text)
		if old != "payload" || new == text || new == "payload" {
			t.Errorf("%s: shown are %q and %q", name, old, new)
		}
	}
}

func TestApart(t *testing.T) {
	for _, c := range []struct{ old, new, shownOld, shownNew string }{
		{"pay", "\u0440\u0430\u0443", "pay", `\u0440\u0430\u0443`},
		{"a \u043f\u0440\u0438\u0432\u0435\u0442 b", "a \u043f\u043e\u043a\u0430 b", "a \u043f\u0440\u0438\u0432\u0435\u0442 b", "a \u043f\u043e\u043a\u0430 b"},
		{"caf\u00e9", "cafe\u0301", "caf\u00e9", `cafe\u0301`},
		{"Fur", "F\u00fcr", "Fur", "F\u00fcr"},
		{"", "\u65e5\u672c", "", "\u65e5\u672c"},
		{"ABC\u30c6\u30b9\u30c8", "ABD\u30c6\u30b9\u30c8", "ABC\u30c6\u30b9\u30c8", "ABD\u30c6\u30b9\u30c8"},
		{"id", "\u0131d", "id", `\u0131d`},
	} {
		old, new := diag.Apart(c.old, c.new)
		if old != c.shownOld || new != c.shownNew {
			t.Errorf("%q and %q are shown as %q and %q", c.old, c.new, old, new)
		}
	}
}

func TestMixed(t *testing.T) {
	for host, want := range map[string]bool{
		"example.com": false, "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444": false, "ex\u0430mple.com": true, "\u0430pi.example.com": true,
		"b\u00fccher.example": false, "\uff45xample.com": true, "\u65e5\u672c.example": false, "": false, "s\u200bl\u0430ck": true,
	} {
		if got := diag.Mixed(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

func FuzzApart(f *testing.F) {
	f.Add("payload", "p\u0430yload")
	f.Add("a\u202e", "b")
	f.Fuzz(func(t *testing.T, old, new string) {
		one, two := diag.Apart(old, new)
		if diag.Visible(one) != one || diag.Visible(two) != two {
			t.Errorf("%q and %q hide something", one, two)
		}
		if old != new && one == two && diag.Visible(old) != diag.Visible(new) {
			t.Errorf("%q and %q look alike", old, new)
		}
	})
}
