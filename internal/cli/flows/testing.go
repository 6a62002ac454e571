package flows

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// testOptions are the options of zis test.
type testOptions struct {
	playing
	format           string
	junit, lcov      string // files that are written beside
	generate, update bool
}

// testFormats are the forms of the result.
var testFormats = []string{"text", "json", "junit", "tap", "github"}

// TestVerb is `zis test`: it runs cases and compares.
func TestVerb(p *program.Program) *cobra.Command {
	var t testOptions
	cmd := p.Verb("test", "[TEST...]", "Run flows on the events of zis/tests, with HTTP mocked; needs no network and no credentials",
		func(ctx context.Context, p *program.Program, args []string) error { return runTest(ctx, p, t, args) })
	fs := cmd.Flags()
	t.flags(fs)
	fs.StringVar(&t.format, "format", "text", "form of the result: text, json, junit, tap, github (failures as annotations)")
	fs.StringVar(&t.junit, "junit", "", "write the result to this `FILE` as JUnit XML, too")
	fs.StringVar(&t.lcov, "lcov", "", "write the coverage to this `FILE`")
	fs.BoolVar(&t.generate, "generate", false, "write cases that cover every branch, marked as recorded")
	fs.BoolVar(&t.update, "update", false, "rewrite the want of the cases that fail; nothing else of them changes")
	return cmd
}

func runTest(ctx context.Context, p *program.Program, t testOptions, args []string) error {
	if !slices.Contains(testFormats, t.format) {
		return program.Usagef("--format is %q; it can be %s", t.format, strings.Join(testFormats, ", "))
	}
	if p.Min > 100 {
		return program.Usagef("%s is %d; more than 100 percent can't be covered", p.Option("min"), p.Min)
	}
	if t.generate && t.update {
		return program.Usagef("--generate and --update are given: give one of them")
	}
	suite, dirs, err := suite(p, t.playing)
	if err != nil {
		return err
	}
	if t.generate {
		return generate(ctx, p, suite, dirs[0])
	}
	found, err := flowtest.Find(p.Workspace.FS(), dirs, args)
	if err != nil {
		return program.Usage(err)
	}
	if err := mistaken(p, found); err != nil {
		return err
	}
	cases := found.Cases()
	if len(cases) == 0 {
		return verdict.Errorf(verdict.InvalidInput, "write one, or let zis test --generate record some", "there are no cases in %s", strings.Join(dirs, ", "))
	}
	r := &flowtest.Report{Outcomes: suite.Run(ctx, cases)}
	if t.update {
		return rewriteWants(p, found, r)
	}
	r.Coverage = suite.Cover(r.Outcomes)
	return concludeTest(ctx, p, t, suite, r)
}

// concludeTest tells the result to everybody who waits for it.
func concludeTest(ctx context.Context, p *program.Program, t testOptions, suite *flowtest.Suite, r *flowtest.Report) error {
	err := program.Interrupted(ctx, testVerdict(p, r))
	if t.junit != "" {
		if err := writeTo(p, t.junit, r.JUnit); err != nil {
			return err
		}
	}
	if t.lcov != "" {
		if err := writeTo(p, t.lcov, r.Coverage.LCOV); err != nil {
			return err
		}
	}
	told := tested(r)
	told.Tests.Flows = covered(suite.Bundles, r.Coverage)
	told.Conclude(err, p.Say)
	if t.format == "github" {
		p.Format = t.format
		return concludeAs(p, told, err)
	}
	var b bytes.Buffer
	write := map[string]func(io.Writer) error{
		"json": r.JSON, "junit": r.JUnit, "tap": r.TAP,
		"text": func(w io.Writer) error { return r.Text(w, style(p)) },
	}[t.format]
	if err := write(&b); err != nil {
		return err
	}
	if _, err := p.Stdout.Write(b.Bytes()); err != nil {
		return err
	}
	if t.format == "text" && p.Min > r.Coverage.Percent() {
		for _, line := range r.Coverage.MissedLines() {
			p.Note("not covered: %s", line)
		}
	}
	return concludeAs(p, told, err)
}

// concludeAs publishes a report whose text is told already, and turns the
// error into the exit code.
func concludeAs(p *program.Program, r *report.Report, err error) error {
	if p.Format == "github" {
		if err := p.Write(*r); err != nil {
			return err
		}
	}
	if err := p.Publish(r); err != nil {
		return err
	}
	if err != nil {
		fmt.Fprintln(p.Stderr, "zis: "+report.Plain(err.Error()))
		if next := verdict.NextOf(err, p.Say); next != "" {
			fmt.Fprintln(p.Stderr, "next: "+report.Plain(next))
		}
		return program.ExitError(verdict.ExitCode(err))
	}
	return nil
}

// verdict is nil if every case passes and enough is covered.
func testVerdict(p *program.Program, r *flowtest.Report) error {
	failed, all := r.Failed(), len(r.Outcomes)
	switch {
	case r.Usage():
		return verdict.Errorf(verdict.InvalidInput, "", "%d of %s failed, and some of them name what isn't there", failed, english.Plural(all, "case"))
	case failed > 0:
		return verdict.Errorf(verdict.TestFailed, "zis test --update rewrites what cases want, if what the flows do is right", "%d of %s failed", failed, english.Plural(all, "case"))
	case r.Coverage.Percent() < p.Min:
		return verdict.Errorf(verdict.TestFailed, "", "coverage is %d%%, and %s is %d%%", r.Coverage.Percent(), p.Option("min"), p.Min)
	}
	return nil
}

