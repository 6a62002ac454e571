package report

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// tense is how a verdict speaks of what a plan does. Of the past it tells how
// many job specs are installed in the end instead.
type tense struct{ add, change, remove, install, uninstall string }

var (
	present = tense{add: "add", change: "change", remove: "remove", install: "install", uninstall: "uninstall"}
	past    = tense{add: "added", change: "changed", remove: "removed", uninstall: "uninstalled"}
)

// would says what a plan does: "add 1 flow, change 2 actions, install 1 job
// spec". A job spec that is only installed again after an upload is left out.
func (r Report) would() string {
	parts := r.doings(present)
	if len(parts) == 0 {
		return "upload and install the same again"
	}
	return strings.Join(parts, ", ")
}

// did says what a deploy has done.
func (r Report) did() string {
	now := english.Amount(len(r.Deploy.Installed), "job spec") + " installed"
	if parts := r.doings(past); len(parts) > 0 {
		return strings.Join(parts, ", ") + "; " + now
	}
	return now
}

func (r Report) doings(t tense) (parts []string) {
	for _, a := range []struct {
		action deploy.Action
		verb   string
	}{{deploy.Add, t.add}, {deploy.Change, t.change}, {deploy.Remove, t.remove}} {
		if things := affected(r.Plan.Plan, a.action); len(things) > 0 {
			parts = append(parts, a.verb+" "+english.Join(things))
		}
	}
	tasks := r.Tasks()
	if tasks.Install > 0 && t.install != "" {
		parts = append(parts, t.install+" "+english.Plural(tasks.Install, "job spec"))
	}
	if tasks.Uninstall > 0 {
		parts = append(parts, t.uninstall+" "+english.Plural(tasks.Uninstall, "job spec"))
	}
	return parts
}

// affected counts by kind what an action happens to: "2 flows", "1 action".
func affected(p deploy.Plan, a deploy.Action) []string {
	count := map[string]int{}
	for _, b := range p.Bundles {
		for _, d := range b.Changes {
			if d.Action == a {
				count["bundle field"]++
			}
		}
		for _, r := range b.Resources {
			if r.Action == a {
				count[r.Kind]++
			}
		}
	}
	var things []string
	take := func(kind, noun string) {
		if n := count[kind]; n > 0 {
			things = append(things, english.Plural(n, noun))
		}
		delete(count, kind)
	}
	take("flow", "flow")
	take("action", "action")
	take("job_spec", "job spec")
	take("bundle field", "bundle field")
	others := 0
	for _, n := range count {
		others += n
	}
	if others > 0 {
		things = append(things, english.Plural(others, "resource"))
	}
	return things
}
