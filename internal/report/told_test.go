package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// planned is the report of a plan.
func planned(t *testing.T, have deploy.Remote, after string, opt deploy.Options) report.Report {
	t.Helper()
	p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(parse(t, after))}, have, opt)
	if err != nil {
		t.Fatal(err)
	}
	r := report.Report{Command: "plan", Where: "acme.zendesk.com", Plan: &p}
	r.Conclude(nil, nil)
	return r
}

func page(t *testing.T, r report.Report, brief bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Markdown(&b, r, report.Page{Limit: 1_000_000, Brief: brief}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// filled are the first n lines that aren't empty.
func filled(text string, n int) string {
	var list []string
	for l := range strings.Lines(text) {
		if strings.TrimSpace(l) != "" && len(list) < n {
			list = append(list, l)
		}
	}
	return strings.Join(list, "")
}

func realPlans(t *testing.T) map[string]report.Report {
	list := reports(t)
	const dir = "../../../shared/corpus/public/tsanet-"
	versions := []string{"first", "stringmatches-REJECTED", "stringequals", "role-renamed", "2026-07", "2026-08"}
	for i := range versions[1:] {
		before, err := os.ReadFile(filepath.FromSlash(dir + versions[i] + ".json"))
		if err != nil {
			break // the real bundles are not here
		}
		after, err := os.ReadFile(filepath.FromSlash(dir + versions[i+1] + ".json"))
		if err != nil {
			t.Fatal(err)
		}
		list[versions[i+1]] = planned(t, running(t, string(before)), string(after), deploy.Options{})
		list[versions[i+1]+" for the first time"] = planned(t, deploy.Remote{Integration: "acme"}, string(after), deploy.Options{})
	}
	return list
}

// Whoever opens the page sees the sentences first: those of a comment have its
// key, which nobody sees, in front of them.
func TestSentencesStandOnTop(t *testing.T) {
	for name, r := range realPlans(t) {
		if r.Plan == nil || r.Deploy != nil {
			continue
		}
		told := r.Told()
		if len(told.Sentences) == 0 {
			t.Errorf("%s: nothing is said", name)
		}
		for _, brief := range []bool{true, false} {
			top := filled(page(t, r, brief), 13)
			for _, s := range told.Sentences {
				words := s.Parts[len(s.Parts)-1].Text
				if !strings.Contains(top, report.Inline(words)) {
					t.Errorf("%s: %q does not stand on top:\n%s", name, s.Text, top)
				}
			}
		}
	}
}

func TestVerdictRowsAndSentencesAgree(t *testing.T) {
	for name, r := range realPlans(t) {
		if r.Plan == nil {
			continue
		}
		told := r.Told()
		if len(told.Sentences) > 0 && told.Sentences[0].Kind == sentences.None {
			if strings.Contains(r.Sentence, "would change") && !strings.Contains(r.Sentence, "change comments") || strings.Contains(r.Sentence, "add ") {
				t.Errorf("%s: %q, but %q", name, r.Sentence, told.Sentences[0].Text)
			}
		}
		text := page(t, r, false)
		for _, res := range told.Resources {
			if res.Fires && (strings.Contains(r.Sentence, "remove 1 job spec") || strings.Contains(text, "➖ removed")) {
				t.Errorf("%s: the job spec %s fires, and is called removed:\n%s", name, res.Name, text)
			}
			row := "| " + report.Code(res.Name) + " | "
			if got := strings.Contains(text, row+"✏️ changed") || strings.Contains(text, row+"🏷️") || strings.Contains(text, row+"💬") || strings.Contains(text, row+"➕") || strings.Contains(text, row+"➖") || strings.Contains(text, row+"⚠️"); got != (res.Change != sentences.Kept) && res.Kind != "job_spec" {
				t.Errorf("%s: %s is %s, its row says otherwise", name, res.Name, res.Change)
			}
		}
		if tasks := r.Tasks(); tasks.Add+tasks.Change+tasks.Remove+tasks.Install+tasks.Uninstall+tasks.Extra != r.Changes() {
			t.Errorf("%s: %+v are not %d changes", name, tasks, r.Changes())
		}
	}
}

// What fires although it stands in none of the files is never passed over.
func TestNothingToDoIsNotSaidOfWhatFires(t *testing.T) {
	have := running(t, example(t))
	r := planned(t, have, strings.Replace(example(t), spec, "", 1), deploy.Options{})
	if !strings.Contains(r.Sentence, "leave 1 job spec firing") || !strings.Contains(page(t, r, true), "because prune is off") {
		t.Errorf("%s\n%s", r.Sentence, page(t, r, true))
	}
	// the same once more, after that was deployed
	have.Bundles = running(t, strings.Replace(example(t), spec, "", 1)).Bundles
	r = planned(t, have, strings.Replace(example(t), spec, "", 1), deploy.Options{})
	if !strings.Contains(r.Sentence, "1 job spec more") || !strings.Contains(page(t, r, true), "but installed") {
		t.Errorf("%s\n%s", r.Sentence, page(t, r, true))
	}
}

// A secret stands in no sentence, picture or text, on neither side, and of an
// address that holds one the host is shown.
func TestSecretsAreInNoSentence(t *testing.T) {
	const old, new = "xoxb-1234567890-abcdefOLD", "xoxb-1234567890-abcdefNEW"
	with := func(token string) string {
		return strings.NewReplacer(
			`{ "key": "Content-Type", "value": "application/json" }`, `{ "key": "Authorization", "value": "Bearer `+token+`" }`,
			`https://slack.com/api/chat.postMessage`, `https://user:`+token+`@`+map[bool]string{true: "slack.com", false: "hooks.example.net"}[token == old]+`/in?token=`+token,
			`is not urgent`, `is not urgent `+token,
			`\"Urgent ticket`, `\"`+token+` Urgent ticket`,
		).Replace(example(t))
	}
	r := planned(t, running(t, with(old)), with(new), deploy.Options{})
	var text bytes.Buffer
	if err := report.Text(&text, r, false); err != nil {
		t.Fatal(err)
	}
	var record bytes.Buffer
	if err := report.WriteRecord(&record, r); err != nil {
		t.Fatal(err)
	}
	for medium, shown := range map[string]string{"summary": page(t, r, false), "comment": page(t, r, true), "terminal": text.String(), "report.json": record.String()} {
		for _, part := range []string{"abcdef", "1234567890-", "OLD", "xoxb"} {
			if strings.Contains(shown, part) {
				t.Errorf("the %s holds %q of a secret:\n%s", medium, part, shown)
			}
		}
		if !strings.Contains(shown, "hooks.example.net") || !strings.Contains(shown, "slack.com") {
			t.Errorf("the %s does not name the hosts:\n%s", medium, shown)
		}
	}
}
