package sentences

import (
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// side is what is asked of one bundle again and again.
type side struct {
	actions  map[string]*zis.Action    // by name
	callers  map[string][]*zis.State   // by the name of the action
	starts   map[string][]*zis.JobSpec // by the name of the flow
	requests map[*zis.Action]request
	refs     map[string][]*source.Node // who names what: by kind:name
}

func newSide(b *zis.Bundle) *side {
	s := &side{
		actions: map[string]*zis.Action{}, callers: map[string][]*zis.State{},
		starts: map[string][]*zis.JobSpec{}, refs: map[string][]*source.Node{},
		requests: map[*zis.Action]request{},
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

// request is what an action sends, read once.
func (s *side) request(a *zis.Action) request {
	r, ok := s.requests[a]
	if !ok {
		r = requestOf(a.Definition)
		s.requests[a] = r
	}
	return r
}

// firstCallers are the first states that call an action: enough to see what
// its data is called.
func (s *side) firstCallers(action string) []*zis.State {
	list := s.callers[action]
	return list[:min(len(list), 20)]
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
	seen := map[*zis.Flow]bool{}
	for _, state := range b.is.callers[action] {
		if seen[state.Flow] {
			continue
		}
		seen[state.Flow] = true
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
	seen := map[string]bool{}
	for _, j := range s.starts[flow] {
		if e := j.Event(); !seen[e] {
			seen[e] = true
			list = append(list, clause(j.EventSource.Value, j.EventType.Value))
		}
	}
	return list
}

// occasion names a flow by what starts it, in front of a sentence about it: "When
// a ticket is created". Where there is only one flow, nobody asks.
func (b *pair) occasion(flow string) phrase {
	if b.machines < 2 {
		return nil
	}
	events := b.is.events(flow)
	if len(events) == 0 {
		events = b.was.events(flow)
	}
	if len(events) == 0 {
		return say("In the flow %s", value(flow))
	}
	return say("When %s", few("or", 3, events))
}
