package sentences

import (
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// flows tells what differs in the flows.
func (b *pair) flows() {
	was, is := flowsOf(b.old), flowsOf(b.new)
	for _, r := range b.matched {
		if r.any().Type.Value != zis.TypeFlow {
			continue
		}
		m := b.mark()
		picture := b.picture(was[r.old], is[r.new])
		switch {
		case r.old == nil:
			b.newFlow(is[r.new])
		case r.new == nil:
			b.lostFlow(was[r.old])
		default:
			b.around(r)
			b.flow(was[r.old], is[r.new], picture)
			b.renaming(r, m)
		}
		if b.note(r, m).Change == Changed {
			picture.Action = compare.Change
		}
	}
}

func flowsOf(b *zis.Bundle) map[*zis.Resource]*zis.Flow {
	flows := make(map[*zis.Resource]*zis.Flow, len(b.Flows))
	for _, f := range b.Flows {
		flows[f.Resource] = f
	}
	return flows
}

// newFlow tells of a flow that wasn't there, with every host it sends to.
func (b *pair) newFlow(f *zis.Flow) {
	steps, hosts := b.is.size(f)
	text := say("A new flow, %s, of %s", value(f.Name.Value), english.Plural(steps, "step"))
	if len(hosts) > 0 {
		text = append(text, say("; it sends to %s", list("and", hosts))...)
	}
	b.tell(Decision, pairing{nil, f.Node}.at(), text.add(".")).named(say("the new flow %s", value(f.Name.Value)))
}

func (b *pair) lostFlow(f *zis.Flow) {
	steps, hosts := b.was.size(f)
	text := say("The flow %s goes, with %s", former(f.Name.Value), english.Plural(steps, "step"))
	if len(hosts) > 0 {
		text = append(text, say("; it sent to %s", list("and", hosts))...)
	}
	b.tell(Decision, pairing{f.Node, nil}.at(), text.add(".")).named(say("the flow %s, which goes", former(f.Name.Value)))
}

// size is how many steps a flow has, and where it sends.
func (s *side) size(f *zis.Flow) (steps int, hosts []phrase) {
	seen := map[string]bool{}
	for state := range f.All {
		steps++
		a := s.action(state)
		if a == nil {
			continue
		}
		if where := requestOf(a.Definition).where(); !seen[where] {
			seen[where] = true
			hosts = append(hosts, phrase{{where, Value}})
		}
	}
	return steps, hosts
}

func (b *pair) flow(was, is *zis.Flow, picture *Flow) {
	old, new := definition(was.Resource), definition(is.Resource)
	if was.Machine == nil || is.Machine == nil {
		b.leaf(Unknown, pairing{old, new}, say("The definition of the flow %s", value(is.Name.Value)))
		return
	}
	within := *b
	within.when, within.flowName = b.occasion(is.Name.Value), is.Name.Value
	m := &machine{pair: &within, flow: is.Name.Value, was: was.Machine, is: is.Machine, flowOut: picture}
	m.compare(old, new)
}

// machine is a state machine before and after.
type machine struct {
	*pair
	flow    string
	flowOut *Flow // for its picture
	was, is *zis.Machine

	former  map[*zis.State]*zis.State // of ours, what it was
	later   map[string]string         // what former states are now called; those that are gone are missing
	byName  map[string]*zis.State     // ours
	oldName map[string]*zis.State
	done    map[*zis.State]bool // new or gone states that are told of
	hosts   map[*zis.State]map[string]bool
	into    map[string][]*source.Node
	read    map[string]string // paths that a Choice reads, and those around them, with its name
}

// compare tells what differs between two definitions.
func (m *machine) compare(old, new *source.Node) {
	m.matchStates()
	m.drawn()
	for _, p := range members(old, new) {
		switch p.any().Name {
		case "States":
			if !p.old.IsObject() || !p.new.IsObject() {
				m.leaf(Unknown, p, say("The steps of the flow %s", value(m.flow)))
			}
		case "StartAt":
			m.startAt(p)
		case "Comment":
			m.tell(Note, p.at(), say("The comment of the flow %s is another.", value(m.flow)))
		default:
			m.leaf(Unknown, p, say("The member %s of the flow %s", value(p.any().Name), value(m.flow)))
		}
	}
	for _, s := range m.is.States {
		if was := m.former[s]; was != nil {
			since := m.mark()
			m.state(was, s)
			m.renamedState(was, s, since)
		}
	}
	m.comeAndGone()
}

// startAt tells that the flow begins with another state.
func (m *machine) startAt(p pairing) {
	was, is := text(p.old), text(p.new)
	if m.later[was] == is && is != "" {
		return // only its name is another
	}
	if m.inserted(slot{at: p.new, to: is}, was, say("at the beginning, before")) || m.bypassed(p.at(), was, is, say("at the beginning")) {
		return
	}
	m.tell(Decision, p.at(), say("The flow begins with %s (before: %s).", value(is), former(was))).named(value2(is))
}

// leading are the places of our states that name a state.
func (m *machine) leading(name string) []*source.Node {
	if m.into == nil {
		m.into = map[string][]*source.Node{}
		for _, s := range m.is.States {
			for _, l := range slots(s) {
				m.into[l.to] = append(m.into[l.to], l.at)
			}
		}
	}
	return m.into[name]
}

func value2(s string) phrase { return phrase{value(s)} }

// renamedState tells that a state has another name.
func (m *machine) renamedState(was, is *zis.State, since mark) {
	if was.Name == is.Name {
		return
	}
	at := pairing{was.Node, is.Node}.at()
	for _, n := range m.leading(is.Name) {
		at = append(at, n.Pointer())
	}
	if m.is.StartAt.Value == is.Name && m.is.StartAt.Given() {
		at = append(at, m.is.StartAt.Node.Pointer())
	}
	m.tell(Rename, at, say("The step %s is now called %s%s.", former(was.Name), value(is.Name), m.sameAs(since)))
}

// slot is a place in a state that names where the flow goes on.
type slot struct {
	kind string // Next, Default, or what a rule or handler is
	at   *source.Node
	to   string
}

// slots are the transitions of a state.
func slots(s *zis.State) []slot {
	var list []slot
	add := func(kind string, to zis.String) {
		if to.Given() {
			list = append(list, slot{kind, to.Node, to.Value})
		}
	}
	add("Next", s.Next)
	add("Default", s.Default)
	for _, c := range s.Choices {
		add("rule", c.Next)
	}
	for _, c := range s.Catches {
		add("error", c.Next)
	}
	return list
}
