package flow_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const (
	onStatus   = `"status": {"type": "ZIS::JobSpec", "properties": {"name": "status", "event_source": "support", "event_type": "ticket.StatusChanged", "flow_name": "zis:acme:flow:flow"}}`
	linkState  = `"Type": "Action", "ActionName": "zis:common:action:CreateLink"`
	linksState = `"Type": "Action", "ActionName": "zis:common:action:LoadLinks"`
)

// unsetIn lists what a flow reads that may not be there.
func unsetIn(t *testing.T, states string, specs ...string) string {
	t.Helper()
	x, m := factsOf(t, states, specs...)
	var have []string
	for _, u := range x.Unset(m) {
		have = append(have, unsetText(u))
	}
	return strings.Join(have, "; ")
}

// TestConditionsProve reads $.a and $.b, which nothing sets, behind a Choice: in
// Yes if its rule is true, in No if it is false. What the rule has shown to be
// there is no longer missed.
func TestConditionsProve(t *testing.T) {
	const (
		hasA, hasB   = `{"Variable": "$.a", "IsPresent": true}`, `{"Variable": "$.b", "IsPresent": true}`
		noA, noB     = `{"Variable": "$.a", "IsPresent": false}`, `{"Variable": "$.b", "IsPresent": false}`
		both, either = `{"And": [` + hasA + `, ` + hasB + `]}`, `{"Or": [` + hasA + `, ` + hasB + `]}`
	)
	for _, tt := range []struct {
		name, rule   string
		yes, no      string // what is missed there
		alsoInChoice bool   // the rule itself reads $.a
	}{
		{name: "it is there", rule: hasA, yes: "b", no: "a b"},
		{name: "it is not there", rule: noA, yes: "a b", no: "b"},
		{name: "not: it is there", rule: `{"Not": ` + hasA + `}`, yes: "a b", no: "b"},
		{name: "not: it is not there", rule: `{"Not": ` + noA + `}`, yes: "b", no: "a b"},
		{name: "both are", rule: both, yes: "", no: "a b"},
		{name: "either is", rule: either, yes: "a b", no: "a b"},
		{name: "either is not", rule: `{"Or": [` + noA + `, ` + noB + `]}`, yes: "a b", no: ""},
		{name: "both are not", rule: `{"And": [` + noA + `, ` + noB + `]}`, yes: "a b", no: "a b"},
		{name: "not both", rule: `{"Not": ` + both + `}`, yes: "a b", no: ""},
		{name: "neither", rule: `{"Not": ` + either + `}`, yes: "a b", no: "a b"},
		{name: "one of two, and the other", rule: `{"And": [{"Or": [` + hasA + `, ` + hasB + `]}, ` + hasB + `]}`, yes: "a", no: "a b"},
		{name: "compared", rule: `{"Variable": "$.a", "StringEquals": "x"}`, yes: "b", no: "a b", alsoInChoice: true},
		{name: "compared to be something else", rule: `{"Not": {"Variable": "$.a", "StringEquals": "x"}}`, yes: "a b", no: "b", alsoInChoice: true},
		{name: "null is there", rule: `{"Variable": "$.a", "IsNull": true}`, yes: "b", no: "a b"},
		{name: "a member of it", rule: `{"Variable": "$.a.x.y", "IsPresent": true}`, yes: "b", no: "a b"},
		{name: "an item of it", rule: `{"Variable": "$.a[0]", "IsPresent": true}`, yes: "b", no: "a b"},
		{name: "another one", rule: `{"Variable": "$.c", "IsPresent": true}`, yes: "a b", no: "a b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rule := strings.TrimSuffix(tt.rule, "}") + `, "Next": "Yes"}`
			reads := `{"Type": "Pass", "Parameters": {"a.$": "$.a", "b.$": "$.b"}, "End": true}`
			have := unsetIn(t, `"A": {"Type": "Choice", "Choices": [`+rule+`], "Default": "No"}, "Yes": `+reads+`, "No": `+reads)
			var want strings.Builder
			add := func(state, names string) {
				for name := range strings.FieldsSeq(names) {
					want.WriteString("; " + state + " never $." + name)
				}
			}
			if tt.alsoInChoice {
				add("A", "a")
			}
			add("Yes", tt.yes)
			add("No", tt.no)
			// On a way that a condition shows to be the other one it is there sometimes.
			if diff := cmp.Diff(strings.TrimPrefix(want.String(), "; "), strings.ReplaceAll(have, " behind", "")); diff != "" {
				t.Errorf("-want +have\n%s", diff)
			}
		})
	}
}

// TestRulesAreReachedInOrder because the second rule is asked only if the first
// is false.
func TestRulesAreReachedInOrder(t *testing.T) {
	reads := `{"Type": "Pass", "Parameters": {"a.$": "$.a"}, "End": true}`
	have := unsetIn(t, `"A": {"Type": "Choice", "Choices": [
		{"Variable": "$.a", "IsPresent": false, "Next": "Without"},
		{"Variable": "$.b", "IsPresent": true, "Next": "With"}], "Default": "Also"},
		"Without": `+reads+`, "With": `+reads+`, "Also": `+reads)
	if want := "Without never $.a"; have != want {
		t.Errorf("%q, want %q", have, want)
	}
}

