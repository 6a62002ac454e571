package diag_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

func TestWhatCannotBeSeenIsAnEscape(t *testing.T) {
	for text, want := range map[string]string{
		"plain, ünïcode, 日本 and ✏️":    "plain, ünïcode, 日本 and ✏️",
		"a\nb\tc\x1b[2Jd\x00\x7f":      `a\nb\tc\u001b[2Jd\u0000\u007f`,
		"a\u202eb\u2066c\u200bd\ufeff": `a\u202eb\u2066c\u200bd\ufeff`,
		"soft\u00adhyphen\u00a0space":  `soft\u00adhyphen\u00a0space`,
		"filler\u3164\u115f\u2800x":    `filler\u3164\u115f\u2800x`,
		"tag\U000e0041 vs\ufe01":       `tag\U000e0041 vs\ufe01`,
		"line\u2028par\u2029\ufffd":    `line\u2028par\u2029\ufffd`,
		"private\ue000use":             `private\ue000use`,
	} {
		if got := diag.Visible(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// Every assigned or ignorable character that can't be seen, or has no shape of
// its own, is an escape, alone and in a word.
func TestEveryInvisibleCharacterIsAnEscape(t *testing.T) {
	escaped := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r <= 0xdfff || r == ' ' || !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Z, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			continue
		}
		escaped++
		for _, text := range []string{string(r), "pay" + string(r) + "load"} {
			if strings.ContainsRune(diag.Visible(text), r) {
				t.Errorf("%U leaves as it is", r)
				break
			}
		}
	}
	if escaped < 137_000 { // of them 137,468 are for private use
		t.Errorf("%d characters were tried", escaped)
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("a\u202eb")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range diag.Visible(s) {
			if r < ' ' || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
				t.Fatalf("%q is shown as it is", r)
			}
		}
		if once := diag.Visible(s); diag.Visible(once) != once {
			t.Fatalf("%q is not shown twice alike", s)
		}
	})
}
