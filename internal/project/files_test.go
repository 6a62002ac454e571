package project_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/project"
)

var update = flag.Bool("update", false, "rewrite what testdata wants")

// TestFiles plays testdata: the files of a project, and what is read of them or
// all that is wrong, as it is told.
func TestFiles(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	if len(paths) < 20 {
		t.Fatalf("only %d projects are found", len(paths))
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files, want := fstest.MapFS{}, &a.Files[len(a.Files)-1]
			for _, f := range a.Files[:len(a.Files)-1] {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got := told(t, files)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func told(t *testing.T, files fstest.MapFS) string {
	t.Helper()
	p, err := project.Read(files, project.File)
	if list, ok := errors.AsType[project.Errors](err); ok {
		var b strings.Builder
		for line := range strings.Lines(list.Error() + "\n") {
			b.WriteString(diag.Visible(strings.TrimSuffix(line, "\n")) + "\n")
		}
		return b.String()
	}
	if err != nil {
		t.Fatal(err)
	}
	return shown(p)
}

// shown is a project line by line, with what was left out as it counts.
func shown(p *project.Project) string {
	var b bytes.Buffer
	for _, t := range p.Bundles {
		fmt.Fprintf(&b, "bundle %s\n", t.Value)
	}
	for _, r := range p.Rings {
		fmt.Fprintf(&b, "ring %s: parallel %d, soak %v, after %s", r.Name.Value, r.Parallel, r.Soak, r.After)
		if l := r.MaxFailures; l.Given {
			fmt.Fprintf(&b, ", max-failures %d (percent %t)", l.Value, l.Percent)
		}
		b.WriteByte('\n')
	}
	for _, t := range p.Targets {
		fmt.Fprintf(&b, "target %s (%s): %s%s %s, ring %q, by %s", t.Name.Value, t.Name.At, t.Subdomain.Value, t.BaseURL.Value, t.Integration.Value, t.Ring.Value, t.Via)
		if t.Protected {
			b.WriteString(", protected")
		}
		if t.Shared {
			b.WriteString(", shared credentials")
		}
		b.WriteByte('\n')
		for _, s := range t.JobSpecs {
			fmt.Fprintf(&b, "  job spec %s\n", s.Value)
		}
		for _, v := range t.Vars {
			fmt.Fprintf(&b, "  %s is the %T %q\n", v.Name.Value, v.Value, fmt.Sprint(v.Value))
		}
		for _, s := range t.SecretVars {
			fmt.Fprintf(&b, "  secret %s of %q\n", s.Value, t.SecretNumbers)
		}
		for _, a := range t.Accept {
			fmt.Fprintf(&b, "  accepts %s in %q until %s: %s\n", a.Pointer.Value, a.Bundle.Value, a.Until.Format(time.DateTime), a.Reason.Value)
		}
		if t.Environment.Value != "" {
			fmt.Fprintf(&b, "  environment %s\n", t.Environment.Value)
		}
	}
	return b.String()
}
