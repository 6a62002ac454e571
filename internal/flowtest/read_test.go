package flowtest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

func cases(t *testing.T, name, text string) []*flowtest.Case {
	t.Helper()
	f, found := flowtest.Read(fstest.MapFS{name: {Data: []byte(text)}}, name)
	if len(found) > 0 {
		t.Fatal(found)
	}
	return f.Cases
}

// TestCasesInJSON because JSON is YAML almost, and the rest matters.
func TestCasesInJSON(t *testing.T) {
	c := cases(t, "t.json", "[\n\t{\"name\": \"a \\ud83d\\ude00 \\u00e9 \\/\",\r\n\t \"flow\": \"f\", \"event\": {\"n\": 12345678901234567890, \"f\": 1.50, \"e\": 1e3, \"t\": \"2026-01-01\", \"no\": \"no\"},\n\t\"want\": {\"end\": \"A\"}}\n]\n")[0]
	if c.Name != "a 😀 é /" {
		t.Errorf("the name is %q", c.Name)
	}
	if have := interp.Encode(c.Event); have != `{"e":1e3,"f":1.50,"n":12345678901234567890,"no":"no","t":"2026-01-01"}` {
		t.Error(have)
	}
}

func TestYAMLKeepsWhatIsMeant(t *testing.T) {
	c := cases(t, "t.yml", `- name: 12
  flow: f
  event: {id: 00123456789012345678901234567890x, day: 2026-01-01, big: 12345678901234567890, no: no, "null": ~, on: "true", yes: true}
  now: 2026-01-31T09:00:00Z
  want: {end: A}
`)[0]
	if have := interp.Encode(c.Event); have != `{"big":12345678901234567890,"day":"2026-01-01","id":"00123456789012345678901234567890x","no":"no","null":null,"on":"true","yes":true}` {
		t.Error(have)
	}
	if c.Name != "12" || c.Now.Day() != 31 {
		t.Error(c.Name, c.Now)
	}
}

func TestMarksOfByteOrder(t *testing.T) {
	const mark = "\ufeff"
	f, found := flowtest.Read(fstest.MapFS{
		"t.json": {Data: []byte(mark + `[{"name":"a","flow":"f","event":"e.json","want":{"end":"A"}}]`)}, "e.json": {Data: []byte(mark + `{"x":1}`)},
	}, "t.json")
	if len(found) > 0 || interp.Encode(f.Cases[0].Event) != `{"x":1}` {
		t.Error(found)
	}
}

func TestRepliesThatDoNotCome(t *testing.T) {
	c := cases(t, "t.yml", "- name: a\n  flow: f\n  http: [{reply: timeout}, {reply: {reset: true}}, {reply: {timeout: true}}]\n  want: {fail: {}}\n")[0]
	for i, want := range []string{"timeout", "reset", "timeout"} {
		if have := c.HTTP[i].Reply.Failure; have != want {
			t.Errorf("reply %d fails with %q, want %q", i, have, want)
		}
	}
}

func TestWhatIsNotRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "t.yml:1:1: the file holds no cases",
		"a: b":                            "t.yml:1:1: a file of cases is a list",
		"- &a {name: x}\n- *a":            "t.yml:1:3: anchors and aliases are not read",
		"- !!str x":                       "t.yml:1:3: tags are not read",
		"- {name: a, name: b}":            `t.yml:1:13: the key "name" comes twice`,
		"- {event: {n: 0x10}}":            "t.yml:1:15: the number 0x10 is not written as in JSON",
		"- {event: {n: .inf}}":            "t.yml:1:15: the number .inf is not written as in JSON",
		"- a\n---\n- b":                   "t.yml:2:1: a second document begins here",
		"- {name: a, event: none.json}":   "t.yml:1:20: read none.json: file does not exist",
		"- {name: a, event: ../../x}":     "t.yml:1:20: the file ../../x is outside of the workspace",
		"- {name: a, event: /etc/passwd}": "t.yml:1:20: the file /etc/passwd is outside of the workspace",
		"- {name: a, event: t.yml}":       "t.yml:1:20: the event t.yml is no JSON",
	} {
		_, found := flowtest.Read(fstest.MapFS{"t.yml": {Data: []byte(text)}}, "t.yml")
		told := false
		for _, m := range found {
			told = told || strings.HasPrefix(m.String(), want)
		}
		if !told {
			t.Errorf("%q: %v\nwant %s", text, found, want)
		}
	}
}

// TestSecretsAreHidden in what a failing case tells.
func TestSecretsAreHidden(t *testing.T) {
	const token = "xoxb-1234567890-abcdefghijklmnop"
	s := &flowtest.Suite{}
	s.Bundles = append(s.Bundles, bundle(t, "b.json", []byte(strings.ReplaceAll(`{"name":"b","resources":{
		"a":{"type":"ZIS::Action::Http","properties":{"name":"a","definition":{"method":"POST","url":"https://example.com/?token=TOKEN","requestBody":{"token":"TOKEN","n":1}}}},
		"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"A","States":{"A":{"Type":"Action","ActionName":"zis:x:action:a","ResultPath":"$.r","End":true}}}}}}}`, "TOKEN", token))))
	_, text := report(t, s, cases(t, "t.yml", `
- {name: no mock, flow: f, want: {end: A}}
- name: another
  flow: f
  config: {s: {password: `+token+`}}
  http: [{expect: {body: {token: x, n: 2}}, reply: {body: {token: `+token+`}}}]
  want: {end: A}
- {name: trace, flow: f, http: [{reply: {body: {access_token: `+token+`}}}], want: {end: A, data: {/r/access_token: x}}}
`))
	if strings.Contains(text, token) || strings.Contains(text, "abcdefghijklmnop") || !strings.Contains(text, "(secret)") {
		t.Error(text)
	}
}
