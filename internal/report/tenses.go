package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// would says what a plan does: "add 1 flow, change 2 actions, install 1 job
// spec". A job spec that is only installed again after an upload is left out.
func (r Report) would() string {
	parts := r.doings(false)
	if len(parts) == 0 {
		return "upload and install the same again"
	}
	return strings.Join(parts, ", ")
}

// did says what a deploy has done.
func (r Report) did() string {
	now := english.Amount(len(r.Deploy.Installed), "job spec") + " installed"
	if len(r.Deploy.Installed) == 0 && len(r.Plan.Bundles) == 0 { // others may be
		now = "none of these job specs is on"
	}
	if parts := r.doings(true); len(parts) > 0 {
		now = strings.Join(parts, ", ") + "; " + now
	}
	return now + r.extra()
}

// extras are the job specs that fire and are in no file.
func (r Report) extras() []deploy.SpecPlan {
	return slices.DeleteFunc(slices.Clone(r.Plan.JobSpecs), func(s deploy.SpecPlan) bool { return s.Action != deploy.SpecOrphan })
}

// extra says which job specs fire and are in no file, and what they start; ""
// if there are none.
func (r Report) extra() string {
	extras := r.extras()
	if len(extras) == 0 {
		return ""
	}
	var starts []string
	for _, s := range extras {
		starts = append(starts, fmt.Sprintf("%q starts the flow %q", s.Name, s.Flow))
	}
	return fmt.Sprintf(", and %s more: %s", english.Plural(len(extras), "job spec"), english.Join(starts))
}

// pruneNext says how the job specs that are in no file are switched off.
func (r Report) pruneNext(say verdict.Words) string {
	hint, plain := verdict.Hint{Code: verdict.Prune}, "prune uninstalls what is in no file"
	switch extras := r.extras(); {
	case len(extras) == 0:
		return ""
	case slices.ContainsFunc(extras, func(s deploy.SpecPlan) bool { return !s.Ours }):
		hint.Code, plain = verdict.PruneOrphans, "prune with prune-orphans uninstalls what is in no file"
	}
	if say == nil {
		return plain
	}
	return cmp.Or(say(hint), plain)
}

// tryNext says how to see it run: where no job spec is on, no event starts it.
func (r Report) tryNext() string {
	logs := "runs are shown in Admin Center > Apps and integrations > Integrations > Logs"
	if r.Where == account.Local {
		logs = "zis run --target local causes an event and shows the run"
	}
	switch {
	case slices.ContainsFunc(r.Plan.JobSpecs, r.fires):
		return "to test it, cause one of its events; " + logs
	case len(r.Plan.Bundles) == 0: // job specs alone were switched off
		return ""
	case slices.ContainsFunc(r.Plan.Others, func(o deploy.Other) bool { return slices.ContainsFunc(o.JobSpecs, r.fires) }):
		return "no job spec of these files is installed: only those of the integration's other bundles may start it; " + logs
	}
	return "nothing starts it: no job spec is installed"
}

// fires tells whether a job spec is on after the deploy.
func (r Report) fires(s deploy.SpecPlan) bool {
	switch s.Action {
	case deploy.SpecInstall, deploy.SpecKeep, deploy.SpecOrphan:
		return true
	case deploy.SpecSkip: // an upload of its bundle switches it off
		return s.Installed && !slices.ContainsFunc(r.Plan.Bundles, func(b deploy.BundlePlan) bool {
			return b.Name == s.Bundle && b.Action != compare.Keep
		})
	}
	return false
}

// groups are what can happen to resources, in the order in which a verdict
// names them.
var groups = []struct {
	of            func(sentences.Resource) bool
	present, past string // around the things
}{
	{is(sentences.Added), "add %s", "added %s"},
	{is(sentences.Changed), "change %s", "changed %s"},
	{is(sentences.Idle), "change comments in %s", "changed comments in %s"},
	{func(r sentences.Resource) bool { return r.Change == sentences.Renamed && !r.Fires }, "rename %s", "renamed %s"},
	{func(r sentences.Resource) bool { return r.Change == sentences.Renamed && r.Fires }, "rename %s that goes on firing under the former name too", "renamed %s that goes on firing under the former name too"},
	{func(r sentences.Resource) bool { return r.Change == sentences.Removed && !r.Fires }, "remove %s", "removed %s"},
	{func(r sentences.Resource) bool { return r.Change == sentences.Removed && r.Fires }, "leave %s firing that the files no longer have", "left %s firing that the files no longer have"},
}

func is(c sentences.Change) func(sentences.Resource) bool {
	return func(r sentences.Resource) bool { return r.Change == c }
}

func (r Report) doings(past bool) (parts []string) {
	told := r.Told()
	for _, g := range groups {
		things := affected(told, g.of)
		if g.present == "change %s" {
			things = append(things, r.fields()...)
		}
		words := g.present
		if past {
			words = g.past
		}
		if len(things) > 0 {
			parts = append(parts, fmt.Sprintf(words, english.Join(things)))
		}
	}
	tasks := r.Tasks()
	if tasks.Install > 0 && !past {
		parts = append(parts, "install "+english.Plural(tasks.Install, "job spec"))
	}
	if tasks.Uninstall > 0 {
		parts = append(parts, map[bool]string{false: "uninstall ", true: "uninstalled "}[past]+english.Plural(tasks.Uninstall, "job spec"))
	}
	return parts
}

// fields counts the values of bundles outside their resources that differ.
func (r Report) fields() []string {
	n := 0
	for _, b := range r.Plan.Bundles {
		n += compare.Count(b.Changes)
	}
	if n == 0 {
		return nil
	}
	return []string{english.Plural(n, "bundle field")}
}

// affected counts resources by kind: "2 flows", "1 action".
func affected(told sentences.Told, of func(sentences.Resource) bool) []string {
	count := map[string]int{}
	for _, r := range told.Resources {
		if of(r) {
			count[r.Kind]++
		}
	}
	var things []string
	for _, kind := range []struct{ kind, noun string }{{"flow", "flow"}, {"action", "action"}, {"job_spec", "job spec"}} {
		if n := count[kind.kind]; n > 0 {
			things = append(things, english.Plural(n, kind.noun))
		}
		delete(count, kind.kind)
	}
	others := 0
	for _, n := range count {
		others += n
	}
	if others > 0 {
		things = append(things, english.Plural(others, "resource"))
	}
	return things
}
