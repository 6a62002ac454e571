package interp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// one is a run of a small flow.
type one struct {
	states  string // the members of States; the first state is "A" unless start is set
	start   string
	actions map[string]string // definitions
	input   string            // default {}
	root    string            // instead of input: all of $
	configs map[string]string
	links   string
	has     []string // connections; nil: all
	domains map[string]string
	replies []reply // one for each request; the last is repeated
	choose  []string
	repeat  bool // don't set NoRepeat
}

type reply struct {
	status  int
	body    string
	kind    string // Content-Type
	headers map[string]string
	failure string
	took    time.Duration
}

var instant = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

var account = interp.Account{ID: 35436, Subdomain: "acme", Integration: "crm"}

func (o one) bundle(t testing.TB) *zis.Bundle {
	t.Helper()
	if o.start == "" {
		o.start = "A"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `{"name":"b","zis_template_version":"2019-10-14","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":%q,"States":{%s}}}}`, o.start, o.states)
	for _, name := range slices.Sorted(maps.Keys(o.actions)) {
		fmt.Fprintf(&b, `,%q:{"type":"ZIS::Action::Http","properties":{"name":%q,"definition":%s}}`, name, name, o.actions[name])
	}
	b.WriteString("}}")
	return read(t, "b.json", b.String())
}

