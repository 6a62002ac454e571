package flowtest

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

// Report is what a run of cases came to.
type Report struct {
	Outcomes []*Outcome
	Coverage *Coverage
}

// Failed counts the cases that don't pass.
func (r *Report) Failed() int {
	n := 0
	for _, o := range r.Outcomes {
		if !o.Passed() {
			n++
		}
	}
	return n
}

// Usage tells whether a case names what isn't there: it is wrong itself.
func (r *Report) Usage() bool {
	for _, o := range r.Outcomes {
		for _, p := range o.Problems {
			if p.Usage {
				return true
			}
		}
	}
	return false
}

// Summary is the last line: how many cases passed, and the coverage.
func (r *Report) Summary() string {
	failed := r.Failed()
	text := fmt.Sprintf("%s passed", english.Plural(len(r.Outcomes)-failed, "case"))
	if failed > 0 {
		text += fmt.Sprintf(", %d failed", failed)
	}
	if r.Coverage != nil {
		covered, all := r.Coverage.Count()
		text += fmt.Sprintf("; coverage %d%% (%d of %d)", r.Coverage.Percent(), covered, all)
	}
	return text
}

// Style is how a terminal shows text: Plain makes visible what can't be seen,
// Paint gives a verdict its colour.
type Style struct {
	Plain func(text string) string
	Paint func(passed bool, text string) string
}

// Text writes a line for each case, and more for those that fail.
func (r *Report) Text(w io.Writer, style Style) error {
	var b strings.Builder
	for _, o := range r.Outcomes {
		o.text(&b, style)
	}
	fmt.Fprintln(&b, r.Summary())
	_, err := io.WriteString(w, b.String())
	return err
}

func (o *Outcome) text(b *strings.Builder, style Style) {
	if o.Passed() {
		fmt.Fprintf(b, "%s %s\n", style.Paint(true, "ok  "), style.Plain(o.Case.Name+o.note()))
		return
	}
	fmt.Fprintf(b, "%s %s\n", style.Paint(false, "FAIL"), style.Plain(o.Case.Place.String()+": "+o.Case.Name+o.note()))
	for _, line := range o.failureLines() {
		fmt.Fprintf(b, "     %s\n", style.Plain(line))
	}
}

// failureLines tell why a case fails: differences, places, trace.
func (o *Outcome) failureLines() []string {
	var list []string
	for _, p := range o.Problems {
		list = append(list, p.lines()...)
	}
	if o.Result == nil || len(o.Result.Steps) == 0 {
		return list
	}
	list = append(list, "trace:")
	for _, line := range shortened(Trace(o.Result)) {
		list = append(list, "  "+line)
	}
	return list
}

// shortened leaves out the middle of a long trace, such as that of a loop.
func shortened(lines []string) []string {
	const most, end = 200, 50
	if len(lines) <= most {
		return lines
	}
	left := fmt.Sprintf("… %d lines more; zis run --case shows all …", len(lines)-most)
	return slices.Concat(lines[:most-end], []string{left}, lines[len(lines)-end:])
}

// lines are a problem with its places.
func (p Problem) lines() []string {
	list := []string{p.Text}
	for _, d := range p.Details {
		list = append(list, "  "+d)
	}
	if p.Help != "" {
		list = append(list, "  "+p.Help)
	}
	if p.Test.File != nil {
		list = append(list, "  test    "+p.Test.String())
	}
	if p.Bundle.Known() {
		list = append(list, "  bundle  "+p.Bundle.String())
	}
	return list
}

// Note says on which assumptions the result hangs; "" if on none.
func (o *Outcome) Note() string { return strings.Trim(o.note(), " ()") }

// note says on which assumptions the result hangs.
func (o *Outcome) note() string {
	if o.Hangs != nil {
		verdict := "passes"
		if !o.Passed() {
			verdict = "fails"
		}
		if len(o.Hangs.On) == 0 && o.Hangs.Tried > 1 && !o.Hangs.More {
			return fmt.Sprintf(" (%s under all %d readings of %s)", verdict, o.Hangs.Tried, o.Touched)
		}
		return " (" + o.Hangs.String() + ")"
	}
	if o.Touched != 0 {
		return " (relies on " + o.Touched.String() + ")"
	}
	return ""
}
