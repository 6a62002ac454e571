package flowtest_test

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
)

// TestFormats writes the reports of the archives in testdata/formats for other
// programs: as TAP, JUnit, JSON and lcov.
func TestFormats(t *testing.T) {
	each(t, "formats", func(t *testing.T, s *session) {
		s.want(t, "mistakes", s.mistakes())
		r, _ := report(t, s.suite, s.found.Cases())
		var b strings.Builder
		write := func(name string, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			text := took.ReplaceAllString(b.String(), `time="0"`)
			b.Reset()
			s.want(t, name, text)
			return text
		}
		write("tap", r.TAP(&b))
		wellFormed(t, write("junit.xml", r.JUnit(&b)))
		if text := write("report.json", r.JSON(&b)); !json.Valid([]byte(text)) {
			t.Error("the report is no JSON")
		}
		write("lcov", r.Coverage.LCOV(&b))
		s.want(t, "missed", strings.Join(r.Coverage.MissedLines(), "\n"))
	})
}

// took is a time as JUnit has it: another one each time.
var took = regexp.MustCompile(`time="[0-9.]+"`)

func wellFormed(t *testing.T, text string) {
	t.Helper()
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(text), &suites); err != nil {
		t.Fatal(err)
	}
	tests, failures := 0, 0
	for _, s := range suites.Suites {
		for _, c := range s.Cases {
			tests++
			if c.Failure != nil {
				failures++
			}
		}
	}
	if tests != suites.Tests || failures != suites.Failures {
		t.Errorf("%d tests and %d failures are counted, there are %d and %d", suites.Tests, suites.Failures, tests, failures)
	}
}

// TestCoverageOfNothing because a bundle without flows is covered, and a suite
// without cases covers nothing.
func TestCoverageOfNothing(t *testing.T) {
	empty := &flowtest.Suite{}
	empty.Bundles = append(empty.Bundles, bundle(t, "b.json", []byte(`{"name":"b","zis_template_version":"2019-10-14","resources":{}}`)))
	if c := empty.Cover(nil); c.Percent() != 100 || len(c.Missed()) != 0 {
		t.Errorf("a bundle without flows is covered by %d%%", c.Percent())
	}
	s := &flowtest.Suite{}
	s.Bundles = append(s.Bundles, bundle(t, "b.json", []byte(`{"name":"b","zis_template_version":"2019-10-14","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}}}}}`)))
	c := s.Cover(s.Run(t.Context(), nil))
	if covered, all := c.Count(); covered != 0 || all != 2 || c.Percent() != 0 {
		t.Errorf("%d of %d, %d%%", covered, all, c.Percent())
	}
	if diff := cmp.Diff(map[string]bool{"A": false, "B": false}, c.States("f")); diff != "" {
		t.Error(diff)
	}
	one := cases(t, "t.yml", "- {name: a, flow: f, want: {end: B}}\n")
	if diff := cmp.Diff(map[string]bool{"A": true, "B": true}, s.Cover(s.Run(t.Context(), one)).States("f")); diff != "" {
		t.Error(diff)
	}
}