// TestEventsAreToldApart where a flow that two events start asks which it is: by
// the event's type, or by a member that only one of them brings.
func TestEventsAreToldApart(t *testing.T) {
	const current, ticket = "$.input.ticket_event.current", "$.input.ticket_event.ticket.id"
	asks := func(rule, path string) string {
		read := `{"Type": "Pass", "Parameters": {"x.$": "` + path + `"}, "End": true}`
		return `"A": {"Type": "Choice", "Choices": [{` + rule + `, "Next": "Yes"}], "Default": "No"}, "Yes": ` + read + `, "No": ` + read
	}
	kind := func(value string) string {
		return `"Variable": "$.input.ticket_event.type", "StringEquals": "` + value + `"`
	}
	const missed = " sometimes " + current + " of spec"
	for _, tt := range []struct {
		name, states string
		specs        []string
		want         string
	}{
		{"every ticket event has a ticket", asks(kind("Status Changed"), ticket), []string{onTicket, onStatus}, ""},
		{"the type says that it changed", asks(kind("Status Changed"), current), []string{onTicket, onStatus}, "No" + missed},
		{"the type says that it was made", asks(kind("Ticket Created"), current), []string{onTicket, onStatus}, "Yes" + missed},
		{"a type of neither", asks(kind("Tags Changed"), current), []string{onTicket, onStatus}, "Yes" + missed + "; No" + missed},
		{"a member of one of them", asks(`"Variable": "$.input.ticket_event.previous", "IsPresent": true`, current), []string{onTicket, onStatus}, "No" + missed},
		{"its value", asks(`"Variable": "$.input.ticket_event.previous", "StringEquals": "new"`, current), []string{onTicket, onStatus}, "A sometimes $.input.ticket_event.previous of spec; No" + missed},
		{"another wrapper", asks(`"Variable": "$.input.user_event", "IsPresent": true`, "$.input.ticket_event.ticket"), []string{onTicket, onUser}, "Yes sometimes $.input.ticket_event of user instead ticket_event user_event"},
		{"one event alone is known to lack it", asks(kind("Status Changed"), current), []string{onTicket}, "Yes never " + current + " of spec; No never " + current + " of spec"},
		{"one event alone is known to bring it", asks(kind("Status Changed"), current), []string{onStatus}, ""},
		{"beside an event that is not known", asks(kind("Status Changed"), current), []string{onTicket, onStatus, onHook}, "Yes" + missed + "; No" + missed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, m := factsOf(t, tt.states, tt.specs...)
			var have []string
			for _, u := range x.Unset(m) {
				u.Suggest.Path = nil
				if len(u.Suggest.Instead) > 2 || len(u.Suggest.Instead) < 2 {
					u.Suggest.Instead = nil
				}
				have = append(have, unsetText(u))
			}
			if diff := cmp.Diff(tt.want, strings.Join(have, "; ")); diff != "" {
				t.Errorf("-want +have\n%s", diff)
			}
		})
	}
}

