package flowtest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// TAP writes the outcomes in the Test Anything Protocol, version 13.
func (r *Report) TAP(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "TAP version 13\n1..%d\n", len(r.Outcomes))
	for i, o := range r.Outcomes {
		verdict := "ok"
		if !o.Passed() {
			verdict = "not ok"
		}
		fmt.Fprintf(&b, "%s %d - %s\n", verdict, i+1, oneLine(strings.NewReplacer("#", `\#`, `\`, `\\`).Replace(o.Case.Name+o.note())))
		for _, p := range o.Problems {
			for _, line := range p.lines() {
				fmt.Fprintf(&b, "# %s\n", oneLine(line))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// oneLine shows what can't be seen, and keeps to a line.
func oneLine(s string) string { return diag.Visible(strings.ReplaceAll(s, "\n", " ")) }

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Cases []junitCase `xml:"testcase"`

	took time.Duration
}

// junitCounts are what some readers want though it is always 0.
type junitCounts struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the outcomes as the XML that CI systems read, a suite for each
// file. Characters that XML can't hold are replaced.
func (r *Report) JUnit(w io.Writer) error {
	all, took := junitSuites{junitCounts: junitCounts{Tests: len(r.Outcomes), Failures: r.Failed()}}, time.Duration(0)
	for _, o := range r.Outcomes {
		file := o.Case.Place.File.Path
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != file {
			all.Suites = append(all.Suites, junitSuite{Name: file})
		}
		s := &all.Suites[len(all.Suites)-1]
		one := junitCase{Name: o.Case.Name, Class: o.Flow, File: file, Line: o.Case.Place.Line, Time: seconds(o.Took), Output: strings.TrimSpace(o.note())}
		s.Tests++
		s.took += o.Took
		took += o.Took
		s.Time, all.Time = seconds(s.took), seconds(took)
		if !o.Passed() {
			s.Failures++
			one.Failure = o.failure()
		}
		s.Cases = append(s.Cases, one)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (o *Outcome) failure() *junitFailure {
	return &junitFailure{Message: o.Problems[0].Text, Text: strings.Join(o.failureLines(), "\n")}
}

// jsonReport is the form of --format json.
type jsonReport struct {
	Passed   int           `json:"passed"`
	Failed   int           `json:"failed"`
	Cases    []jsonCase    `json:"cases"`
	Coverage *jsonCoverage `json:"coverage,omitempty"`
}

type jsonCase struct {
	Name        string        `json:"name"`
	File        string        `json:"file"`
	Line        int           `json:"line"`
	Flow        string        `json:"flow,omitempty"`
	JobSpec     string        `json:"jobSpec,omitempty"`
	Passed      bool          `json:"passed"`
	End         string        `json:"end,omitempty"`
	Message     string        `json:"message,omitempty"`
	Path        []string      `json:"path,omitempty"`
	Runs        int           `json:"runs,omitempty"`
	Seconds     float64       `json:"virtualSeconds"`
	Assumptions []string      `json:"assumptions,omitempty"`
	HangsOn     []string      `json:"hangsOn,omitempty"`
	Readings    int           `json:"readingsTried,omitempty"`
	Problems    []jsonProblem `json:"problems,omitempty"`
}

type jsonProblem struct {
	Text    string   `json:"text"`
	Help    string   `json:"help,omitempty"`
	Details []string `json:"details,omitempty"`
	Test    string   `json:"test,omitempty"`
	Bundle  string   `json:"bundle,omitempty"`
	Pointer string   `json:"pointer,omitempty"`
}

type jsonCoverage struct {
	Percent int            `json:"percent"`
	Kinds   map[string]any `json:"kinds"`
	Missed  []string       `json:"missed,omitempty"`
}

// JSON writes the outcomes for other programs.
func (r *Report) JSON(w io.Writer) error {
	out := jsonReport{Passed: len(r.Outcomes) - r.Failed(), Failed: r.Failed(), Cases: []jsonCase{}}
	for _, o := range r.Outcomes {
		out.Cases = append(out.Cases, o.json())
	}
	if c := r.Coverage; c != nil {
		out.Coverage = &jsonCoverage{Percent: c.Percent(), Kinds: map[string]any{}}
		for _, kind := range []string{CoversState, CoversTaken, CoversNotTaken, CoversCatch, CoversGood, CoversBad, CoversJobSpec} {
			covered, all := c.Kind(kind)
			out.Coverage.Kinds[kind] = map[string]int{"covered": covered, "of": all}
		}
		for _, p := range c.Missed() {
			out.Coverage.Missed = append(out.Coverage.Missed, p.line())
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func (o *Outcome) json() jsonCase {
	c := jsonCase{Name: o.Case.Name, File: o.Case.Place.File.Path, Line: o.Case.Place.Line, Flow: o.Flow, JobSpec: o.Case.JobSpec, Passed: o.Passed()}
	for a := range o.Touched.All {
		c.Assumptions = append(c.Assumptions, a.String())
	}
	if r := o.Result; r != nil {
		c.End, c.Message, c.Path, c.Runs, c.Seconds = r.End, credential.Sentence(r.Message), r.Path(), r.Runs, float64(r.Elapsed)/float64(time.Second)
	}
	if o.Hangs != nil {
		c.Readings = o.Hangs.Tried
		for _, d := range o.Hangs.On {
			var parts []string
			for _, choice := range d.Choices {
				parts = append(parts, choice.String())
			}
			c.HangsOn = append(c.HangsOn, strings.Join(parts, " "))
		}
	}
	for _, p := range o.Problems {
		j := jsonProblem{Text: p.Text, Help: p.Help, Details: p.Details, Test: p.Test.String()}
		if p.Bundle.Known() {
			j.Bundle, j.Pointer = p.Bundle.String(), p.Bundle.Node.Pointer()
		}
		c.Problems = append(c.Problems, j)
	}
	return c
}

// line is a point with its place.
func (p Point) line() string { return p.Place.String() + ": " + p.String() }

// MissedLines tell what no case covers.
func (c *Coverage) MissedLines() []string {
	var list []string
	for _, p := range c.Missed() {
		list = append(list, p.line())
	}
	return list
}
