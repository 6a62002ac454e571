package diag_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// TestPosition compares every place with a count from the beginning, in lines
// that are short, empty, and longer than what is counted at a time.
func TestPosition(t *testing.T) {
	text := "{\n\r\n" + strings.Repeat("é€😀x", 3000) + "\r\nö\n" + strings.Repeat("y", 5000)
	f := diag.NewFile("f", []byte(text))
	at := diag.Position{Line: 1, Column: 1}
	for off, r := range text {
		if have := f.Position(int32(off)); have != at {
			t.Fatalf("offset %d is %v, want %v", off, have, at)
		}
		at.Column++
		if r == '\n' {
			at = diag.Position{Line: at.Line + 1, Column: 1}
		}
	}
	for _, off := range []int{len(text), len(text) + 7} {
		if have := f.Position(int32(off)); have != at {
			t.Errorf("offset %d is %v, want %v", off, have, at)
		}
	}
	if have := f.Position(-1); have != (diag.Position{Line: 1, Column: 1}) {
		t.Errorf("offset -1 is %v", have)
	}
}

func TestPositionOfWhatIsNotUTF8(t *testing.T) {
	text := strings.Repeat("é", 5000)
	f := diag.NewFile("f", []byte(text+"\xff"))
	want := diag.Position{Line: 1, Column: utf8.RuneCountInString(text) + 1}
	if have := f.Position(int32(len(text))); have != want {
		t.Errorf("it is at %v, want %v", have, want)
	}
}

func TestLine(t *testing.T) {
	const text = "one\ntwo\r\n\nfour"
	f := diag.NewFile("f", []byte(text))
	var have []string
	for n := range 6 {
		s := f.Line(n)
		have = append(have, text[s.Start:s.End])
	}
	if diff := cmp.Diff([]string{"", "one", "two", "", "four", ""}, have); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text string
		most int
		want string
	}{
		{"", 0, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc…"},
		{"aé", 2, "a…"},
		{"€uro", 2, "…"},
		{"\x80\x80\x80", 2, "…"},
	} {
		if have := diag.Cut(tt.text, tt.most); have != tt.want {
			t.Errorf("%q cut to %d is %q, want %q", tt.text, tt.most, have, tt.want)
		}
	}
}
