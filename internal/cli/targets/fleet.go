// Package targets has the verbs that work on many targets of zis.yml.
package targets

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// crew is what works on many targets: the bundles, and the targets to work on.
type crew struct {
	project *project.Project
	targets []*project.Target
	worker  *fleet.Accounts
	release fleet.Release
}

// gather reads zis.yml and the bundles, and finds the targets that are asked
// for: those that are named, those of a ring, or all.
func gather(p *program.Program) (crew, error) {
	var c crew
	var err error
	if c.project, err = p.Project(); err != nil {
		return c, err
	}
	if c.targets, err = chosen(p, c.project); err != nil {
		return c, err
	}
	if len(c.project.Bundles) == 0 {
		return c, program.Usagef("%s names no bundles: give bundles: [PATH]", project.File)
	}
	files, err := p.Bundles(program.Texts(c.project.Bundles))
	if err != nil {
		return c, err
	}
	parsed := p.Parse(files)
	c.release = releaseOf(p, parsed)
	c.worker, err = worker(p, c, parsed)
	return c, err
}

// asked are the targets whose accounts may be asked: those that are chosen,
// and the ring before.
func (c crew) asked() []*project.Target {
	list := slices.Clone(c.targets)
	if _, i := c.project.Ring(c.targets[0].Ring.Value); i > 0 {
		list = append(list, c.project.In(c.project.Rings[i-1].Name.Value)...)
	}
	return list
}

// chosen are the targets that are asked for, in the order of zis.yml.
func chosen(p *program.Program, z *project.Project) ([]*project.Target, error) {
	if len(z.Targets) == 0 {
		return nil, program.Usagef("%s has no targets", project.File)
	}
	if ring, _ := z.Ring(p.Ring); p.Ring != "" && ring == nil {
		if len(z.Rings) == 0 {
			return nil, program.Usagef("%s has no ring %q, nor any other: rings: [%s] declares it", project.File, p.Ring, p.Ring)
		}
		var names []string
		for _, r := range z.Rings {
			names = append(names, r.Name.Value)
		}
		return nil, program.Usagef("%s has no ring %q; there is: %s", project.File, p.Ring, strings.Join(names, ", "))
	}
	names := p.Names()
	list := slices.DeleteFunc(z.All(), func(t *project.Target) bool {
		return p.Ring != "" && t.Ring.Value != p.Ring || len(names) > 0 && !slices.Contains(names, t.Name.Value)
	})
	for _, name := range names {
		if t := z.Target(name); t == nil {
			return nil, p.NoTarget(z, name)
		} else if p.Ring != "" && t.Ring.Value != p.Ring {
			return nil, program.Usagef("the target %q is in the ring %q (%s), not in %q", name, t.Ring.Value, t.Ring.At, p.Ring)
		}
	}
	if len(list) == 0 {
		return nil, program.Usagef("the ring %q has no targets", p.Ring)
	}
	return list, nil
}

// releaseOf is the release that the checkout holds.
func releaseOf(p *program.Program, b check.Parsed) fleet.Release {
	r := fleet.Release{Name: p.Release, Commit: p.Getenv("GITHUB_SHA")}
	if r.Name == "" && p.Getenv("GITHUB_REF_TYPE") == "tag" {
		r.Name = p.Getenv("GITHUB_REF_NAME")
	}
	r.Digest = fleet.Digest(b)
	return r
}

// worker works on accounts as the options say.
func worker(p *program.Program, c crew, bundles check.Parsed) (*fleet.Accounts, error) {
	keys, err := p.Keyring(c.project)
	if err != nil {
		return nil, err
	}
	disable, err := p.DisabledRules()
	if err != nil {
		return nil, err
	}
	p.HideSecrets(keys, c.asked())
	return &fleet.Accounts{
		Bundles: bundles, Keys: keys, Records: c.project.Records(), Disable: disable,
		Keeper: fleet.Keeper{Release: c.release, Run: runURL(p)},
		Session: func(t *project.Target, c registry.Credentials) (*account.Session, error) {
			return targetSession(p, t, c)
		}, Hide: p.Hide,
		Options: func(t *project.Target) deploy.Options {
			opt := p.Change.Options()
			opt.JobSpecs = deploy.ParseSelection(strings.Join(program.Texts(t.JobSpecs), "\n"))
			return opt
		},
	}, nil
}

// targetSession is a run on one target. It makes no request.
func targetSession(p *program.Program, t *project.Target, c registry.Credentials) (*account.Session, error) {
	url, where, err := account.Address(t.Subdomain.Value, t.BaseURL.Value)
	if err != nil {
		return nil, err
	}
	s := &account.Session{Target: account.Target{
		Name: t.Name.Value, Integration: t.Integration.Value, URL: url, Where: where, Credentials: c,
		Retries: p.MaxRetries, RequestTimeout: p.RequestTimeout, Concurrency: p.Concurrency,
	}, Watch: targetWatch(p, t)}
	s.Journal = p.JournalPath(s)
	return s, nil
}

