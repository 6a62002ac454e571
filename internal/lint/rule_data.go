package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flow"
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
	{
		ID: "wrapped-config", Severity: diag.Note, Evidence: Inferred,
		Source:  "DG/zis-built-in-actions shows {\"config\": …} as the result of LoadConfig; DG/pass-state, the samples of three state pages and running templates read the config itself",
		Summary: "a config is read as if it were wrapped into another object",
		Machine: wrappedConfig,
	},
}

// unset are the reads of a machine whose path isn't there. Where the schema
// finds damage that may be why, none is.
func (p *Pass) unset(m *zis.Machine) []flow.Unset {
	list := p.facts.Unset(m)
	if len(list) > 0 && (p.damage().below(m.Node, wayFields...) || p.damage().below(m.Node, dataFields...)) {
		return nil
	}
	return list
}

// unsetPaths tells of each path once: of a misspelt ResultPath all readers
// would complain.
func unsetPaths(p *Pass, m *zis.Machine) {
	first := map[string]int{}
	for _, u := range p.unset(m) {
		if u.Sometimes {
			continue
		}
		name := flow.Dotted(u.Names)
		if first[name]++; first[name] > 1 {
			continue
		}
		if u.Event != nil {
			p.Inside(u.Node, u.Start, u.End, eventLacks(u), "the event %s brings no %s", u.Event.EventType.Value, name)
			continue
		}
		p.Inside(u.Node, u.Start, u.End, cmp.Or(p.droppedHelp(m, u), unsetHelp(u)), "nothing sets %s before the state %q", name, u.State.Name)
	}
}

func sometimesUnsetPaths(p *Pass, m *zis.Machine) {
	type place struct {
		state *zis.State
		name  string
	}
	told := map[place]bool{}
	for _, u := range p.unset(m) {
		at := place{u.State, flow.Dotted(u.Names)}
		if !u.Sometimes || told[at] {
			continue
		}
		told[at] = true
		const help = "ask for it by a Choice with IsPresent, or set it on every way"
		if u.Event != nil {
			p.Inside(u.Node, u.Start, u.End, help, "of the events that start the flow, %s brings no %s", u.Event.EventType.Value, at.name)
			continue
		}
		p.Inside(u.Node, u.Start, u.End, help, "%s is set only on some of the ways to the state %q", at.name, u.State.Name)
	}
}

// droppedHelp says of a path whose value a state before may have been meant to
// give that its result is dropped.
func (p *Pass) droppedHelp(m *zis.Machine, u flow.Unset) string {
	if len(u.Names) != 1 || p.full() {
		return ""
	}
	for _, s := range m.States {
		if !flow.Silent(s) {
			continue
		}
		if path := flow.NamesOf(flow.PathOf(s.ResultPath)); len(path) > 0 && path[0] == u.Names[0] {
			return fmt.Sprintf("%s gives no result", zis.BuiltInOf(s.ActionName.Value).Short())
		}
	}
	s := dropping(m, u.State)
	if s == nil || u.Suggest.Path != nil && !likelier(s, u) || u.Suggest.Behind {
		return ""
	}
	return fmt.Sprintf(`the result of the state %q is dropped: give it "ResultPath": %q`, diag.Cut(s.Name, diag.Quoted), diag.Cut(flow.Dotted(u.Names), diag.Quoted))
}

// likelier tells whether a result that was dropped is more likely what was meant
// than a place in the event which has nothing of it but a member's name: the
// state leads to the reader.
func likelier(dropped *zis.State, u flow.Unset) bool {
	return dropped.Next.Value == u.State.Name && u.Suggest.Below && !slices.Contains(u.Suggest.Path, u.Names[0])
}

// dropping is the state whose dropped result a reader may have been meant to
// read: the one that leads to it, or the only one there is; nil if there is
// none.
func dropping(m *zis.Machine, reader *zis.State) *zis.State {
	drops := func(s *zis.State) bool {
		return s.Type.Value == zis.StateAction && s.ResultPath == nil && !flow.Silent(s) && s != reader
	}
	all := slices.DeleteFunc(slices.Clone(m.States), func(s *zis.State) bool { return !drops(s) })
	if i := slices.IndexFunc(all, func(s *zis.State) bool { return s.Next.Value == reader.Name }); i >= 0 {
		return all[i]
	}
	if len(all) == 1 {
		return all[0]
	}
	return nil
}

// unsetHelp says what a path may have been meant to be.
func unsetHelp(u flow.Unset) string {
	switch s := u.Suggest; {
	case s.Behind:
		return "it is set, but no way leads from there to here"
	case s.Below:
		return "what the event brings stands below $.input: write " + diag.Cut(flow.Dotted(s.Path), diag.Quoted)
	case s.Path != nil:
		return english.DidYouMean(diag.Cut(flow.Dotted(s.Path), diag.Quoted))
	}
	return ""
}

// eventLacks says what an event has in the place of what it doesn't bring.
func eventLacks(u flow.Unset) string {
	last := len(u.Names) - 1
	switch {
	case u.Suggest.Path != nil || u.Suggest.Behind:
		return unsetHelp(u)
	case u.Names[last] == "comment" || last > 2 && u.Names[2] == "ticket":
		return "ask the account for it in an action: GET /api/v2/tickets/{{$.id}}; " + thereIs(u.Suggest.Instead)
	}
	return thereIs(u.Suggest.Instead)
}

// wrappedConfig finds reads below $.x.config where LoadConfig has put the
// config itself at $.x. A config may have such a member: it is a note.
func wrappedConfig(p *Pass, m *zis.Machine) {
	loaded := map[string]bool{}
	for _, s := range m.States {
		if names := flow.NamesOf(flow.PathOf(s.ResultPath)); s.ActionName.Value == zis.LoadConfig && len(names) > 0 {
			loaded[flow.Dotted(names)] = true
		}
	}
	if len(loaded) == 0 {
		return
	}
	for _, s := range m.States {
		for _, r := range p.facts.Reads(s) {
			last := len(r.Names) - 1
			for i := 1; i < last; i++ {
				if at := flow.Dotted(r.Names[:i]); r.Names[i] == "config" && loaded[at] {
					rest := slices.Concat(r.Names[:i], r.Names[i+1:])
					p.Inside(r.Node, r.Start, r.End, "write "+diag.Cut(flow.Dotted(rest), diag.Quoted)+", if the config has no member named config",
						"LoadConfig puts the config itself at %s, without an object around it", at)
					return // the others of the machine are alike
				}
			}
		}
	}
}
