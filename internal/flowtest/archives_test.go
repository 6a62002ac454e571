package flowtest_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
)

var update = flag.Bool("update", false, "rewrite what the archives in testdata want; read the difference")

// session is an archive: bundles, files of cases below tests/, and what is said
// of them.
type session struct {
	suite   *flowtest.Suite
	found   *flowtest.Found
	archive *txtar.Archive
}

// TestSemantics plays the archives in testdata/semantics, whose cases want what
// zis-semantics.md says of flows. Each of them passes, and together those of an
// archive cover its bundle.
func TestSemantics(t *testing.T) {
	each(t, "semantics", func(t *testing.T, s *session) {
		s.want(t, "mistakes", s.mistakes())
		r, text := report(t, s.suite, s.found.Cases())
		if r.Failed() > 0 {
			t.Error(text)
		}
		s.want(t, "missed", strings.Join(r.Coverage.MissedLines(), "\n"))
		if s.has("relies") {
			s.want(t, "relies", relies(r))
		}
	})
}

// relies lists the assumptions of the cases that rely on any.
func relies(r *flowtest.Report) string {
	var b strings.Builder
	for _, o := range r.Outcomes {
		if note := o.Note(); note != "" {
			b.WriteString(o.Case.Name + ": " + note + "\n")
		}
	}
	return b.String()
}

// TestMistakes reads the files of the archives in testdata/mistakes, each of
// which is wrong in some way that is told with its place.
func TestMistakes(t *testing.T) {
	each(t, "mistakes", func(t *testing.T, s *session) { s.want(t, "mistakes", s.mistakes()) })
}

// TestReports plays the archives in testdata/reports, whose cases fail: a report
// tells how, where, and what the run did.
func TestReports(t *testing.T) {
	each(t, "reports", func(t *testing.T, s *session) {
		s.want(t, "mistakes", s.mistakes())
		_, text := report(t, s.suite, s.found.Cases())
		s.want(t, "report", text)
	})
}

// TestUpdates rewrites the wants of the archives in testdata/updates. After that
// every case that could be run passes.
func TestUpdates(t *testing.T) {
	each(t, "updates", func(t *testing.T, s *session) {
		s.want(t, "mistakes", s.mistakes())
		for _, f := range s.found.Files {
			text, _, err := f.Update(s.suite.Run(t.Context(), f.Cases))
			if err != nil {
				text = err.Error()
			}
			s.want(t, "updated/"+filepath.Base(f.Path), text)
		}
	})
}

func each(t *testing.T, dir string, play func(*testing.T, *session)) {
	t.Helper()
	archives, _ := filepath.Glob("testdata/" + dir + "/*.txtar")
	if len(archives) == 0 {
		t.Fatal("there are no archives")
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			s := open(t, path)
			play(t, s)
			if *update {
				if err := os.WriteFile(path, txtar.Format(s.archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func open(t *testing.T, path string) *session {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	s := &session{suite: &flowtest.Suite{}, archive: archive}
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		switch {
		case strings.HasSuffix(f.Name, "bundle.json"):
			s.suite.Bundles = append(s.suite.Bundles, bundle(t, f.Name, f.Data))
		case f.Name == "flags":
			s.flags(t, strings.Fields(string(f.Data)))
		}
	}
	if s.found, err = flowtest.Find(fsys, []string{"tests"}, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// flags are those of zis test: A18=wrapped for --assume, all, once for --repeat
// off.
func (s *session) flags(t *testing.T, words []string) {
	t.Helper()
	for _, word := range words {
		switch word {
		case "all":
			s.suite.All = true
		case "once":
			s.suite.NoRepeat = true
		default:
			var err error
			if s.suite.Readings, err = s.suite.Readings.Set(word); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (s *session) mistakes() string {
	var lines []string
	for _, m := range s.found.Mistakes {
		lines = append(lines, m.String())
	}
	return strings.Join(lines, "\n")
}

func (s *session) has(name string) bool {
	return slices.ContainsFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == name })
}

// want compares a text with a file of the archive; none is an empty one.
func (s *session) want(t *testing.T, name, have string) {
	t.Helper()
	if have != "" && !strings.HasSuffix(have, "\n") {
		have += "\n"
	}
	for i, f := range s.archive.Files {
		if f.Name != name {
			continue
		}
		if *update {
			s.archive.Files[i].Data = []byte(have)
		} else if diff := cmp.Diff(string(f.Data), have); diff != "" {
			t.Errorf("%s (-want +have)\n%s", name, diff)
		}
		return
	}
	if have != "" {
		t.Errorf("the archive has no file %q, and this came:\n%s", name, have)
	}
}
