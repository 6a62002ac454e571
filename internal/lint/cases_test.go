package lint_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Small inputs that went wrong once have their finding where it belongs, and
// its help leads on.
func TestCases(t *testing.T) {
	for _, tt := range []struct{ file, rule, pointer, help string }{
		{"f01_body_is_one_placeholder", "body-placeholder", "definition/requestBody", "requestBody.$"},
		{"m01_dash_placeholder", "placeholder", "requestBody/where", "site-name"},
		{"m04_curly_and_shell_leftovers", "leftover-placeholder", "definition/url", "subdomain"},
		{"m04_curly_and_shell_leftovers", "leftover-placeholder", "headers/0/value", "ACCESS_TOKEN"},
		{"m05_no_job_spec", "no-job-spec", "/resources", "ZIS::JobSpec"},
		{"m06_webhook_body_outside_input", "unset-path", "Choices/0/Variable", "$.input.order.state"},
		{"m07_text_into_jq_program", "jq-text", "Parameters/expr.$", ".ticket_event.comment.body"},
		{"m08_dynamic_connection", "connection-name", "connectionName.$", "one action"},
		{"m10_event_member_of_another_event", "unset-path", "Parameters/t.$", "ticket"},
		{"m12_jq_data_object", "jq-data", "Parameters/data", "data.$"},
		{"m13_secret_in_parameters", "secret", "Parameters/token", "connection"},
		{"m15_organization_event_style", "unknown-event", "event_type", "organization.OrganizationCreated"},
		{"m18_state_key_lower_case", "schema", "/A/type", "Type"},
		{"m20_brace_without_dollar", "placeholder", "definition/path", "{{$.id}}"},
		{"m21_text_compared_with_number", "choice-value", "StringEquals", "NumericEquals"},
	} {
		src, err := os.ReadFile("../../../shared/cases/" + tt.file + ".json")
		if err != nil {
			t.Skipf("the cases are not here: %v", err)
		}
		doc, found := source.Parse(diag.NewFile(tt.file, src))
		docs, more := render.Documents([]*source.Document{doc}, render.Values{}, diag.Warning)
		linted, _ := lint.Run(docs, lint.Options{})
		found = slices.Concat(found, more, linted)
		if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool {
			return d.Rule == tt.rule && strings.HasSuffix(d.Pointer, tt.pointer) && strings.Contains(d.Help, tt.help)
		}) {
			t.Errorf("%s: no %s at …%s with help on %s among %v", tt.file, tt.rule, tt.pointer, tt.help, found)
		}
	}
}
