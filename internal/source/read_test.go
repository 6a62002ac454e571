package source_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

var update = flag.Bool("update", false, "rewrite what testdata wants")

// TestRead plays testdata/read. Each part of an archive is a file as somebody
// writes it, and behind "=> " all that is told of it with the help, or the
// canonical form of what is read. "\x" and two digits is a byte that can't stand
// in an archive, ␍ the end of a line of Windows.
func TestRead(t *testing.T) {
	paths, _ := filepath.Glob("testdata/read/*.txtar")
	if len(paths) < 3 {
		t.Fatalf("only %d archives are found", len(paths))
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range a.Files {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+part.Name, func(t *testing.T) {
				text, _, _ := strings.Cut(string(part.Data), "=> ")
				got := text + told(t, text)
				if diff := cmp.Diff(string(part.Data), got); diff != "" && !*update {
					t.Errorf("(-want +got)\n%s", diff)
				}
				a.Files[i].Data = []byte(got)
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func told(t *testing.T, text string) string {
	t.Helper()
	var src strings.Builder
	rest := strings.ReplaceAll(text, "␍", "\r")
	for {
		before, after, found := strings.Cut(rest, `\x`)
		src.WriteString(before)
		if !found {
			break
		}
		var b byte
		if _, err := fmt.Sscanf(after[:2], "%02x", &b); err != nil {
			t.Fatal(err)
		}
		src.WriteByte(b)
		rest = after[2:]
	}
	doc, found := parse(t, src.String())
	var b strings.Builder
	for _, d := range diag.Sort(found) {
		fmt.Fprintf(&b, "=> %s", diag.Visible(strings.TrimPrefix(d.String(), "b.json:")))
		if d.Pointer != "" {
			fmt.Fprintf(&b, " at %s", diag.Visible(d.Pointer))
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, " (%s at %d:%d)", r.Message, r.File.Position(r.Span.Start).Line, r.File.Position(r.Span.Start).Column)
		}
		if d.Help != "" {
			fmt.Fprintf(&b, ": %s", diag.Visible(d.Help))
		}
		b.WriteByte('\n')
	}
	if doc != nil {
		fmt.Fprintf(&b, "=> %s\n", diag.Visible(string(doc.Canonical())))
	}
	return b.String()
}
