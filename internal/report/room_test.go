package report_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// headers is a bundle of some actions, the first of which sends many headers.
func headers(actions, n int, width int, host, word string) string {
	var b strings.Builder
	b.WriteString(`{"name": "a", "zis_template_version": "2019-10-14", "resources": {`)
	for i := range actions {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `"a%d": {"type": "ZIS::Action::Http", "properties": {"name": "a%d", "definition": {"method": "POST", "headers": [`, i, i)
		for j := range n {
			if j > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `{"key": "X-%d", "value": "A %s of %s %d"}`, j, word, strings.Repeat("wide ", width), j)
		}
		fmt.Fprintf(&b, `], "url": "https://%s%d.example/in/%s"}}}`, host, i, word)
		n /= 2
	}
	return b.String() + "}}"
}

// TestManyHeadersHideNoAddress: that a request goes elsewhere is seen in a
// comment, whatever else changes.
func TestManyHeadersHideNoAddress(t *testing.T) {
	r := planned(t, running(t, headers(2, 900, 10, "old", "one")), headers(2, 900, 10, "exfil", "two"), deploy.Options{})
	r.Record = "zis-report.json"
	var b bytes.Buffer
	if err := report.Markdown(&b, r, report.Page{Limit: 60_000, Brief: true}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, host := range []string{"exfil0.example", "exfil1.example"} {
		for _, line := range []string{`\*\*Talks to:\*\* .*` + host, `(?m)^- action .*POST.*` + host, `(?s)Changes in the action .*\+ .https://` + host + "/in/two"} {
			if !regexp.MustCompile(line).MatchString(text) {
				t.Errorf("nothing like %s is in the comment", line)
			}
		}
	}
	said := regexp.MustCompile(`Left out here, for want of room: ([0-9]+) differences\. See the job summary, the log and the report file <code>zis-report\.json</code>`).FindStringSubmatch(text)
	if want := 900 + 450 + 2 - strings.Count(text, "\n@@ "); said == nil || said[1] != fmt.Sprint(want) {
		t.Errorf("it doesn't say that %d differences are left out: %q", want, said)
	}
	if len(text) < 50_000 {
		t.Errorf("only %d of 60000 bytes are used", len(text))
	}
}

// TestEveryPartHasRoom: whatever is long, each part begins on the page or is
// said to be left out, and what is there is whole Markdown.
func TestEveryPartHasRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("renders long reports a hundred times")
	}
	random := rand.New(rand.NewPCG(11, 7))
	for i := range 6 {
		r := longReport(t, random, i%2 == 0)
		for _, brief := range []bool{false, true} {
			full := onPage(t, r, 10<<20, brief)
			isWhole(t, full, 10<<20)
			for range 10 {
				limit := 12_000 + random.IntN(60_000)
				text := onPage(t, r, limit, brief)
				isWhole(t, text, limit)
				everyPart(t, full, text)
			}
			for range 20 { // far too little room: what is there is whole all the same
				limit := random.IntN(12_000)
				isWhole(t, onPage(t, r, limit, brief), limit)
			}
		}
	}
}

func onPage(t *testing.T, r report.Report, limit int, brief bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Markdown(&b, r, report.Page{Limit: limit, Brief: brief}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// longReport has parts of random lengths: of requests or of flows.
func longReport(t *testing.T, random *rand.Rand, requests bool) report.Report {
	t.Helper()
	host := strings.Repeat("h", 1+random.IntN(40))
	var r report.Report
	if requests {
		actions, n, width := 1+random.IntN(20), random.IntN(250), random.IntN(30)
		r = planned(t, running(t, headers(actions, n, width, "old", "one")), headers(actions, n, width, host, "two"+strings.Repeat("`", random.IntN(6))), deploy.Options{})
	} else {
		r = planned(t, running(t, manyFlows(1+random.IntN(8), "one")), manyFlows(1+random.IntN(8), host), deploy.Options{})
	}
	r.Notes = make([]string, random.IntN(200))
	for i := range r.Notes {
		r.Notes[i] = strings.Repeat("note ", 1+random.IntN(40))
	}
	r.Files = []check.File{{Path: "b.json", Findings: findings(random.IntN(500))}}
	return r
}

// everyPart fails if a part of the full page doesn't begin on the shorter one,
// and, of those of which one piece can be too long, isn't said to be left out.
func everyPart(t *testing.T, full, text string) {
	t.Helper()
	for _, part := range []struct{ begins, or string }{
		{"## ", ""},
		{"\n- ", ""},
		{"**Talks to:** ", ""},
		{"\n- action ", ""},
		{"\nℹ️ ", ""},
		{"### Findings in", ""},
		{"| Bundle | Resource |", ""},
		{"| Event | Starts flow |", ""},
		{"diff\n@@ ", `: [0-9]+ differences?\. See`},
		{"```mermaid", `: [0-9]+ pictures?\. See`},
		{"smaller change", `: [0-9]+ smaller changes?\. See`},
	} {
		said := part.or != "" && regexp.MustCompile(part.or).MatchString(text)
		if strings.Contains(full, part.begins) && !strings.Contains(text, part.begins) && !said {
			t.Errorf("%q is not on a page of %d bytes, %d would hold all", part.begins, len(text), len(full))
		}
	}
}

func findings(n int) []diag.Diagnostic {
	file := diag.NewFile("b.json", []byte("{}"))
	list := make([]diag.Diagnostic, n)
	for i := range list {
		list[i] = diag.Diagnostic{File: file, Severity: diag.Warning, Rule: "some-rule", Message: fmt.Sprintf("finding %d of | many", i)}
	}
	return list
}

// isWhole fails if Markdown is too long, or broken off: a fence or a fold that
// is left open, or one closed that was not opened, or half a row.
func isWhole(t *testing.T, text string, limit int) {
	t.Helper()
	if len(text) > limit {
		t.Errorf("%d bytes, limit %d", len(text), limit)
	}
	fence, folds := "", 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "":
			if len(ticks) >= len(fence) && ticks == line {
				fence = ""
			}
		case len(ticks) >= 3:
			fence = ticks
		case strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|"):
			t.Errorf("half a row: %q", line)
		default:
			folds += strings.Count(line, "<details>") - strings.Count(line, "</details>")
		}
		if folds < 0 || folds > 1 {
			t.Errorf("%d folds are open at %q", folds, line)
		}
	}
	if fence != "" || folds != 0 {
		t.Errorf("left open: fence %q, %d folds", fence, folds)
	}
}
