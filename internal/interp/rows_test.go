package interp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// row is a line of the specification: what a flow does with given input.
type row struct {
	name    string
	one     one
	path    string // of the final $
	want    string // JSON there
	cause   string // of the failure; "" is success
	touched string // all assumptions that it relies on; "-" if they don't matter
	end     string
	message string
	request string // METHOD URL BODY of the last request
	header  string // Name: value of the last request
	elapsed time.Duration
	moves   int
}

func check(t *testing.T, rows []row) {
	t.Helper()
	for _, tt := range rows {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.one.run(t)
			if cause(r) != tt.cause {
				t.Fatalf("failed with %q, want %q", cause(r), tt.cause)
			}
			if tt.path != "" && at(r, tt.path) != tt.want {
				t.Errorf("%s is %s, want %s", tt.path, at(r, tt.path), tt.want)
			}
			if tt.touched != "-" && r.Touched.String() != tt.touched {
				t.Errorf("relied on %q, want %q", r.Touched, tt.touched)
			}
			if tt.end != "" && r.End != tt.end {
				t.Errorf("ended in %q, want %q", r.End, tt.end)
			}
			if tt.message != "" && r.Message != tt.message {
				t.Errorf("message %q, want %q", r.Message, tt.message)
			}
			if tt.elapsed != 0 && r.Elapsed != tt.elapsed {
				t.Errorf("took %v, want %v", r.Elapsed, tt.elapsed)
			}
			if tt.moves != 0 && r.Moves != tt.moves {
				t.Errorf("%d states, want %d", r.Moves, tt.moves)
			}
			if tt.request != "" || tt.header != "" {
				checkRequest(t, r, tt)
			}
		})
	}
}

func checkRequest(t *testing.T, r *interp.Result, tt row) {
	t.Helper()
	all := r.Requests()
	if len(all) == 0 {
		t.Fatal("no request was made")
	}
	q := all[len(all)-1]
	have := q.Method + " " + q.URL
	if q.HasBody {
		have += " " + interp.Encode(q.Body)
	}
	if tt.request != "" && have != tt.request {
		t.Errorf("requested %s, want %s", have, tt.request)
	}
	if name, want, ok := strings.Cut(tt.header, ": "); ok && q.Header(name) != want {
		t.Errorf("header %s is %q, want %q", name, q.Header(name), want)
	}
}

// doing is a flow of one Action that ends it.
func doing(more string) string {
	return `"A":{"Type":"Action","ActionName":"zis:crm:action:a",` + more + `"End":true}`
}

func common(name, params, more string) string {
	return `"A":{"Type":"Action","ActionName":"zis:common:` + name + `","Parameters":` + params + `,` + more + `"End":true}`
}

func jq(expr, data string) string {
	return common("transform:Jq", `{"expr":`+expr+`,`+data+`}`, `"ResultPath":"$.r",`)
}

// choosing is a Choice of one rule: it ends in Y if it is true, else in N.
func choosing(rule string) string {
	return `"A":{"Type":"Choice","Choices":[{` + rule + `,"Next":"Y"}],"Default":"N"},"Y":{"Type":"Succeed"},"N":{"Type":"Succeed"}`
}

func acts(definition string) map[string]string { return map[string]string{"a": definition} }

func ok(body string) []reply { return []reply{{status: 200, body: body}} }

const text = "application/json"

func TestStart(t *testing.T) { // section 1
	needs := map[string]string{
		"a": `{"method":"GET","url":"https://a.example/","connectionName":"acme"}`,
		"b": `{"method":"GET","url":"https://b.example/","connectionName":"beta"}`,
	}
	check(t, []row{
		{name: "the connections of the flow's actions exist", one: one{states: doing(""), actions: needs, has: []string{"acme", "beta"}, replies: ok("{}")}},
		{name: "a connection that only other actions need", one: one{states: doing(""), actions: needs, has: []string{"acme"}, replies: ok("{}")}, touched: "A1"},
		{name: "the same, if all actions count", one: one{states: doing(""), actions: needs, has: []string{"acme"}, choose: []string{"A1=bundle"}}, cause: `Cannot start flow because the connection named "beta" does not exist`, touched: "A1"},
		{name: "the root has account_id", one: one{states: jq(`"."`, `"data.$":"$"`), input: `{"a":1}`}, path: "$.r", want: `{"account_id":35436,"input":{"a":1},"integration_key":"crm","subdomain":"acme"}`},
		{name: "accountId is absent", one: one{states: jq(`"."`, `"data.$":"$.accountId"`)}, cause: "JSON path not found: $.accountId", touched: "A2"},
		{name: "accountId is present", one: one{states: jq(`"."`, `"data.$":"$.accountId"`), choose: []string{"A2=present"}}, path: "$.r", want: "35436", touched: "A2"},
		{name: "a root that is given whole", one: one{states: jq(`".account_id"`, `"data.$":"$"`), root: `{"account_id":7,"input":{}}`}, path: "$.r", want: "7"},
	})
	for _, tt := range []struct {
		event, want string
	}{
		{`{"account_id":7,"input":{"a":1}}`, `{"account_id":7,"input":{"a":1}}`},
		{`{"ticket_event":{"a":1}}`, `{"account_id":35436,"input":{"ticket_event":{"a":1}},"integration_key":"crm","subdomain":"acme"}`},
		{`[1]`, `{"account_id":35436,"input":[1],"integration_key":"crm","subdomain":"acme"}`},
	} {
		if have := interp.Encode(account.Root(value(t, tt.event))); have != tt.want {
			t.Errorf("the root of %s is %s, want %s", tt.event, have, tt.want)
		}
	}
	for event, want := range map[string]string{`{"ticket_event":{}}`: "ticket_event", `{"ticket_event":{},"b":1}`: "", `{"a":1}`: "", `[1]`: ""} {
		if have := interp.Wrapper(value(t, event)); have != want {
			t.Errorf("the wrapper of %s is %q, want %q", event, have, want)
		}
	}
	var touched interp.Touched
	if _, err := account.Posted(value(t, "[1]"), interp.Readings{}, &touched); err != nil || !touched.Has(interp.BodyNotObject) {
		t.Error("an array posted to a webhook", err, touched)
	}
	refusing, _ := interp.Readings{}.Set("A3=refuse")
	if _, err := account.Posted(value(t, "[1]"), refusing, &touched); err == nil {
		t.Error("an array posted to a webhook that refuses it starts a flow")
	}
}

