package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Parts that the machines of the tests are put together from.
const (
	jqState    = `"Type": "Action", "ActionName": "zis:common:transform:Jq"`
	patchState = `"Type": "Action", "ActionName": "zis:common:action:PatchConfig"`
	onTicket   = `"spec": {"type": "ZIS::JobSpec", "properties": {"name": "spec", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:flow"}}`
	onUser     = `"user": {"type": "ZIS::JobSpec", "properties": {"name": "user", "event_source": "support", "event_type": "user.UserCreated", "flow_name": "zis:acme:flow:flow"}}`
	onHook     = `"hook": {"type": "ZIS::JobSpec", "properties": {"name": "hook", "event_source": "shop", "event_type": "paid", "flow_name": "zis:acme:flow:flow"}}`
)

// factsOf reads a bundle with one flow, whose first state is A, and other
// resources.
func factsOf(t testing.TB, states string, resources ...string) (*flow.Facts, *zis.Machine) {
	t.Helper()
	all := append([]string{`"flow": {"type": "ZIS::Flow", "properties": {"name": "flow", "definition": {"StartAt": "A", "States": {` + states + `}}}}`}, resources...)
	doc, found := source.Parse(diag.NewFile("bundle.json", []byte(`{"name": "b", "zis_template_version": "2019-10-14", "resources": {`+strings.Join(all, ", ")+`}}`)))
	if len(found) > 0 {
		t.Fatalf("%s: %v", states, found[0].Message)
	}
	b := zis.Read(doc)
	return flow.New([]*zis.Bundle{b}), b.Flows[0].Machine
}

func stateNames(list []*zis.State) string {
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

func TestGraph(t *testing.T) {
	const end = `{"Type": "Succeed"}`
	for _, tt := range []struct{ name, states, want string }{
		{"a line", `"A": {"Type": "Pass", "Next": "B"}, "B": ` + end, "A>B"},
		{"a slip is one mistake", `"A": {"Type": "Pass", "Next": "Bcd"}, "Bce": ` + end, "A>Bce"},
		{"nothing is near", `"A": {"Type": "Pass", "Next": "Elsewhere"}, "B": ` + end, "broken"},
		{"a state that leads nowhere", `"A": {"Type": "Pass"}`, "broken"},
		{"a choice has its rules and its default", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "B"}], "Default": "C"}, "B": ` + end + `, "C": ` + end, "A>B A>C"},
		{"a choice that may find no rule", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "B"}]}, "B": ` + end, "A>B broken"},
		{"two rules can leave nothing over", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "B"}, {"Variable": "$.a", "IsPresent": false, "Next": "B"}]}, "B": ` + end, "A>B A>B"},
		{"a loop", `"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}`, "A>B B>C C>B loop B"},
		{"a loop with a way out", `"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "A"}], "Default": "C"}, "C": ` + end, "A>B B>A B>C"},
		{"a loop that an error alone leaves", `"A": {` + patchState + `, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}], "Next": "A"}, "C": ` + end, "A>A A>C stuck A"},
		{"a loop that no way leads to", `"A": ` + end + `, "B": {"Type": "Pass", "Next": "B"}`, "B>B"},
	} {
		x, m := factsOf(t, tt.states)
		g := x.Graph(m)
		var have []string
		for i, to := range g.To {
			for _, s := range to {
				have = append(have, m.States[i].Name+">"+s.Name)
			}
		}
		slices.Sort(have)
		for what, list := range map[string][]*zis.State{"loop ": g.Loops, "stuck ": g.Stuck} {
			if len(list) > 0 {
				have = append(have, what+stateNames(list))
			}
		}
		if g.Broken {
			have = append(have, "broken")
		}
		if diff := cmp.Diff(tt.want, strings.Join(have, " ")); diff != "" {
			t.Errorf("%s (-want +have)\n%s", tt.name, diff)
		}
	}
}

func TestReach(t *testing.T) {
	x, m := factsOf(t, `"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}, "C": {"Type": "Pass", "Next": "B"}`)
	if diff := cmp.Diff([]bool{true, true, false}, flow.Reach(m.States[:1], x.Graph(m).To)); diff != "" {
		t.Error(diff)
	}
}

