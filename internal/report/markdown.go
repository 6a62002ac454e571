package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Page is what a page of Markdown has room for.
type Page struct {
	Limit int  // bytes
	Brief bool // a comment, beside which there is a job summary: of pictures only what is near a change
}

// Markdown writes the report for a GitHub page: the verdict, what changes in
// sentences, what happens to each resource and job spec, pictures, the
// differences, the findings. What there is no room for is said to be left out,
// with its number and where it is.
func Markdown(w io.Writer, r Report, page Page) error {
	where := func(s section) string { return r.elsewhere(s, page.Brief) }
	_, err := io.WriteString(w, spend(markdownSections(r, page), page.Limit, where))
	return err
}

// elsewhere says where what a page leaves out is found.
func (r Report) elsewhere(s section, brief bool) string {
	var places []string
	if brief {
		places = append(places, "the job summary")
	}
	if s.weight == ofPictures {
		places = append(places, "what `zis graph` draws")
	} else {
		places = append(places, "the log")
	}
	if r.Record != "" {
		places = append(places, "the report file "+Code(r.Record))
	}
	return english.Join(places)
}

// markdownSections are the parts of a page in the order of reading.
func markdownSections(r Report, page Page) []section {
	list := []section{{ofVerdict, "word", plain(markdownVerdict(r, page.Limit/4))}}
	title := r.toHappen()
	if r.Plan != nil && title == "" {
		list = append(list, section{ofSentences, "sentence", markdownSentences(r.Told())})
	}
	list = append(list, markdownTests(r.Tests)...)
	list = append(list, section{ofOutcome, "step by hand", markdownRollback(r)}, section{ofOutcome, "step", markdownSteps(r)}, section{ofOutcome, "note", markdownNotes(r)})
	if r.Fleet != nil {
		list = append(list, markdownFleet(*r.Fleet)...)
	}
	if r.Plan != nil {
		if title != "" {
			list = append(list, section{ofSentences, "title", plain("### " + title + "\n\n")}, section{ofSentences, "sentence", markdownSentences(r.Told())})
		}
		list = append(list, markdownPlan(r, page.Brief)...)
	}
	return append(list, section{ofFindings, "finding", markdownFindings(r)})
}

func markdownPlan(r Report, brief bool) []section {
	told := r.Told()
	pictures := r.markdownPictures
	if brief {
		pictures = r.markdownNear
	}
	return append(markdownBehaviour(r.Behaviour),
		section{ofHosts, "host", r.markdownHosts()},
		section{ofRequests, "request", markdownRequests(told)},
		section{ofFolds, "smaller change", markdownSmaller(told)},
		section{ofTables, "resource", markdownResources(told)},
		section{ofTables, "job spec", markdownSpecs(r)},
		section{ofTables, "job spec of other bundles", markdownOthers(r.Plan.Plan)},
		section{ofPictures, "picture", plain(pictures()...)},
		section{ofDifferences, "changed text", markdownTexts(told)},
		section{ofDifferences, "difference", markdownDifferences(r.Plan.Plan)},
	)
}

// markdownVerdict is the title of a page, of some width in bytes at most.
func markdownVerdict(r Report, width int) string {
	symbol := map[verdict.Outcome]string{verdict.Succeeded: "✅", verdict.NoChanges: "✅", verdict.Changes: "📝", verdict.Failed: "❌", verdict.Skipped: "⏭️", verdict.PassedOver: "⏭️", verdict.Pending: "⏳", verdict.Unproven: "❔"}[r.Outcome]
	sentence := within(r.Sentence, width)
	if r.Link != "" && safeLink(r.Link) {
		sentence = strings.Replace(sentence, Inline(r.Link), "<"+r.Link+">", 1)
	}
	text := fmt.Sprintf("## %s %s\n\n", symbol, sentence)
	if r.Next != "" {
		text += fmt.Sprintf("**Next:** %s\n\n", within(r.Next, width))
	}
	return text
}

// within is a text on one line, shortened if its Markdown is longer than width
// bytes: a character can become ten.
func within(s string, width int) string {
	if text := Inline(s); len(text) <= width {
		return text
	}
	return Inline(english.Cut(s, width/10))
}

// markdownResources lists the resources to which something happens.
func markdownResources(told sentences.Told) []piece {
	var lines []string
	for _, r := range rows(told) {
		lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s |\n", Inline(r.Bundle), Inline(kind(r.Kind)), Code(r.Name), happens(r)))
	}
	return inLines("| Bundle | Resource | Name | What happens |\n|---|---|---|---|\n", lines, "\n")
}

