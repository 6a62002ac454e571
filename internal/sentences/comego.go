package sentences

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// longest is how many new states in a row are looked at as one insertion.
const longest = 50

// inserted tells of new states between a place and what followed it before.
// It is false where there are none.
func (m *machine) inserted(l slot, was string, where phrase) bool {
	aim, ok := m.later[was]
	if !ok {
		return false
	}
	var chain []*zis.State
	for to := l.to; to != aim; {
		s := m.byName[to]
		if s == nil || m.former[s] != nil || m.done[s] || len(chain) == longest || slices.Contains(chain, s) {
			return false
		}
		chain = append(chain, s)
		to = onward(s)
	}
	if len(chain) == 0 {
		return false
	}
	at := []string{l.at.Pointer()}
	for _, s := range chain {
		m.done[s] = true
		at = append(at, s.Node.Pointer())
	}
	m.comes(chain, at, say(" %s %s", where, value(aim)))
	return true
}

// onward is where a state leads when all goes well and no rule holds.
func onward(s *zis.State) string {
	if s.Next.Given() {
		return s.Next.Value
	}
	return s.Default.Value
}

// bypassed tells of states that are gone between a place and what follows it
// now. It is false where there are none.
func (m *machine) bypassed(at []string, was, is string, where phrase) bool {
	var chain []*zis.State
	for to := was; m.later[to] != is || to == ""; {
		s := m.oldName[to]
		if _, stays := m.later[to]; s == nil || stays || m.done[s] || len(chain) == longest || slices.Contains(chain, s) {
			return false
		}
		chain = append(chain, s)
		to = onward(s)
	}
	if len(chain) == 0 {
		return false
	}
	for _, s := range chain {
		m.done[s] = true
		at = append(at, s.Node.Pointer())
	}
	m.goes(chain, at, say(" %s, before %s", where, value(is)))
	return true
}

// comeAndGone tells of the states that are new or gone and not yet told of.
func (m *machine) comeAndGone() {
	was, is := m.left()
	for _, s := range is {
		if !m.done[s] {
			m.comes([]*zis.State{s}, []string{s.Node.Pointer()}, nil)
		}
	}
	for _, s := range was {
		if !m.done[s] {
			m.goes([]*zis.State{s}, []string{s.Node.Pointer()}, nil)
		}
	}
}

// comes tells of new states in a row.
func (m *machine) comes(chain []*zis.State, at []string, where phrase) {
	var what, names, hosts []phrase
	d := draft{kind: Decision, inside: true, bundle: m.name, when: m.when, flow: m.flowName, pointers: at}
	for _, s := range chain {
		names = append(names, value2(s.Name))
		what = append(what, append(value2(s.Name), say(" (%s)", m.does(m.pair.is, s))...))
		if req, ok := m.calls(m.pair.is, s); ok {
			d.kind, d.inside = Destination, d.inside && req.host == ""
			d.alarm = d.alarm || m.foreign(req) && !m.isNew(s)
			hosts = append(hosts, phrase{{req.where(), Value}})
		}
	}
	d.text, d.short = say("%s%s: %s.", english.Plural(len(chain), "new step"), where, few("and", longest, what)), say("%s (new)", list("and", names))
	if len(chain) == 1 {
		d.text = say("A new step%s: %s.", where, what[0])
	}
	if len(hosts) > 0 {
		d.short = list("and", hosts)
	}
	m.world.tell(d)
}

// isNew tells whether the action that a state calls is told of as a new
// request already.
func (m *machine) isNew(s *zis.State) bool {
	a := m.pair.is.action(s)
	return a != nil && m.newRequests[a.Resource]
}

// goes tells of states in a row that are gone.
func (m *machine) goes(chain []*zis.State, at []string, where phrase) {
	var what, names, hosts []phrase
	d := draft{kind: Decision, inside: true, bundle: m.name, when: m.when, flow: m.flowName, pointers: at}
	for _, s := range chain {
		names = append(names, phrase{former(s.Name)})
		what = append(what, phrase{former(s.Name), {" (" + m.does(m.pair.was, s).plain() + ")", Words}})
		if req, ok := m.calls(m.pair.was, s); ok {
			d.kind, d.inside = Destination, d.inside && req.host == ""
			hosts = append(hosts, phrase{{req.where(), Former}})
		}
	}
	d.text, d.short = say("%s go%s: %s.", english.Plural(len(chain), "step"), where, few("and", longest, what)), say("%s (gone)", list("and", names))
	if len(chain) == 1 {
		d.text = say("A step goes%s: %s.", where, what[0])
	}
	if len(hosts) > 0 {
		d.short = list("and", hosts)
	}
	m.world.tell(d)
}

// calls is the request that a state sends, if it sends one.
func (m *machine) calls(of *side, s *zis.State) (request, bool) {
	if a := of.action(s); a != nil {
		return of.request(a), true
	}
	return request{}, false
}

// does says in few words what a state does.
func (m *machine) does(of *side, s *zis.State) phrase {
	if req, ok := m.calls(of, s); ok {
		return say("it sends %s", req.name())
	}
	switch s.Type.Value {
	case zis.StateAction:
		return say("it runs %s", value(shortAction(s)))
	case zis.StateChoice:
		if len(s.Choices) == 1 {
			return say("it goes to %s if %s, else to %s", value(s.Choices[0].Next.Value), cond(s.Choices[0].Condition), value(s.Default.Value))
		}
		return say("it decides by %s", english.Plural(len(s.Choices), "rule"))
	case zis.StateWait:
		return say("it waits %s", seconds(s.Node))
	case zis.StateMap:
		return say("it goes over %s", value(text(s.Node.Get("ItemsPath"))))
	case zis.StateSucceed:
		return say("the flow ends there")
	case zis.StateFail:
		return say("the flow ends there with the error %s", shownOr(s.Node.Get("Error")))
	case zis.StatePass:
		return say("it sets values")
	}
	return say("of the unknown type %s", value(s.Type.Value))
}

func shownOr(n *source.Node) Part {
	if n == nil {
		return Part{"without a name", Words}
	}
	return shown(n)
}

func cond(rule zis.Condition) Part { return Part{shorten(Condition(rule), 2*valueWidth), Value} }

// seconds is how long a Wait waits.
func seconds(wait *source.Node) phrase {
	if n := wait.Get("Seconds"); n != nil {
		return say("%s s", shown(n))
	}
	if n := wait.Get("SecondsPath"); n != nil {
		return say("as many seconds as %s says", shown(n))
	}
	return say("for a time that isn't given")
}

// shortAction is what an Action calls, without what all built-ins have.
func shortAction(s *zis.State) string {
	if arn, ok := zis.ParseARN(s.ActionName.Value); ok {
		return arn.Name
	}
	return s.ActionName.Value
}