func TestReads(t *testing.T) {
	for _, tt := range []struct{ name, state, want string }{
		{"a member that is computed", `{"Type": "Pass", "Parameters": {"a.$": "$.x.y", "b": "$.z"}}`, "$.x.y"},
		{"a text with placeholders", `{"Type": "Pass", "Parameters": {"a.$": "{{$.x}} and {{$.y.z}}"}}`, "$.x $.y.z"},
		{"up to an index", `{"Type": "Map", "ItemsPath": "$.list[0].items"}`, "$.list"},
		{"a message", `{"Type": "Succeed", "Message": "saw {{$.input.a}}"}`, "$.input.a"},
		{"a result is written, not read", `{"Type": "Pass", "ResultPath": "$.r"}`, ""},
		{"a variable", `{"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "1"}]}`, "$.a"},
		{"both sides of a comparison", `{"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEqualsPath": "$.b"}]}`, "$.a $.b"},
		{"what is asked for is not needed", `{"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true}]}`, ""},
		{"nor what stands below it", `{"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a.b", "StringEquals": "1"}]}]}`, ""},
		{"the text of a program", `{` + jqState + `, "Parameters": {"expr": ".a", "data.$": "$.d"}}`, "$.d"},
	} {
		x, m := factsOf(t, `"A": `+tt.state)
		var have []string
		for _, r := range x.Reads(m.States[0]) {
			have = append(have, r.Path())
		}
		if diff := cmp.Diff(tt.want, strings.Join(have, " ")); diff != "" {
			t.Errorf("%s (-want +have)\n%s", tt.name, diff)
		}
	}
}

