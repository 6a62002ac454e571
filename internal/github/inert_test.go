package github_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/github"
)

func inert(t *testing.T, pieces ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := github.Inert(&b)
	for _, p := range pieces {
		if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
			t.Fatalf("wrote %d of %d bytes, %v", n, len(p), err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestInertTextCommandsNothing(t *testing.T) {
	for _, text := range []string{
		"::add-mask::a\n", "  \t::error::x\n", "\u00a0::error::x\n", "\u3000::error::x\n", "::stop-commands::tok",
		"text\r::add-mask::a\n", "text\r\n::add-mask::a\n", "\ufeff::add-mask::a\n",
		"see ##[add-mask]a\n", "####[error]x\n", "\u2003##[group]\n", "##[##[error]x\n",
		":::error::x\n", "::::error::x\n", "::error ::error::x\n",
	} {
		out := inert(t, text)
		if got := commands(out); got != nil {
			t.Errorf("%q became %q: the runner takes %v", text, out, got)
		}
	}
}

func TestInertPassesOrdinaryTextOn(t *testing.T) {
	const text = "zis/bundle.json:3:7: error: a::b is no name [x]\n  # ## [x] : ::\n\n"
	if diff := cmp.Diff(text, inert(t, text[:20], text[20:21], text[21:])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is written behind a flush stands at the start of a line.
func TestInertEndsALine(t *testing.T) {
	if got := inert(t, "no end"); got != "no end\n" {
		t.Errorf("%q", got)
	}
}

func FuzzInert(f *testing.F) {
	f.Add("::add-mask::x", 3)
	f.Add("a\r::error::x\n##[error]y", 9)
	f.Add("\xff\xfe::e", 1)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		cut = max(0, min(cut, len(text)))
		out := inert(t, text[:cut], text[cut:])
		for _, line := range runnerLines(out) {
			if c, ok := command(line); ok {
				t.Fatalf("the runner takes %v from %q", c, line)
			}
			if strings.Contains(line, "##[") || strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
				t.Fatalf("%q looks like a command", line)
			}
		}
		const gap = "\u200b"
		if want := strings.ReplaceAll(text, gap, ""); utf8.ValidString(text) {
			if got := strings.ReplaceAll(out, gap, ""); strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
				t.Fatalf("%q became %q", text, out)
			}
		}
	})
}