// tested is the report of a run of cases: a failed case is a finding.
func tested(r *flowtest.Report) *report.Report {
	told := &report.Report{Command: "test", Tests: &report.Tests{Summary: r.Summary(), Failed: r.Failed() > 0, Missed: r.Coverage.MissedLines()}}
	var found []diag.Diagnostic
	for _, o := range r.Outcomes {
		told.Tests.Cases = append(told.Tests.Cases, report.Tested{Name: o.Case.Name, Passed: o.Passed(), Note: o.Note()})
		for _, problem := range o.Problems {
			found = append(found, finding(o, problem))
		}
	}
	for _, d := range found {
		told.Files = appendFile(told.Files, d.File.Path)
	}
	told.Add(found)
	return told
}

// covered draws the flows with what was reached of them.
func covered(bundles []*zis.Bundle, c *flowtest.Coverage) []report.Covered {
	var list []report.Covered
	for _, of := range all(bundles) {
		name := of.After.Name.Value
		list = append(list, report.Covered{Flow: name, Graph: diagram.New(of, starting(bundles, of.After), diagram.Most), Reached: c.States(name)})
	}
	return list
}

// finding is a problem of a case, at its place in the test file.
func finding(o *flowtest.Outcome, problem flowtest.Problem) diag.Diagnostic {
	at := problem.Test
	if at.File == nil {
		at = o.Case.Place
	}
	d := diag.Diagnostic{
		File: at.File, Span: at.Span(), Rule: "failed-test", Severity: diag.Error,
		Message: o.Case.Name + ": " + problem.Text, Help: strings.Join(append(problem.Details, problem.Help), "; "),
	}
	d.Help = strings.TrimSuffix(d.Help, "; ")
	if b := problem.Bundle; b.Known() {
		d.Related = []diag.Related{{File: b.File, Span: b.Node.Span, Message: "the run was here"}}
	}
	return d
}

func style(p *program.Program) flowtest.Style {
	return flowtest.Style{Plain: report.Plain, Paint: func(passed bool, text string) string {
		if passed {
			return p.OutPaint.State(deploy.Done, text)
		}
		return p.OutPaint.State(deploy.Failed, text)
	}}
}

// mistaken tells what is wrong with files of cases.
func mistaken(p *program.Program, found *flowtest.Found) error {
	if len(found.Mistakes) == 0 {
		for _, name := range found.Skipped {
			p.Note("%s holds no list of cases, and no case names it", name)
		}
		return nil
	}
	for _, m := range found.Mistakes[:len(found.Mistakes)-1] {
		fmt.Fprintln(p.Stderr, "zis: "+report.Plain(m.String()))
	}
	last := found.Mistakes[len(found.Mistakes)-1]
	return verdict.Errorf(verdict.InvalidInput, last.Help, "%s: %s", last.Place, last.Message)
}

// generate writes cases for each flow.
func generate(ctx context.Context, p *program.Program, suite *flowtest.Suite, dir string) error {
	if err := p.Workspace.Make(dir); err != nil {
		return program.Usage(err)
	}
	for _, g := range suite.Generate(ctx) {
		if err := context.Cause(ctx); err != nil {
			return program.Interrupted(ctx, err)
		}
		name := path.Join(dir, flowtest.FileName(g.Flow)+".recorded.yml")
		if text, err := p.Workspace.Read(name, source.MaxBytes); err == nil && !bytes.HasPrefix(text, []byte(flowtest.Recorded)) {
			p.Note("%s was reviewed, and stays as it is", name)
			continue
		}
		if len(g.Cases) == 0 {
			p.Note("no run of the flow %q could be recorded", g.Flow)
			continue
		}
		if err := p.Workspace.Write(name, []byte(g.YAML())); err != nil {
			return program.Usage(err)
		}
		p.Tell("%s: %s of the flow %s, recorded; review them", name, english.Plural(len(g.Cases), "case"), g.Flow)
	}
	return nil
}

// rewriteWants rewrites the wants of the cases that fail.
func rewriteWants(p *program.Program, found *flowtest.Found, r *flowtest.Report) error {
	changed := 0
	for _, f := range found.Files {
		text, n, err := f.Update(r.Outcomes)
		if err != nil {
			return program.Usage(err)
		}
		if changed += n; n == 0 {
			continue
		}
		if err := p.Workspace.Write(f.Path, []byte(text)); err != nil {
			return program.Usage(err)
		}
		p.Tell("%s: the want of %s is rewritten; look at the difference", f.Path, english.Plural(n, "case"))
	}
	if left := r.Failed() - changed; left > 0 {
		p.Note("%s could not be run to an end, or fail for what isn't wanted, and stay as they are; zis test tells why", english.Plural(left, "case"))
	} else if changed == 0 {
		p.Tell("every case wants what its flow does already")
	}
	return nil
}

func writeTo(p *program.Program, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return program.Usage(p.Workspace.Write(name, b.Bytes()))
}

// beside are the directories of that name beside the bundles.
func beside(bundles []*zis.Bundle, name string) []string {
	var dirs []string
	for _, b := range bundles {
		dir := path.Join(path.Dir(strings.ReplaceAll(b.Doc.File.Path, `\`, "/")), name)
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

func appendFile(files []check.File, name string) []check.File {
	if slices.ContainsFunc(files, func(f check.File) bool { return f.Path == name }) {
		return files
	}
	return append(files, check.File{Path: name})
}
