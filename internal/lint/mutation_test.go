package lint_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const validationPath = "../../docs/validation.md"

// mutator breaks a good bundle in one way, at every place where it can.
type mutator struct {
	name  string
	apply func(n *source.Node) []edit // for each value of the bundle
}

// edit replaces a piece of the file.
type edit struct {
	span diag.Span
	text string
}

// TestMutants breaks good bundles at every place in every way, and counts how
// many of the mutants have a finding. docs/validation.md shows the table.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of bundles")
	}
	goods := []string{"testdata/good.json", "../../examples/ticket-to-slack/bundle.json"}
	counts := make([]count, len(mutators))
	for _, path := range goods {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range findings(src) {
			t.Errorf("%s is not good: %v", path, d)
		}
		for i, m := range mutators {
			counts[i].add(m, src)
		}
	}
	got := table(counts)
	if *update {
		if err := os.WriteFile(validationPath, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(validationPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is stale, run go test ./internal/lint -update (-want +got):\n%s", validationPath, diff)
	}
}

// count is what became of the mutants of one mutator.
type count struct {
	mutants, found, errors, here, single int

	missed []string
}

func (c *count) add(m mutator, src []byte) {
	doc, _ := source.Parse(diag.NewFile("good.json", src))
	each := func(n *source.Node) {
		for _, e := range m.apply(n) {
			mutant := slices.Concat(src[:e.span.Start], []byte(e.text), src[e.span.End:])
			found := findings(mutant)
			c.mutants++
			if len(found) == 0 {
				c.missed = append(c.missed, fmt.Sprintf("%s: `%s`", m.name, context(mutant, e)))
				continue
			}
			c.found++
			if len(found) == 1 {
				c.single++
			}
			if slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
				c.errors++
			}
			line := diag.NewFile("", mutant).Position(e.span.Start).Line
			if slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Start().Line == line }) {
				c.here++
			}
		}
	}
	visit(doc.Root, each)
}

func visit(n *source.Node, f func(*source.Node)) {
	f(n)
	for _, m := range n.Members {
		visit(m, f)
	}
}

func context(src []byte, e edit) string {
	start := max(0, int(e.span.Start)-60)
	end := min(len(src), int(e.span.Start)+len(e.text)+40)
	return strings.Join(strings.Fields(strings.ReplaceAll(string(src[start:end]), "`", "")), " ")
}

func findings(src []byte) []diag.Diagnostic {
	doc, found := source.Parse(diag.NewFile("bundle.json", src))
	if doc == nil {
		return found
	}
	docs, more := render.Documents([]*source.Document{doc}, render.Values{}, diag.Warning)
	linted, _ := lint.Run(docs, lint.Options{})
	return slices.Concat(found, more, linted)
}

func table(counts []count) string {
	var b strings.Builder
	b.WriteString(validationIntro)
	var sum count
	row := func(name string, c count) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", name, c.mutants, c.found, c.errors, c.here, c.single)
	}
	for i, c := range counts {
		row(mutators[i].name, c)
		sum = count{sum.mutants + c.mutants, sum.found + c.found, sum.errors + c.errors, sum.here + c.here, sum.single + c.single, append(sum.missed, c.missed...)}
	}
	row("**all**", sum)
	fmt.Fprintf(&b, "\n%d of %d mutants are found (%.1f %%).\n", sum.found, sum.mutants, 100*float64(sum.found)/float64(sum.mutants))
	if len(sum.missed) > 0 {
		b.WriteString("\nNot found:\n\n")
	}
	for _, missed := range sum.missed {
		fmt.Fprintf(&b, "- %s\n", missed)
	}
	return b.String()
}

const validationIntro = `# What validation finds

<!-- Made by TestMutants: go test ./internal/lint -update -->

Two good bundles ([one](../internal/lint/testdata/good.json) made for this, [the example](../examples/ticket-to-slack/bundle.json)) are broken in one way at a time, at every place where that way applies. Each mutant would be rejected by the registry, fail when it runs, never run, or do something else than its author means. The table counts the mutants that get a finding: at all, as an error, on the line that was changed, and as the only finding.

Warnings are mistakes that the registry is known to accept, or whose effect the documentation leaves open. Real bundles that run get no error; the tests hold that for all that could be found in public.

| way to break a bundle | mutants | found | as an error | on the line | alone |
|---|--:|--:|--:|--:|--:|
`

// quoted writes a string as JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
