package lint_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// That states of one shape are judged once changes no error: of any bundle
// that is broken in any way, and of real ones.
func TestShapesChangeNoError(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of bundles")
	}
	for _, src := range seeds(t) {
		if diff := lint.SameWithShapes(src); diff != "" {
			t.Error(diff)
		}
	}
	for _, path := range []string{"testdata/good.json", "../../examples/ticket-to-slack/bundle.json"} {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		mutantsKeepErrors(t, src)
	}
	mutantsKeepErrors(t, wide(1, 6))
	real, err := filepath.Glob(filepath.Join(corpus, "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range real {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := lint.SameWithShapes(src); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func mutantsKeepErrors(t *testing.T, src []byte) {
	t.Helper()
	doc, _ := source.Parse(diag.NewFile("good.json", src))
	for _, m := range mutators {
		visit(doc.Root, func(n *source.Node) {
			for _, e := range m.apply(n) {
				mutant := slices.Concat(src[:e.span.Start], []byte(e.text), src[e.span.End:])
				if diff := lint.SameWithShapes(mutant); diff != "" {
					t.Errorf("%s: %s\n%s", m.name, context(mutant, e), diff)
				}
			}
		})
	}
}
