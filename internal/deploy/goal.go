package deploy

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
)

// goal is a state of the account: what a plan wants, or what a way back leads
// to. Proving is the same for both.
type goal struct {
	resources []resource
	// keep are job specs of bundles that aren't ours. They were on, and an
	// upload of ours must not leave them off.
	keep []installation
}

// goal is what the plan wants; what is to be pruned counts only when that has
// been done.
func (p Prepared) goal(pruned bool) goal {
	var g goal
	for _, i := range p.intents {
		switch {
		case i.keep:
			g.keep = append(g.keep, i.resource.(installation))
		case pruned || !i.prune:
			g.resources = append(g.resources, i.resource)
		}
	}
	return g
}

// outlook is what one reading says of a goal.
type outlook struct {
	off     []installation // job specs that are not as they should be
	kept    []installation // of these, those of other bundles
	waiting []look         // bundles that are as they were before
	altered []look         // bundles that are neither
	unclear []look         // what the reading doesn't tell
	notes   []compare.Note
	seen    []Seen
}

// look compares a reading of the account with the goal.
func (g goal) look(have Remote) outlook {
	var o outlook
	for _, r := range g.resources {
		o.add(r, r.look(have))
	}
	for _, k := range g.keep {
		if k.look(have).state == asBefore {
			o.off, o.kept = append(o.off, k), append(o.kept, k)
		}
	}
	return o
}

func (o *outlook) add(r resource, l look) {
	o.notes = append(o.notes, l.notes...)
	if l.seen != nil && (l.state == held || l.state == other) {
		o.seen = append(o.seen, *l.seen)
	}
	i, isSpec := r.(installation)
	switch {
	case l.state == unclear:
		o.unclear = append(o.unclear, l)
	case l.state == asBefore && isSpec:
		o.off = append(o.off, i)
	case l.state == asBefore:
		o.waiting = append(o.waiting, l)
	case l.state == other:
		o.altered = append(o.altered, l)
	}
}

// reached tells whether the account is as the goal says.
func (o outlook) reached() bool {
	return len(o.off)+len(o.waiting)+len(o.altered)+len(o.unclear) == 0
}

// likely tells whether all that is missing is the certainty which of several
// entries runs.
func (o outlook) likely() bool {
	for _, l := range o.waiting {
		if !l.likely {
			return false
		}
	}
	return len(o.off)+len(o.altered)+len(o.unclear) == 0
}

// String lists in words what the account lacks of the goal.
func (o outlook) String() string {
	var list []string
	for _, looks := range [][]look{o.waiting, o.altered, o.unclear} {
		for _, l := range looks {
			list = append(list, l.what)
		}
	}
	for _, i := range o.off {
		list = append(list, i.lacking())
	}
	return strings.Join(list, "; ")
}

// uuids are those of the plan's bundles, as they were read last.
func (p Prepared) uuids(have Remote, seen []Seen) []string {
	var uuids []string
	for i, b := range p.Bundles {
		uuid := ""
		if stored, _ := have.current(b.Name, p.want[i].Doc, seen); stored != nil {
			uuid = stored.UUID
		}
		uuids = append(uuids, uuid)
	}
	return uuids
}

// Installed are the ARNs of the wanted job specs that were installed when the
// plan was made.
func (p Plan) Installed() []string {
	var arns []string
	for _, s := range p.JobSpecs {
		if s.Installed && (s.Action == SpecKeep || s.Action == SpecInstall) {
			arns = append(arns, s.ARN)
		}
	}
	return arns
}