func TestPathsAndTexts(t *testing.T) { // section 2
	for _, tt := range []struct {
		name, params, input, want, cause, touched string
		choose                                    []string
	}{
		{name: "null is found", params: `{"a.$":"$.input.n"}`, input: `{"n":null}`, want: `{"a":null}`},
		{name: "an index", params: `{"a.$":"$.input.l[1].b"}`, input: `{"l":[0,{"b":2}]}`, want: `{"a":2}`},
		{name: "an index out of range", params: `{"a.$":"$.input.l[2]"}`, input: `{"l":[0,1]}`, cause: "JSON path not found: $.input.l[2]"},
		{name: "a member of null", params: `{"a.$":"$.input.n.m"}`, input: `{"n":null}`, cause: "JSON path not found: $.input.n.m"},
		{name: "a member of a number", params: `{"a.$":"$.input.n.m"}`, input: `{"n":1}`, cause: "JSON path not found: $.input.n.m"},
		{name: "an index of an object", params: `{"a.$":"$.input.n[0]"}`, input: `{"n":{"0":1}}`, cause: "JSON path not found: $.input.n[0]"},
		{name: "quoted names", params: `{"a.$":"$.input['b c']"}`, input: `{"b c":1}`, want: `{"a":1}`, touched: "A4"},
		{name: "quoted names refused", params: `{"a.$":"$.input['b c']"}`, input: `{"b c":1}`, choose: []string{"A4=refuse"}, cause: "JSON path not found: $.input['b c']", touched: "A4"},
		{name: "no wildcards", params: `{"a.$":"$.input.*"}`, input: `{"b":1}`, cause: "JSON path not found: $.input.*"},
		{name: "types are kept", params: `{"a.$":"$.input"}`, input: `{"o":{"l":[1,null,true,"x",0.50]}}`, want: `{"a":{"o":{"l":[1,null,true,"x",0.50]}}}`},
		{name: "the text need not begin with $", params: `{"a.$":".b | index([\"{{$.input.s}}\"])"}`, input: `{"s":"x"}`, want: `{"a":".b | index([\"x\"])"}`},
		{name: "one placeholder is a text", params: `{"a.$":"{{$.input.n}}"}`, input: `{"n":12}`, want: `{"a":"12"}`, touched: "A5"},
		{name: "one placeholder is a value", params: `{"a.$":"{{$.input.n}}"}`, input: `{"n":12}`, want: `{"a":12}`, choose: []string{"A5=value"}, touched: "A5"},
		{name: "one placeholder of a text", params: `{"a.$":"{{$.input.s}}"}`, input: `{"s":"x"}`, want: `{"a":"x"}`},
		{name: "static text", params: `{"a":"{{$.input.n}}"}`, input: `{"n":1}`, want: `{"a":"{{$.input.n}}"}`, touched: "A6"},
		{name: "static text filled in", params: `{"a":"{{$.input.n}}"}`, input: `{"n":1}`, want: `{"a":"1"}`, choose: []string{"A6=filled"}, touched: "A6"},
		{name: "whole numbers and truth in a text", params: `{"a.$":"{{$.input.n}} {{$.input.b}}"}`, input: `{"n":12345678901234,"b":true}`, want: `{"a":"12345678901234 true"}`},
		{name: "other values in a text", params: `{"a.$":"-{{$.input.n}}{{$.input.f}}{{$.input.o}}"}`, input: `{"n":null,"f":1.5,"o":{"b":[1],"a":"x"}}`, want: `{"a":"-null1.5{\"a\":\"x\",\"b\":[1]}"}`, touched: "A7"},
		{name: "null as an empty text", params: `{"a.$":"-{{$.input.n}}{{$.input.f}}"}`, input: `{"n":null,"f":1.5}`, want: `{"a":"-1.5"}`, choose: []string{"A7=text"}, touched: "A7"},
		{name: "null in no text", params: `{"a.$":"-{{$.input.n}}"}`, input: `{"n":null}`, cause: "a text can't hold null", choose: []string{"A7=error"}, touched: "A7"},
		{name: "no escaping", params: `{"a.$":"\"{{$.input.s}}\""}`, input: `{"s":"\"x\""}`, want: `{"a":"\"\"x\"\""}`},
		{name: "in objects and arrays", params: `{"o":{"l":[{"x.$":"$.input.n","y":1},"z"]}}`, input: `{"n":2}`, want: `{"o":{"l":[{"x":2,"y":1},"z"]}}`},
		{name: "a dotted key", params: `{"config.name.firstname.$":"$.input.n"}`, input: `{"n":2}`, want: `{"config.name.firstname":2}`},
		{name: "both x and x.$", params: `{"x":1,"x.$":"$.input.n"}`, input: `{"n":2}`, cause: "both x and x.$ are given"},
		{name: "x.$ with no text", params: `{"x.$":5}`, cause: "the value of x.$ is no text"},
		{name: "an open placeholder", params: `{"x.$":"a {{$.input.n"}`, input: `{"n":1}`, cause: "JSON path not found: a {{$.input.n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			have, r := given(t, tt.params, tt.input, tt.choose...)
			if cause(r) != tt.cause || tt.cause == "" && have != tt.want || r.Touched.String() != tt.touched {
				t.Errorf("%s, failed with %q, relied on %q; want %s, %q, %q", have, cause(r), r.Touched, tt.want, tt.cause, tt.touched)
			}
		})
	}
}

