package interp_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

func answering(body string) func(context.Context, *interp.Request) (interp.Reply, error) {
	return func(context.Context, *interp.Request) (interp.Reply, error) {
		return interp.Reply{Status: 200, Body: []byte(body)}, nil
	}
}

// TestOperators asks every operator about values of every kind: wrong types
// and null are false, and no error.
func TestOperators(t *testing.T) { // section 5.2
	values := `{"s":"b","t":"2026-01-02T03:04:05Z","n":2,"big":12345678901234568,"f":2.0,"b":true,"null":null,"o":{},"l":[],"one":1,"sn":"2"}`
	for _, tt := range []struct {
		operator, want string // want is the operand
		yes            string // names of the values of which it is true
	}{
		{"StringEquals", `"b"`, "s"},
		{"StringLessThan", `"c"`, "s t sn"},
		{"StringGreaterThan", `"a"`, "s"},
		{"StringLessThanEquals", `"b"`, "s t sn"},
		{"StringGreaterThanEquals", `"b"`, "s"},
		{"StringEqualsPath", `"$.input.s"`, "s"},
		{"NumericEquals", `2`, "n f"},
		{"NumericEquals", `12345678901234567`, ""},
		{"NumericLessThan", `2`, "one"},
		{"NumericGreaterThan", `1`, "n big f"},
		{"NumericLessThanEquals", `2`, "n f one"},
		{"NumericGreaterThanEquals", `2`, "n big f"},
		{"NumericEqualsPath", `"$.input.n"`, "n f"},
		{"NumericLessThanPath", `"$.input.n"`, "one"},
		{"NumericGreaterThanPath", `"$.input.one"`, "n big f"},
		{"NumericLessThanEqualsPath", `"$.input.n"`, "n f one"},
		{"NumericGreaterThanEqualsPath", `"$.input.n"`, "n big f"},
		{"BooleanEquals", `true`, "b"},
		{"BooleanEquals", `false`, ""},
		{"BooleanEqualsPath", `"$.input.b"`, "b"},
		{"TimestampEquals", `"2026-01-02T04:04:05+01:00"`, "t"},
		{"TimestampLessThan", `"2027-01-01T00:00:00Z"`, "t"},
		{"TimestampGreaterThan", `"2025-01-01T00:00:00Z"`, "t"},
		{"TimestampLessThanEquals", `"2026-01-02T03:04:05Z"`, "t"},
		{"TimestampGreaterThanEquals", `"2026-01-02T03:04:05Z"`, "t"},
		{"IsPresent", `true`, "s t n big f b o l one sn"},
		{"IsPresent", `false`, "null missing"},
		{"IsNull", `true`, "null"},
		{"IsNull", `false`, "s t n big f b o l one sn"},
	} {
		for name := range strings.FieldsSeq("s t n big f b null o l one sn missing") {
			want := "N"
			if strings.Contains(" "+tt.yes+" ", " "+name+" ") {
				want = "Y"
			}
			r := one{states: choosing(fmt.Sprintf(`"Variable":"$.input.%s",%q:%s`, name, tt.operator, tt.want)), input: values}.run(t)
			if r.Err != nil || r.End != want {
				t.Errorf("%s %s of %s ends in %s, %v", tt.operator, tt.want, name, r.End, r.Err)
			}
			touched := ""
			if name == "missing" && tt.operator != "IsPresent" {
				touched = "A29"
			} else if name == "null" && tt.operator == "IsPresent" {
				touched = "A30"
			}
			if r.Touched.String() != touched {
				t.Errorf("%s %s of %s relies on %q, want %q", tt.operator, tt.want, name, r.Touched, touched)
			}
		}
	}
}