// What isn't there is said with the state that reads it, whether it is missing
// always, and what was meant.
func TestUnset(t *testing.T) {
	const program = `"A": {` + jqState + `, "Parameters": {"expr": "{id: .a, tags: {name: 1}}", "data.$": "$.input"}, "ResultPath": "$.made", "Next": "B"}, `
	reads := func(path string) string {
		return `"B": {"Type": "Pass", "Parameters": {"x.$": "` + path + `"}, "End": true}`
	}
	for _, tt := range []struct {
		name, states string
		specs        []string
		want         string
	}{
		{"what a program gives out", program + reads("$.made.id"), nil, ""},
		{"what it doesn't", program + reads("$.made.uuid"), nil, "B never $.made.uuid instead id tags"},
		{"a slip", program + reads("$.made.tagss"), nil, "B never $.made.tagss instead id tags meant made.tags"},
		{"one object further in", program + reads("$.made.name"), nil, "B never $.made.name instead id tags meant made.tags.name"},
		{"nothing sets it", program + reads("$.other"), nil, "B never $.other"},
		{"set on a later way", program + `"B": {"Type": "Pass", "Parameters": {"x.$": "$.late"}, "Next": "C"}, "C": {"Type": "Pass", "Result": 1, "ResultPath": "$.late", "Next": "D"}, "D": {"Type": "Succeed"}`, nil, "B never $.late behind"},
		{"set on one of two ways", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.input.a", "IsPresent": true, "Next": "B"}], "Default": "C"}, "B": {"Type": "Pass", "Result": 1, "ResultPath": "$.r", "Next": "C"}, "C": {"Type": "Pass", "Parameters": {"x.$": "$.r"}, "End": true}`, nil, "C sometimes $.r behind"},
		{"a condition shows that it is there", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.r", "IsPresent": true, "Next": "B"}], "Default": "C"}, ` + reads("$.r") + `, "C": {"Type": "Succeed"}`, nil, ""},
		{"of the event", program + reads("$.input.ticket_event.ticket.id"), []string{onTicket}, ""},
		{"the event lacks it", program + reads("$.input.ticket_event.ticket.idd"), []string{onTicket}, "B never $.input.ticket_event.ticket.idd of spec meant input.ticket_event.ticket.id"},
		{"one of two events lacks it", program + reads("$.input.ticket_event"), []string{onTicket, onUser}, "B sometimes $.input.ticket_event of user instead ticket_event user_event"},
		{"an event that isn't known may have anything", program + reads("$.input.any.thing"), []string{onHook}, ""},
		{"written without its beginning", program + reads("$.ticket_event.ticket.id"), []string{onTicket}, "B never $.ticket_event below input.ticket_event.ticket.id"},
		{"nothing is said where a way isn't known", `"A": {"Type": "Pass", "Next": "Nowhere"}, ` + reads("$.other"), nil, ""},
	} {
		x, m := factsOf(t, tt.states, tt.specs...)
		var have []string
		for _, u := range x.Unset(m) {
			have = append(have, unsetText(u))
		}
		if diff := cmp.Diff(tt.want, strings.Join(have, "; ")); diff != "" {
			t.Errorf("%s (-want +have)\n%s", tt.name, diff)
		}
	}
}

func unsetText(u flow.Unset) string {
	words := []string{u.State.Name, "never", flow.Dotted(u.Names)}
	if u.Sometimes {
		words[1] = "sometimes"
	}
	if u.Event != nil {
		words = append(words, "of "+u.Event.Name.Value)
	}
	if u.Suggest.Behind {
		words = append(words, "behind")
	}
	if list := u.Suggest.Instead; len(list) > 0 && len(list) < 5 {
		words = append(words, "instead "+strings.Join(list, " "))
	}
	if u.Suggest.Path != nil {
		how := "meant "
		if u.Suggest.Below {
			how = "below "
		}
		words = append(words, how+strings.Join(u.Suggest.Path, "."))
	}
	return strings.Join(words, " ")
}

func TestStart(t *testing.T) {
	for _, tt := range []struct {
		name  string
		specs []string
		path  string
		there bool
		lacks string // the event that doesn't bring it
		shape zis.DataType
	}{
		{"a root name", nil, "subdomain", true, "", zis.Text},
		{"below a root name that is a text", nil, "subdomain.x", false, "?", 0},
		{"no root name", nil, "other", false, "?", 0},
		{"an event's", []string{onTicket}, "input.ticket_event.ticket", true, "", zis.Object},
		{"not an event's", []string{onTicket}, "input.user_event", false, "spec", 0},
		{"of one event of two", []string{onTicket, onUser}, "input.ticket_event", true, "user", 0},
		{"of an event that isn't known", []string{onHook}, "input.a", true, "", 0},
		{"no event is known", nil, "input.a", true, "", 0},
	} {
		x, m := factsOf(t, `"A": {"Type": "Succeed"}`, tt.specs...)
		start := x.Start(m.States[0].Flow)
		names := strings.Split(tt.path, ".")
		there, lacking := start.Has(names)
		lacks := ""
		if lacking != nil {
			lacks = "?"
			if lacking.Spec != nil {
				lacks = lacking.Spec.Name.Value
			}
		}
		var shape zis.DataType
		if s := start.At(names); s != nil {
			shape = s.Type
		}
		if there != tt.there || lacks != tt.lacks || shape != tt.shape {
			t.Errorf("%s: there %v, lacking %q, shape %v; want %v, %q, %v", tt.name, there, lacks, shape, tt.there, tt.lacks, tt.shape)
		}
	}
}

func TestShapeAt(t *testing.T) {
	x, m := factsOf(t, `"A": {`+jqState+`, "Parameters": {"expr": "{id: \"a\", b: .b}", "data.$": "$"}, "ResultPath": "$.made", "Next": "B"},
		"B": {"Type": "Pass", "Result": {"n": 1, "yes": true, "s.$": "$.made"}, "ResultPath": "$.own", "Next": "C"},
		"C": {"Type": "Pass", "End": true}, "D": {"Type": "Pass", "End": true}`, onTicket)
	for path, want := range map[string]zis.DataType{
		"made": zis.Object, "made.id": zis.Text, "made.b": 0, "own.n": zis.Number, "own.yes": zis.Boolean, "own.s": 0,
		"input.ticket_event.ticket": zis.Object, "other": 0,
	} {
		var have zis.DataType
		if s := x.ShapeAt(m.States[2], strings.Split(path, ".")); s != nil {
			have = s.Type
		}
		if have != want {
			t.Errorf("%s has the shape %v, want %v", path, have, want)
		}
	}
	if s := x.ShapeAt(m.States[3], []string{"made"}); s != nil {
		t.Errorf("no way leads to D, and the data there has the shape %v", s)
	}
}

func TestProgram(t *testing.T) {
	for _, tt := range []struct{ name, parameters, want string }{
		{"its result", `"expr": "{a: 1, b: {c: 2}}"`, "expr a b"},
		{"what isn't known", `"expr": ".a"`, "expr"},
		{"a mistake", `"expr": "foo"`, "expr jq has no function foo/0"},
		{"a text that is filled in", `"expr.$": "{a: {{$.n}}}"`, "expr.$"},
		{"a program that is known at run time", `"expr.$": "$.program"`, ""},
		{"no program", `"data": 1`, ""},
	} {
		x, m := factsOf(t, `"A": {`+jqState+`, "Parameters": {`+tt.parameters+`}, "ResultPath": "$.r", "End": true}`)
		p := x.Program(m.States[0])
		var have []string
		if p.Node != nil {
			have = append(have, p.Node.Name)
		}
		if p.Result != nil {
			for name := range p.Result.Members {
				have = append(have, name)
			}
			slices.Sort(have[1:])
		}
		for _, e := range p.Errors {
			have = append(have, e.Message)
		}
		if diff := cmp.Diff(tt.want, strings.Join(have, " ")); diff != "" {
			t.Errorf("%s (-want +have)\n%s", tt.name, diff)
		}
	}
}

func TestReadingsSayWhatThePlatformDoes(t *testing.T) {
	kinds := map[flow.ReadingKind]string{
		flow.PathField: "path", flow.Evaluated: "evaluated", flow.Message: "message",
		flow.Definition: "definition", flow.Fixed: "fixed", flow.ProgramText: "program",
	}
	x, m := factsOf(t, `"A": {`+jqState+`, "Parameters": {"expr": ".a + $x", "data.$": "$.d", "note": "costs $5"}, "ResultPath": "$.r", "Next": "B"},
		"B": {"Type": "Fail", "Cause": "saw {{$.r}}"}`,
		`"act": {"type": "ZIS::Action::Http", "properties": {"name": "act", "definition": {"method": "GET", "url": "https://example.com/{{$.id}}", "requestBody": {"a.$": "$.b"}}}}`)
	var have []string
	list := slices.Concat(x.Readings(m.States[0]), x.Readings(m.States[1]), x.ReadingsOf(x.Bundles[0].Actions[0]))
	for _, r := range list {
		have = append(have, r.Node.Name+" "+kinds[r.Kind])
	}
	slices.Sort(have)
	want := []string{"Cause message", "ResultPath path", "a.$ evaluated", "data.$ evaluated", "expr program", "note fixed", "url definition"}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("-want +have\n%s", diff)
	}
	for _, r := range list {
		if (r.State == nil) != (x.DefinedAt(r.Node) != nil) {
			t.Errorf("%s: the state is %v, the action %v", r.Node.Name, r.State, x.DefinedAt(r.Node))
		}
	}
}

func TestResourcesByName(t *testing.T) {
	x, m := factsOf(t, `"A": {"Type": "Action", "ActionName": "zis:acme:action:act", "Next": "B"}, "B": {"Type": "Action", "ActionName": "zis:acme:action:other", "End": true}`,
		`"act": {"type": "ZIS::Action::Http", "properties": {"name": "act", "definition": {"method": "GET", "url": "https://example.com"}}}`, onTicket)
	act := x.Called(m.States[0])
	if act == nil || act.Name.Value != "act" || stateNames(x.Callers(act)) != "A" {
		t.Errorf("A calls %v, which is called by %v", act, x.Callers(act))
	}
	if other := x.Called(m.States[1]); other != nil {
		t.Errorf("B calls %v, and no bundle has it", other)
	}
	for _, tt := range []struct {
		kind, name string
		has        bool
	}{{zis.KindFlow, "flow", true}, {zis.KindAction, "act", true}, {zis.KindAction, "flow", false}, {zis.KindJobSpec, "spec", true}} {
		if x.Has(tt.kind, tt.name) != tt.has {
			t.Errorf("has %s %s: want %v", tt.kind, tt.name, tt.has)
		}
	}
	if diff := cmp.Diff([]string{"act"}, x.Names(zis.KindAction)); diff != "" {
		t.Error(diff)
	}
	if x.Uncertain(zis.KindAction) {
		t.Error("every resource can be read")
	}
	y, _ := factsOf(t, `"A": {"Type": "Succeed"}`, `"odd": {"type": "ZIS::Action::Http", "properties": {}}`)
	if !y.Uncertain(zis.KindAction) || y.Uncertain(zis.KindJobSpec) {
		t.Error("an action without a name may be any action, and no job spec")
	}
}

func TestSlips(t *testing.T) {
	x, m := factsOf(t, `"A": {"Type": "Pass", "Nxt": "B", "retry": 1}, "Bravo": {"Type": "Choice", "Choices": [], "default": "A"}`)
	for _, tt := range []struct {
		state int
		field string
		want  string
	}{{0, "Next", "Nxt"}, {0, "ResultPath", ""}, {1, "Default", "default"}} {
		have := ""
		if n := flow.Slip(m.States[tt.state].Node, tt.field); n != nil {
			have = n.Name
		}
		if have != tt.want {
			t.Errorf("%s was written %q, want %q", tt.field, have, tt.want)
		}
	}
	if !x.Misspelt(m.States[0], "Next") || x.Misspelt(m.States[0], "Catch") {
		t.Error("Nxt was meant to be Next, and nothing to be Catch")
	}
	if near := x.Nearest("Brvo", x.StateNames(m)); near != "Bravo" {
		t.Errorf("Brvo is near %q", near)
	}
	for x.MayCompare(50_000) {
		continue
	}
	if near := x.Nearest("Brvo", x.StateNames(m)); near != "" {
		t.Errorf("%q is found when nothing may be compared any more", near)
	}
}

func TestEndsAndSilence(t *testing.T) {
	for state, want := range map[string]string{
		`{"Type": "Succeed"}`:                     "ends",
		`{"Type": "Fail"}`:                        "ends",
		`{"Type": "Pass", "End": true}`:           "ends",
		`{"Type": "Pass", "End": false}`:          "",
		`{"Type": "Wait", "Next": "A"}`:           "",
		`{` + patchState + `}`:                    "silent",
		`{` + jqState + `}`:                       "jq",
		`{"Type": "Action", "ActionName": "a b"}`: "",
	} {
		_, m := factsOf(t, `"A": `+state)
		var have []string
		for what, is := range map[string]bool{"ends": flow.Ends(m.States[0]), "silent": flow.Silent(m.States[0]), "jq": flow.IsJq(m.States[0])} {
			if is {
				have = append(have, what)
			}
		}
		if diff := cmp.Diff(want, strings.Join(have, " ")); diff != "" {
			t.Errorf("%s (-want +have)\n%s", state, diff)
		}
	}
}

func TestConditionsOuterFirst(t *testing.T) {
	_, m := factsOf(t, `"A": {"Type": "Choice", "Choices": [{"Not": {"Variable": "$.a", "IsNull": true}, "Next": "A"}, {"Variable": "$.b", "IsNull": true, "Next": "A"}]}`)
	var have []string
	for c := range flow.Conditions(m.States[0]) {
		have = append(have, fmt.Sprint(c.Logic, c.Variable.Value))
	}
	if diff := cmp.Diff([]string{"Not", "$.a", "$.b"}, have); diff != "" {
		t.Errorf("-want +have\n%s", diff)
	}
}

func TestPaths(t *testing.T) {
	for text, want := range map[string][]string{"$.a.b": {"a", "b"}, "$.a[0].b": {"a"}, "$": nil, "$['a b'].c": {"a b", "c"}} {
		path, err := expr.ParsePath(text)
		if err != nil {
			t.Fatalf("%s: %s", text, err.Message)
		}
		names := flow.NamesOf(path)
		if !slices.Equal(names, want) || len(want) > 0 && flow.FirstName(path) != want[0] {
			t.Errorf("%s has the names %q and begins with %q, want %q", text, names, flow.FirstName(path), want)
		}
	}
	for text, want := range map[string]bool{"{{$.a}}": true, "${NAME}": true, "plain $": false} {
		if flow.FilledIn(text) != want {
			t.Errorf("%s: filled in %v", text, !want)
		}
	}
	if s := flow.Dotted([]string{"a", "b"}); s != "$.a.b" {
		t.Error(s)
	}
}