func TestResultPath(t *testing.T) { // section 3
	pass := func(more string) string { return `"A":{"Type":"Pass","Result":{"k":1},` + more + `"End":true}` }
	check(t, []row{
		{name: "an existing value is replaced", one: one{states: pass(`"ResultPath":"$.input.a",`), input: `{"a":{"b":2},"c":3}`}, path: "$.input", want: `{"a":{"k":1},"c":3}`},
		{name: "$ replaces everything", one: one{states: pass(`"ResultPath":"$",`), input: `{"a":1}`}, path: "$", want: `{"k":1}`},
		{name: "an Action without one drops the answer", one: one{states: strings.Replace(doing(""), `"End":true`, `"Next":"S"`, 1) + "," + succeeds, actions: acts(get), replies: ok(`{"x":1}`)}, path: "$.x", want: "missing", touched: "A10"},
		{name: "or replaces everything", one: one{states: doing(""), actions: acts(get), replies: ok(`{"x":1}`), choose: []string{"A10=replaces"}}, path: "$", want: `{"x":1}`},
		{name: "a Pass without one", one: one{states: pass("")}, path: "$.k", want: "missing", touched: "A11"},
		{name: "or it replaces", one: one{states: pass(""), choose: []string{"A11=replaces"}}, path: "$", want: `{"k":1}`, touched: "A11"},
		{name: "through a text", one: one{states: pass(`"ResultPath":"$.subdomain.a",`)}, cause: "the result can't be stored at $.subdomain.a", touched: "A12"},
		{name: "through a text, replaced", one: one{states: pass(`"ResultPath":"$.subdomain.a",`), choose: []string{"A12=replace"}}, path: "$.subdomain", want: `{"a":{"k":1}}`, touched: "A12"},
		{name: "through null", one: one{states: pass(`"ResultPath":"$.input.n.a",`), input: `{"n":null}`}, cause: "the result can't be stored at $.input.n.a", touched: "A12"},
		{name: "into an array", one: one{states: pass(`"ResultPath":"$.input.l[0]",`), input: `{"l":[1]}`}, cause: "the result can't be stored at $.input.l[0]", touched: "A12"},
	})
	const old = `{"a":{"b":1}}`
	o := one{states: pass(`"ResultPath":"$.input.a.c",`), input: old}
	if r := o.run(t); interp.Encode(r.Steps[0].Input.(map[string]any)["input"]) != old {
		t.Error("the data before a state has changed: ", interp.Encode(r.Steps[0].Input))
	}
}

func TestActionState(t *testing.T) { // section 4
	check(t, []row{
		{name: "no Parameters", one: one{states: doing(""), actions: acts(`{"method":"POST","url":"https://a.example/{{$.input.n}}"}`), input: `{"n":1}`}, cause: "Error Resolving JSON Params", touched: "A9, A13"},
		{name: "no Parameters hand on all data", one: one{states: doing(""), actions: acts(`{"method":"POST","url":"https://a.example/{{$.input.n}}"}`), input: `{"n":1}`, choose: []string{"A13=data"}, replies: ok("")}, request: "POST https://a.example/1", touched: "-"},
		{name: "TimeoutSeconds", one: one{states: doing(`"TimeoutSeconds":5,`), actions: acts(get), replies: []reply{{status: 200, took: 6 * time.Second}}}, cause: "the state takes longer than its TimeoutSeconds, 5s", elapsed: 5 * time.Second, touched: "-"},
		{name: "TimeoutSeconds are caught", one: one{states: `"A":{"Type":"Action","ActionName":"zis:crm:action:a","TimeoutSeconds":5,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"S"}],"Next":"S"},` + succeeds, actions: acts(get), replies: []reply{{status: 200, took: 6 * time.Second}}}, end: "S", touched: "-"},
		{name: "within TimeoutSeconds", one: one{states: doing(`"TimeoutSeconds":5,`), actions: acts(get), replies: []reply{{status: 200, body: "{}", took: 5 * time.Second}}}, elapsed: 5 * time.Second},
		{name: "an unknown action", one: one{states: `"A":{"Type":"Action","ActionName":"zis:crm:action:b","End":true}`}, cause: "no bundle has the action b"},
		{name: "an unknown built-in", one: one{states: `"A":{"Type":"Action","ActionName":"zis:common:action:Sleep","End":true}`}, cause: "the platform has no action zis:common:action:Sleep"},
	})
}

