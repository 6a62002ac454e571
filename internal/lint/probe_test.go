package lint_test

import (
	"fmt"
	"os"
	"testing"
)

func TestProbe(t *testing.T) {
	if os.Getenv("PROBE") == "" {
		t.Skip()
	}
	for _, g := range [][]string{
		{"public/tsanet-2026-08.json"}, {"public/tsanet-2026-07.json"}, {"public/tsanet-role-renamed.json"}, {"public/tsanet-stringequals.json"}, {"public/tsanet-stringmatches-REJECTED.json"}, {"public/tsanet-first.json"},
		{"public/servicenow-add-comment.json", "public/servicenow-attach-file.json", "public/servicenow-update-status.json"},
		{"public/surveysparrow.json"}, {"public/zendesk-demo-redact-comment.json"}, {"public/explorer-mock.json"}, {"public/genesys-template.json"}, {"docs/registry-bundles-example-body.json"}, {"../../main/examples/ticket-to-slack/bundle.json"},
	} {
		for _, d := range corpusFindings(t, g...) {
			if d.Rule != "placeholder" && d.Rule != "key-name" {
				fmt.Println(d, "|", d.Help)
			}
		}
	}
}
