package report_test

import (
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

func TestThreeSentencesOfATargetAndACountOfTheRest(t *testing.T) {
	list := []sentences.Sentence{
		{Text: "Ticket data goes to <b>x.example</b> @all.", Kind: sentences.Destination, Alarm: true},
		{Text: "A comment starts it.", Kind: sentences.Start},
		{Text: "1 job spec is installed again.", Kind: sentences.Normal},
		{Text: "The message is a\u202eb.", Kind: sentences.Message},
		{Text: "fourth", Kind: sentences.Note},
		{Text: "fifth", Kind: sentences.Note},
	}
	row := fleet.Row{Name: "a", Verdict: fleet.Verdict(fleet.Foreign), Sentence: "runs something else", Sentences: list}
	r := fleet.Report{Command: "status", Rows: []fleet.Row{row}}
	var text, page strings.Builder
	if err := report.FleetText(&text, r); err != nil {
		t.Fatal(err)
	}
	if err := report.FleetPage(&page, r); err != nil {
		t.Fatal(err)
	}
	for medium, c := range map[string]struct{ have, first string }{
		"text":     {text.String(), "  with the release: ⚠️ Ticket data goes to <b>x.example</b> @all."},
		"page":     {page.String(), "<li>with the release: ⚠️ Ticket data goes to &lt;b&gt;x.example&lt;/b&gt; @all.</li>"},
		"Markdown": {report.FleetTarget(row), `&lt;b&gt;x.example&lt;/b&gt; @&#8203;all.`},
	} {
		for _, want := range []string{c.first, "A comment starts it.", "The message is a", "and 2 more changes"} {
			if !strings.Contains(c.have, want) {
				t.Errorf("%s: %q is not in\n%s", medium, want, c.have)
			}
		}
		for _, not := range []string{"fourth", "installed again", "\u202e"} {
			if strings.Contains(c.have, not) {
				t.Errorf("%s: %q is in\n%s", medium, not, c.have)
			}
		}
	}
}
