package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var fieldRules = []Rule{
	{
		ID: "unsupported-field", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/flow-state-limitations and the state pages: no Retry, no intrinsic functions, no MaxConcurrency or Parameters of a Map, no Timestamp of a Wait; the others are mentioned nowhere",
		Summary: "a state has a field of Amazon States Language that flows don't support",
		State:   unsupportedFields,
	},
	{
		ID: "unknown-field", Severity: diag.Warning, Evidence: Inferred,
		Source:  "no documentation names the field; the platform takes unknown fields in silence (observed in the properties of actions)",
		Summary: "an object has a field that means nothing to the platform",
		Bundle:  unknownFields,
	},
}

func unknownFields(p *Pass, b *zis.Bundle) {
	if what, _ := looksLike(b.Doc.Root); what != "" {
		return // another rule tells what the file is
	}
	checkFields(p, b.Doc.Root, zis.BundleFields)
	for _, r := range b.Resources {
		switch r.Kind() {
		case zis.KindJobSpec:
			checkFields(p, r.Properties, zis.SpecFields)
		case zis.KindAction, zis.KindFlow:
			checkFields(p, r.Properties, zis.NamedFields)
		default:
			continue
		}
		checkFields(p, r.Node, zis.ResourceFields)
	}
	for _, a := range b.Actions {
		checkFields(p, a.Definition, zis.RequestFields)
		for _, pair := range pairs(a) {
			checkFields(p, pair, zis.PairFields)
		}
	}
	for _, f := range b.Flows {
		if f.Machine != nil {
			unknownStateFields(p, f.Machine)
		}
	}
}

func unknownStateFields(p *Pass, m *zis.Machine) {
	checkFields(p, m.Node, zis.MachineFields)
	for _, s := range m.States {
		if fields := zis.StateFields(s.Type.Value); fields != nil {
			checkFields(p, s.Node, fields)
		}
		for _, c := range s.Catches {
			checkFields(p, c.Node, zis.CatchFields)
		}
		if s.Iterator != nil {
			unknownStateFields(p, s.Iterator)
		}
	}
}

// checkFields reports the members of n that are none of the fields, unless
// another rule tells of them.
func checkFields(p *Pass, n *source.Node, fields zis.Terms) {
	if !n.IsObject() || asPair(n) != nil { // an error shows how a pair is written
		return
	}
	lacks := sync.OnceValue(func() []string { return absent(n, fields) })
	elsewhere := map[string]bool{} // whether an error tells of the field that was meant
	for _, m := range n.Members {
		if fields.Has(m.Name) || toldOfState(n, m.Name) {
			continue
		}
		best := meantField(m.Name, lacks())
		told, known := elsewhere[best]
		if !known {
			told = fields.Requires(best) && flow.Slip(n, best) != nil && !satisfied(n, best)
			elsewhere[best] = told
		}
		if told {
			continue
		}
		help := "remove it"
		if best != "" {
			help = english.DidYouMean(best)
		} else if place := placeOf(n, m); place != "" {
			help = "put it into " + place
		}
		p.AtKey(m, help, "%s has the unknown field %q", what(n), m.Name)
	}
}

// placeOf is where a field of a bundle belongs that stands in another object
// of it; "" if it is none.
func placeOf(n, m *source.Node) string {
	switch {
	case n.Parent == nil: // the bundle
		if t, _ := m.Get("type").Text(); strings.HasPrefix(t, "ZIS::") {
			return `"resources"`
		}
	case isResource(n):
		switch {
		case inDefinitionOf(n, m.Name):
			return `"definition", in "properties"`
		case zis.NamedFields.Has(m.Name) || zis.SpecFields.Has(m.Name):
			return `"properties"`
		}
	case isResource(n.Parent) && n.Name == "properties" && inDefinitionOf(n.Parent, m.Name):
		return `"definition"`
	case n.Name == "definition" && n.Parent.Name == "properties" && m.Name == "name":
		return `"properties", beside "definition"`
	}
	return ""
}

