package targets

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// TargetsVerb is `zis targets`: the targets of zis.yml, for people and for the
// matrix of a workflow.
func TargetsVerb(p *program.Program) *cobra.Command {
	return p.Many("targets", "[REPORT...]", "List the targets of zis.yml, make a workflow's matrix of them, or merge the reports of its jobs", runTargets)
}

// runTargets needs no network and no credentials.
func runTargets(ctx context.Context, p *program.Program, args []string) error {
	z, err := p.Project()
	if err != nil {
		return err
	}
	targets, err := chosen(p, z)
	if err != nil {
		return err
	}
	switch {
	case p.Merge || p.Reports != "":
		paths, err := reportPaths(p, args)
		if err != nil {
			return err
		}
		r, err := merged(p, paths, targets)
		return concludeFleet(ctx, p, r, err)
	case len(args) > 0:
		return program.Usagef("files are given without --merge")
	case p.FleetFormat == "html":
		return program.Usagef("%s html: the list of targets is text or json; a page is made of reports, with --merge", p.Option("format"))
	case p.Matrix || p.Workflow != nil:
		return matrix(p, targets)
	}
	return listTargets(p, targets)
}

// maxMatrix bounds the matrix, in characters: GitHub drops outputs of more than
// 1 MB, and counts two bytes for each (documented).
const maxMatrix = 500_000

// matrix prints {"include": [...]} on one line.
func matrix(p *program.Program, targets []*project.Target) error {
	jobs, err := fleet.Jobs(targets, p.MaxJobs)
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string][]fleet.Job{"include": jobs})
	if err != nil {
		return err
	}
	if len(text) > maxMatrix {
		return program.Usagef("the matrix of %d targets has %d characters, and an output of a job holds %d: promote smaller rings, or give the targets shorter names", len(targets), len(text), maxMatrix)
	}
	p.MatrixText = string(text)
	_, err = fmt.Fprintln(p.Stdout, p.MatrixText)
	return err
}

// listed is a target in the list: names only.
type listedTarget struct {
	Name        string `json:"name"`
	Ring        string `json:"ring,omitempty"`
	Account     string `json:"account"`
	Integration string `json:"integration"`
	Environment string `json:"environment,omitempty"`
	Via         string `json:"via"`
	Protected   bool   `json:"protected,omitempty"`
}

func listTargets(p *program.Program, targets []*project.Target) error {
	list := make([]listedTarget, len(targets))
	for i, t := range targets {
		account := t.BaseURL.Value
		if t.Subdomain.Value != "" {
			account = t.Subdomain.Value + ".zendesk.com"
		}
		list[i] = listedTarget{t.Name.Value, t.Ring.Value, account, t.Integration.Value, t.Environment.Value, string(t.Via), t.Protected}
	}
	if p.FleetFormat == "json" {
		enc := json.NewEncoder(p.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]any{"targets": list})
	}
	w := tabwriter.NewWriter(p.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "TARGET\tRING\tACCOUNT\tINTEGRATION\tENVIRONMENT")
	for _, t := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", report.Plain(t.Name), report.Plain(t.Ring), report.Plain(t.Account), report.Plain(t.Integration), report.Plain(t.Environment))
	}
	return w.Flush()
}

// reportPaths are the files that are given, and those that patterns name.
func reportPaths(p *program.Program, args []string) ([]string, error) {
	paths := args
	for _, pattern := range option.Lines(p.Reports) {
		names, err := fs.Glob(p.Workspace.FS(), pattern)
		if err != nil || len(names) == 0 {
			return nil, program.Usagef("%s: %q names no file", p.Option("reports"), pattern)
		}
		paths = append(paths, names...)
	}
	return paths, nil
}

// maxReport bounds a report file, in bytes: 2,000 targets have some 4 MB.
const maxReport = 256 << 20

func merged(p *program.Program, paths []string, targets []*project.Target) (fleet.Report, error) {
	var reports []fleet.Report
	for _, path := range paths {
		text, err := p.Workspace.Read(path, maxReport)
		if err != nil {
			return fleet.Report{}, program.Usage(err)
		}
		var r fleet.Report
		err = json.Unmarshal(text, &r)
		if err != nil || r.Version != fleet.Version {
			return fleet.Report{}, program.Usagef("%s is no report of a run on many targets", path)
		}
		reports = append(reports, r)
	}
	r, err := fleet.Merge(reports, targets)
	if err != nil {
		return r, err
	}
	if r.Outcome == verdict.Failed || r.Outcome == verdict.Unproven {
		err = verdict.Errorf(firstReason(&r), r.Next, "%s", r.Sentence)
	}
	return r, err
}
