package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// A table that is too long ends with a whole line; a fence is never left open.
func TestMarkdownEndsAtALine(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a report some hundred times")
	}
	var b strings.Builder
	b.WriteString(`{"name": "big", "zis_template_version": "2019-10-14", "resources": {`)
	for i := range 300 {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `"a%d": {"type": "ZIS::Action::Http", "properties": {"name": "a%d", "definition": {"method": "GET", "url": "https://x.example"}}}`, i, i)
	}
	r := report.Report{Command: "plan", Plan: plan(t, flowOf(40, "old"), flowOf(40, "new"))}
	wide := report.Report{Command: "plan", Plan: plan(t, "", b.String()+"}}")}
	for _, r := range []report.Report{r, wide} {
		r.Conclude(nil, nil)
		for limit := 0; limit < 30_000; limit += 97 {
			var page bytes.Buffer
			if err := report.Markdown(&page, r, report.Page{Limit: limit}); err != nil {
				t.Fatal(err)
			}
			text := page.String()
			if len(text) > limit || text != "" && !strings.HasSuffix(text, "\n") {
				t.Fatalf("limit %d: %d bytes, it ends %q", limit, len(text), text[max(0, len(text)-40):])
			}
			if strings.Count(text, "```")%2 != 0 || strings.Count(text, "<details>") != strings.Count(text, "</details>") {
				t.Fatalf("limit %d: it is broken off\n%s", limit, text)
			}
			for line := range strings.Lines(text) {
				if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
					t.Fatalf("limit %d: row %q", limit, line)
				}
			}
		}
	}
	var page bytes.Buffer
	if err := report.Markdown(&page, wide, report.Page{Limit: 10_000}); err != nil || page.Len() < 9_000 {
		t.Errorf("%d bytes where there is room for 10000, %v", page.Len(), err)
	}
}

// Of many cases of a test, of what no case covers, and of what a recorded event
// does, a page shows a part and counts the rest.
func TestLongListsAreCounted(t *testing.T) {
	lines := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("line %d", i+1))
		}
		return list
	}
	r := report.Report{Command: "test", Tests: &report.Tests{Summary: "203 cases passed", Missed: lines(45)}}
	for i := range 203 {
		r.Tests.Cases = append(r.Tests.Cases, report.Tested{Name: fmt.Sprintf("case %d", i+1), Passed: true})
	}
	text := page(t, r, false)
	for _, want := range []string{"| ✅ | case 200 |  |\n| | 3 more | |\n", "45 branches not covered", "line 40\n5 more\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	p := planned(t, running(t, little), little, deploy.Options{})
	p.Behaviour = &report.Behaviour{Sentence: "of 1 event, 1 differs", Changed: []report.BehaviourEvent{{Name: "long", Place: "a.yml:1:1", Lines: lines(41)}}}
	var log bytes.Buffer
	if err := report.Text(&log, p, false); err != nil {
		t.Fatal(err)
	}
	for medium, text := range map[string]string{"page": page(t, p, false), "terminal": log.String()} {
		if !strings.Contains(text, "line 40\n") || !strings.Contains(text, "1 more\n") || strings.Contains(text, "line 41") {
			t.Errorf("the %s shows\n%s", medium, text)
		}
	}
}