// inDefinitionOf tells whether a field belongs into the definition of a resource.
func inDefinitionOf(resource *source.Node, field string) bool {
	of, _ := resource.Get("type").Text()
	return of == zis.TypeAction && zis.RequestFields.Has(field) || of == zis.TypeFlow && zis.MachineFields.Has(field)
}

// misplaced are the members of the properties of a resource that belong into
// its definition.
func misplaced(properties *source.Node) []string {
	var list []string
	for _, m := range properties.Members {
		if inDefinitionOf(properties.Parent, m.Name) {
			list = append(list, m.Name)
		}
	}
	return list
}

// toldOfState tells whether another rule speaks of a state's unknown field.
func toldOfState(n *source.Node, key string) bool {
	inState := n.Parent != nil && n.Parent.Name == "States"
	return inState && (key == "Next" || key == "End" || instead(n, key) != "")
}

// meantField is the field that a key was probably meant to be: a slip of the
// hand explains it, or people call the field so; "" if there is none.
func meantField(key string, absent []string) string {
	if best := nearest(key, absent); best != "" {
		return best
	}
	i := slices.IndexFunc(absent, func(field string) bool { return zis.MeansField(key, field) })
	if i < 0 {
		return ""
	}
	return absent[i]
}

// satisfied tells whether n has another field in the place of an absent one.
func satisfied(n *source.Node, field string) bool {
	for _, either := range [][]string{{"Next", "End"}, {"url", "url.$", "path", "path.$"}, {"Seconds", "SecondsPath"}, {"value", "value.$"}} {
		if slices.Contains(either, field) {
			return slices.ContainsFunc(either, func(f string) bool { return n.Get(f) != nil })
		}
	}
	return false
}

// absent are the fields that n lacks.
func absent(n *source.Node, fields zis.Terms) []string {
	var list []string
	for _, f := range fields {
		if n.Get(f.Name) == nil {
			list = append(list, f.Name)
		}
	}
	return list
}

// instead is what to use in the place of a field of Amazon States Language;
// "" if the field isn't one of those.
func instead(n *source.Node, field string) string {
	const shape = "reshape the data with zis:common:transform:Jq in a state of its own"
	switch field {
	case "Retry":
		return "add a Catch; ZIS itself runs the whole flow again after an HTTP 429 or 500"
	case "MaxConcurrency":
		return "remove it: a Map's items can't be run side by side by choice"
	case "ItemProcessor":
		return `name it "Iterator"`
	case "ItemSelector", "InputPath", "OutputPath", "ResultSelector", "Assign", "Arguments", "Output":
		return shape
	case "Parameters":
		if s, _ := n.Get("Type").Text(); s == zis.StateMap {
			return "put what the iterations need into the items, with zis:common:transform:Jq in a state before"
		}
		if s, _ := n.Get("Type").Text(); s == zis.StatePass {
			return `write fixed data as "Result", or use zis:common:transform:Jq`
		}
	case "Timestamp", "TimestampPath":
		return "compute the seconds with zis:common:transform:Jq and wait with SecondsPath"
	case "HeartbeatSeconds", "TimeoutSecondsPath":
		return `use "TimeoutSeconds" with a number`
	case "ErrorPath", "CausePath":
		return `write the path into "Error" or "Cause" itself: {{$.path}}`
	case "Resource":
		return `call an action: "Type": "Action" with "ActionName"`
	case "Branches":
		return "put the states one after the other, or into a Map"
	case "QueryLanguage":
		return "remove it: paths are $.name, programs are zis:common:transform:Jq"
	}
	return ""
}

func unsupportedFields(p *Pass, s *zis.State) {
	fields := zis.StateFields(s.Type.Value)
	for _, m := range s.Node.Members {
		if fields == nil || fields.Has(m.Name) {
			continue
		}
		if help := instead(s.Node, m.Name); help != "" {
			p.AtKey(m, help, "flows don't support %q in a state of the type %s", m.Name, s.Type.Value)
		}
	}
}