func TestHTTPAction(t *testing.T) { // section 4.1
	p := `"Parameters":{"a.$":"$.input.a","s":"t"},`
	with := func(definition string, more ...string) one {
		return one{states: doing(p), actions: acts(definition), input: `{"a":{"n":1}}`, replies: ok("{}"), choose: more}
	}
	result := func(r reply, choose ...string) one {
		return one{states: doing(`"ResultPath":"$.r",`), actions: acts(get), replies: []reply{r}, choose: choose}
	}
	check(t, []row{
		{name: "subdomain and zendeskHost", one: with(`{"method":"GET","url":"https://{{$.zendeskHost}}/{{$.subdomain}}/{{$.s}}"}`), request: "GET https://acme.zendesk.com/acme/t"},
		{name: "not the flow's data", one: with(`{"method":"GET","url":"https://a.example/{{$.input.a}}"}`), cause: "Error Resolving JSON Params", touched: "A9"},
		{name: "not account_id", one: with(`{"method":"GET","url":"https://a.example/{{$.account_id}}"}`), cause: "Error Resolving JSON Params", touched: "A9, A14"},
		{name: "account_id", one: with(`{"method":"GET","url":"https://a.example/{{$.account_id}}"}`, "A14=present"), request: "GET https://a.example/35436", touched: "A14"},
		{name: "path", one: with(`{"method":"GET","path":"/api/v2/x.json?a={{$.s}}","connectionName":"zendesk"}`), request: "GET https://acme.zendesk.com/api/v2/x.json?a=t"},
		{name: "path without connection", one: with(`{"method":"GET","path":"/api/v2/x.json"}`), cause: "external action failed due to status code: 401"},
		{name: "path with credentials of its own", one: with(`{"method":"GET","path":"/api/v2/x.json","headers":[{"key":"Authorization","value":"Basic x"}]}`), request: "GET https://acme.zendesk.com/api/v2/x.json", header: "authorization: Basic x"},
		{name: "queryParams are appended and encoded", one: with(`{"method":"GET","url":"https://a.example/x?a=1","queryParams":[{"key":"q","value":"a b&{{$.s}}"},{"key":"n","value.$":"$.s"}]}`), request: "GET https://a.example/x?a=1&q=a+b%26t&n=t"},
		{name: "requestBody", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{"t":"{{$.s}}!","o.$":"$.a","l":[{"x.$":"$.s"}]}}`), request: `POST https://a.example/x {"l":[{"x":"t"}],"o":{"n":1},"t":"t!"}`, touched: "A9"},
		{name: "requestBody.$", one: with(`{"method":"POST","url":"https://a.example/x","requestBody.$":"$.a"}`), request: `POST https://a.example/x {"n":1}`},
		{name: ".$ refused in a body", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{"o.$":"$.a"}}`, "A9=refused"), cause: "Error Resolving JSON Params", touched: "A9"},
		{name: "a missing path in a body", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{"o.$":"$.zz"}}`), cause: "Error Resolving JSON Params", touched: "A9"},
		{name: "a missing placeholder in a body", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{"o":"-{{$.zz}}"}}`), cause: "Error Resolving JSON Params", touched: "A9"},
		{name: "forgiven", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{"o":"-{{$.zz}}"}}`, "A9=forgiving"), request: `POST https://a.example/x {"o":"-"}`, touched: "A9"},
		{name: "Content-Type by default", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{}}`), header: "content-type: application/json"},
		{name: "no Content-Type by default", one: with(`{"method":"POST","url":"https://a.example/x","requestBody":{}}`, "A15=none"), header: "content-type: "},
		{name: "headers", one: with(`{"method":"GET","url":"https://a.example/x","headers":[{"key":"X","value.$":"$.s"},{"key":"Y","value":"-{{$.s}}"}]}`), header: "y: -t"},
		{name: "a URL isn't encoded", one: one{states: doing(`"Parameters":{"q.$":"$.input.q"},`), actions: acts(`{"method":"GET","url":"https://a.example/{{$.q}}"}`), input: `{"q":"a/b"}`, replies: ok("{}")}, request: "GET https://a.example/a/b", touched: "A8"},
		{name: "a URL is encoded", one: one{states: doing(`"Parameters":{"q.$":"$.input.q"},`), actions: acts(`{"method":"GET","url":"https://a.example/{{$.q}}"}`), input: `{"q":"a/ b"}`, replies: ok("{}"), choose: []string{"A8=encoded"}}, request: "GET https://a.example/a%2F%20b", touched: "A8"},
		{name: "JSON is parsed", one: result(reply{status: 201, body: `{"id":12345678901234567890}`, kind: text}), path: "$.r.id", want: "12345678901234567890"},
		{name: "any JSON", one: result(reply{status: 200, body: `[1]`}), path: "$.r", want: "[1]"},
		{name: "no JSON", one: result(reply{status: 200, body: `<p>`, kind: "text/html"}), path: "$.r", want: `{"__httpresponse":"<p>"}`},
		{name: "an empty answer", one: result(reply{status: 204}), path: "$.r", want: `{"__httpresponse":""}`, touched: "A16"},
		{name: "an empty answer is {}", one: result(reply{status: 204}, "A16=object"), path: "$.r", want: `{}`, touched: "A16"},
		{name: "an empty answer is null", one: result(reply{status: 204}, "A16=null"), path: "$.r", want: `null`, touched: "A16"},
		{name: "a redirect fails", one: result(reply{status: 302, headers: map[string]string{"Location": "/y"}}), cause: "external action failed due to status code: 302", touched: "A17"},
		{name: "a redirect is followed", one: one{states: doing(`"ResultPath":"$.r",`), actions: acts(get), replies: []reply{{status: 302, headers: map[string]string{"Location": "/y"}}, {status: 200, body: "2"}}, choose: []string{"A17=followed"}}, path: "$.r", want: "2", request: "GET https://api.example.com/y", touched: "A17"},
		{name: "2 MB", one: result(reply{status: 200, body: `"` + strings.Repeat("x", 2<<20) + `"`}), cause: "payload is larger than 2MB"},
		{name: "no answer", one: result(reply{failure: "reset"}), cause: "external action failed: the connection was reset"},
		{name: "in time", one: result(reply{failure: "timeout"}), cause: "external action failed: no answer came in time"},
		{name: "no address", one: with(`{"method":"GET","url":"{{$.s}}"}`), cause: `"t" is no address`},
	})
	allowed := func(url, domain string) one {
		return one{states: doing(""), actions: acts(`{"method":"GET","url":"` + url + `","connectionName":"c"}`), domains: map[string]string{"c": domain}, replies: ok("{}")}
	}
	check(t, []row{
		{name: "the allowed domain", one: allowed("https://a.example.com:8443/x", "a.example.com"), request: "GET https://a.example.com:8443/x"},
		{name: "a domain below it", one: allowed("https://b.a.example.com/x", "*.example.com"), request: "GET https://b.a.example.com/x"},
		{name: "another domain", one: allowed("https://evil.com/x", "*.example.com"), cause: `the connection "c" allows *.example.com, and the address is https://evil.com/x`},
		{name: "not the domain itself", one: allowed("https://notexample.com/x", "*.example.com"), cause: `the connection "c" allows *.example.com, and the address is https://notexample.com/x`},
	})
}

