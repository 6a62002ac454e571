package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// jobSpecs are the kind that an install or uninstall writes.
type jobSpecs struct{}

// The steps that switch one job spec.
const (
	Install   StepKind = "install"
	Uninstall StepKind = "uninstall"
)

// intents are the job specs that don't stand behind an upload of theirs: of
// bundles that are not deployed, those to be pruned, and those of others.
func (jobSpecs) intents(p Prepared) ([]intent, error) {
	var list []intent
	for _, s := range p.JobSpecs {
		i := installation{p.Integration, s.Name, true}
		switch {
		case s.Action == SpecUninstall:
			i.on = false
			list = append(list, intent{resource: i, write: true, prune: true})
		case s.Action == SpecSkip && s.Bundle == "" && s.Installed: // of a bundle that could not be read
			list = append(list, intent{resource: i, keep: true})
		case p.bundle(s.Bundle) == nil:
			list = append(list, p.switchedOn(s)...)
		}
	}
	for _, o := range p.Others {
		for _, s := range o.JobSpecs {
			if s.Installed {
				list = append(list, intent{resource: installation{p.Integration, s.Name, true}, keep: true})
			}
		}
	}
	return list, nil
}

// switchedOn is a job spec of the plan that is to be on, or nothing.
func (p Prepared) switchedOn(s SpecPlan) []intent {
	if s.Action != SpecInstall && s.Action != SpecKeep {
		return nil
	}
	return []intent{{resource: installation{p.Integration, s.Name, true}, write: s.Action == SpecInstall}}
}

func (jobSpecs) changed(before, now Remote, _ []string) string {
	if a, b := before.installedNames(), now.installedNames(); !slices.Equal(a, b) {
		return fmt.Sprintf("the installed job specs changed from %q to %q", a, b)
	}
	return ""
}

// installation is a job spec that should be on, or off: the resource that an
// install or uninstall writes.
type installation struct {
	integration string
	name        string // short
	on          bool
}

func (i installation) step() Step {
	if i.on {
		return Step{Install, specARN(i.integration, i.name)}
	}
	return Step{Uninstall, specARN(i.integration, i.name)}
}

func (i installation) write(ctx context.Context, reg *registry.Client) error {
	if i.on {
		return reg.Install(ctx, specARN(i.integration, i.name))
	}
	return reg.Uninstall(ctx, specARN(i.integration, i.name))
}

func (i installation) look(have Remote) look {
	if err := have.unreadable(jobSpecKind, []string{i.name}); err != nil {
		return look{state: unclear, what: fmt.Sprintf("the job spec %q: %v", i.name, err)}
	}
	if have.on(i.name) == i.on {
		return look{}
	}
	return look{state: asBefore, what: i.lacking()}
}

// lacking says that the job spec is not as it should be.
func (i installation) lacking() string {
	if i.on {
		return fmt.Sprintf("the job spec %q is not installed", i.name)
	}
	return fmt.Sprintf("the job spec %q is still installed", i.name)
}

func (jobSpecs) member() string { return "installed" }

func (jobSpecs) save(have Remote) any {
	var arns []string
	for _, name := range have.installedNames() {
		arns = append(arns, specARN(have.Integration, name))
	}
	return arns
}

func (jobSpecs) load(text json.RawMessage, f *Former) error {
	var arns []string
	if err := json.Unmarshal(text, &arns); err != nil {
		return err
	}
	for _, arn := range arns {
		f.Installed = append(f.Installed, shortName(arn))
	}
	return nil
}

// again wants exactly those on that were on, of the bundles that come back.
func (jobSpecs) again(r *returning) error {
	r.opt.JobSpecs = Selection{None: true}
	for _, name := range specNames(r.want) {
		if r.was.installed(name) {
			r.opt.JobSpecs.None = false
			r.opt.JobSpecs.Names = append(r.opt.JobSpecs.Names, name)
		}
	}
	return nil
}

// back switches on those that were on and are off, or go off with an upload of
// the way back, and off those that are on and were not.
func (jobSpecs) back(a *apply, w *wayBack, was Former, have Remote) {
	told := map[string]bool{}
	for _, name := range was.Installed {
		i := installation{a.plan.Integration, name, true}
		told[one(name)] = true
		if w.others(a.plan, name) {
			continue
		}
		w.goal.resources = append(w.goal.resources, i)
		if !have.on(name) || w.dropped[one(name)] {
			w.tasks = append(w.tasks, task{i.step(), i})
		}
	}
	for _, s := range a.plan.JobSpecs {
		if told[one(s.Name)] || w.others(a.plan, s.Name) || s.Action == SpecOrphan || s.Action == SpecSkip && s.Bundle == "" {
			continue
		}
		i := installation{a.plan.Integration, s.Name, false}
		w.goal.resources = append(w.goal.resources, i)
		if have.on(s.Name) {
			w.tasks = append(w.tasks, task{i.step(), i})
		}
	}
}

func (r Remote) installedNames() []string {
	var names []string
	for name := range r.installed() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
