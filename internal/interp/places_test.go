package interp_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// TestPlacesOfFailures because whoever reads "JSON path not found" wants to be
// led to the path in the bundle: to the value that can't be filled in or run, else
// to the rule, the state or the definition that fails.
func TestPlacesOfFailures(t *testing.T) {
	const flow, action = "/resources/f/properties/definition/States", "/resources/a/properties/definition"
	loading := func(more string) string { return common("action:LoadConfig", `{"scope":"s"}`, more) }
	for _, tt := range []struct {
		name  string
		one   one
		place string
		kind  interp.Kind
	}{
		{"a path of Parameters", one{states: doing(`"Parameters":{"x":1,"o":{"y.$":"$.nothing"}},`), actions: acts(get)}, flow + "/A/Parameters/o/y.$", interp.Runtime},
		{"a path in a list of Parameters", one{states: doing(`"Parameters":{"l":[1,{"y.$":"$.nothing"}]},`), actions: acts(get)}, flow + "/A/Parameters/l/1/y.$", interp.Runtime},
		{"a placeholder of Parameters", one{states: doing(`"Parameters":{"x.$":"a {{$.input.b}}"},`), actions: acts(get)}, flow + "/A/Parameters/x.$", interp.Runtime},
		{"no text where a path is needed", one{states: doing(`"Parameters":{"x.$":5},`), actions: acts(get)}, flow + "/A/Parameters/x.$", interp.Refused},
		{"a placeholder of an address", one{states: doing(""), actions: acts(`{"method":"GET","url":"https://a.example/{{$.id}}"}`)}, action + "/url", interp.Runtime},
		{"a placeholder of a header", one{states: doing(""), actions: acts(`{"method":"GET","url":"https://a.example/","headers":[{"key":"A","value":"1"},{"key":"B","value":"{{$.b}}"}]}`)}, action + "/headers/1/value", interp.Runtime},
		{"a placeholder of a query", one{states: doing(""), actions: acts(`{"method":"GET","url":"https://a.example/","queryParams":[{"key":"{{$.k}}","value":"1"}]}`)}, action + "/queryParams/0/key", interp.Runtime},
		{"a placeholder deep in a body", one{states: doing(""), actions: acts(`{"method":"POST","url":"https://a.example/","requestBody":{"a":[{"b":"{{$.b}}"}]}}`)}, action + "/requestBody/a/0/b", interp.Runtime},
		{"a body that is a path", one{states: doing(""), actions: acts(`{"method":"POST","url":"https://a.example/","requestBody.$":"$.b"}`)}, action + "/requestBody.$", interp.Runtime},
		{"an answer that is an error", one{states: doing(""), actions: acts(get), replies: []reply{{status: 404}}}, action, interp.Runtime},
		{"an action that is not there", one{states: doing("")}, flow + "/A", interp.Refused},
		{"a built-in that is not there", one{states: common("action:Sleep", "{}", "")}, flow + "/A", interp.Refused},
		{"a scope that is not there", one{states: loading("")}, flow + "/A/Parameters/scope", interp.Runtime},
		{"a parameter that is missing", one{states: common("action:LoadConfig", `{"scop":"s"}`, "")}, flow + "/A/Parameters", interp.Runtime},
		{"a result that can't be stored", one{states: loading(`"ResultPath":"$.subdomain.x",`), configs: map[string]string{"s": "{}"}}, flow + "/A/ResultPath", interp.Runtime},
		{"a program that is wrong", one{states: jq(`".a |"`, `"data":"{}"`)}, flow + "/A/Parameters/expr", interp.Runtime},
		{"a program that fails", one{states: jq(`".a.b"`, `"data":"{\"a\":1}"`)}, flow + "/A/Parameters/expr", interp.Runtime},
		{"a program that never ends", one{states: jq(`"last(range(1e12))"`, `"data":"{}"`)}, flow + "/A/Parameters/expr", interp.Limit},
		{"data that is no JSON", one{states: jq(`"."`, `"data":"{"`)}, flow + "/A/Parameters/data", interp.Runtime},
		{"data that is an object", one{states: jq(`"."`, `"data":{"a":1}`)}, flow + "/A/Parameters/data", interp.Runtime},
		{"a Choice without a true rule", one{states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsNull":true,"Next":"A"}]}`}, flow + "/A", interp.Runtime},
		{"an operator that there is not", one{states: choosing(`"Variable":"$.input","StringMatches":"*"`)}, flow + "/A/Choices/0", interp.Refused},
		{"a Variable that is missing, read as an error", one{states: choosing(`"And":[{"Variable":"$.input","IsNull":false},{"Variable":"$.x.y","IsNull":true}]`), choose: []string{"A29=error"}}, flow + "/A/Choices/0/And/1", interp.Runtime},
		{"an operand that is missing, read as an error", one{states: choosing(`"Variable":"$.input","StringEqualsPath":"$.x"`), choose: []string{"A29=error"}}, flow + "/A/Choices/0", interp.Runtime},
		{"a list that is none", one{states: `"A":{"Type":"Map","ItemsPath":"$.input","ResultPath":"$.m","Iterator":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"End":true}`}, flow + "/A/ItemsPath", interp.Runtime},
		{"in a Map", one{states: `"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","Iterator":{"StartAt":"I","States":{"I":{"Type":"Succeed","Message":"{{$.n}}"}}},"End":true}`, input: `{"l":[{}]}`}, flow + "/A/Iterator/States/I/Message", interp.Runtime},
		{"seconds that are none", one{states: `"A":{"Type":"Wait","SecondsPath":"$.input.s","Next":"S"},` + succeeds, input: `{"s":"5"}`}, flow + "/A/SecondsPath", interp.Runtime},
		{"too long a Wait", one{states: `"A":{"Type":"Wait","Seconds":500,"Next":"S"},` + succeeds}, flow + "/A", interp.Limit},
		{"a Fail", one{states: `"A":{"Type":"Fail","Error":"E","Cause":"C"}`}, flow + "/A", interp.Failed},
		{"a Cause that can't be written", one{states: `"A":{"Type":"Fail","Error":"E","Cause":"{{$.x}}"}`}, flow + "/A/Cause", interp.Runtime},
		{"a state that there is not", one{states: `"A":{"Type":"Pass","Next":"B"}`}, flow + "/A", interp.Refused},
		{"a type that there is not", one{states: `"A":{"Type":"Parallel","End":true}`}, flow + "/A", interp.Refused},
		{"a first state that there is not", one{states: succeeds, start: "A"}, "/resources/f", interp.Refused},
		{"no connection", one{states: doing(""), actions: acts(`{"method":"GET","url":"https://a.example/","connectionName":"acme"}`), has: []string{}}, "/resources/f", interp.NotStarted},
		{"a connection that doesn't reach so far", one{states: doing(""), actions: acts(`{"method":"GET","url":"https://a.example/","connectionName":"acme"}`), domains: map[string]string{"acme": "b.example"}}, action, interp.Runtime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.one.run(t)
			if r.Err == nil {
				t.Fatalf("it ends well in %s", r.End)
			}
			have := "nowhere"
			if r.Err.Place.Known() {
				have = r.Err.Place.Node.Pointer()
			}
			if have != tt.place || r.Err.Kind != tt.kind {
				t.Errorf("%q (%v) at %s, want %v at %s", r.Err, r.Err.Kind, have, tt.kind, tt.place)
			}
			if at := r.Err.Place.String(); !strings.HasPrefix(at, "b.json:1:") {
				t.Errorf("the place is %q", at)
			}
		})
	}
}

// TestReadingsByName because people write them in workflows and files.
func TestReadingsByName(t *testing.T) {
	for choice, want := range map[string]string{
		"A18=wrapped": "", "a18=wrapped": "", "P1=catch": "", "A18=bare": "",
		"A18":         `"A18" is no choice such as A7=text`,
		"A18=":        `A18 (what LoadConfig gives) can't be read as ""; it can be bare, wrapped`,
		"A18=Wrapped": `A18 (what LoadConfig gives) can't be read as "Wrapped"; it can be bare, wrapped`,
		"A18=wrap":    `A18 (what LoadConfig gives) can't be read as "wrap"; it can be bare, wrapped`,
		"A0=x":        `there is no assumption "A0"; they are A1 to A34, and P1`,
		"A35=x":       `there is no assumption "A35"; they are A1 to A34, and P1`,
		"P2=x":        `there is no assumption "P2"; they are A1 to A34, and P1`,
		"=x":          `there is no assumption ""; they are A1 to A34, and P1`,
	} {
		r, err := interp.Readings{}.Set(choice)
		have := ""
		if err != nil {
			have = err.Error()
		}
		if have != want {
			t.Errorf("%s: %q, want %q", choice, have, want)
		}
		if id, name, _ := strings.Cut(choice, "="); want == "" {
			for _, q := range interp.Questions() {
				if strings.EqualFold(q.ID.String(), id) && r.Of(q.ID) != name {
					t.Errorf("%s reads it as %s", choice, r.Of(q.ID))
				}
			}
		}
	}
}

// TestTouchedInOrder lists assumptions as people count them.
func TestTouchedInOrder(t *testing.T) {
	var touched interp.Touched
	if touched.String() != "" {
		t.Errorf("nothing is %q", touched)
	}
	for _, q := range interp.Questions() {
		touched.Add(q.ID)
	}
	var have []string
	for a := range touched.All {
		if have = append(have, a.String()); len(have) == 3 {
			break
		}
	}
	if diff := cmp.Diff([]string{"A1", "A2", "A3"}, have); diff != "" {
		t.Error(diff)
	}
	if s := touched.String(); !strings.HasPrefix(s, "A1, A2, ") || !strings.HasSuffix(s, ", A34, P1") {
		t.Error(s)
	}
}
