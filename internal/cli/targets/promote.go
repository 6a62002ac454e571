package targets

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// PromoteVerb is `zis promote`: a release brought to the targets of a ring.
func PromoteVerb(p *program.Program) *cobra.Command {
	return p.Many("promote", "", "Bring the release to a ring of targets, if the ring before runs it now", runPromote)
}

func runPromote(ctx context.Context, p *program.Program, _ []string) error {
	r, err := promote(ctx, p)
	return concludeFleet(ctx, p, r, err)
}

func promote(ctx context.Context, p *program.Program) (fleet.Report, error) {
	if p.Ring == "" && len(p.Names()) == 0 {
		return fleet.Report{}, program.Missing("ring", "whom to bring the release to is not said: a ring, or targets")
	}
	c, err := gather(p)
	if err != nil {
		return fleet.Report{}, err
	}
	ring, err := oneRing(c.targets)
	if err != nil {
		return fleet.Report{}, err
	}
	run := fleet.Promotion{
		DryRun:  p.DryRun,
		Project: c.project, Ring: ring, Targets: c.targets, Release: c.release, Parallel: p.Parallel, Timeout: p.TargetTimeout, Shard: p.Shard,
		Worker: c.worker, Told: func(r fleet.Row) { toldRow(p, r) }, Say: p.Say,
		Save: func(r fleet.Report) error { return keepFleet(p, r) },
	}
	if err := ready(ctx, p, c, ring); err != nil {
		return run.Refused(err), err
	}
	return run.Run(ctx)
}

// ready finds what stands against a promotion before anything is asked of an
// account.
func ready(ctx context.Context, p *program.Program, c crew, ring string) error {
	if list := slices.DeleteFunc(slices.Clone(c.targets), func(t *project.Target) bool { return !t.Protected }); len(list) > 0 && !p.AllowProtected && !p.DryRun {
		return verdict.At(verdict.Check, program.Protected(list...))
	}
	if err := onMainBranch(ctx, p, c.project, c.release); err != nil {
		return verdict.At(verdict.Check, err)
	}
	checked := c.targets
	if _, i := c.project.Ring(ring); i > 0 {
		checked = append(slices.Clone(checked), c.project.In(c.project.Rings[i-1].Name.Value)...)
	}
	if err := checkCrew(p, c, checked); err != nil {
		return err
	}
	return p.Workspace.KeepState()
}

// oneRing is the ring of the targets. Several would need several gates.
func oneRing(targets []*project.Target) (string, error) {
	ring := targets[0].Ring.Value
	for _, t := range targets {
		if t.Ring.Value != ring {
			return "", program.Usagef("the targets %q and %q are in different rings, %q and %q: promote one ring at a time",
				targets[0].Name.Value, t.Name.Value, ring, t.Ring.Value)
		}
	}
	return ring, nil
}

// onMainBranch refuses a tag that is not on the main branch: nobody has
// accepted it there.
func onMainBranch(ctx context.Context, p *program.Program, z *project.Project, r fleet.Release) error {
	if p.OffBranch == "allow" || r.Name == "" {
		return nil
	}
	if p.Workflow == nil {
		p.BranchHolds = branchByGit(p.Workspace.Dir)
	}
	on, branch, err := p.BranchHolds(ctx, z.MainBranch.Value, r)
	where := ""
	if z.MainBranch.At.Given() {
		where = fmt.Sprintf(" (main-branch, %s)", z.MainBranch.At)
	}
	hint := verdict.Hint{Code: verdict.SwitchOn, Of: "off-branch"}
	switch {
	case err != nil:
		return &verdict.Error{Reason: verdict.OffBranch, Err: fmt.Errorf("whether %s is on the branch %q can't be told%s: %w", r, branch, where, err), Hint: hint}
	case !on:
		return &verdict.Error{Reason: verdict.OffBranch, Err: fmt.Errorf("%s is not on the branch %q%s", r, branch, where), Hint: hint}
	}
	return nil
}
