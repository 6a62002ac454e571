package flowtest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const corpus = "../../../shared/corpus/public"

func corpusFiles(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob(corpus + "/*.json")
	if len(files) == 0 {
		t.Skip("the corpus isn't beside this repository")
	}
	return files
}

func TestGenerateCorpus(t *testing.T) {
	for _, name := range corpusFiles(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text = regexp.MustCompile(`\{\{(\w+)\}\}`).ReplaceAll(text, []byte("v_$1"))
			s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, filepath.Base(name), text)}}
			var cases []*flowtest.Case
			for _, g := range s.Generate(t.Context()) {
				t.Logf("%s: %d cases", g.Flow, len(g.Cases))
				cases = append(cases, g.Cases...)
			}
			outcomes := s.Run(t.Context(), cases)
			r := flowtest.Report{Outcomes: outcomes, Coverage: s.Cover(outcomes)}
			t.Log(r.Summary())
			for _, o := range outcomes {
				if !o.Passed() {
					t.Errorf("%s: %v", o.Case.Name, o.Problems)
				}
			}
			for _, line := range r.Coverage.MissedLines() {
				t.Log(line)
			}
		})
	}
}
