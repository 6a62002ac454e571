package lint_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/lint"
)

const docsPath = "../../docs/rules.md"

// TestDocs holds docs/rules.md to the rule table and rules/*.txtar.
func TestDocs(t *testing.T) {
	got := docs()
	if *update {
		if err := os.WriteFile(docsPath, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale, run go test ./internal/lint -update (-want +got):\n%s", docsPath, diff)
	}
}

func docs() []byte {
	var b bytes.Buffer
	b.WriteString(docsIntro)
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, cell(r.Summary))
	}
	for _, r := range lint.Rules() {
		e, _ := lint.Explain(r.ID)
		fmt.Fprintf(&b, "\n## %s\n\n%s, %s: %s.\n\n%s\n", r.ID, titled(r.Severity.String()), r.Evidence, strings.TrimSuffix(r.Source, "."), e.Text)
		if strings.Contains(e.Bad, "\n//") {
			fmt.Fprintf(&b, "\n```\n%s```\n", excerpt(e.Bad))
		}
	}
	return b.Bytes()
}

const docsIntro = `# Rules

What ` + "`zis validate`" + ` looks for. This page is generated from the rule table in
` + "`internal/lint`" + ` and the examples beside it; ` + "`zis rules ID`" + ` shows an example as a
whole, and one without the mistake.

An **error** is documented without contradiction, or was seen rejected by the
platform. A **warning** is everything else that is likely a mistake, a **note** is
advice. The evidence is *documented* by Zendesk, *observed* in public code or in
projects' notes, or *inferred*: our conclusion. ` + "`--disable RULE`" + ` switches a rule off.

| Rule | Severity | What is wrong |
|---|---|---|
`

func titled(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// excerpt is the lines around the marks of an example, moved to the left.
func excerpt(marked string) string {
	lines := strings.Split(strings.TrimSuffix(marked, "\n"), "\n")
	near := make([]bool, len(lines))
	for i, line := range lines {
		if strings.HasPrefix(line, "//") {
			for j := max(0, i-3); j < min(len(lines), i+2); j++ {
				near[j] = true
			}
		}
	}
	var kept []string
	for i, line := range lines {
		if near[i] {
			kept = append(kept, line)
		} else if i > 0 && near[i-1] {
			kept = append(kept, "…")
		}
	}
	if kept[len(kept)-1] == "…" {
		kept = kept[:len(kept)-1]
	}
	return outdent(kept)
}

// outdent takes away what all lines are indented by; the slashes of a mark
// count as spaces, and go.
func outdent(lines []string) string {
	least := len(strings.Join(lines, ""))
	for i, line := range lines {
		if line != "…" {
			if mark, ok := strings.CutPrefix(line, "//"); ok {
				lines[i] = "  " + mark
			}
			least = min(least, len(lines[i])-len(strings.TrimLeft(lines[i], " ")))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimPrefix(line, strings.Repeat(" ", least)) + "\n")
	}
	return b.String()
}
