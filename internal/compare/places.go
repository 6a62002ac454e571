package compare

import (
	"strings"
	"sync"
)

// place is a spot in the bundle language: which members it has there, and
// what it means that the registry shows one more, or one less. The tables of
// the language say what is allowed; this one says what makes no difference.
type place struct {
	members  map[string]*place // that the language has here
	defaults map[string]string // of members that aren't given, as JSON
	idle     []string          // members that tell people something and never run
	more     addition          // what a member means that the language doesn't have

	byType map[string]*place // instead of members: by the resource's type
	every  *place            // instead of members: each is the author's, by its name
	items  *place            // of a list
	pairs  bool              // a list whose order means nothing
	data   bool              // the author's own JSON: an empty value says something
	rule   bool              // of a Choice
	means  meaning           // of a string
}

// addition says what it means that the account has a member which ours lacks.
type addition int

const (
	removal  addition = iota // it is to be removed
	harmless                 // the registry adds such members
	assumed                  // harmless if it came with our own upload
)

// meaning is how two strings are compared.
type meaning int

const (
	asText   meaning = iota
	asFlow           // an ARN, or the short name of the same flow
	asMethod         // of HTTP: in any case of letters, if the registry did that
	asHeader         // its name: likewise
)

var (
	text = &place{}
	data = &place{data: true} // also what the language doesn't know
)

// member is the place of a member; typ is the text of the member "type" beside
// it.
func (p *place) member(name, typ string) *place {
	m := p.every
	if m == nil && !p.data {
		m = p.known(name)
	}
	switch {
	case m == nil:
		return data
	case m.byType != nil && m.byType[typ] != nil:
		return m.byType[typ]
	case m.byType != nil:
		return m.byType[""]
	}
	return m
}

// known is a member that the language has here, or nil. The suffix .$ says
// only that a value is computed.
func (p *place) known(name string) *place { return p.members[strings.TrimSuffix(name, ".$")] }

// authors tells whether the members are the author's, each one of them.
func (p *place) authors() bool { return p.data || p.every != nil }

// operand tells whether a member is the operand of an operator: of what the
// language names in a rule, nothing else is left.
func (p *place) operand(name string) bool {
	return p.rule && p.known(name) == nil
}

// matters tells whether an empty value says something that a missing one
// doesn't.
func (p *place) matters(name string) bool {
	if known := p.known(name); known != nil {
		return known.data
	}
	return p.authors() || p.rule || p.more == assumed
}

func (p *place) item() *place {
	if p.items != nil {
		return p.items
	}
	return data
}

// bundlePlace is the root of the language.
var bundlePlace = sync.OnceValue(func() *place {
	resource := &place{more: harmless, members: map[string]*place{
		"type": text,
		"properties": {byType: map[string]*place{
			"ZIS::Flow":         properties(machinePlace()),
			"ZIS::Action::Http": properties(actionPlace()),
			"ZIS::JobSpec": {more: harmless, idle: []string{"description"}, members: map[string]*place{
				"name": text, "description": text, "event_source": text, "event_type": text, "flow_name": {means: asFlow},
			}},
			"": {more: assumed, members: map[string]*place{"name": text}},
		}},
	}}
	return &place{
		more: harmless, idle: []string{"description"},
		defaults: map[string]string{"zis_template_version": `"2019-10-14"`},
		members: map[string]*place{
			"name": text, "description": text, "zis_template_version": text, "resources": {every: resource},
		},
	}
})

func properties(definition *place) *place {
	return &place{more: harmless, members: map[string]*place{"name": text, "definition": definition}}
}

func actionPlace() *place {
	pair := &place{more: assumed, members: map[string]*place{"key": {means: asHeader}, "value": text}}
	return &place{more: assumed, members: map[string]*place{
		"method": {means: asMethod}, "url": text, "path": text, "connectionName": text, "requestBody": data,
		"headers":     {pairs: true, items: pair},
		"queryParams": {pairs: true, items: queryPair()}, "query": {pairs: true, items: queryPair()},
	}}
}

// queryPair: names of query parameters are not those of headers, their case
// counts.
func queryPair() *place {
	return &place{more: assumed, members: map[string]*place{"key": text, "value": text}}
}

func machinePlace() *place {
	machine := &place{more: assumed, idle: []string{"Comment"}}
	catcher := &place{
		more: assumed, idle: []string{"Comment"},
		defaults: map[string]string{"ResultPath": `"$"`, "ErrorEquals": `["States.ALL"]`},
		members:  map[string]*place{"ErrorEquals": text, "Next": text, "ResultPath": text, "Comment": text},
	}
	state := &place{
		more: assumed, idle: []string{"Comment"},
		// false and 0 are no values of these (DG/understanding-flow-states,
		// DG/action-state); InputPath and OutputPath default to all there is.
		defaults: map[string]string{"End": "false", "TimeoutSeconds": "0", "InputPath": `"$"`, "OutputPath": `"$"`, "MaxConcurrency": "0"},
		members: map[string]*place{
			"Parameters": data, "Result": data, "Choices": {items: rulePlace()}, "Iterator": machine, "Catch": {items: catcher},
		},
	}
	for _, name := range []string{
		"Type", "Next", "End", "Comment", "ResultPath", "ActionName", "TimeoutSeconds", "Default", "ItemsPath",
		"Seconds", "SecondsPath", "Message", "Error", "Cause",
	} {
		state.members[name] = text
	}
	machine.members = map[string]*place{"StartAt": text, "States": {every: state}, "Comment": text}
	return machine
}

// rulePlace is a rule of a Choice. Whatever else it has is an operator, whose
// operand counts also where it is empty.
func rulePlace() *place {
	rule := &place{rule: true, idle: []string{"Comment"}, defaults: map[string]string{"End": "false"}}
	rule.members = map[string]*place{
		"Variable": text, "Next": text, "Comment": text, "Not": rule, "And": {items: rule}, "Or": {items: rule},
	}
	return rule
}
