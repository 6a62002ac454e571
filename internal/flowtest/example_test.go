package flowtest_test

import (
	"os"
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