func read(t testing.TB, name, text string) *zis.Bundle {
	t.Helper()
	doc, found := source.Parse(diag.NewFile(name, []byte(text)))
	if doc == nil || len(found) > 0 {
		t.Fatalf("the bundle of the test: %v\n%s", found, text)
	}
	return zis.Read(doc)
}

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := interp.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func (o one) run(t testing.TB) *interp.Result {
	t.Helper()
	root := any(account.Root(map[string]any{}))
	if o.input != "" {
		root = account.Root(value(t, o.input))
	}
	if o.root != "" {
		root = value(t, o.root)
	}
	start := interp.Start{Account: account, Data: root, Connections: o.has, Domains: o.domains, Now: instant, NoRepeat: !o.repeat}
	start.World.Configs = map[string]any{}
	for scope, config := range o.configs {
		start.World.Configs[scope] = value(t, config)
	}
	if o.links != "" {
		start.World.Links = value(t, o.links).([]any)
	}
	for _, choice := range o.choose {
		var err error
		if start.Readings, err = start.Readings.Set(choice); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	start.HTTP = func(context.Context, *interp.Request) (interp.Reply, error) {
		if len(o.replies) == 0 {
			return interp.Reply{}, fmt.Errorf("the test has no reply")
		}
		r := o.replies[min(asked, len(o.replies)-1)]
		asked++
		headers := maps.Clone(r.headers)
		if headers == nil {
			headers = map[string]string{}
		}
		if r.kind != "" {
			headers["content-type"] = r.kind
		}
		return interp.Reply{Status: r.status, Headers: headers, Body: []byte(r.body), Failure: r.failure, Took: r.took}, nil
	}
	flow := interp.Compile(o.bundle(t)).Flow("f")
	return flow.Run(t.Context(), start)
}

// at is the value at a path of the final $ as JSON; "missing" if there is none.
func at(r *interp.Result, path string) string {
	v := r.Data
	for name := range strings.SplitSeq(path, ".") {
		if name == "$" {
			continue
		}
		object, _ := v.(map[string]any)
		member, ok := object[name]
		if !ok {
			return "missing"
		}
		v = member
	}
	return interp.Encode(v)
}

// Some definitions and states that many tests share.
const (
	post     = `{"method":"POST","url":"https://api.example.com/x","requestBody":{"a":"{{$.a}}"}}`
	get      = `{"method":"GET","url":"https://api.example.com/x"}`
	succeeds = `"S":{"Type":"Succeed"}`
)

// pass puts a value at $.x and goes on.
func passing(name, result, next string) string {
	return fmt.Sprintf(`%q:{"Type":"Pass","Result":%s,"ResultPath":"$.x","Next":%q}`, name, result, next)
}

// body runs a state whose Parameters are p, and returns what the action got.
func given(t testing.TB, p, input string, choose ...string) (string, *interp.Result) {
	o := one{
		states:  `"A":{"Type":"Action","ActionName":"zis:crm:action:a","Parameters":` + p + `,"End":true}`,
		actions: map[string]string{"a": get}, input: input, replies: []reply{{status: 200, body: "{}"}}, choose: choose,
	}
	r := o.run(t)
	return interp.Encode(r.Steps[0].Given), r
}

func cause(r *interp.Result) string {
	if r.Err == nil {
		return ""
	}
	return r.Err.Text
}

// TestVectors are the vectors of the specification, by their numbers.
func TestVectors(t *testing.T) {
	withCatch := func(catch string) string {
		return `"A":{"Type":"Action","ActionName":"zis:crm:action:a","ResultPath":"$.r","Catch":[{"ErrorEquals":["States.ALL"],` + catch + `"Next":"S"}],"Next":"S"},` + succeeds
	}
	action := func(more string) string {
		return `"A":{"Type":"Action","ActionName":"zis:crm:action:a",` + more + `"End":true}`
	}
	jq := func(expr, data string) string {
		return `"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":` + expr + `,` + data + `},"ResultPath":"$.r","Next":"C"},` +
			`"C":{"Type":"Choice","Choices":[{"Variable":"$.r","IsPresent":true,"Next":"S"}],"Default":"N"},"N":{"Type":"Succeed"},` + succeeds
	}
	items := func(n int) string { return strings.TrimSuffix(strings.Repeat(`{"n":1},`, n), ",") }
	over := func(list, inner string) string {
		return passing("P", list, "A") + `,"A":{"Type":"Map","ItemsPath":"$.x","ResultPath":"$.m","Iterator":{"StartAt":"I","States":{` + inner + `}},"End":true}`
	}
	inner := `"I":{"Type":"Pass","End":true}`
	get := map[string]string{"a": get}

	t.Run("V1", func(t *testing.T) {
		if have, _ := given(t, `{"a.$":"$.input.n"}`, `{"n":35436123456789}`); have != `{"a":35436123456789}` {
			t.Error(have)
		}
	})
	t.Run("V2", func(t *testing.T) {
		if have, _ := given(t, `{"a.$":"#{{$.input.n}}!"}`, `{"n":35436123456789}`); have != `{"a":"#35436123456789!"}` {
			t.Error(have)
		}
	})
	t.Run("V3", func(t *testing.T) {
		have, r := given(t, `{"a":"{{$.input.n}}"}`, `{"n":1}`)
		if have != `{"a":"{{$.input.n}}"}` || !r.Touched.Has(interp.StaticText) {
			t.Error(have, r.Touched)
		}
	})
	for _, tt := range []struct {
		name    string
		one     one
		path    string // of the final $
		want    string
		cause   string // of the failure; "" is success
		touched string
		runs    int
		elapsed time.Duration
		end     string
		message string
	}{
		{name: "V4", one: one{states: action(""), actions: get, input: `{"n":1}`, replies: []reply{{status: 200, body: `{"x":1}`}}}, path: "$.x", want: "missing"},
		{name: "V5", one: one{states: `"A":{"Type":"Pass","Result":1,"ResultPath":"$.a.b","End":true}`, input: `{"n":1}`}, path: "$.a.b", want: "1"},
		{name: "V5 keeps", one: one{states: `"A":{"Type":"Pass","Result":1,"ResultPath":"$.a.b","End":true}`, input: `{"n":1}`}, path: "$.input.n", want: "1"},
		{name: "V6", one: one{states: action(`"ResultPath":"$.r",`), actions: get, replies: []reply{{status: 200, body: "hi", kind: "text/plain"}}}, path: "$.r.__httpresponse", want: `"hi"`},
		{name: "V7", one: one{states: withCatch(`"ResultPath":"$.e",`), actions: get, replies: []reply{{status: 404}}}, path: "$.e.Cause", want: `"external action failed due to status code: 404"`, end: "S"},
		{name: "V8", one: one{states: withCatch(""), actions: get, replies: []reply{{status: 404}}}, path: "$.Cause", want: `"external action failed due to status code: 404"`},
		{name: "V8 loses", one: one{states: withCatch(""), actions: get, replies: []reply{{status: 404}}}, path: "$.input", want: "missing"},
		{name: "V9", one: one{states: action(""), actions: get, replies: []reply{{status: 404}}, repeat: true}, cause: "external action failed due to status code: 404", runs: 1},
		{name: "V10", one: one{states: action(""), actions: get, replies: []reply{{status: 500}, {status: 500}, {status: 200}}, repeat: true}, runs: 3, elapsed: 90 * time.Second},
		{name: "V11", one: one{states: `"A":{"Type":"Fail","Error":"E","Cause":"why"}`, repeat: true}, cause: "why", runs: 1, message: "why"},
		{name: "V12", one: one{states: jq(`".a"`, `"data":"{\"a\":[1]}"`)}, path: "$.r", want: "[1]", end: "S"},
		{name: "V13", one: one{states: jq(`".a"`, `"data":"{}"`)}, path: "$.r", want: "null", end: "N", touched: "A30"},
		{name: "V14", one: one{states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.a","StringEquals":"x","Next":"S"}],"Default":"N"},"N":{"Type":"Succeed"},` + succeeds, input: `{"a":null}`}, end: "N"},
		{name: "V15", one: one{states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.b","StringEquals":"x","Next":"S"}],"Default":"N"},"N":{"Type":"Succeed"},` + succeeds, input: `{"a":null}`}, end: "N", touched: "A29"},
		{name: "V16", one: one{states: over("["+items(101)+"]", inner), start: "P"}, cause: "a Map takes at most 100 items, and $.x has 101"},
		{name: "V17", one: one{states: over(`[{"n":1}]`, `"I":{"Type":"Wait","SecondsPath":"$.input.n","End":true}`), start: "P"}, cause: "JSON path not found: $.input.n"},
		{name: "V18", one: one{states: over(`[1]`, inner), start: "P"}, cause: "an item of a Map is an object, and item 0 of $.x is a number"},
		{name: "V19", one: one{states: action(""), actions: map[string]string{"a": `{"method":"GET","url":"https://a.example/","connectionName":"acme"}`}, has: []string{"other"}}, cause: `Cannot start flow because the connection named "acme" does not exist`, end: ""},
		{name: "V20", one: one{states: `"A":{"Type":"Action","ActionName":"zis:common:action:LoadConfig","Parameters":{"scope":"s"},"ResultPath":"$.c","End":true}`, configs: map[string]string{"s": `{"k":1}`}}, path: "$.c.k", want: "1", touched: "A18"},
		{name: "V21", one: one{states: `"A":{"Type":"Action","ActionName":"zis:common:action:CreateLink","Parameters":{"link_type":"t_t","left_object":{"name":1234567},"right_object":{"name":"right"}},"ResultPath":"$.l","End":true}`}, path: "$.l.link.left_object.name", want: `"1234567"`},
		{name: "V22", one: one{states: `"A":{"Type":"Pass","End":true}`}, message: "Execution Successful"},
		{name: "V23", one: one{states: action(`"Parameters":{"s.$":"$.input.ticket_event.ticket.subject"},`), actions: get, input: `{"ticket_event":{"ticket":{"id":1}}}`}, cause: "JSON path not found: $.input.ticket_event.ticket.subject"},
		{name: "V24", one: one{states: action(""), actions: map[string]string{"a": `{"method":"GET","url":"http://a.example/","connectionName":"acme"}`}}, cause: "a connection always uses https, and the address is http://a.example/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.one.run(t)
			if cause(r) != tt.cause {
				t.Fatalf("failed with %q, want %q", cause(r), tt.cause)
			}
			if tt.path != "" && at(r, tt.path) != tt.want {
				t.Errorf("%s is %s, want %s", tt.path, at(r, tt.path), tt.want)
			}
			if tt.touched != "" && !strings.Contains(r.Touched.String(), tt.touched) {
				t.Errorf("relied on %q, want %s among them", r.Touched, tt.touched)
			}
			if tt.runs != 0 && (r.Runs != tt.runs || r.Elapsed != tt.elapsed) {
				t.Errorf("%d runs in %v, want %d in %v", r.Runs, r.Elapsed, tt.runs, tt.elapsed)
			}
			if tt.end != "" && r.End != tt.end || tt.name == "V19" && len(r.Steps) > 0 {
				t.Errorf("ended in %q after %d steps, want %q", r.End, len(r.Steps), tt.end)
			}
			if tt.message != "" && r.Message != tt.message {
				t.Errorf("message %q, want %q", r.Message, tt.message)
			}
		})
	}
}

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"1", "1.0", true},
		{"12608007991101234567", "12608007991101234568", false},
		{"null", "0", false},
		{`{"a":[1,{"b":null}]}`, `{"a":[1.0,{"b":null}]}`, true},
		{`{"a":null}`, `{}`, false},
		{"[1]", "[1,2]", false},
		{`"1"`, "1", false},
		{"1e3", "1000", true},
		{"9007199254740993", "9007199254740992.5", false},
		{"0.1", "0.1000000000000000001", false},
		{"0.10", "1e-1", true},
		{"1e400", "1e401", true},
		{"1e-999999999", "0.0", true},
		{"100000000000000000000", "1e20", true},
		{"{}", "[]", false},
	} {
		if have := interp.Equal(value(t, tt.a), value(t, tt.b)); have != tt.want {
			t.Errorf("%s equals %s: %v", tt.a, tt.b, have)
		}
	}
	text := `{"":"a\"\\\u0001é😀<>\u2028","b":[true,false,null,-0.10,123456789012345678901234567890]}`
	var want, have any
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(interp.Encode(value(t, text))), &have); err != nil || fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%v %v", err, have)
	}
}

// parse reads a bundle; nil if it is none.
func parse(text string) *zis.Bundle {
	doc, found := source.Parse(diag.NewFile("b.json", []byte(text)))
	if doc == nil || len(found) > 0 {
		return nil
	}
	return zis.Read(doc)
}
