package report

import (
	"bytes"
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
	Brief bool // of pictures only what is near a change
}

// Markdown writes the report for a GitHub page: the verdict, what changes in
// sentences, what happens to each resource and job spec, pictures, the
// differences, the findings. What there is no room for is said to be left out.
func Markdown(w io.Writer, r Report, page Page) error {
	var b bytes.Buffer
	limit := page.Limit
	for _, part := range markdownParts(r, page.Brief) {
		if b.Len()+len(part) > limit-len(leftOut) {
			if limit > len(leftOut) {
				b.WriteString(begin(part, limit-len(leftOut)-b.Len()) + leftOut)
			}
			break
		}
		b.WriteString(part)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// begin is as many lines of a table or text as there is room for. Half a
// picture or difference would be broken: there is nothing of those.
func begin(part string, room int) string {
	if room <= 0 || strings.Contains(part, "```") {
		return ""
	}
	return part[:strings.LastIndexByte(part[:room], '\n')+1]
}

const leftOut = "\n\n**The rest is left out here: the page would be too long. It is in the log.**\n"

// markdownParts are pieces that are whole Markdown each, in order of weight.
func markdownParts(r Report, brief bool) []string {
	parts := []string{markdownVerdict(r)}
	failed := r.Outcome == verdict.Failed
	if r.Plan != nil && !failed {
		parts = append(parts, markdownSentences(r.Told()))
	}
	parts = append(parts, markdownTests(r.Tests)...)
	parts = append(parts, markdownRollback(r), markdownSteps(r), markdownNotes(r))
	if r.Fleet != nil {
		parts = append(parts, markdownFleet(*r.Fleet)...)
	}
	if r.Plan != nil {
		if failed {
			parts = append(parts, "### What was to happen\n\n", markdownSentences(r.Told()))
		}
		parts = append(parts, markdownBehaviour(r.Behaviour)...)
		parts = append(parts, markdownTalks(r.Told()), markdownSmaller(r.Told()), markdownResources(r.Told()), markdownSpecs(r))
		parts = append(parts, markdownOthers(r.Plan.Plan)...)
		if brief {
			parts = append(parts, r.markdownNear()...)
		} else {
			parts = append(parts, r.markdownPictures()...)
		}
		parts = append(parts, markdownTexts(r.Told())...)
		parts = append(parts, markdownDifferences(r.Plan.Plan)...)
	}
	return append(parts, markdownFindings(r)...)
}

func markdownVerdict(r Report) string {
	symbol := map[verdict.Outcome]string{verdict.Succeeded: "✅", verdict.NoChanges: "✅", verdict.Changes: "📝", verdict.Failed: "❌", verdict.Skipped: "⏭️", verdict.PassedOver: "⏭️", verdict.Pending: "⏳", verdict.Unproven: "❔"}[r.Outcome]
	sentence := Inline(r.Sentence)
	if r.Link != "" && safeLink(r.Link) {
		sentence = strings.Replace(sentence, Inline(r.Link), "<"+r.Link+">", 1)
	}
	text := fmt.Sprintf("## %s %s\n\n", symbol, sentence)
	if r.Next != "" {
		text += fmt.Sprintf("**Next:** %s\n\n", Inline(r.Next))
	}
	return text
}

// markdownResources lists the resources to which something happens.
func markdownResources(told sentences.Told) string {
	var b strings.Builder
	b.WriteString("| Bundle | Resource | Name | What happens |\n|---|---|---|---|\n")
	list := rows(told)
	for _, r := range list {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", Inline(r.Bundle), Inline(kind(r.Kind)), Code(r.Name), happens(r))
	}
	if len(list) == 0 {
		return ""
	}
	return b.String() + "\n"
}

var specWords = map[deploy.SpecAction]string{
	deploy.SpecInstall: "🔌 install", deploy.SpecKeep: "installed already", deploy.SpecSkip: "left alone",
	deploy.SpecOrphan: "⚠️ still fires", deploy.SpecUninstall: "➖ uninstall",
}

// markdownSpecs says which event starts which flow: as it is after a deploy
// that was read back, else with what would happen.
func markdownSpecs(r Report) string {
	if len(r.Plan.JobSpecs) == 0 {
		return ""
	}
	var b strings.Builder
	now := r.Outcome == verdict.NoChanges || r.Outcome == verdict.Succeeded
	if now {
		b.WriteString("### What starts which flow now\n\n")
	}
	b.WriteString("| Event | Starts flow | By job spec | What happens |\n|---|---|---|---|\n")
	for _, s := range r.Plan.JobSpecs {
		fmt.Fprintf(&b, "| %s | %s | %s | %s%s |\n", Code(s.Event), Code(s.Flow), Code(s.Name), specWord(s, now), markdownNote(s.Note))
	}
	return b.String() + "\n"
}

// specWord is what happens to a job spec, or what has happened.
func specWord(s deploy.SpecPlan, done bool) string {
	switch {
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
func markdownSteps(r Report) string {
	if r.Deploy == nil || r.Outcome != verdict.Failed || len(r.Deploy.Steps) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| Step | How it ended |\n|---|---|\n")
	for _, s := range r.Deploy.Steps {
		ended := stepWords[s.State]
		if s.Error != "" {
			ended += ": " + Inline(english.Cut(s.Error, 300))
		}
		fmt.Fprintf(&b, "| %s | %s |\n", Inline(s.Step.String()), ended)
	}
	return b.String() + "\n"
}

func markdownNote(note string) string {
	if note == "" {
		return ""
	}
	return ": " + Inline(note)
}

func markdownOthers(p deploy.Plan) []string {
	var parts []string
	for _, o := range p.Others {
		var b strings.Builder
		fmt.Fprintf(&b, "Another bundle of this integration, %s, is left as it is:\n\n| Job spec | Event | Starts flow | State |\n|---|---|---|---|\n", Code(o.Name))
		for _, s := range o.JobSpecs {
			state := "not installed"
			if s.Installed {
				state = "installed"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s%s |\n", Code(s.Name), Code(s.Event), Code(s.Flow), state, markdownNote(s.Note))
		}
		parts = append(parts, b.String()+"\n")
	}
	return parts
}

func markdownFindings(r Report) []string {
	var parts []string
	for _, f := range r.Files {
		if len(f.Findings) == 0 {
			continue
		}
		parts = append(parts, fmt.Sprintf("### Findings in %s\n\n| | Line | What | Rule |\n|---|---|---|---|\n", Code(f.Path)))
		for _, d := range f.Findings {
			parts = append(parts, findingRow(d))
		}
		parts = append(parts, "\n")
	}
	return parts
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
