package github_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// step is a step with files of its own.
type step struct {
	*github.Action
	log bytes.Buffer
	env map[string]string
}

func newStep(t *testing.T) *step {
	dir := t.TempDir()
	s := &step{env: map[string]string{
		"GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_WORKSPACE": "/github/workspace",
	}}
	s.Action = github.New(&s.log, func(name string) string { return s.env[name] })
	return s
}

func (s *step) publish(t *testing.T, r report.Report) {
	t.Helper()
	if err := s.Publish(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func (s *step) read(t *testing.T, variable string) string {
	t.Helper()
	text, err := os.ReadFile(s.env[variable])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func finding(path string, level diag.Severity, rule, message string) diag.Diagnostic {
	file := diag.NewFile(path, []byte("{\n  \"é\": 1\n}\n"))
	return diag.Diagnostic{File: file, Span: diag.Span{Start: 4, End: 8}, Rule: rule, Severity: level, Message: message}
}

func found(list ...diag.Diagnostic) report.Report {
	r := report.Report{Command: "plan"}
	for _, d := range list {
		if len(r.Files) == 0 || r.Files[len(r.Files)-1].Path != d.File.Path {
			r.Files = append(r.Files, check.File{Path: d.File.Path})
		}
	}
	r.Add(list)
	r.Conclude(r.Err(), nil)
	return r
}

func TestAnnotationsStandAtTheirPlace(t *testing.T) {
	for path, want := range map[string]string{
		"zis/bundle.json":                        "zis/bundle.json",
		"./a/../zis/b,c:d.json":                  "zis/b,c:d.json",
		"/github/workspace/deep/down/x.json":     "deep/down/x.json",
		"100%\r\n::error::.json":                 `100%\u000d\n::error::.json`,
		"zis/b\u200b\u202e.json":                 `zis/b\u200b\u202e.json`,
		"/github/workspace/./deep/../other.json": "other.json",
	} {
		s := newStep(t)
		s.publish(t, found(finding(path, diag.Warning, "a/rule", "100% wrong:\r\n::add-mask::x")))
		if diff := cmp.Diff([]issued{{"warning", "100% wrong:\r\n::add-mask::x", map[string]string{
			"file": want, "title": "a/rule", "line": "2", "endLine": "2", "col": "3", "endColumn": "6",
		}}}, commands(s.log.String())); diff != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
}

// The runner shows ten of a level: each rule once before any twice, and the
// verdict and the count of the rest are among them.
func TestAnnotationsHaveRoom(t *testing.T) {
	var list []diag.Diagnostic
	for _, level := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		for i := range 30 {
			list = append(list, finding("b.json", level, fmt.Sprintf("rule-%d", i/10), fmt.Sprintf("%s %d", level, i)))
		}
	}
	s := newStep(t)
	s.publish(t, found(list...))
	count := map[string]int{}
	rules := map[string]map[string]bool{}
	for _, c := range commands(s.log.String()) {
		count[c.Name]++
		if rules[c.Name] == nil {
			rules[c.Name] = map[string]bool{}
		}
		rules[c.Name][c.Properties["title"]] = true
	}
	if diff := cmp.Diff(map[string]int{"error": 10, "warning": 10, "notice": 9}, count); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for level, seen := range rules {
		if !seen["rule-0"] || !seen["rule-1"] || !seen["rule-2"] {
			t.Errorf("%s: rules %v", level, seen)
		}
	}
	if want := "63 more findings in the job summary"; !strings.Contains(s.log.String(), want) {
		t.Errorf("no %q in\n%s", want, s.log.String())
	}
}

func FuzzAnnotation(f *testing.F) {
	f.Add("a,b:c.json", "rule=x,y", "m%0A\n##[error]x", "help::")
	f.Fuzz(func(t *testing.T, path, rule, message, help string) {
		d := finding(path, diag.Error, rule, message)
		d.Help = help
		s := newStep(t)
		s.publish(t, found(d))
		got := commands(s.log.String())
		if len(got) != 2 {
			t.Fatalf("%d commands in %q", len(got), s.log.String())
		}
		if lines := len(runnerLines(s.log.String())); lines != 3 {
			t.Fatalf("%d lines in %q", lines, s.log.String())
		}
	})
}

func TestSummaryHasRoom(t *testing.T) {
	for _, there := range []int{0, 999_000, 999_950, 1_000_000, 1_048_576} {
		s := newStep(t)
		if err := os.WriteFile(s.env["GITHUB_STEP_SUMMARY"], bytes.Repeat([]byte("x"), there), 0o600); err != nil {
			t.Fatal(err)
		}
		var list []diag.Diagnostic
		for i := range 3000 {
			list = append(list, finding("b.json", diag.Error, "rule", strings.Repeat("<&", 100)+fmt.Sprint(i)))
		}
		s.publish(t, found(list...))
		if n := len(s.read(t, "GITHUB_STEP_SUMMARY")); n > max(there, 1_000_000) {
			t.Errorf("%d bytes were there, now it is %d", there, n)
		}
	}
}

func TestOutputsArePublishedOnFailure(t *testing.T) {
	s := newStep(t)
	r := report.Report{Command: "plan"}
	r.Conclude(errors.New("no\nway ::set-output name=x::y"), nil)
	s.publish(t, r)
	got, err := outputs(s.read(t, "GITHUB_OUTPUT"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, o := range github.Outputs(r, github.Facts{}) {
		want[o.Name] = o.Value
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got["result"] != "failed" || got["failure-reason"] == "" {
		t.Errorf("%v", got)
	}
}

// Whatever a value holds, the runner reads the given names and values.
func FuzzOutput(f *testing.F) {
	f.Add("plan.json", "a\nb<<c\nresult=x\n")
	f.Add("\r\n\n", "_GitHubActionsFileCommandDelimeter_")
	f.Add("x=y", "<<EOF")
	f.Fuzz(func(t *testing.T, planFile, url string) {
		s := newStep(t)
		s.Facts = github.Facts{PlanFile: planFile, CommentURL: url}
		s.publish(t, report.Report{Sentence: url, Reason: verdict.Reason(planFile)})
		got, err := outputs(s.read(t, "GITHUB_OUTPUT"))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, o := range github.Outputs(report.Report{Reason: verdict.Reason(planFile)}, s.Facts) {
			want[o.Name] = strings.ToValidUTF8(o.Value, "\ufffd")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}
