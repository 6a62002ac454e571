package sentences

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// side is what is asked of one bundle again and again.
type side struct {
	actions map[string]*zis.Action    // by name
	callers map[string][]*zis.State   // by the name of the action
	starts  map[string][]*zis.JobSpec // by the name of the flow
	refs    map[string][]*source.Node // who names what: by kind:name
}

func newSide(b *zis.Bundle) *side {
	s := &side{
		actions: map[string]*zis.Action{}, callers: map[string][]*zis.State{},
		starts: map[string][]*zis.JobSpec{}, refs: map[string][]*source.Node{},
	}
	for _, a := range b.Actions {
		s.actions[a.Name.Value] = a
	}
	for _, f := range b.Flows {
		for state := range f.All {
			if arn, ok := zis.ParseARN(state.ActionName.Value); ok && arn.Integration != zis.Common {
				s.callers[arn.Name] = append(s.callers[arn.Name], state)
				s.refer(arn, state.ActionName.Node)
			}
		}
	}
	for _, j := range b.JobSpecs {
		if arn, ok := zis.ParseARN(j.FlowName.Value); ok {
			s.starts[arn.Name] = append(s.starts[arn.Name], j)
			s.refer(arn, j.FlowName.Node)
		}
	}
	return s
}

func (s *side) refer(arn zis.ARN, n *source.Node) {
	word := arn.Kind + ":" + arn.Name
	s.refs[word] = append(s.refs[word], n)
}

// action is the action of the same bundle that a state calls; nil if there is
// none.
func (s *side) action(state *zis.State) *zis.Action {
	arn, ok := zis.ParseARN(state.ActionName.Value)
	if !ok || arn.Integration == zis.Common || arn.Kind != zis.KindAction {
		return nil
	}
	return s.actions[arn.Name]
}

// followers are the places that name a resource that now has another name.
func (b *pair) followers(kind string, r resourcePair) []string {
	if r.old.Name.Value == r.new.Name.Value {
		return nil
	}
	var at []string
	for _, n := range b.is.refs[kind+":"+r.new.Name.Value] {
		at = append(at, n.Pointer())
	}
	return at
}

// subject is whose data a request carries, by the events that start the flows
// that send it: "Ticket data".
func (b *pair) subject(action string) string {
	word := ""
	for _, state := range b.is.callers[action] {
		for _, j := range b.is.starts[state.Flow.Name.Value] {
			switch s := subjectOf(j.EventType.Value); word {
			case "", s:
				word = s
			default:
				return "Data"
			}
		}
	}
	if word == "" {
		return "Data"
	}
	return word
}

// events are the clauses of what starts a flow, without repetitions.
func (s *side) events(flow string) []phrase {
	var list []phrase
	for _, j := range s.starts[flow] {
		c := clause(j.EventSource.Value, j.EventType.Value)
		if !slices.ContainsFunc(list, func(p phrase) bool { return p.plain() == c.plain() }) {
			list = append(list, c)
		}
	}
	return list
}

// occasion names a flow by what starts it, in front of a sentence about it: "When
// a ticket is created: ". Where there is only one flow, nobody asks.
func (b *pair) occasion(flow string) phrase {
	if b.machines < 2 {
		return nil
	}
	events := b.is.events(flow)
	if len(events) == 0 {
		events = b.was.events(flow)
	}
	if len(events) == 0 {
		return say("In the flow %s: ", value(flow))
	}
	return say("When %s: ", few("or", 3, events))
}