func TestSameNamedActions(t *testing.T) { // of equal names the last uploaded counts
	o := one{states: doing(""), actions: acts(get)}
	other := one{states: `"A":{"Type":"Pass","End":true}`, actions: acts(`{"method":"GET","url":"https://last.example/"}`)}
	start := interp.Start{Account: account, Data: account.Root(nil), Now: instant, HTTP: answering("{}")}
	first := o.bundle(t)
	p := interp.Compile(first, other.bundle(t))
	if r := p.Flows()[0].Run(t.Context(), start); r.Requests()[0].URL != "https://last.example/" {
		t.Error(r.Requests()[0].URL)
	}
}

// The interpreter knows the actions that the tables list, and no others.
func TestBuiltInsAreThoseOfTheTables(t *testing.T) {
	for _, b := range zis.BuiltIns {
		_, kindAndName, _ := strings.Cut(b.ARN, "zis:common:")
		if r := (one{states: common(kindAndName, "{}", "")}).run(t); strings.Contains(cause(r), "has no action") {
			t.Errorf("%s: %s", b.ARN, cause(r))
		}
	}
	for _, name := range []string{"action:Jq", "action:FetchLink", "transform:LoadConfig"} {
		if r := (one{states: common(name, "{}", "")}).run(t); !strings.Contains(cause(r), "has no action") {
			t.Errorf("%s runs: %s", name, cause(r))
		}
	}
}

