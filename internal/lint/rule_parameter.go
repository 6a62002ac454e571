package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var parameterRules = []Rule{
	{
		ID: "missing-parameter", Severity: diag.Warning, Evidence: Observed,
		Source:  "DG/zis-custom-actions: $ in a definition is the input that the state passes; three of 24 public bundles have the mistake, and none of the others is found by this rule",
		Summary: "an action reads a parameter that a state calling it doesn't pass",
		Bundles: missingParameters,
	},
	{
		ID: "unread-parameter", Severity: diag.Note, Evidence: Inferred,
		Source:  "DG/zis-custom-actions: a parameter has no effect but through a $ path or placeholder of the definition",
		Summary: "a state passes a parameter that the action never reads",
		Bundles: unreadParameters,
	},
}

// parameterReads are the parameters that an action's definition reads.
type parameterReads struct {
	names []string                // in source order
	first map[string]*source.Node // where
	text  map[string]bool         // written like a path where none is evaluated
	all   bool                    // reads "$": all of them
}

func missingParameters(p *Pass, all []*zis.Bundle) {
	eachCall(p, all, func(s *zis.State, a *zis.Action, r *parameterReads) {
		missing := missingOf(s, r)
		if len(missing) == 0 || p.damage().anywhere(a.Node) {
			return
		}
		parameters := s.Parameters
		at, spare := s.ActionName.Node, unreadOf(parameters, r)
		if parameters != nil {
			at = parameters
		}
		p.At(at, missingHelp(missing[0], spare), "the action %q reads %s, which the state %q doesn't pass", a.Name.Value, dollars(missing), s.Name)
		p.Related(r.first[missing[0]], "read here")
	})
}

// missingOf are the parameters that a definition reads and a state doesn't
// pass; none where what is passed is only known at run time.
func missingOf(s *zis.State, r *parameterReads) []string {
	parameters := s.Parameters
	if s.Node.Get("Parameters.$") != nil || parameters != nil && !parameters.IsObject() {
		return nil
	}
	passed := passedBy(parameters)
	return slices.DeleteFunc(slices.Clone(r.names), func(name string) bool {
		return passed[name] || zis.PassedNames.Has(name)
	})
}

func missingHelp(name string, spare []*source.Node) string {
	for _, n := range spare {
		if nearest(name, []string{parameterName(n)}) != "" {
			return fmt.Sprintf("rename %q, which the action never reads, or what the action reads", n.Name)
		}
	}
	return fmt.Sprintf(`add it to Parameters: "%s.$": "$.…"; a definition sees nothing else`, diag.Cut(name, diag.Quoted))
}

// dollars lists parameters as the definition reads them.
func dollars(names []string) string {
	const most = 5
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	var list strings.Builder
	for i, name := range names {
		if i > 0 {
			list.WriteString(", ")
		}
		list.WriteString("$." + diag.Cut(name, diag.Quoted/most))
	}
	return list.String() + more
}

func unreadParameters(p *Pass, all []*zis.Bundle) {
	eachCall(p, all, func(s *zis.State, a *zis.Action, r *parameterReads) {
		if len(missingOf(s, r)) > 0 {
			return // missing-parameter tells of a parameter of another name
		}
		for _, n := range unreadOf(s.Parameters, r) {
			if p.damage().anywhere(a.Node) {
				return
			}
			p.AtKey(n, "remove it, or read $."+parameterName(n)+" in the action's definition", "the action %q never reads the parameter %q", a.Name.Value, parameterName(n))
		}
	})
}

// unreadOf are the parameters that a definition doesn't read.
func unreadOf(parameters *source.Node, r *parameterReads) (unread []*source.Node) {
	if !parameters.IsObject() || r.all {
		return nil
	}
	for _, n := range parameters.Members {
		if name := parameterName(n); r.first[name] == nil && !r.text[name] {
			unread = append(unread, n)
		}
	}
	return unread
}

// passedBy are the names of the parameters that a state passes.
func passedBy(parameters *source.Node) map[string]bool {
	if parameters == nil {
		return nil
	}
	passed := make(map[string]bool, len(parameters.Members))
	for _, n := range parameters.Members {
		passed[parameterName(n)] = true
	}
	return passed
}

// parameterName is a member's name without the ".$" of evaluated ones.
func parameterName(n *source.Node) string { return strings.TrimSuffix(n.Name, ".$") }

// maxCalls bounds the work on hostile bundles.
const maxCalls = 20_000_000

// eachCall visits the states that call a custom action with what its
// definition reads, which is found out once. It stops where that would take
// too long.
func eachCall(p *Pass, all []*zis.Bundle, visit func(*zis.State, *zis.Action, *parameterReads)) {
	known := map[*zis.Action]*parameterReads{}
	budget := maxCalls
	for _, b := range all {
		for _, f := range b.Flows {
			for s := range f.All {
				a := p.facts.Called(s)
				if a == nil || a.Definition == nil || s.Type.Value != zis.StateAction || p.facts.Misspelt(s, "Parameters") {
					continue
				}
				if known[a] == nil {
					known[a] = readsOf(a.Definition)
				}
				if budget -= len(known[a].names); budget < 0 {
					return
				}
				visit(s, a, known[a])
			}
		}
	}
}

func readsOf(definition *source.Node) *parameterReads {
	r := &parameterReads{first: map[string]*source.Node{}, text: map[string]bool{}}
	r.below(definition)
	return r
}

func (r *parameterReads) below(n *source.Node) {
	for _, m := range n.Members {
		r.below(m)
	}
	text, ok := n.Text()
	if !ok {
		return
	}
	reads, errs := expr.ParseTemplate(text)
	if strings.HasSuffix(n.Name, ".$") {
		reads, errs = expr.ParseValue(text)
	} else if path, err := expr.ParsePath(text); err == nil && len(path.Segments) > 0 {
		r.text[path.Segments[0].Name] = true
	}
	r.all = r.all || len(errs) > 0 // who knows what it was meant to read
	for _, read := range reads {
		r.path(read.Path, n)
	}
}

func (r *parameterReads) path(path expr.Path, n *source.Node) {
	if len(path.Segments) == 0 {
		r.all = true
		return
	}
	name := path.Segments[0].Name // "" of an index: nothing that could be passed
	if name != "" && r.first[name] == nil {
		r.first[name] = n
		r.names = append(r.names, name)
	}
}