// targetWatch is that of one run, without the lines that would mix with those
// of other targets. What is noted says of whom.
func targetWatch(p *program.Program, t *project.Target) account.Watch {
	w := p.Watch()
	w.Begin, w.Step, w.Retry = nil, nil, nil
	w.Note = func(text string) { p.Note("%s: %s", t.Name.Value, text) }
	return w
}

// runURL is the address of the workflow run.
func runURL(p *program.Program) string {
	server, repo, id := p.Getenv("GITHUB_SERVER_URL"), p.Getenv("GITHUB_REPOSITORY"), p.Getenv("GITHUB_RUN_ID")
	if server == "" || repo == "" || id == "" {
		return ""
	}
	return server + "/" + repo + "/actions/runs/" + id
}

// RecordRelease keeps the record of a target that was deployed to, if zis.yml
// says so.
func RecordRelease(ctx context.Context, p *program.Program, s *account.Session) {
	z, err := p.Project()
	if err != nil || p.Named == nil || !z.Records() {
		return
	}
	var files []*diag.File
	for _, b := range s.Prepared.Want() {
		files = append(files, b.Doc.File)
	}
	k := fleet.Keeper{Release: releaseOf(p, check.Parse(files)), Run: runURL(p)}
	if note := k.AfterDeploy(ctx, s.Client(), s.Target.Integration, *s.Prepared); note != "" {
		s.Notes = append(s.Notes, note)
	}
}

// toldRow prints a line for a target that has ended.
func toldRow(p *program.Program, r fleet.Row) {
	line := fmt.Sprintf("%-12s %s: %s", r.Verdict, r.Name, r.Sentence)
	fmt.Fprintln(p.Stderr, report.Plain(line))
}

// concludeFleet gives the report to the person who asked, keeps it, and turns
// the error into the exit code.
func concludeFleet(ctx context.Context, p *program.Program, r fleet.Report, err error) error {
	err = program.Interrupted(ctx, err)
	if verdict.IsUsage(err) && len(r.Rows) == 0 {
		return err
	}
	if err := writeFleet(p, p.Stdout, r); err != nil {
		return err
	}
	if err := keepFleet(p, r); err != nil {
		return err
	}
	p.Published = true
	if p.Workflow != nil {
		p.Workflow.Publish(report.Report{
			Command: r.Command, Outcome: r.Outcome, Reason: verdict.Reason(r.Reason), Sentence: r.Sentence, Next: r.Next,
			Notes: r.Notes, Fleet: &r, Record: p.ReportFile,
		})
	}
	switch {
	case err == nil && r.Outcome.Exit(p.DetailedExitcode) == verdict.ExitDone:
		return nil
	case err == nil:
		return program.ExitError(r.Outcome.Exit(p.DetailedExitcode))
	case verdict.IsUsage(err) && r.Asked():
		return program.ExitError(verdict.ExitFailed) // a usage error is one that asks nobody
	}
	return program.ExitError(verdict.ExitCode(err))
}

func writeFleet(p *program.Program, w io.Writer, r fleet.Report) error {
	switch p.FleetFormat {
	case "json":
		return encodeFleet(w, r)
	case "html":
		return report.FleetPage(w, r)
	}
	return report.FleetText(w, r)
}

func encodeFleet(w io.Writer, r fleet.Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// keepFleet writes --report-file: whole, or the former one stays.
func keepFleet(p *program.Program, r fleet.Report) error {
	if p.ReportFile == "" {
		return nil
	}
	var b bytes.Buffer
	if err := encodeFleet(p.Secrets.Fenced(&b), r); err != nil {
		return err
	}
	err := replace(p, p.ReportFile, b.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w", p.Option("report-file"), err)
	}
	return nil
}

// replace writes a file that is whole at any time, even if the program is
// killed. In the action there is nobody who reads it before the step ends.
func replace(p *program.Program, path string, text []byte) error {
	if p.Workspace.Confined() {
		return p.Workspace.Write(path, text)
	}
	temp := path + ".part"
	if err := os.WriteFile(temp, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// checkCrew checks the bundles for the targets, before anything is asked of an
// account: a bundle that is wrong for one of them is not begun anywhere.
func checkCrew(p *program.Program, c crew, targets []*project.Target) error {
	result := fleet.Check(c.worker.Bundles, targets, c.worker.Disable)
	err := result.Err()
	if err == nil {
		return nil
	}
	r := report.Report{Command: "validate", Findings: result.Findings}
	r.Conclude(err, p.Say)
	if err := report.Text(p.Stderr, r, p.ErrPaint); err != nil {
		return err
	}
	return fmt.Errorf("nothing was asked of any account: %w", err)
}