func TestBuiltIns(t *testing.T) { // section 4.2
	load := func(params, more string) string { return common("action:LoadConfig", params, more) }
	patch := func(params, more string) string { return common("action:PatchConfig", params, more) + "" }
	conf := map[string]string{"s": `{"k":1,"o":{"a":1}}`, "s2": `{"k":2}`}
	link := `{"link_type":"t_t","left_object":{"name":"left1"},"right_object":{"name":"right1"}}`
	have := `[{"id":"1","link_type":"t_t","left_object":{"name":"left1"},"right_object":{"name":"right1"},"uuid":"u"},{"id":"2","link_type":"t_t","left_object":{"name":"left2"},"right_object":{"name":"right1"},"uuid":"v"}]`
	rp := `"ResultPath":"$.r",`
	check(t, []row{
		{name: "LoadConfig", one: one{states: load(`{"scope":"s"}`, rp), configs: conf}, path: "$.r", want: `{"k":1,"o":{"a":1}}`, touched: "A18"},
		{name: "LoadConfig wrapped", one: one{states: load(`{"scope":"s"}`, rp), configs: conf, choose: []string{"A18=wrapped"}}, path: "$.r.config.k", want: "1", touched: "A18"},
		{name: "LoadConfig with an asterisk", one: one{states: load(`{"scope":"s*"}`, rp), configs: conf}, path: "$.r.k", want: "1", touched: "A18"},
		{name: "LoadConfig without such a scope", one: one{states: load(`{"scope":"x"}`, rp), configs: conf}, cause: "there is no config of the scope x", touched: "A19"},
		{name: "LoadConfig without scope", one: one{states: load(`{}`, rp)}, cause: "the parameter scope is missing"},
		{name: "or it is empty", one: one{states: load(`{"scope":"x"}`, rp), configs: conf, choose: []string{"A19=empty"}}, path: "$.r", want: "{}", touched: "A18, A19"},
		{name: "PatchConfig stores nothing", one: one{states: patch(`{"scope":"s","config":{"k":2}}`, rp), configs: conf}, path: "$.r", want: "missing", touched: "A20"},
		{name: "PatchConfig stores the config", one: one{states: patch(`{"scope":"s","config":{"k":2}}`, rp), configs: conf, choose: []string{"A20=config"}}, path: "$.r", want: `{"k":2,"o":{"a":1}}`, touched: "A20"},
		{name: "PatchConfig without such a scope", one: one{states: patch(`{"scope":"x","config":{}}`, "")}, cause: "there is no config of the scope x", touched: "A19"},
		{name: "CreateLink", one: one{states: common("action:CreateLink", link, rp)}, path: "$.r.link", want: `{"account_id":35436,"integration":"crm","left_object":{"name":"left1"},"link_type":"t_t","right_object":{"name":"right1"},"uuid":"00000000-0000-4000-8000-000000000001"}`},
		{name: "CreateLink twice", one: one{states: common("action:CreateLink", link, rp), links: have}, cause: "there is such a link already", touched: "A23"},
		{name: "CreateLink twice is the same", one: one{states: common("action:CreateLink", link, rp), links: have, choose: []string{"A23=existing"}}, path: "$.r.link.uuid", want: `"u"`, touched: "A23"},
		{name: "a short name", one: one{states: common("action:CreateLink", strings.Replace(link, "left1", "99", 1), rp)}, cause: "the name of left_object has 2 characters, and 3 to 256 are allowed"},
		{name: "LoadLinks", one: one{states: common("action:LoadLinks", `{"link_type":"t_t","left_object_name":"left1"}`, rp), links: have}, path: "$.r.links", want: `[{"id":"1","left_object":{"name":"left1"},"link_type":"t_t","right_object":{"name":"right1"},"uuid":"u"}]`, touched: "A22"},
		{name: "LoadLinks finds none", one: one{states: common("action:LoadLinks", `{"link_type":"t_t","left_object_name":"zzz"}`, rp), links: have}, path: "$.r", want: `{"links":[],"meta":{"after_cursor":null,"before_cursor":null,"has_more":false}}`, touched: "A22"},
		{name: "LoadLinks as a list", one: one{states: common("action:LoadLinks", `{"link_type":"t_t","left_object_name":"zzz"}`, rp), choose: []string{"A22=list"}}, path: "$.r", want: `[]`, touched: "A22"},
		{name: "LoadLinks by pages", one: one{states: common("action:LoadLinks", `{"link_type":"t_t","right_object_name":"right1","page_size":1}`, rp), links: have}, path: "$.r.meta", want: `{"after_cursor":"1","before_cursor":"1","has_more":true}`, touched: "A22"},
		{name: "the next page", one: one{states: common("action:LoadLinks", `{"link_type":"t_t","right_object_name":"right1","page_size":1,"page_after_cursor":"1"}`, rp), links: have}, path: "$.r.meta", want: `{"after_cursor":"2","before_cursor":"2","has_more":false}`, touched: "A22"},
		{name: "LoadLinks without a name", one: one{states: common("action:LoadLinks", `{"link_type":"t_t"}`, rp)}, cause: "one of left_object_name and right_object_name is needed"},
		{name: "PatchLink", one: one{states: common("action:PatchLink", `{"link_type":"t_t","left_object_name":"left1","right_object_name":"right1","left_object":{"name":"left1","metadata":{"a":1}}}`, rp), links: have}, path: "$.r.link.left_object", want: `{"metadata":{"a":1},"name":"left1"}`, touched: "A24"},
		{name: "DeleteLink stores nothing", one: one{states: common("action:DeleteLink", `{"link_type":"t_t","left_object_name":"left1","right_object_name":"right1"}`, rp), links: have}, path: "$.r", want: "missing"},
		{name: "DeleteLink of none", one: one{states: common("action:DeleteLink", `{"link_type":"t_t","left_object_name":"zzz","right_object_name":"right1"}`, rp), links: have}, cause: "there is no such link"},
	})
	for _, tt := range []struct{ choose, want string }{{"A21=shallow", `{"k":1,"o":{"b":2}}`}, {"A21=deep", `{"k":1,"o":{"a":1,"b":2}}`}} {
		o := one{states: patch(`{"scope":"s","config":{"o":{"b":2}}}`, ""), configs: conf, choose: []string{tt.choose}}
		if r := o.run(t); interp.Encode(r.World.Configs["s"]) != tt.want || r.Touched.String() != "A21" {
			t.Errorf("%s: %s, %s", tt.choose, interp.Encode(r.World.Configs["s"]), r.Touched)
		}
	}
	o := one{states: common("action:DeleteLink", `{"link_type":"t_t","left_object_name":"left1","right_object_name":"right1"}`, ""), links: have}
	if r := o.run(t); len(r.World.Links) != 1 {
		t.Error("DeleteLink left", len(r.World.Links))
	}
}