var specWords = map[deploy.SpecAction]string{
	deploy.SpecInstall: "🔌 install", deploy.SpecKeep: "installed already", deploy.SpecSkip: "left alone",
	deploy.SpecOrphan: "⚠️ still fires", deploy.SpecUninstall: "➖ uninstall",
}

// markdownSpecs says which event starts which flow: as it is after a deploy
// that was read back, else with what would happen.
func markdownSpecs(r Report) []piece {
	now := r.Outcome == verdict.NoChanges || r.Outcome == verdict.Succeeded
	head := "| Event | Starts flow | By job spec | What happens |\n|---|---|---|---|\n"
	if now {
		head = "### What starts which flow now\n\n" + head
	}
	var lines []string
	for _, s := range r.Plan.JobSpecs {
		lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s%s |\n", Code(s.Event), Code(s.Flow), Code(s.Name), specWord(s, now, len(r.Plan.Bundles) == 0), markdownNote(s.Note)))
	}
	return inLines(head, lines, "\n")
}

// specWord is what happens to a job spec, or what has happened; switching:
// nothing is uploaded.
func specWord(s deploy.SpecPlan, done, switching bool) string {
	switch {
	case switching && s.Action == deploy.SpecSkip:
		return "off already"
	case done && s.Action == deploy.SpecUninstall:
		return "➖ uninstalled: starts nothing"
	case done && s.Action != deploy.SpecOrphan && s.Action != deploy.SpecSkip:
		return "✅ installed"
	case s.Action == deploy.SpecInstall && s.Installed:
		return "🔌 installed again, as always"
	}
	return specWords[s.Action]
}

// stepWords are the states of the steps of a deploy that failed.
var stepWords = map[deploy.State]string{deploy.Done: "✅ done", deploy.Failed: "❌ failed", deploy.Unknown: "❓ not known", deploy.InFlight: "❓ not known", deploy.NotRun: "not run"}

// markdownSteps says how far a failed deploy came.
func markdownSteps(r Report) []piece {
	if r.Deploy == nil || r.Outcome != verdict.Failed {
		return nil
	}
	var lines []string
	for _, s := range r.Deploy.Steps {
		ended := stepWords[s.State]
		if s.Error != "" {
			ended += ": " + Inline(english.Cut(s.Error, 300))
		}
		lines = append(lines, fmt.Sprintf("| %s | %s |\n", Inline(s.Step.String()), ended))
	}
	return inLines("| Step | How it ended |\n|---|---|\n", lines, "\n")
}

func markdownNote(note string) string {
	if note == "" {
		return ""
	}
	return ": " + Inline(note)
}

func markdownOthers(p deploy.Plan) []piece {
	var list []piece
	for _, o := range p.Others {
		if len(o.JobSpecs) == 0 {
			list = append(list, plain(fmt.Sprintf("Another bundle of this integration, %s, is left as it is; it has no job specs.\n\n", Code(o.Name)))...)
			continue
		}
		head := fmt.Sprintf("Another bundle of this integration, %s, is left as it is:\n\n| Job spec | Event | Starts flow | State |\n|---|---|---|---|\n", Code(o.Name))
		var lines []string
		for _, s := range o.JobSpecs {
			state := "not installed"
			if s.Installed {
				state = "installed"
			}
			lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s%s |\n", Code(s.Name), Code(s.Event), Code(s.Flow), state, markdownNote(s.Note)))
		}
		list = append(list, inLines(head, lines, "\n")...)
	}
	return list
}

func markdownFindings(r Report) []piece {
	var list []piece
	for _, f := range r.Files {
		var lines []string
		for _, d := range f.Findings {
			lines = append(lines, findingRow(d))
		}
		list = append(list, inLines(fmt.Sprintf("### Findings in %s\n\n| | Line | What | Rule |\n|---|---|---|---|\n", Code(f.Path)), lines, "\n")...)
	}
	return list
}

func findingRow(d diag.Diagnostic) string {
	symbol := map[diag.Severity]string{diag.Error: "❌", diag.Warning: "⚠️", diag.Note: "ℹ️"}[d.Severity]
	text := Inline(d.Message)
	if d.More > 0 {
		text += fmt.Sprintf("; and %d more like it", d.More)
	}
	if d.Help != "" {
		text += "<br>" + Inline(d.Help)
	}
	return fmt.Sprintf("| %s | %d:%d | %s | %s |\n", symbol, d.Start().Line, d.Start().Column, text, Code(d.Rule))
}

// safeLink: an address that can hold no markup, and is what it looks like.
func safeLink(address string) bool {
	return regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9/_-]*$`).MatchString(address)
}
