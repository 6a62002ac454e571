package flowtest_test

import (
	"fmt"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// TestGenerateFlipsEveryOperator makes cases for a Choice of each operator, also
// against what another path of the event leads to: each rule is taken in one and
// not taken in another.
func TestGenerateFlipsEveryOperator(t *testing.T) {
	for _, rule := range []string{
		`"StringEquals":"b"`, `"StringLessThan":"b"`, `"StringGreaterThan":"b"`, `"StringLessThanEquals":"b"`, `"StringGreaterThanEquals":"b"`, `"StringEqualsPath":"$.input.w"`,
		`"NumericEquals":2`, `"NumericLessThan":2`, `"NumericGreaterThan":2`, `"NumericLessThanEquals":2`, `"NumericGreaterThanEquals":2`,
		`"NumericEqualsPath":"$.input.w"`, `"NumericLessThanPath":"$.input.w"`, `"NumericGreaterThanPath":"$.input.w.x[0]"`, `"NumericLessThanEqualsPath":"$.input.w"`, `"NumericGreaterThanEqualsPath":"$.input.w"`,
		`"BooleanEquals":false`, `"BooleanEqualsPath":"$.input.w"`, `"IsPresent":true`, `"IsPresent":false`, `"IsNull":true`, `"IsNull":false`,
		`"TimestampEquals":"2026-01-02T03:04:05Z"`, `"TimestampLessThan":"2026-01-02T03:04:05Z"`, `"TimestampGreaterThan":"2026-01-02T03:04:05Z"`, `"TimestampLessThanEquals":"2026-01-02T03:04:05Z"`, `"TimestampGreaterThanEquals":"2026-01-02T03:04:05Z"`,
	} {
		for _, form := range []string{`%s`, `"Not":{%s}`, `"And":[{%s},{"Variable":"$.input.z","NumericGreaterThan":7}]`, `"Or":[{"Variable":"$.input.z","StringEquals":"z"},{%s}]`} {
			choice := fmt.Sprintf(form, `"Variable":"$.input.v",`+rule)
			s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "b.json", []byte(`{"name":"b","zis_template_version":"2019-10-14","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{`+choice+`,"Next":"Y"}],"Default":"N"},"Y":{"Type":"Succeed"},"N":{"Type":"Succeed"}}}}}}}`))}}
			var cases []*flowtest.Case
			for _, g := range s.Generate(t.Context()) {
				cases = append(cases, g.Cases...)
			}
			outcomes := s.Run(t.Context(), cases)
			for _, o := range outcomes {
				if !o.Passed() {
					t.Errorf("%s: %v", choice, o.Problems)
				}
			}
			if missed := s.Cover(outcomes).Missed(); len(missed) > 0 {
				t.Errorf("%s: nothing covers %v", choice, missed)
			}
		}
	}
}