func TestJq(t *testing.T) { // section 4.2, Jq
	check(t, []row{
		{name: "a boolean is bare", one: one{states: jq(`".a == 1"`, `"data":"{\"a\":1}"`)}, path: "$.r", want: "true"},
		{name: "data by a path is the value", one: one{states: jq(`"."`, `"data.$":"$.input.s"`), input: `{"s":"open"}`}, path: "$.r", want: `"open"`},
		{name: "all data", one: one{states: jq(`".input.s"`, `"data.$":"$"`), input: `{"s":"open"}`}, path: "$.r", want: `"open"`},
		{name: "data that is no JSON", one: one{states: jq(`"."`, `"data":"{"`)}, cause: "data holds no JSON: it ends too early"},
		{name: "data that is an object", one: one{states: jq(`"."`, `"data":{"a":1}`)}, cause: "data is an object and no text with JSON", touched: "A27"},
		{name: "data may be an object", one: one{states: jq(`".a"`, `"data":{"a":1}`), choose: []string{"A27=accept"}}, path: "$.r", want: "1", touched: "A27"},
		{name: "an error of the program", one: one{states: jq(`".a.b"`, `"data":"{\"a\":1}"`)}, cause: `the jq program fails: expected an object but got: number (1)`},
		{name: "a mistake in the program", one: one{states: jq(`".a |"`, `"data":"{}"`)}, cause: "the jq program fails: the jq program ends too early, at character 5"},
		{name: "an unknown function", one: one{states: jq(`"nope"`, `"data":"{}"`)}, cause: "the jq program fails: jq has no function nope/0, at character 1"},
		{name: "no output", one: one{states: jq(`"empty"`, `"data":"{}"`)}, path: "$.r", want: "null", touched: "A25"},
		{name: "no output fails", one: one{states: jq(`"empty"`, `"data":"{}"`), choose: []string{"A25=error"}}, cause: "the jq program gives nothing out", touched: "A25"},
		{name: "two outputs", one: one{states: jq(`"1,2"`, `"data":"{}"`)}, path: "$.r", want: "1", touched: "A26"},
		{name: "two outputs as an array", one: one{states: jq(`"1,2"`, `"data":"{}"`), choose: []string{"A26=array"}}, path: "$.r", want: "[1,2]", touched: "A26"},
		{name: "two outputs fail", one: one{states: jq(`"1,2"`, `"data":"{}"`), choose: []string{"A26=error"}}, cause: "the jq program gives 2 values out", touched: "A26"},
		{name: "whole numbers are exact", one: one{states: jq(`".a + 1"`, `"data":"{\"a\":12345678901234567890123}"`)}, path: "$.r", want: "12345678901234567890124"},
		{name: "numbers as they are written", one: one{states: jq(`".a"`, `"data":"{\"a\":1.50}"`)}, path: "$.r", want: "1.50"},
		{name: "now is given", one: one{states: jq(`"now | strftime(\"%Y-%m-%dT%H:%M:%SZ\")"`, `"data":"{}"`)}, path: "$.r", want: `"2026-01-02T03:04:05Z"`},
		{name: "no environment", one: one{states: jq(`"env|length"`, `"data":"{}"`)}, path: "$.r", want: "0"},
		{name: "no input", one: one{states: jq(`"input"`, `"data":"{}"`)}, cause: "the jq program fails: input(s)/0 is not allowed, at character 1"},
		{name: "builtins seen running", one: one{states: jq(`"[(\"aXb\"|gsub(\"x\";\"-\";\"i\")), (\"3\"|tonumber?), ([3,1]|sort_by(.)), ([1,1]|unique), ([1,2]|index(2)), ([{}]|map(objects)), (\"ab\"|contains(\"b\")), (\"é1\"|capture(\"(?<n>[0-9])\";\"gi\").n), (1 as $x|$x), (null//2), (\"a\"|test(\"A\";\"i\"))]"`, `"data":"{}"`)}, path: "$.r", want: `["a-b",3,[1,3],[1],1,[{}],true,"1",1,2,true]`},
		{name: "a program with a placeholder", one: one{states: common("transform:Jq", `{"expr.$":".a == \"{{$.input.s}}\"","data":"{\"a\":\"x\"}"}`, `"ResultPath":"$.r",`), input: `{"s":"x"}`}, path: "$.r", want: "true"},
		{name: "without data", one: one{states: common("transform:Jq", `{"expr":"."}`, "")}, cause: "the parameter data is missing"},
	})
}

func TestPass(t *testing.T) { // section 5.1
	check(t, []row{
		{name: "no Result", one: one{states: `"A":{"Type":"Pass","ResultPath":"$.x","End":true}`}, path: "$.x", want: "missing"},
		{name: "a text", one: one{states: `"A":{"Type":"Pass","Result":"Hello","ResultPath":"$.x","End":true}`}, path: "$.x", want: `"Hello"`},
		{name: "nothing is filled in", one: one{states: `"A":{"Type":"Pass","Result":{"a.$":"$.b","c":"{{$.input}}"},"ResultPath":"$.x","End":true}`}, path: "$.x", want: `{"a.$":"$.b","c":"{{$.input}}"}`},
	})
}

func TestWait(t *testing.T) { // section 5.4
	wait := func(more string) string { return `"A":{"Type":"Wait",` + more + `,"End":true}` }
	check(t, []row{
		{name: "Seconds", one: one{states: wait(`"Seconds":2.5`)}, elapsed: 2500 * time.Millisecond},
		{name: "SecondsPath", one: one{states: wait(`"SecondsPath":"$.input.s"`), input: `{"s":3}`}, elapsed: 3 * time.Second},
		{name: "at once", one: one{states: wait(`"SecondsPath":"$.input.s"`), input: `{"s":-3}`}, end: "A"},
		{name: "no number", one: one{states: wait(`"SecondsPath":"$.input.s"`), input: `{"s":"3"}`}, cause: "$.input.s is a text and no number of seconds"},
		{name: "missing", one: one{states: wait(`"SecondsPath":"$.input.s"`)}, cause: "JSON path not found: $.input.s"},
		{name: "no seconds", one: one{states: wait(`"Seconds":0`)}, cause: "a Wait has no Seconds above 0"},
		{name: "longer than a flow lives", one: one{states: wait(`"Seconds":101`)}, cause: "the flow takes longer than 100 seconds", elapsed: 100 * time.Second},
		{name: "as long as a flow lives", one: one{states: wait(`"Seconds":100`)}, elapsed: 100 * time.Second},
	})
}

func TestEnds(t *testing.T) { // section 5.5
	check(t, []row{
		{name: "Message", one: one{states: `"A":{"Type":"Succeed","Message":"n is {{$.input.n}}"}`, input: `{"n":1}`}, message: "n is 1"},
		{name: "Message is a path", one: one{states: `"A":{"Type":"Succeed","Message":"$.input.n"}`, input: `{"n":1}`}, message: "1"},
		{name: "no Message", one: one{states: `"A":{"Type":"Succeed"}`}, message: "Execution Successful"},
		{name: "Fail", one: one{states: `"A":{"Type":"Fail","Error":"E","Cause":"{{$.input.n}}"}`, input: `{"n":1}`}, cause: "1", message: "1"},
		{name: "a path missing in a Message", one: one{states: `"A":{"Type":"Succeed","Message":"{{$.input.n}}"}`}, cause: "JSON path not found: $.input.n", touched: "A33"},
		{name: "or it is empty", one: one{states: `"A":{"Type":"Succeed","Message":"-{{$.input.n}}"}`, choose: []string{"A33=empty"}}, message: "-", touched: "A33"},
	})
}

