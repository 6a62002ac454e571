package sentences

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// Change says what happens to a resource as a whole.
type Change string

// What can happen to a resource.
const (
	Kept    Change = "kept"    // or only follows what has another name
	Added   Change = "added"   //
	Removed Change = "removed" //
	Changed Change = "changed" // it does something else
	Renamed Change = "renamed" // it does the same under another key or name
	Idle    Change = "idle"    // only comments differ
)

// Resource is a resource of a bundle and what happens to it. A renamed one has
// both keys and names.
type Resource struct {
	Bundle          string
	Kind            string // as in a plan: flow, action, job_spec; the type itself if unknown
	Change          Change
	Key, Name       string // as it will be, or as it was if it goes
	WasKey, WasName string // of a renamed one
	Fires           bool   // a job spec that is removed or renamed, and still installed under its former name
}

// mark is how much was told at a moment.
type mark struct{ drafts, folded int }

func (w *world) mark() mark { return mark{len(w.drafts), w.folded} }

// note says what happens to a resource, by what was told of it since m.
func (b *pair) note(r resourcePair, m mark) *Resource {
	of := r.any()
	res := Resource{Bundle: b.name, Kind: of.Kind(), Key: of.Key, Name: of.Name.Value, Change: b.changeOf(r, m)}
	if res.Kind == "" {
		res.Kind = of.Type.Value
	}
	if b.renames(r) {
		res.WasKey, res.WasName = r.old.Key, r.old.Name.Value
	}
	b.out.Resources = append(b.out.Resources, res)
	return &b.out.Resources[len(b.out.Resources)-1]
}

func (b *pair) renames(r resourcePair) bool {
	return r.old != nil && r.new != nil && (r.old.Key != r.new.Key || r.old.Name.Value != r.new.Name.Value)
}

func (b *pair) changeOf(r resourcePair, m mark) Change {
	told := b.drafts[m.drafts:]
	switch {
	case r.old == nil:
		return Added
	case r.new == nil:
		return Removed
	case b.folded > m.folded || slices.ContainsFunc(told, func(d draft) bool { return !d.kind.idle() }):
		return Changed
	case b.renames(r):
		return Renamed
	case len(told) > 0:
		return Idle
	}
	return Kept
}

// resource says what happens to a job spec as a whole.
func (s specPair) resource(m mark) {
	res := s.note(s.resourcePair, m)
	if s.was != nil && s.is != nil {
		// whether it is switched on or off is told, but not what it is
		same := s.was.EventSource.Value == s.is.EventSource.Value && s.was.EventType.Value == s.is.EventType.Value && s.now(s.was.FlowName.Value) == s.is.FlowName.Value
		switch {
		case same && s.renames(s.resourcePair):
			res.Change = Renamed
		case same && res.Change == Changed:
			res.Change = Kept
		}
	}
	res.Fires = s.left != nil && s.left.Action == deploy.SpecOrphan && (s.is == nil || s.was.Name.Value != s.is.Name.Value)
}
