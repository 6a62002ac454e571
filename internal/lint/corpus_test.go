package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const corpus = "../../../shared/corpus"

// corpusFindings checks files of the corpus as one integration.
func corpusFindings(t *testing.T, names ...string) (list []diag.Diagnostic) {
	t.Helper()
	var docs []*source.Document
	for _, name := range names {
		path := filepath.Join(corpus, name)
		src, err := os.ReadFile(path)
		if err != nil {
			t.Skipf("the corpus of real bundles is not here: %v", err)
		}
		d, found := source.Parse(diag.NewFile(name, src))
		list = append(list, found...)
		docs = append(docs, d)
	}
	docs, found := render.Documents(docs, render.Values{}, diag.Warning)
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

// What is known to be wrong with public bundles is found where it stands, and
// the one that was rejected has no other error.
func TestKnownDefectsAreFound(t *testing.T) {
	for name, want := range map[string][]string{
		"tsanet-stringmatches-REJECTED.json": {"675:19: error choice-operator", "680:19: error choice-operator"},
		"genesys-template.json": {
			"22:22: warning unknown-flow",
			"22:22: warning arn-integration",
			"30:26: warning placeholder", // an event's source
			"48:27: warning placeholder", // an ARN
			"137:6: warning placeholder", // a key
			"553:13: warning unreachable-state",
			"693:13: warning unreachable-state",
			"713:13: warning unreachable-state",
		},
		"servicenow-add-comment.json":      {"9:25: warning key-name", "16:39: warning placeholder"},
		"servicenow-attach-file.json":      {"40:38: warning literal-path", "44:38: warning literal-path", "48:38: warning literal-path"},
		"servicenow-update-status.json":    {"9:25: warning key-name", "96:39: warning placeholder"},
		"zendesk-demo-redact-comment.json": {"9:17: note key-name", "48:54: warning jq-text", "48:229: warning withdrawn-token"},
		"explorer-mock.json":               {"19:17: note key-name", "28:17: note key-name", "27:22: note arn-integration"},
		"surveysparrow.json":               {"82:28: warning leftover-placeholder"},
	} {
		t.Run(name, func(t *testing.T) {
			var got, errors []string
			for _, d := range corpusFindings(t, "public/"+name) {
				p := d.Start()
				got = append(got, fmt.Sprintf("%d:%d: %v %s", p.Line, p.Column, d.Severity, d.Rule))
				if d.Severity == diag.Error {
					errors = append(errors, got[len(got)-1])
				}
			}
			for _, w := range want {
				if !slices.Contains(got, w) {
					t.Errorf("not found: %s", w)
				}
			}
			known := slices.DeleteFunc(slices.Clone(want), func(w string) bool { return !strings.Contains(w, " error ") })
			if diff := cmp.Diff(known, errors, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("errors (-want +got)\n%s", diff)
			}
		})
	}
}
