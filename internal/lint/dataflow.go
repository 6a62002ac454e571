package lint

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var dataRules = []Rule{
	{
		ID: "unset-path", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/fixing-common-zis-errors: a path that leads to nothing ends the run with \"JSON path not found\"; silent where an answer or an event of unknown shape is read",
		Summary: "a state reads a path that nothing can have set",
		Machine: unsetPaths,
	},
	{
		ID: "sometimes-unset-path", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/fixing-common-zis-errors: a path that leads to nothing ends the run; DG/choice-state: IsPresent is the guard against it",
		Summary: "a state reads a path that is set on some of the ways to it only",
		Machine: sometimesUnsetPaths,
	},
	{
		ID: "overwritten-input", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/understanding-flow-states: what stands at a ResultPath is replaced by the result",
		Summary: "a result replaces $.input, and a later state reads the event",
		Machine: overwrittenInput,
	},
	{
		ID: "outside-of-item", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/map-state: the input of an iteration is its item alone; outer data isn't visible",
		Summary: "a state in a Map's Iterator reads the flow's input",
		Machine: outsideOfItem,
	},
}

// dataRead is a path that a state reads, as names from the root; it ends
// before an index.
type dataRead struct {
	state      *zis.State
	node       *source.Node
	start, end int // in the text of node
	names      []string
}

// maxNames is how many names at the beginning of a path are looked at; nobody's
// data is that deep.
const maxNames = 100

// dataReads are the paths that a state reads where a missing one ends the run:
// not those that a condition asks for by IsPresent or IsNull.
func (x *index) dataReads(s *zis.State) []dataRead {
	f := x.state(s)
	if f.data == nil {
		f.data = dataReadsIn(s, f.readings)
	}
	return f.data
}

func dataReadsIn(s *zis.State, readings []reading) []dataRead {
	var list []dataRead
	guarded := map[string]bool{}
	for _, r := range readings {
		if r.kind == fixed || r.kind == program && r.node.Name != "expr.$" || r.node.Name == "ResultPath" {
			continue
		}
		for _, part := range r.paths {
			names := namesOf(part.Path.Segments)
			names = names[:min(len(names), maxNames)]
			if r.node.Name == "Variable" && (r.node.Parent.Get("IsPresent") != nil || r.node.Parent.Get("IsNull") != nil) {
				guarded[key(names)] = true
			} else if len(names) > 0 {
				list = append(list, dataRead{s, r.node, part.Start, part.End, names})
			}
		}
	}
	if len(guarded) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(r dataRead) bool {
		for i := range r.names {
			if guarded[key(r.names[:i+1])] {
				return true
			}
		}
		return false
	})
}

func startsWith(names, beginning []string) bool {
	return len(beginning) <= len(names) && slices.Equal(names[:len(beginning)], beginning)
}

func dotted(names []string) string { return "$." + strings.Join(names, ".") }

// unsetPaths tells of each path once: of a misspelt ResultPath all readers
// would complain.
func unsetPaths(p *Pass, m *zis.Machine) {
	first := map[string]int{}
	for _, u := range p.index.flowOf(m).unset {
		if u.sometimes {
			continue
		}
		name := dotted(u.names)
		if first[name]++; first[name] > 1 {
			continue
		}
		p.Inside(u.read.node, u.read.start, u.read.end, u.help, "nothing sets %s before the state %q", name, u.read.state.Name)
	}
}

func sometimesUnsetPaths(p *Pass, m *zis.Machine) {
	type place struct {
		state *zis.State
		name  string
	}
	told := map[place]bool{}
	for _, u := range p.index.flowOf(m).unset {
		at := place{u.read.state, dotted(u.names)}
		if !u.sometimes || told[at] {
			continue
		}
		told[at] = true
		p.Inside(u.read.node, u.read.start, u.read.end, "ask for it by a Choice with IsPresent, or set it on every way",
			"%s is set only on some of the ways to the state %q", at.name, u.read.state.Name)
	}
}

// unset is a read of a path that isn't there, always or sometimes.
type unset struct {
	read      dataRead
	names     []string // the beginning of the path that isn't there
	sometimes bool
	help      string
}

// dataFlow is what is known about the data of one machine.
type dataFlow struct {
	unset []unset
}

// flowOf computes the data flow of a machine once.
func (x *index) flowOf(m *zis.Machine) *dataFlow {
	facts := x.of(m)
	if facts.flow != nil {
		return facts.flow
	}
	f := &dataFlow{}
	facts.flow = f
	if len(m.States) == 0 || m.States[0].Map != nil {
		return f // an item of a Map has any shape
	}
	ways := x.graph(m)
	if ways.start == nil || ways.broken || slices.ContainsFunc(m.States, x.losesResult) {
		return f
	}
	g := newDataGraph(x, m, ways)
	for _, s := range m.States {
		if g.entry(s) < 0 {
			continue
		}
		for _, r := range x.dataReads(s) {
			if u, found := g.check(r); found {
				f.unset = append(f.unset, u)
			}
		}
	}
	if len(f.unset) > 0 && (x.damage().below(m.Node, wayFields...) || x.damage().below(m.Node, dataFields...)) {
		f.unset = nil
	}
	return f
}

// losesResult tells whether a misspelt field may be where a result goes.
func (x *index) losesResult(s *zis.State) bool {
	return s.ResultPath == nil && x.misspelt(s, "ResultPath")
}
