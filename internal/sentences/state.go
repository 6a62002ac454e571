package sentences

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// state tells what differs in one state.
func (m *machine) state(was, is *zis.State) {
	step := value2(is.Name)
	if was.Type.Value != is.Type.Value {
		m.another(was, is)
		return
	}
	for _, p := range members(was.Node, is.Node) {
		switch p.any().Name {
		case "Next":
			m.next(was, is, p)
		case "End":
			if was.Next.Given() == is.Next.Given() {
				m.leaf(Decision, p, say("Whether the flow ends after %s", step))
			} // else it is told of with Next
		case "Default":
			m.otherwise(was, is, p)
		case "Choices":
			m.choices(was, is, p)
		case "Catch":
			m.catch(was, is, p)
		case "ActionName":
			m.actionName(was, is, p)
		case "Parameters":
			m.parameters(was, is, p)
		case "Iterator":
			m.iterator(was, is, p)
		case "Message", "Error", "Cause":
			m.message(p, say("The log at %s", step))
		case "Comment":
			m.tell(Note, p.at(), say(".")).both(say("Another comment, at "), step)
		case "Seconds", "SecondsPath":
			m.wait(was, is, p)
		case "TimeoutSeconds":
			m.leaf(Decision, p, say("After how many seconds %s is given up", step))
		case "Result":
			m.sets(is, p)
		case "ResultPath":
			m.leaf(Data, p, say("Where %s keeps its result", step))
		case "ItemsPath":
			m.leaf(Decision, p, say("What %s goes over", step))
		default:
			m.leaf(Unknown, p, say("The member %s of the step %s", value(p.any().Name), step))
		}
	}
}

// another tells of a state that is something else under the same name.
func (m *machine) another(was, is *zis.State) {
	d := m.tell(Decision, pairing{was.Node, is.Node}.at(), say("The step %s is another: %s (before: %s).",
		value(is.Name), m.does(m.pair.is, is), m.does(m.pair.was, was).plain())).named(value2(is.Name))
	m.sent(d, was, is)
}

// next tells where a flow goes on after a state.
func (m *machine) next(was, is *zis.State, p pairing) {
	from, to := was.Next.Value, is.Next.Value
	if is.Next.Given() && was.Next.Given() && m.later[from] == to {
		return // only its name is another
	}
	at := pairing{was.Next.Node, is.Next.Node}.at()
	at = append(at, pairing{was.End, is.End}.at()...)
	if is.Next.Given() && was.Next.Given() {
		between := say("between %s and", value(is.Name))
		if m.inserted(slot{to: to, at: is.Next.Node}, from, between) || m.bypassed(at, from, to, say("after %s", value(is.Name))) {
			return
		}
	}
	text := say("After %s the flow goes on with %s (before: %s).", value(is.Name), value(to), former(from))
	switch {
	case !is.Next.Given() && !was.Next.Given(): // no string
		m.leaf(Unknown, p, say("What follows %s", value(is.Name)))
		return
	case !is.Next.Given():
		text = say("After %s the flow ends (before: it went on with %s).", value(is.Name), former(from))
	case !was.Next.Given():
		text = say("After %s the flow goes on with %s (before: it ended).", value(is.Name), value(to))
	}
	m.tell(Decision, at, text).named(value2(is.Name))
}

// wait tells how long a flow now waits; both ways to say it are told once.
func (m *machine) wait(was, is *zis.State, p pairing) {
	if p.new == nil && (is.Node.Get("Seconds") != nil || is.Node.Get("SecondsPath") != nil) {
		return // told of with the other one
	}
	at := p.at()
	for _, field := range []string{"Seconds", "SecondsPath"} {
		at = append(at, pairing{was.Node.Get(field), is.Node.Get(field)}.at()...)
	}
	m.tell(Decision, unique(at), say("%s waits %s (before: %s).", value(is.Name), seconds(is.Node), seconds(was.Node).plain())).named(value2(is.Name))
}