// TestWhatStatesLeave says which data there is behind a state, by its result and
// where that goes.
func TestWhatStatesLeave(t *testing.T) {
	reads := func(path string) string {
		return `"B": {"Type": "Pass", "Parameters": {"x.$": "` + path + `"}, "End": true}`
	}
	catch := func(more, path string) string {
		return `"A": {` + patchState + `, "Catch": [{"ErrorEquals": ["States.ALL"]` + more + `, "Next": "B"}], "Next": "C"}, ` + reads(path) + `, "C": {"Type": "Succeed"}`
	}
	made := `"A": {` + jqState + `, "Parameters": {"expr": "{id: .a}", "data.$": "$.input"}, "ResultPath": "$", "Next": "B"}, `
	for _, tt := range []struct{ name, states, want string }{
		{"a Catch with no place may have taken all", catch(``, "$.input.a"), ""},
		{"and leaves its Cause", catch(``, "$.Cause"), ""},
		{"a Catch with a place keeps the rest", catch(`, "ResultPath": "$.e"`, "$.subdomain"), ""},
		{"and has a Cause there", catch(`, "ResultPath": "$.e"`, "$.e.Cause"), ""},
		{"in other letters it isn't there", catch(`, "ResultPath": "$.e"`, "$.e.cause"), "B never $.e.cause instead Cause Error meant e.Cause"},
		{"under another name", catch(`, "ResultPath": "$.error"`, "$.failure.Cause"), "B never $.failure meant error"},
		{"a result that takes the place of all", made + reads("$.id"), ""},
		{"leaves nothing else", made + reads("$.subdomain"), "B never $.subdomain"},
		{"not even the event", made + reads("$.input"), "B never $.input"},
		{"a built-in that gives nothing", `"A": {` + patchState + `, "ResultPath": "$.kept", "Next": "B"}, ` + reads("$.kept"), "B never $.kept"},
		{"an Action with no place for its answer", `"A": {` + jqState + `, "Parameters": {"expr": "1", "data": "{}"}, "Next": "B"}, ` + reads("$.input.ticket_event"), ""},
		{"a Pass with no place for its Result", `"A": {"Type": "Pass", "Result": {"k": 1}, "Next": "B"}, ` + reads("$.subdomain"), ""},
		{"a Pass without Result", `"A": {"Type": "Pass", "ResultPath": "$.k", "Next": "B"}, ` + reads("$.k"), "B never $.k"},
		{"a Map", `"A": {"Type": "Map", "ItemsPath": "$.input", "ResultPath": "$.all", "Iterator": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "Next": "B"}, ` + reads("$.all[0].n"), ""},
		{"links that are found may be anything", `"A": {` + linksState + `, "ResultPath": "$.found", "Next": "B"}, ` + reads("$.found.anything"), ""},
		{"a link that is made", `"A": {` + linkState + `, "ResultPath": "$.made", "Next": "B"}, ` + reads("$.made.link.left_object.name"), ""},
		{"without its wrapper", `"A": {` + linkState + `, "ResultPath": "$.made", "Next": "B"}, ` + reads("$.made.uuid"), "B never $.made.uuid instead link meant made.link.uuid"},
		{"a slip in a link", `"A": {` + linkState + `, "ResultPath": "$.made", "Next": "B"}, ` + reads("$.made.link.left_objct"), "B never $.made.link.left_objct meant made.link.left_object"},
		{"below what was set", `"A": {"Type": "Pass", "Result": {"k": {"l": 1}}, "ResultPath": "$.r.s", "Next": "B"}, ` + reads("$.r.s.k.l"), ""},
		{"above what was set", `"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.r.s", "Next": "B"}, ` + reads("$.r"), ""},
		{"below a number", `"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.r", "Next": "B"}, ` + reads("$.r.s"), "B never $.r.s"},
		{"a list of a Result", `"A": {"Type": "Pass", "Result": [{"n": 1}], "ResultPath": "$.r", "Next": "B"}, ` + reads("$.r[0].n"), ""},
		{"an item of the event's tags", `"A": {"Type": "Pass", "Next": "B"}, ` + reads("$.input.ticket_event.ticket.tags[0]"), ""},
		{"a tag has no members", `"A": {"Type": "Pass", "Next": "B"}, ` + reads("$.input.ticket_event.ticket.tags[0].name"), "B never $.input.ticket_event.ticket.tags[n].name of spec"},
		{"nor members of members", `"A": {"Type": "Pass", "Next": "B"}, ` + reads("$.input.ticket_event.ticket.tags[0].name.first"), "B never $.input.ticket_event.ticket.tags[n].name of spec"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, unsetIn(t, tt.states, onTicket)); diff != "" {
				t.Errorf("-want +have\n%s", diff)
			}
		})
	}
}

// TestShapesOfResults because rules ask of which type a value is.
func TestShapesOfResults(t *testing.T) {
	states := `"A": {` + linkState + `, "ResultPath": "$.made", "Next": "B"},
		"B": {` + patchState + `, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "C"}], "Next": "C"},
		"C": {"Type": "Pass", "Result": {"list": [1, 2], "text": "{{$.x}}", "deep": {"yes": true}}, "ResultPath": "$.r", "Next": "D"},
		"D": {"Type": "Pass", "Result": 1, "ResultPath": "$.twice", "Next": "E"},
		"E": {"Type": "Pass", "Result": "1", "ResultPath": "$.twice", "Next": "F"},
		"F": {"Type": "Succeed"}`
	x, m := factsOf(t, states, onTicket)
	last := m.States[len(m.States)-1]
	for path, want := range map[string]zis.DataType{
		"made": zis.Object, "made.link.uuid": zis.Text, "made.link.account_id": zis.Scalar, "made.link.left_object.name": 0,
		"e": zis.Object, "e.Cause": zis.Text,
		"r": zis.Object, "r.list": 0, "r.text": 0, "r.deep.yes": zis.Boolean,
		"twice": 0, "input.ticket_event.ticket.id": zis.Number, "subdomain": zis.Text,
	} {
		var have zis.DataType
		if s := x.ShapeAt(last, strings.Split(path, ".")); s != nil {
			have = s.Type
		}
		if have != want {
			t.Errorf("%s has the shape %v, want %v", path, have, want)
		}
	}
}

// TestForksAnswerAlike because rules run beside each other, each on a fork.
func TestForksAnswerAlike(t *testing.T) {
	x, m := factsOf(t, `"A": {"Type": "Pass", "Parameters": {"x.$": "$.input.ticket_event.ticket.idd"}, "Next": "B"}, "B": {"Type": "Succeed"}`, onTicket)
	first := x.Unset(m)
	for range 3 {
		f := x.Fork()
		if again := f.Unset(m); len(again) != 1 || unsetText(again[0]) != unsetText(first[0]) {
			t.Errorf("%v, want %v", again, first)
		}
		if !f.Has(zis.KindJobSpec, "spec") || f.Uncertain(zis.KindAction) || stateNames(f.Graph(m).To[0]) != "B" {
			t.Error("the fork knows less")
		}
	}
}
