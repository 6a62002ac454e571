package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// What programs read is JSON, whatever the run was; text is for people, and
// Markdown for GitHub's pages, so neither is a format.
func TestFormats(t *testing.T) {
	for _, name := range []string{"text", "markdown", "JSON", ""} {
		if f, ok := report.In(name); ok {
			t.Errorf("%q is the format %q", name, f.Name)
		}
	}
	for _, want := range []string{"json", "sarif"} {
		f, ok := report.In(want)
		if !ok || f.Name != want {
			t.Fatalf("%q is %q, %v", want, f.Name, ok)
		}
		for name, r := range cases(t) {
			var b bytes.Buffer
			if err := f.Write(&b, r); err != nil || !json.Valid(b.Bytes()) {
				t.Errorf("%s as %s is no JSON: %v", name, want, err)
			}
		}
	}
}

// A command without files and without a plan says what it did, or only that it
// is done.
func TestDone(t *testing.T) {
	for what, want := range map[string]string{"an account at http://localhost": "emulator: an account at http://localhost", "": "emulator"} {
		r := report.Done("emulator", what)
		if r.Sentence != want || r.Outcome != verdict.Succeeded || r.Rollback() != "" || r.Changes() != 0 || len(r.Told().Sentences) != 0 {
			t.Errorf("%q: %+v", what, r)
		}
	}
}
