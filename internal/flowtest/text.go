package flowtest

import (
	"fmt"
	"io"
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

// Text writes a line for each case, and more for those that fail. paint gives
// a word its colour.
func (r *Report) Text(w io.Writer, paint func(word, text string) string) error {
	var b strings.Builder
	for _, o := range r.Outcomes {
		o.text(&b, paint)
	}
	fmt.Fprintln(&b, r.Summary())
	_, err := io.WriteString(w, b.String())
	return err
}

func (o *Outcome) text(b *strings.Builder, paint func(string, string) string) {
	if o.Passed() {
		fmt.Fprintf(b, "%s %s%s\n", paint("ok", "ok  "), o.Case.Name, o.note())
		return
	}
	fmt.Fprintf(b, "%s %s: %s%s\n", paint("fail", "FAIL"), o.Case.Place, o.Case.Name, o.note())
	for _, p := range o.Problems {
		for _, line := range p.lines() {
			fmt.Fprintf(b, "     %s\n", line)
		}
	}
	if o.Result != nil && len(o.Result.Steps) > 0 {
		fmt.Fprintln(b, "     trace:")
		for _, line := range Trace(o.Result) {
			fmt.Fprintf(b, "       %s\n", line)
		}
	}
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
		at := p.Bundle.Position()
		list = append(list, fmt.Sprintf("  bundle  %s:%d:%d", p.Bundle.File.Path, at.Line, at.Column))
	}
	return list
}

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
