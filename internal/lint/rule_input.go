package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// overwrittenInput finds results that stand in the place of the event, though
// a later state reads the event. A jq program may have made the new input from
// the old one, and is left alone.
func overwrittenInput(p *Pass, m *zis.Machine) {
	var overwrites []*zis.State
	for _, s := range m.States {
		path := s.ResultPath
		if path != nil && (path.Value == "$.input" || path.Value == "$") && s.Map == nil && !flow.IsJq(s) && s.Type.Value != zis.StatePass {
			overwrites = append(overwrites, s)
		}
	}
	if len(overwrites) == 0 {
		return
	}
	read := beforeReaders(p.facts, m)
	for _, s := range overwrites {
		next := p.facts.States(m)[s.Next.Value]
		if next == nil || !read[next.Index] {
			continue
		}
		reader := eventReader(p.facts, m, next)
		p.At(s.ResultPath, "write another path, such as $.result", "the result takes the place of the event, which the state %q reads", reader.State.Name)
		p.Related(reader.Node, "read here")
		return // the others of the machine are alike
	}
}

// beforeReaders marks the states at or after which something of the event is
// read.
func beforeReaders(x *flow.Facts, m *zis.Machine) []bool {
	var readers []*zis.State
	back := make([][]*zis.State, len(m.States))
	for i, s := range m.States {
		if readOfEvent(x, s) != nil {
			readers = append(readers, s)
		}
		for _, to := range x.Graph(m).To[i] {
			back[to.Index] = append(back[to.Index], s)
		}
	}
	return flow.Reach(readers, back)
}

// eventReader finds a state at or after start that reads something of the
// event.
func eventReader(x *flow.Facts, m *zis.Machine, start *zis.State) *flow.Read {
	for i, reached := range flow.Reach([]*zis.State{start}, x.Graph(m).To) {
		if r := readOfEvent(x, m.States[i]); reached && r != nil {
			return r
		}
	}
	return nil
}

func readOfEvent(x *flow.Facts, s *zis.State) *flow.Read {
	for _, r := range x.Reads(s) {
		if len(r.Names) > 1 && r.Names[0] == "input" && strings.HasSuffix(r.Names[1], "_event") {
			return &r
		}
	}
	return nil
}

// outsideOfItem finds Iterators with a state that reads $.input, unless the
// items may have such a member: nothing in the flow that could make them so
// speaks of it.
func outsideOfItem(p *Pass, m *zis.Machine) {
	made := sync.OnceValue(func() bool { return slices.ContainsFunc(m.States, mayMakeInput) })
	for _, s := range m.States {
		if s.Iterator == nil || slices.ContainsFunc(s.Iterator.States, setsInput) {
			continue
		}
		if r := readOfInput(p.facts, s.Iterator); r != nil && !made() {
			p.Inside(r.Node, r.Start, r.End, outsideHelp, "an iteration sees nothing but its item: %s is outside", r.Path())
		}
		if r := readOfConfig(p.facts, m, s.Iterator); r != nil {
			p.Inside(r.Node, r.Start, r.End, outsideHelp, "an iteration sees nothing but its item: the config at %s is outside", flow.Dotted(r.Names[:1]))
		}
	}
}

const outsideHelp = "put what the iterations need into the items, with " + zis.Jq + " in a state before the Map"

// readOfConfig is the first read, in an Iterator, of a config that a state of
// the flow has loaded and that no program speaks of.
func readOfConfig(x *flow.Facts, m, iterator *zis.Machine) *flow.Read {
	loaded := map[string]bool{}
	for _, s := range m.States {
		if s.ActionName.Value == zis.LoadConfig {
			loaded[flow.FirstName(flow.PathOf(s.ResultPath))] = true
		}
	}
	for _, s := range iterator.States {
		delete(loaded, flow.FirstName(flow.PathOf(s.ResultPath)))
	}
	if len(loaded) == 0 {
		return nil
	}
	for _, s := range iterator.States {
		for _, r := range x.Reads(s) {
			if loaded[r.Names[0]] && len(r.Names) > 1 && !slices.ContainsFunc(m.States, speaksOf(r.Names[0])) {
				return &r
			}
		}
	}
	return nil
}

// speaksOf tells of a state whether its program or literal holds a word.
func speaksOf(word string) func(*zis.State) bool {
	return func(s *zis.State) bool {
		for _, key := range []string{"expr", "expr.$"} {
			if text, _ := s.Parameters.Get(key).Text(); strings.Contains(text, word) {
				return true
			}
		}
		return s.Result != nil
	}
}

// readOfInput is the first read of something in $.input; the others of the
// machine are alike.
func readOfInput(x *flow.Facts, m *zis.Machine) *flow.Read {
	for _, s := range m.States {
		for _, r := range x.Reads(s) {
			if r.Names[0] == "input" && len(r.Names) > 1 {
				return &r
			}
		}
	}
	return nil
}

// mayMakeInput tells whether the program or literal of a state names a member
// "input".
func mayMakeInput(s *zis.State) bool {
	parameters := s.Parameters
	for _, key := range []string{"expr", "expr.$"} {
		text, _ := parameters.Get(key).Text()
		for _, sign := range []string{"input:", `"input"`, ".input =", "{$input"} {
			if strings.Contains(text, sign) {
				return true
			}
		}
	}
	return s.Result != nil
}

// setsInput tells whether a state of an Iterator itself puts something there.
func setsInput(s *zis.State) bool { return flow.FirstName(flow.PathOf(s.ResultPath)) == "input" }
