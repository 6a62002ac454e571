package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// keepsData tells whether the flow itself shows that a result without a
// ResultPath leaves the data alone: what stood there before is read after it.
// Otherwise the result may have replaced all of it.
func keepsData(x *index, m *zis.Machine, ways *graph) bool {
	states := x.statesOf(m)
	var after []*zis.State
	named := map[string]bool{}
	for _, name := range slices.Concat(rootNames, tolerated) {
		named[name] = true
	}
	for _, s := range m.States {
		if names := namesOf(pathOf(s.ResultPath).Segments); len(names) > 0 {
			named[names[0]] = true
		} else if s.ResultPath == nil && (s.Type.Value == zis.StateAction || s.Result != nil) {
			if next := states[s.Next.Value]; next != nil {
				after = append(after, next)
			}
		}
	}
	for i, reached := range reach(after, ways.to) {
		if reached && slices.ContainsFunc(x.dataReads(m.States[i]), func(r dataRead) bool { return named[r.names[0]] }) {
			return true
		}
	}
	return false
}

// overwrittenInput finds results that stand in the place of the event, though
// a later state reads the event. A jq program may have made the new input from
// the old one, and is left alone.
func overwrittenInput(p *Pass, m *zis.Machine) {
	var overwrites []*zis.State
	for _, s := range m.States {
		path := s.ResultPath
		if path != nil && (path.Value == "$.input" || path.Value == "$") && s.Map == nil && !isJq(s) && s.Type.Value != zis.StatePass {
			overwrites = append(overwrites, s)
		}
	}
	if len(overwrites) == 0 {
		return
	}
	read := beforeReaders(p.index, m)
	for _, s := range overwrites {
		next := p.index.statesOf(m)[s.Next.Value]
		if next == nil || !read[next.Index] {
			continue
		}
		reader := eventReader(p.index, m, next)
		p.At(s.ResultPath, "write another path, such as $.result", "the result takes the place of the event, which the state %q reads", reader.state.Name)
		p.Related(reader.node, "read here")
		return // the others of the machine are alike
	}
}

// beforeReaders marks the states at or after which something of the event is
// read.
func beforeReaders(x *index, m *zis.Machine) []bool {
	var readers []*zis.State
	back := make([][]*zis.State, len(m.States))
	for i, s := range m.States {
		if readOfEvent(x, s) != nil {
			readers = append(readers, s)
		}
		for _, to := range x.graph(m).to[i] {
			back[to.Index] = append(back[to.Index], s)
		}
	}
	return reach(readers, back)
}

// eventReader finds a state at or after start that reads something of the
// event.
func eventReader(x *index, m *zis.Machine, start *zis.State) *dataRead {
	for i, reached := range reach([]*zis.State{start}, x.graph(m).to) {
		if r := readOfEvent(x, m.States[i]); reached && r != nil {
			return r
		}
	}
	return nil
}

func readOfEvent(x *index, s *zis.State) *dataRead {
	for _, r := range x.dataReads(s) {
		if len(r.names) > 1 && r.names[0] == "input" && strings.HasSuffix(r.names[1], "_event") {
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
		if r := readOfInput(p.index, s.Iterator); r != nil && !made() {
			p.Inside(r.node, r.start, r.end, "put what the iterations need into the items, with "+jqTransform+" in a state before the Map",
				"an iteration sees nothing but its item: %s is outside", dotted(r.names))
		}
	}
}

// readOfInput is the first read of something in $.input; the others of the
// machine are alike.
func readOfInput(x *index, m *zis.Machine) *dataRead {
	for _, s := range m.States {
		for _, r := range x.dataReads(s) {
			if r.names[0] == "input" && len(r.names) > 1 {
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
func setsInput(s *zis.State) bool { return firstName(pathOf(s.ResultPath)) == "input" }
