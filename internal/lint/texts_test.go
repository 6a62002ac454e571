package lint_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// TestTexts holds every word that a finding says: the archives of
// testdata/texts hold bundles of one integration with mistakes of one kind, and
// the findings whole, with what to do about each. The file "target", if there
// is one, is the integration that a deploy would name.
func TestTexts(t *testing.T) {
	paths, err := filepath.Glob("testdata/texts/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { testTexts(t, path) })
	}
}

func testTexts(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Error("nothing says what the archive shows")
	}
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "findings" })
	if i < 0 {
		t.Fatal("no file named findings")
	}
	got := texts(archive)
	if *update {
		archive.Files[i].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(archive.Files[i].Data), got); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

// texts are the findings in the bundles of an archive.
func texts(archive *txtar.Archive) string {
	var docs []*source.Document
	var found []diag.Diagnostic
	// what an integration lacks as a whole is no matter of these examples
	options := lint.Options{Disable: []string{"no-job-spec", "uncalled-action", "unstarted-flow"}}
	for _, f := range archive.Files {
		if f.Name == "target" {
			options.Integration = strings.TrimSpace(string(f.Data))
		}
		if !strings.HasSuffix(f.Name, ".json") {
			continue
		}
		d, problems := source.Parse(diag.NewFile(f.Name, f.Data))
		found = append(found, problems...)
		if d != nil {
			docs = append(docs, d)
		}
	}
	docs, problems := render.Documents(docs, values(archive), diag.Warning)
	linted, _ := lint.Run(docs, options)
	var b strings.Builder
	for _, d := range diag.Sort(slices.Concat(found, problems, linted)) {
		fmt.Fprintf(&b, "%s\n", d)
		if d.Help != "" {
			fmt.Fprintf(&b, "\t%s\n", diag.InWords(d.Help, diag.Flag))
		}
		for _, r := range d.Related {
			at := r.File.Position(r.Span.Start)
			fmt.Fprintf(&b, "\tsee %s:%d:%d: %s\n", r.File.Path, at.Line, at.Column, r.Message)
		}
		if d.More > 0 {
			fmt.Fprintf(&b, "\tand %d more\n", d.More)
		}
	}
	return b.String()
}
