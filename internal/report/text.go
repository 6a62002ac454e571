package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Text writes the report for people, in the manner of a compiler: findings
// with the line they are about, then the plan, then the verdict.
func Text(w io.Writer, r Report, p Paint) error {
	b := text{Paint: p}
	for _, f := range r.Files {
		shown := concealed(f.Findings)
		for _, d := range f.Findings {
			b.finding(d, shown)
		}
	}
	if r.Plan != nil && !r.Shown {
		b.plan(r)
		b.behaviour(r.Behaviour)
	}
	if r.Deploy != nil && r.Outcome == verdict.Failed {
		b.steps(r.Deploy.Steps)
		textRollback(&b.Buffer, r)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", Plain(n))
	}
	fmt.Fprintln(&b, p.outcome(r.Outcome, Plain(r.Sentence)))
	if r.Next != "" {
		fmt.Fprintf(&b, "next: %s\n", Plain(r.Next))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Proposal writes what a deploy would do, for the person who is to say yes.
func Proposal(w io.Writer, r Report, p Paint) error {
	b := text{Paint: p}
	b.plan(r)
	_, err := w.Write(b.Bytes())
	return err
}

// text is a report in the making.
type text struct {
	bytes.Buffer
	Paint
}

// marked writes a line that begins with a sign.
func (b *text) marked(format string, args ...any) {
	fmt.Fprintln(b, b.mark(fmt.Sprintf(format, args...)))
}

func (b *text) finding(d diag.Diagnostic, shown *diag.File) {
	p := d.Start()
	fmt.Fprintf(b, "%s:%d:%d: %s: %s\n", Plain(d.File.Path), p.Line, p.Column, b.severity(d.Severity, d.Severity.String()), Plain(d.Message+" ["+d.Rule+"]"))
	b.snippet(d, shown)
	if d.Help != "" {
		fmt.Fprintf(b, "  help: %s\n", Plain(d.Help))
	}
	if d.More > 0 {
		fmt.Fprintf(b, "  and %s like it, which are not listed\n", english.Plural(d.More, "more"))
	}
	for _, rel := range d.Related {
		p := rel.File.Position(rel.Span.Start)
		fmt.Fprintf(b, "  %s:%d:%d: %s\n", Plain(rel.File.Path), p.Line, p.Column, Plain(rel.Message))
	}
}

var marks = map[compare.Action]string{compare.Add: "+", compare.Change: "~", compare.Remove: "-", compare.Keep: "="}

// plan writes what happens to each resource and job spec, and below it the
// same in sentences: what is read first stands where the eye is.
func (b *text) plan(r Report) {
	p := r.Plan.Plan
	b.bundles(p, r.Told())
	if len(p.JobSpecs) > 0 {
		fmt.Fprintln(b, "job specs")
		b.specs(p.JobSpecs, len(p.Bundles) == 0)
	}
	for _, o := range p.Others {
		fmt.Fprintf(b, "another bundle of this integration: %s (%s)\n", quote(o.Name), Plain(o.UUID))
		b.specs(o.JobSpecs, false)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(b, "note: %s\n", Plain(n))
	}
	fmt.Fprintln(b)
	if title := r.toHappen(); title != "" && len(r.Told().Sentences) > 0 {
		fmt.Fprintf(b, "%s:\n", title)
	}
	if len(p.Bundles) > 0 { // else only job specs are switched
		b.talks(r.Told())
	}
	b.sentences(r.Told())
}

func (b *text) bundles(p deploy.Plan, told sentences.Told) {
	texts := map[string]sentences.Text{}
	for _, t := range told.Texts {
		texts[t.Bundle+"\x00"+t.Pointer] = t
	}
	for _, bp := range p.Bundles {
		b.marked("%s bundle %s (%s)", marks[bp.Action], quote(bp.Name), Plain(bp.File))
		b.differences(bp.Changes, bp.Name, texts)
		changes := map[string][]compare.Difference{}
		for _, r := range bp.Resources {
			changes[r.Key] = r.Changes
		}
		for _, r := range rows(told) {
			if r.Bundle == bp.Name {
				b.marked("  %s %s %s%s", resourceMarks[r.Change], kind(r.Kind), Plain(r.Name), Plain(also(r)))
				b.differences(changes[r.Key], bp.Name, texts)
			}
		}
	}
}

var resourceMarks = map[sentences.Change]string{
	sentences.Added: "+", sentences.Changed: "~", sentences.Removed: "-", sentences.Renamed: "~", sentences.Idle: "~",
}

// also says in a terminal what a sign can't.
func also(r sentences.Resource) string {
	switch {
	case r.Fires && r.Change == sentences.Removed:
		return " (still fires)"
	case r.Fires:
		return fmt.Sprintf(" (before: %s, which still fires)", r.WasName)
	case r.WasName != "" && r.WasName != r.Name:
		return fmt.Sprintf(" (before: %s)", r.WasName)
	case r.WasKey != "":
		return fmt.Sprintf(" (its key was %s)", r.WasKey)
	case r.Change == sentences.Idle:
		return " (only comments)"
	}
	return ""
}

// differenceWidth is how many characters of a value are shown.
const differenceWidth = 300

func (b *text) differences(list []compare.Difference, bundle string, texts map[string]sentences.Text) {
	for _, d := range list {
		if d.More > 0 {
			b.marked("      %s %s: %s", marks[d.Action], Plain(d.Pointer), unlisted(d))
			continue
		}
		b.marked("      %s %s", marks[d.Action], Plain(d.Pointer))
		if t, ok := texts[bundle+"\x00"+d.Pointer]; ok && d.Action == compare.Change {
			for l := range strings.Lines(wordLines(t.Old, t.New)) {
				b.marked("          %s", strings.TrimSuffix(l, "\n"))
			}
			continue
		}
		old, new := unlike(apart(d), differenceWidth)
		if d.Old != "" {
			b.marked("          - %s", Plain(old))
		}
		if d.New != "" {
			b.marked("          + %s", Plain(new))
		}
	}
}

var specMarks = map[deploy.SpecAction]string{
	deploy.SpecInstall: "+ install", deploy.SpecKeep: "= installed", deploy.SpecSkip: "  not listed",
	deploy.SpecOrphan: "! still installed", deploy.SpecUninstall: "- uninstall",
}

// specs writes a line for each job spec; switching: nothing is uploaded.
func (b *text) specs(specs []deploy.SpecPlan, switching bool) {
	width := 0
	for _, s := range specs {
		width = max(width, len(Plain(s.Name)))
	}
	for _, s := range specs {
		line := fmt.Sprintf("  %-18s %-*s  %s → %s", specMark(s, switching), width, Plain(s.Name), Plain(s.Event), Plain(s.Flow))
		if s.Note != "" {
			line += "  (" + s.Note + ")"
		}
		b.marked("%s", strings.TrimRight(line, " "))
	}
}

// specMark is how a spec is shown; one of another bundle by whether it fires.
func specMark(s deploy.SpecPlan, switching bool) string {
	if switching && s.Action == deploy.SpecSkip {
		return "= off"
	}
	if s.Bundle == "" && s.Action == deploy.SpecSkip {
		if s.Installed {
			return "  installed"
		}
		return "  not installed"
	}
	if s.Action == deploy.SpecInstall && s.Installed {
		return "= install again"
	}
	return specMarks[s.Action]
}

func (b *text) steps(steps []deploy.StepResult) {
	fmt.Fprintln(b, "steps")
	for _, s := range steps {
		fmt.Fprintf(b, "  %s %s\n", b.State(s.State, fmt.Sprintf("%-9s", s.State)), Plain(s.Step.String()))
	}
	fmt.Fprintln(b)
}

func kind(k string) string { return strings.ReplaceAll(Plain(k), "_", " ") }

func quote(s string) string { return `"` + Plain(s) + `"` }
