package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// hidden are characters that can't be seen, or are drawn like others in a word.
var hidden = []rune{
	0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad, 0x200e, 0x200f, 0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x61c, 0x180e,
	0xe0061, 0xe0001, 0x3164, 0xffa0, 0x115f, 0x2800, 0xfe00, 0xfe0f, 0xe0100, 0xa0, 0x2007, 0x202f, 0x3000, 0x2028, 0x2029, 0x85, 0x7f, 0x1b, 0x8, 0xd,
	0x2061, 0x206a, 0xfff9, 0x17b4, 0xe000, 0x430, 0x3bf, 0x561, 0xff41, 0x1d41a, 0x251, 0x2170, 0x1d00, 0xfffd,
}

// planted has the character in every place of a bundle that somebody writes.
func planted(text string) string {
	c, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(`{"name": "b", "description": §, "resources": {
  §: {"type": "ZIS::Action::Http", "properties": {"name": §, "definition": {"method": "POST", "url": §, "connectionName": §,
    "headers": [{"key": §, "value": §}], "requestBody": {§: §, "n": {"deep": [§]}}}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": §, "definition": {"StartAt": §, "States": {
    §: {"Type": "Choice", "Choices": [{"Variable": §, "StringEquals": §, "Next": "E"}], "Default": "J"},
    "J": {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"expr": §, "data.$": §}, "Next": "E"},
    "E": {"Type": "Fail", "Error": §, "Cause": §, "Comment": §}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": §, "event_source": §, "event_type": §, "flow_name": §}},
  "u": {"type": §, "properties": {§: §}}}}`, "§", string(c))
}

// Nothing invisible leaves unescaped, in no medium and no place.
func TestNothingInvisibleLeavesUnescaped(t *testing.T) {
	media := map[string]func(io.Writer, report.Report) error{
		"text":     func(w io.Writer, r report.Report) error { return report.Text(w, r, false) },
		"markdown": func(w io.Writer, r report.Report) error { return report.Markdown(w, r, report.Page{Limit: 1 << 20}) },
		"brief": func(w io.Writer, r report.Report) error {
			return report.Markdown(w, r, report.Page{Limit: 1 << 20, Brief: true})
		},
		"json": report.JSON, "record": report.WriteRecord, "sarif": report.SARIF,
	}
	for batch := range slices.Chunk(hidden, 6) {
		word := "x" + strings.Join(strings.Split(string(batch), ""), "ay")
		before, after := planted(word+"ay"), planted(word+"ayload")
		checked := check.Files([]*diag.File{diag.NewFile(word+".json", []byte(after))}, check.Options{})
		r := report.Report{Command: "deploy", Where: word, Target: word, Findings: checked.Findings, Plan: plan(t, before, after), Notes: []string{word}}
		r.Deploy = &deploy.Result{ByHand: []string{word}, Rollback: deploy.Partial}
		r.Conclude(verdict.Errorf(verdict.UploadRejected, word, "%s", word), nil)
		for name, write := range media {
			var b bytes.Buffer
			if err := write(&b, r); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(b.String(), "ℹ️", "") // a sign of ours
			text = strings.ReplaceAll(strings.ReplaceAll(text, "⚠️", ""), "✏️", "")
			for i, r := range text {
				if slices.Contains(hidden, r) || r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
					t.Errorf("%s: %U leaves: %q", name, r, around(text, i))
				}
			}
		}
	}
}

func around(s string, i int) string {
	return fmt.Sprintf("%.60s", s[max(0, i-30):])
}
