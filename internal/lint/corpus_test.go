package lint_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
)

const corpus = "../../../shared/corpus"

// corpusFindings checks files of the corpus as one integration.
func corpusFindings(t *testing.T, names ...string) (list []diag.Diagnostic) {
	t.Helper()
	var docs []*bundle.Document
	for _, name := range names {
		path := filepath.Join(corpus, name)
		src, err := os.ReadFile(path)
		if err != nil {
			t.Skipf("the corpus of real bundles is not here: %v", err)
		}
		d, found := bundle.Parse(diag.NewFile(name, src))
		list = append(list, found...)
		docs = append(docs, d)
	}
	docs, found := bundle.Render(docs, bundle.Values{}, diag.Warning)
	linted, _ := lint.Run(docs, lint.Options{})
	return slices.Concat(list, found, linted)
}

func TestWhatRunsHasNoError(t *testing.T) {
	for _, names := range [][]string{
		{"public/tsanet-2026-08.json"},
		{"public/tsanet-2026-07.json"},
		{"public/tsanet-role-renamed.json"},
		{"public/tsanet-stringequals.json"},
		{"public/tsanet-first.json"},
		{"public/surveysparrow.json"},
		{"public/servicenow-add-comment.json", "public/servicenow-attach-file.json", "public/servicenow-update-status.json"},
		{"public/servicenow-add-comment.json"},
		{"public/servicenow-attach-file.json"},
		{"public/servicenow-update-status.json"},
		{"public/zendesk-demo-redact-comment.json"},
		{"public/explorer-mock.json"},
		{"docs/registry-bundles-example-body.json"},
	} {
		t.Run(strings.Join(names, "+"), func(t *testing.T) {
			for _, d := range corpusFindings(t, names...) {
				if d.Severity == diag.Error {
					t.Errorf("unexpected %v", d)
				}
			}
		})
	}
}
