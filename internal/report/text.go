package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Text writes the report for people, in the manner of a compiler: findings
// with the line they are about, then the plan, then the verdict.
func Text(w io.Writer, r Report) error {
	var b bytes.Buffer
	for _, f := range r.Files {
		shown := concealed(f.Findings)
		for _, d := range f.Findings {
			textFinding(&b, d, shown)
		}
	}
	if r.Plan != nil {
		textPlan(&b, *r.Plan)
	}
	if r.Deploy != nil && r.Outcome == Failed {
		textSteps(&b, r.Deploy.Steps)
		textRollback(&b, r)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", Plain(n))
	}
	fmt.Fprintln(&b, Plain(r.Sentence))
	if r.Next != "" {
		fmt.Fprintf(&b, "next: %s\n", Plain(r.Next))
	}
	_, err := w.Write(b.Bytes())
	return err
}

func textFinding(b *bytes.Buffer, d diag.Diagnostic, shown *diag.File) {
	fmt.Fprintln(b, Plain(d.String()))
	snippet(b, d.File, shown, d.Span)
	if d.Help != "" {
		fmt.Fprintf(b, "  help: %s\n", Plain(d.Help))
	}
	for _, rel := range d.Related {
		p := rel.File.Position(rel.Span.Start)
		fmt.Fprintf(b, "  %s:%d:%d: %s\n", Plain(rel.File.Path), p.Line, p.Column, Plain(rel.Message))
	}
}

var marks = map[deploy.Action]string{deploy.Add: "+", deploy.Change: "~", deploy.Remove: "-", deploy.Keep: "="}

func textPlan(b *bytes.Buffer, p deploy.Plan) {
	for _, bp := range p.Bundles {
		fmt.Fprintf(b, "%s bundle %s (%s)\n", marks[bp.Action], quote(bp.Name), Plain(bp.File))
		textDifferences(b, bp.Changes)
		for _, r := range bp.Resources {
			if r.Action == deploy.Keep {
				continue
			}
			fmt.Fprintf(b, "  %s %s %s\n", marks[r.Action], kind(r.Kind), Plain(r.Name))
			textDifferences(b, r.Changes)
		}
	}
	if len(p.JobSpecs) > 0 {
		fmt.Fprintln(b, "job specs")
		textSpecs(b, p.JobSpecs)
	}
	for _, o := range p.Others {
		fmt.Fprintf(b, "another bundle of this integration: %s (%s)\n", quote(o.Name), Plain(o.UUID))
		textSpecs(b, o.JobSpecs)
	}
	fmt.Fprintln(b)
}

// differenceWidth is how many characters of a value are shown.
const differenceWidth = 300

func textDifferences(b *bytes.Buffer, list []deploy.Difference) {
	for _, d := range list {
		fmt.Fprintf(b, "      %s %s\n", marks[d.Action], Plain(d.Pointer))
		if d.Old != "" {
			fmt.Fprintf(b, "          - %s\n", Plain(cut(d.Old, differenceWidth)))
		}
		if d.New != "" {
			fmt.Fprintf(b, "          + %s\n", Plain(cut(d.New, differenceWidth)))
		}
	}
}

var specMarks = map[deploy.SpecAction]string{
	deploy.SpecInstall: "+ install", deploy.SpecKeep: "= installed", deploy.SpecSkip: "  not listed",
	deploy.SpecOrphan: "! still installed", deploy.SpecUninstall: "- uninstall",
}

func textSpecs(b *bytes.Buffer, specs []deploy.SpecPlan) {
	width := 0
	for _, s := range specs {
		width = max(width, len(Plain(s.Name)))
	}
	for _, s := range specs {
		line := fmt.Sprintf("  %-18s %-*s  %s → %s", specMark(s), width, Plain(s.Name), Plain(s.Event), Plain(s.Flow))
		if s.Note != "" {
			line += "  (" + s.Note + ")"
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
}

// specMark is how a spec is shown; one of another bundle by whether it fires.
func specMark(s deploy.SpecPlan) string {
	if s.Bundle == "" && s.Action == deploy.SpecSkip {
		if s.Installed {
			return "  installed"
		}
		return "  not installed"
	}
	return specMarks[s.Action]
}

func textSteps(b *bytes.Buffer, steps []deploy.StepResult) {
	fmt.Fprintln(b, "steps")
	for _, s := range steps {
		fmt.Fprintf(b, "  %-9s %s\n", s.State, Plain(s.Step.String()))
	}
	fmt.Fprintln(b)
}

func kind(k string) string { return strings.ReplaceAll(Plain(k), "_", " ") }

func quote(s string) string { return `"` + Plain(s) + `"` }