func TestErrorsAndCatch(t *testing.T) { // section 7
	catch := func(next string) string {
		return `"A":{"Type":"Action","ActionName":"zis:crm:action:a","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"B"}],"Next":"S"},` + next + "," + succeeds
	}
	read := catch(`"B":{"Type":"Succeed","Message":"{{$.e.Error}}"}`)
	bad := []reply{{status: 403, body: `{"secret":1}`}}
	check(t, []row{
		{name: "the error object", one: one{states: catch(`"B":{"Type":"Succeed","Message":"{{$.e.Cause}}"}`), actions: acts(get), replies: bad}, message: "external action failed due to status code: 403"},
		{name: "its Error is not known", one: one{states: read, actions: acts(get), replies: bad}, message: "States.TaskFailed", touched: "A34"},
		{name: "its Error is absent", one: one{states: read, actions: acts(get), replies: bad, choose: []string{"A34=absent"}}, cause: "JSON path not found: $.e.Error", touched: "-"},
		{name: "posted whole", one: one{states: catch(`"B":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"keys","data.$":"$.e"},"ResultPath":"$.k","End":true}`), actions: acts(get), replies: bad}, path: "$.k", want: `["Cause","Error"]`, touched: "A34"},
		{name: "a Choice doesn't catch", one: one{states: choosing(`"Variable":"$.input.x","StringEquals":"x"`), choose: []string{"A29=error"}}, cause: "JSON path not found: $.input.x", touched: "A29"},
		{name: "a path of Parameters is caught", one: one{states: `"A":{"Type":"Action","ActionName":"zis:crm:action:a","Parameters":{"a.$":"$.zz"},"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"S"}],"Next":"S"},` + succeeds, actions: acts(get)}, path: "$.e.Cause", want: `"JSON path not found: $.zz"`},
		{name: "the account refuses the bundle", one: one{states: `"A":{"Type":"Task","End":true}`}, cause: "there is no state type Task"},
		{name: "no such state", one: one{states: `"A":{"Type":"Pass","Next":"Z"}`}, cause: "there is no state Z"},
		{name: "neither Next nor End", one: one{states: `"A":{"Type":"Pass"}`}, cause: "the state has neither Next nor End"},
		{name: "End: false", one: one{states: `"A":{"Type":"Pass","End":false}`}, cause: "the state has neither Next nor End"},
		{name: "no start", one: one{states: succeeds}, cause: "the flow f has no state at which it starts"},
	})
}

func TestRepetition(t *testing.T) { // section 8
	for _, tt := range []struct {
		name    string
		replies []reply
		catch   bool
		choose  []string
		off     bool
		runs    int
		elapsed time.Duration
		fails   bool
		touched string
	}{
		{name: "429 with Retry-After", replies: []reply{{status: 429, headers: map[string]string{"Retry-After": "7"}}, {status: 200}}, runs: 2, elapsed: 7 * time.Second},
		{name: "429 with a long one", replies: []reply{{status: 429, headers: map[string]string{"retry-after": "500"}}, {status: 200}}, runs: 2, elapsed: 120 * time.Second},
		{name: "429 with a date", replies: []reply{{status: 429, headers: map[string]string{"Retry-After": "Fri, 02 Jan 2026 03:04:15 GMT"}}, {status: 200}}, runs: 2, elapsed: 10 * time.Second},
		{name: "429 without", replies: []reply{{status: 429}, {status: 429}, {status: 200}}, runs: 3, elapsed: 90 * time.Second},
		{name: "four times", replies: []reply{{status: 500}}, runs: 4, elapsed: 150 * time.Second, fails: true},
		{name: "502 is final", replies: []reply{{status: 502}, {status: 200}}, runs: 1, fails: true},
		{name: "409 is final", replies: []reply{{status: 409}, {status: 200}}, runs: 1, fails: true},
		{name: "switched off", replies: []reply{{status: 500}, {status: 200}}, off: true, runs: 1, fails: true},
		{name: "Catch on the last time", replies: []reply{{status: 500}}, catch: true, runs: 4, elapsed: 150 * time.Second, touched: "P1"},
		{name: "Catch at once", replies: []reply{{status: 500}}, catch: true, choose: []string{"P1=catch"}, runs: 1, touched: "P1"},
		{name: "Catch of 404", replies: []reply{{status: 404}}, catch: true, runs: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			states := doing("")
			if tt.catch {
				states = `"A":{"Type":"Action","ActionName":"zis:crm:action:a","ResultPath":"$.r","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"S"}],"Next":"S"},` + succeeds
			}
			r := one{states: states, actions: acts(get), replies: tt.replies, choose: tt.choose, repeat: !tt.off}.run(t)
			if r.Runs != tt.runs || r.Elapsed != tt.elapsed || r.Succeeded() == tt.fails || tt.touched != "" && r.Touched.String() != tt.touched {
				t.Errorf("%d runs in %v, failed with %q, relied on %q", r.Runs, r.Elapsed, cause(r), r.Touched)
			}
		})
	}
	// Configs and links keep what earlier times wrote; data doesn't.
	states := `"P":{"Type":"Action","ActionName":"zis:common:action:PatchConfig","Parameters":{"scope":"s","config":{"n":1}},"Next":"L"},
		"L":{"Type":"Action","ActionName":"zis:common:action:CreateLink","Parameters":{"link_type":"t_t","left_object":{"name":"left"},"right_object":{"name":"right"}},"Next":"A"},` + doing("")
	r := one{states: states, start: "P", actions: acts(get), configs: map[string]string{"s": `{"m":0}`}, replies: []reply{{status: 500}, {status: 200}}, repeat: true}.run(t)
	if cause(r) != "there is such a link already" || interp.Encode(r.World.Configs["s"]) != `{"m":0,"n":1}` {
		t.Error(cause(r), interp.Encode(r.World.Configs["s"]))
	}
}