func unique(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// catch tells what happens where a state fails.
func (m *machine) catch(was, is *zis.State, p pairing) {
	step := value(is.Name)
	switch {
	case p.old == nil && len(is.Catches) == 1:
		m.tell(Decision, p.at(), say("If %s fails, the flow goes on with %s (before: it stopped).", step, value(is.Catches[0].Next.Value))).named(value2(is.Name))
	case p.new == nil && len(was.Catches) > 0:
		m.tell(Decision, p.at(), say("If %s fails, the flow stops (before: it went on with %s).", step, former(was.Catches[0].Next.Value))).named(value2(is.Name))
	case len(was.Catches) != 1 || len(is.Catches) != 1:
		m.leaf(Decision, p, say("What happens if %s fails", step))
	default:
		m.handler(was, is, step)
	}
}

// handler tells what differs in the one error handler of a state.
func (m *machine) handler(was, is *zis.State, step Part) {
	for _, p := range members(was.Catches[0].Node, is.Catches[0].Node) {
		from, to := text(p.old), text(p.new)
		switch {
		case p.any().Name != "Next":
			m.leaf(Data, p, say("%s of what happens if %s fails", value(p.any().Name), step))
		case m.later[from] == to && to != "":
		case m.inserted(slot{to: to, at: p.any()}, from, say("when %s fails, before", step)), m.bypassed(p.at(), from, to, say("when %s fails", step)):
		default:
			m.tell(Decision, p.at(), say("If %s fails, the flow goes on with %s (before: %s).", step, value(to), former(from))).named(phrase{step})
		}
	}
}

// actionName tells that a state calls something else.
func (m *machine) actionName(was, is *zis.State, p pairing) {
	if m.now(was.ActionName.Value) == is.ActionName.Value && is.ActionName.Given() {
		return // only its name is another
	}
	d := m.tell(Decision, p.at(), say("The step %s does something else: %s (before: %s).", value(is.Name), m.does(m.pair.is, is), m.does(m.pair.was, was).plain())).
		named(value2(is.Name))
	m.sent(d, was, is)
}

// sent makes what is told of two states something about where data goes, if
// one of them sends any.
func (m *machine) sent(d *draft, was, is *zis.State) {
	if req, ok := m.calls(m.pair.was, was); ok {
		d.kind = Destination
		d.to(req)
	}
	if req, ok := m.calls(m.pair.is, is); ok {
		d.kind = Destination
		d.to(req).alarmed(m.foreign(req) && !m.isNew(is))
	}
}

// iterator tells what differs in what a Map does with each item.
func (m *machine) iterator(was, is *zis.State, p pairing) {
	if was.Iterator == nil || is.Iterator == nil {
		m.leaf(Unknown, p, say("What %s does with each item", value(is.Name)))
		return
	}
	inner := &machine{pair: m.pair, flow: m.flow, flowOut: m.flowOut, was: was.Iterator, is: is.Iterator}
	inner.compare(p.old, p.new)
}

// parameters tells what differs in what a state passes on.
func (m *machine) parameters(was, is *zis.State, p pairing) {
	what := say("What %s passes on", value(is.Name))
	if p.old == nil || p.new == nil || !p.old.IsObject() || !p.new.IsObject() {
		m.leaf(Data, p, what)
		return
	}
	req, sends := m.calls(m.pair.is, is)
	rest, renamed := m.otherKeys(leaves(p))
	for _, r := range m.most(Data, p, renamed, what) {
		m.tell(Data, r.at(), say("What %s passes on as %s is now called %s.", value(is.Name), former(keyOf(r.old)), value(keyOf(r.new))))
	}
	for _, l := range m.most(Data, p, rest, what) {
		key := keyOf(l.any())
		switch {
		case strings.HasSuffix(is.ActionName.Value, ":transform:Jq"):
			m.jq(is, l, key)
		case sends:
			m.passes(req, is, l, key)
		case prose(l.old, key) || prose(l.new, key):
			m.message(l, say("The %s of the step %s", value(key), value(is.Name)))
		default:
			m.leaf(Data, l, say("What %s works with: %s", value(is.Name), value(key)))
		}
	}
}

// passes tells what differs in what a state gives to its request.
func (m *machine) passes(req request, is *zis.State, p pairing, key string) {
	was, now := fills(p.old), fills(p.new)
	switch come, gone := without(now, was), without(was, now); {
	case p.old == nil && m.added(is, key, p):
	case prose(p.old, key) || prose(p.new, key):
		m.message(p, say("The %s that %s sends", value(key), value(is.Name)))
	case len(come) > 0 && len(gone) > 0:
		m.tell(sentKind(come, gone), p.at(), say(": in %s, %s is now taken from %s (before: %s).", value(is.Name), value(key), paths(come, Value), paths(gone, Former))).about(req.name()).to(req)
	case len(come) > 0:
		m.tell(Destination, p.at(), say(": in %s, %s is new, from %s.", value(is.Name), value(key), paths(come, Value))).about(req.name()).to(req)
	case len(gone) > 0 && p.new == nil:
		m.tell(Destination, p.at(), say(": in %s, %s goes (it came from %s).", value(is.Name), former(key), paths(gone, Former))).about(req.name()).to(req)
	default:
		m.leaf(Data, p, say("What %s passes on as %s", value(is.Name), value(key)))
	}
}

// added tells whether that a request carries more data was told of its action
// already, and adds the place in a state that calls it.
func (m *machine) added(s *zis.State, key string, p pairing) bool {
	a := m.pair.is.action(s)
	i, ok := m.more[a.Name.Value+"\x00"+key]
	if ok {
		m.folded++
		m.drafts[i].pointers = append(m.drafts[i].pointers, p.at()...)
	}
	return ok
}

// sentKind is how much it matters that data comes from elsewhere: of the same
// name it is most likely the same.
func sentKind(come, gone []string) Kind {
	if len(come) == 1 && len(gone) == 1 && last(come[0]) == last(gone[0]) {
		return Data
	}
	return Destination
}

func paths(list []string, style Style) phrase {
	var out []phrase
	for _, p := range list {
		out = append(out, phrase{{name(p), style}})
	}
	return few("and", 4, out)
}