func TestChoice(t *testing.T) { // section 5.2
	yes, no, wrong := `{"Variable":"$.input.a","NumericEquals":1}`, `{"Variable":"$.input.a","NumericEquals":2}`, `{"Variable":"$.input.a","Like":2}`
	in := `{"a":1,"n":null}`
	check(t, []row{
		{name: "the first true rule", one: one{states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.a","NumericEquals":2,"Next":"X"},{"Variable":"$.input.a","NumericEquals":1,"Next":"Y"},{"Variable":"$.input.a","NumericEquals":1,"Next":"X"}]},"X":{"Type":"Fail","Error":"","Cause":"wrong"},"Y":{"Type":"Succeed"}`, input: in}, end: "Y", moves: 2},
		{name: "no rule and no Default", one: one{states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.a","NumericEquals":2,"Next":"S"}]},` + succeeds, input: in}, cause: "no rule of the Choice is true, and it has no Default", touched: "A28"},
		{name: "or it ends well", one: one{states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.a","NumericEquals":2,"Next":"S"}]},` + succeeds, input: in, choose: []string{"A28=succeeded"}}, end: "A", touched: "A28"},
		{name: "And", one: one{states: choosing(`"And":[` + yes + `,` + yes + `]`), input: in}, end: "Y"},
		{name: "And of one false", one: one{states: choosing(`"And":[` + yes + `,` + no + `]`), input: in}, end: "N"},
		{name: "And stops early", one: one{states: choosing(`"And":[` + no + `,` + wrong + `]`), input: in}, end: "N"},
		{name: "Or", one: one{states: choosing(`"Or":[` + no + `,` + yes + `,` + wrong + `]`), input: in}, end: "Y"},
		{name: "Or of none", one: one{states: choosing(`"Or":[` + no + `,` + no + `]`), input: in}, end: "N"},
		{name: "Not", one: one{states: choosing(`"Not":` + no), input: in}, end: "Y"},
		{name: "nested", one: one{states: choosing(`"And":[{"Or":[` + no + `,{"Not":` + no + `}]},` + yes + `]`), input: in}, end: "Y"},
		{name: "an operator that doesn't exist", one: one{states: choosing(`"Variable":"$.input.a","StringMatches":"*"`), input: in}, cause: "a Choice has no operator StringMatches"},
		{name: "a Path operator that doesn't exist", one: one{states: choosing(`"Variable":"$.input.a","TimestampEqualsPath":"$.b"`), input: in}, cause: "a Choice has no operator TimestampEqualsPath"},
		{name: "two operators", one: one{states: choosing(`"Variable":"$.input.a","NumericEquals":1,"IsNull":true`), input: in}, cause: "a rule has two operators, NumericEquals and IsNull"},
		{name: "no operator", one: one{states: choosing(`"Variable":"$.input.a"`), input: in}, cause: "a rule has no operator"},
		{name: "the path of the operand is missing", one: one{states: choosing(`"Variable":"$.input.a","NumericEqualsPath":"$.zz"`), input: in}, end: "N", touched: "A29"},
		{name: "IsPresent of null is true", one: one{states: choosing(`"Variable":"$.input.n","IsPresent":true`), input: in, choose: []string{"A30=true"}}, end: "Y", touched: "A30"},
		{name: "IsNull of what is missing", one: one{states: choosing(`"Variable":"$.input.zz","IsNull":true`), input: in}, end: "N", touched: "A29"},
		{name: "missing under IsNull is an error", one: one{states: choosing(`"Variable":"$.input.zz","IsNull":true`), input: in, choose: []string{"A29=error"}}, cause: "JSON path not found: $.input.zz", touched: "A29"},
	})
}

func TestMap(t *testing.T) { // section 5.3
	over := func(inner, more string) string {
		return `"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","Iterator":{"StartAt":"I","States":{` + inner + `}},` + more + `"Next":"S"},` + succeeds
	}
	pass := `"I":{"Type":"Pass","Result":9,"ResultPath":"$.k","End":true}`
	catch := `"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"S"}],`
	objects := func(n int) string {
		return `{"l":[` + strings.TrimSuffix(strings.Repeat(`{"n":1},`, n), ",") + `]}`
	}
	fail := `"I":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":2,"Next":"F"}],"Default":"O"},"F":{"Type":"Fail","Error":"E","Cause":"two"},"O":{"Type":"Succeed"}`
	check(t, []row{
		{name: "an array of each iteration's $", one: one{states: over(pass, ""), input: `{"l":[{"n":1},{"n":2}]}`}, path: "$.m", want: `[{"k":9,"n":1},{"k":9,"n":2}]`, touched: "A32", moves: 4},
		{name: "or nothing", one: one{states: over(pass, ""), input: objects(1), choose: []string{"A32=nothing"}}, path: "$.m", want: `missing`, touched: "A32"},
		{name: "no items", one: one{states: over(pass, ""), input: `{"l":[]}`}, path: "$.m", want: `[]`, touched: "A32"},
		{name: "100 items", one: one{states: over(pass, ""), input: objects(100)}, end: "S", touched: "A32"},
		{name: "101 items aren't caught", one: one{states: over(pass, catch), input: objects(101)}, cause: "a Map takes at most 100 items, and $.input.l has 101", touched: "A31"},
		{name: "101 items are caught", one: one{states: over(pass, catch), input: objects(101), choose: []string{"A31=catch"}}, path: "$.e.Cause", want: `"a Map takes at most 100 items, and $.input.l has 101"`, touched: "A31"},
		{name: "no array", one: one{states: over(pass, ""), input: `{"l":{}}`}, cause: "$.input.l is an object and no array"},
		{name: "no array is caught", one: one{states: over(pass, catch), input: `{"l":"x"}`}, end: "S"},
		{name: "an iteration fails", one: one{states: over(fail, ""), input: `{"l":[{"n":1},{"n":2},{"n":3}]}`}, cause: "two"},
		{name: "and is caught, the rest is not run", one: one{states: over(fail, catch), input: `{"l":[{"n":2},{"n":3}]}`}, path: "$.e.Cause", want: `"two"`, moves: 4},
		{name: "a definition sees subdomain", one: one{states: over(`"I":{"Type":"Action","ActionName":"zis:crm:action:a","Parameters":{"n.$":"$.n"},"ResultPath":"$.r","End":true}`, ""), actions: acts(`{"method":"GET","url":"https://{{$.zendeskHost}}/{{$.n}}"}`), input: objects(1), replies: ok("{}")}, request: "GET https://acme.zendesk.com/1", touched: "A32"},
		{name: "nested", one: one{states: over(`"I":{"Type":"Map","ItemsPath":"$.l","ResultPath":"$.m","Iterator":{"StartAt":"J","States":{"J":{"Type":"Pass","End":true}}},"End":true}`, ""), input: `{"l":[{"l":[{"a":1}]}]}`}, path: "$.m", want: `[{"l":[{"a":1}],"m":[{"a":1}]}]`, touched: "A32"},
		{name: "transitions inside count", one: one{states: over(`"I":{"Type":"Pass","Next":"J"},"J":{"Type":"Pass","Next":"K"},"K":{"Type":"Pass","End":true}`, ""), input: objects(100)}, cause: "the flow goes over more than 250 states"},
	})
}

// TestMapOverAMillion asks for the sentence before any item is looked at.
func TestMapOverAMillion(t *testing.T) {
	items := make([]any, 1_000_000)
	for i := range items {
		items[i] = map[string]any{}
	}
	o := one{states: `"A":{"Type":"Map","ItemsPath":"$.input","ResultPath":"$.m","Iterator":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"End":true}`}
	r := interp.Compile(o.bundle(t)).Flow("f").Run(t.Context(), interp.Start{Account: account, Data: account.Root(items), Now: instant})
	if want := "a Map takes at most 100 items, and $.input has 1000000"; cause(r) != want || r.Moves != 1 {
		t.Errorf("%d states, %q; want %q", r.Moves, cause(r), want)
	}
}

func TestLimits(t *testing.T) { // section 6
	check(t, []row{
		{name: "an endless loop", one: one{states: `"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}`}, cause: "the flow goes over more than 250 states", moves: 250},
		{name: "time over several states", one: one{states: `"A":{"Type":"Wait","Seconds":60,"Next":"B"},"B":{"Type":"Wait","Seconds":60,"Next":"S"},` + succeeds}, cause: "the flow takes longer than 100 seconds", end: "B"},
		{name: "a jq that never ends", one: one{states: jq(`"last(range(1e12))"`, `"data":"{}"`)}, cause: "the jq program fails: the jq program takes more than a million steps"},
		{name: "a jq of ever more text", one: one{states: jq(`"reduce range(60) as $i (\"xxxxxxxxxxxxxxxx\"; .+.) | length"`, `"data":"{}"`)}, cause: "the jq program fails: the jq program takes more than 64 MiB of memory"},
		{name: "a jq whose one step takes too much", one: one{states: jq(`"\"x\" * 4e8 | length"`, `"data":"{}"`)}, cause: "the jq program fails: the jq program takes more than 64 MiB of memory: a text of 1 bytes, 4e+08 times"},
		{name: "data that doubles", one: one{states: `"A":{"Type":"Action","ActionName":"zis:common:action:LoadConfig","Parameters":{"scope":"s"},"ResultPath":"$.c","Next":"B"},"B":{"Type":"Action","ActionName":"zis:common:action:PatchConfig","Parameters":{"scope":"s","config":{"x.$":"$.c","y.$":"$.c"}},"Next":"A"}`, configs: map[string]string{"s": `{"text":"a text"}`}}, cause: "the data grows larger than 32 MiB", touched: "-"},
		{name: "a body of shared parts", one: one{states: `"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"\"x\" * 1e6","data":"{}"},"ResultPath":"$.t","Next":"B"},"B":{"Type":"Action","ActionName":"zis:crm:action:a","Parameters":{"t.$":"$.t"},"End":true}`, actions: acts(`{"method":"POST","url":"https://a.example/","requestBody":{"x":["{{$.t}}"` + strings.Repeat(`,"{{$.t}}"`, 99) + `]}}`)}, cause: "the data grows larger than 32 MiB", touched: "-"},
		{name: "a jq of shared parts", one: one{states: jq(`"reduce range(40) as $i (1; [.,.])"`, `"data":"{}"`)}, cause: "the jq program fails: the jq program takes more than 64 MiB of memory"},
	})
}
