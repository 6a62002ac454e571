package flowtest_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const example = "../../examples/ticket-to-slack"

func bundle(t testing.TB, name string, text []byte) *zis.Bundle {
	t.Helper()
	doc, found := source.Parse(diag.NewFile(name, text))
	if doc == nil || len(found) > 0 {
		t.Fatal(found)
	}
	return zis.Read(doc)
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var plainly = flowtest.Style{
	Plain: func(text string) string { return text },
	Paint: func(_ bool, text string) string { return text },
}

func report(t testing.TB, s *flowtest.Suite, cases []*flowtest.Case) (*flowtest.Report, string) {
	t.Helper()
	r := &flowtest.Report{Outcomes: s.Run(t.Context(), cases)}
	r.Coverage = s.Cover(r.Outcomes)
	var b strings.Builder
	if err := r.Text(&b, plainly); err != nil {
		t.Fatal(err)
	}
	return r, b.String()
}

// TestExample runs the tests that the example comes with.
func TestExample(t *testing.T) {
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "bundle.json", file(t, example+"/bundle.json"))}}
	f, found := flowtest.Read(os.DirFS(example), "tests/ticket_to_slack.yml")
	if len(found) > 0 {
		t.Fatal(found)
	}
	if len(f.Cases) != 5 {
		t.Errorf("%d cases", len(f.Cases))
	}
	r, text := report(t, s, f.Cases)
	if r.Failed() > 0 || r.Coverage.Percent() != 100 {
		t.Errorf("%s%s", text, strings.Join(r.Coverage.MissedLines(), "\n"))
	}
	s.All = true
	if _, text := report(t, s, f.Cases); !strings.Contains(text, "readings") {
		t.Error(text)
	}
}

// TestLCOV holds what readers of lcov's format check: a count for each line that
// has branches, and totals that are right.
func TestLCOV(t *testing.T) {
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "b.json", file(t, example+"/bundle.json"))}}
	f, found := flowtest.Read(os.DirFS(example), "tests/ticket_to_slack.yml")
	if len(found) > 0 {
		t.Fatal(found)
	}
	var b strings.Builder
	if err := s.Cover(s.Run(t.Context(), f.Cases[:1])).LCOV(&b); err != nil {
		t.Fatal(err)
	}
	lines, branches, totals := map[string]int{}, []string{}, map[string]int{}
	hitLines, hitBranches := 0, 0
	for row := range strings.Lines(b.String()) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(row), ":")
		parts := strings.Split(rest, ",")
		hits, _ := strconv.Atoi(parts[len(parts)-1])
		switch kind {
		case "DA":
			lines[parts[0]] = hits
			hitLines += min(hits, 1)
		case "BRDA":
			branches = append(branches, parts[0])
			hitBranches += min(hits, 1)
		default:
			totals[kind] = hits
		}
	}
	for _, line := range branches {
		if _, ok := lines[line]; !ok {
			t.Errorf("line %s has branches and no count", line)
		}
	}
	if totals["LF"] != len(lines) || totals["LH"] != hitLines || totals["BRF"] != len(branches) || totals["BRH"] != hitBranches || hitLines == len(lines) || len(branches) == 0 {
		t.Errorf("%v of %s", totals, b.String())
	}
}
