package pull_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/pull"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// unchanged holds that a plan of the files has no changes for the account.
func unchanged(t *testing.T, have deploy.Remote, folder files, secrets map[string]string, numbers ...string) {
	t.Helper()
	var list []*diag.File
	for path, text := range folder {
		list = append(list, diag.NewFile(path, text))
	}
	checked := check.Files(list, check.Options{Integration: have.Integration, Values: render.Values{Secrets: secrets, Numbers: numbers}, Unresolved: diag.Warning})
	p, err := deploy.NewPlan(checked.Bundles(), have, deploy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range p.Bundles {
		if b.Action != compare.Keep {
			t.Errorf("a plan would %s %s: %v %v", b.Action, b.File, b.Changes, b.Resources)
		}
	}
}

// values are the secrets of pulls, one after the other.
func values(results ...pull.Result) map[string]string {
	all := map[string]string{}
	for _, r := range results {
		maps.Copy(all, r.Secrets.Values())
	}
	return all
}

// rich is a bundle in which each way of giving it back otherwise shows, with
// secrets in many places.
func rich(specs int) string {
	var b strings.Builder
	b.WriteString(`{"name": "a", "description": "", "zis_template_version": "2019-10-14", "resources": {
	"act": {"type": "ZIS::Action::Http", "properties": {"name": "act", "definition": {
		"method": "POST", "url": "https://me:pa55word99@api.example.com/x/{{$.id}}?api_key=k3y0fThe0therSide&y=/", "connectionName": "zendesk",
		"headers": [{"key": "X-Two", "value": "2"}, {"key": "Authorization", "value": "Basic YWJjZGVmZ2hpamtsbW5vcA=="}, {"key": "Cookie", "value": "sid=9f8a7b6c5d4e3f2a1b0c"}],
		"queryParams": [{"key": "token", "value": "t0ken-t0ken-t0ken"}, {"key": "a", "value": "1"}],
		"requestBody": {"empty": "", "none": null, "list": [], "deep": {"object": {}, "password": "hunter2hunter2"}, "api_key": "s3cr3t-s3cr3t-s3cr3t",
			"id": 12608007991101, "long": 123456789012345678901234567890, "part": 1.5, "third": 0.1234567890123,
			"text": "  two  spaces\r\nand &amp; <b>lines</b> caf\u00e9 \u2603 😀", "many": ["one", "two", "three"]}}}},
	"a_f": {"type": "ZIS::Flow", "properties": {"name": "a_f", "definition": {"StartAt": "A", "States": {
		"E": {"Type": "Succeed"},
		"P": {"Type": "Pass", "Result": {"token": "s3cr3t-s3cr3t-s3cr3t"}, "ResultPath": "$.p", "Next": "E"},
		"A": {"Type": "Action", "ActionName": "zis:acme:action:act", "Parameters": {"id.$": "$.input.id", "e": ""}, "ResultPath": "$.r",
			"TimeoutSeconds": 7, "Next": "C", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}]},
		"C": {"Type": "Choice", "Comment": "a or b", "Choices": [{"Variable": "$.r.x", "StringEquals": "a", "Next": "E"}, {"Variable": "$.r.x", "StringEquals": "b", "Next": "P"}], "Default": "E"}}}}}`)
	for i := range specs {
		fmt.Fprintf(&b, `, "s%d": {"type": "ZIS::JobSpec", "properties": {"name": "s%d", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:a_f"}}`, i, i)
	}
	return b.String() + "}}"
}

// serving is an account that holds the bundles, and how it behaves from now on.
func serving(t *testing.T, disposition string, bodies ...string) func() deploy.Remote {
	t.Helper()
	server := &emulator.Server{}
	if err := server.Register("acme"); err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	client, err := registry.New(listening.URL, registry.Credentials{Email: "a@example.com", APIToken: "token-of-the-admin"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, body := range bodies {
		if err := client.Upload(ctx, "acme", []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if disposition != "" {
		if err := server.Behave(disposition); err != nil {
			t.Fatal(err)
		}
	}
	return func() deploy.Remote {
		have, err := deploy.Read(ctx, client, "acme")
		if err != nil {
			t.Fatal(err)
		}
		return have
	}
}

func TestTheLawUnderEveryFormOfReadingBack(t *testing.T) {
	if testing.Short() {
		t.Skip("pulls in one goroutine, some hundred times")
	}
	tried := 0
	for _, d := range platform.Dispositions() {
		if !strings.HasPrefix(d.Name, "form-") && !strings.HasPrefix(d.Name, "added-") {
			continue
		}
		tried++
		t.Run(d.Name, func(t *testing.T) {
			read := serving(t, d.Name, rich(2))
			folder, first := lawful(t, read())
			unchanged(t, read(), folder, values(first))
			again, err := pull.Integration(read(), pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: folder.read})
			if err != nil || again.Bundles[0].Changed() {
				t.Errorf("pulled again, it changes: %v", err)
			}
		})
	}
	if tried < 40 {
		t.Errorf("only %d forms", tried)
	}
}

func TestTheLawOnWhatIsLargeAndOdd(t *testing.T) {
	second := strings.NewReplacer(`"name": "a"`, `"name": "b"`, `"a_f"`, `"b_f"`, "flow:a_f", "flow:b_f", `"act"`, `"tell"`, "action:act", "action:tell", `"s0"`, `"t0"`).Replace(rich(1))
	for name, bodies := range map[string][]string{
		"132 job specs": {rich(132)}, "two bundles": {rich(1), second},
		"nothing but a name": {`{"name":"a","zis_template_version":"2019-10-14","resources":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			var have deploy.Remote
			if strings.Contains(name, "nothing") {
				have = remote(t, bodies...)
			} else {
				have = serving(t, "", bodies...)()
			}
			folder, r := lawful(t, have)
			unchanged(t, have, folder, values(r))
			if len(folder) != len(bodies) {
				t.Errorf("there are %d files", len(folder))
			}
			for path, text := range folder {
				folder[path] = []byte(strings.ReplaceAll(string(text), "\n", "\r\n"))
			}
			again, err := pull.Integration(have, pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: folder.read})
			if err != nil || slices.ContainsFunc(again.Bundles, pull.Bundle.Changed) {
				t.Errorf("with CRLF it changes: %v", err)
			}
		})
	}
}

// editor makes random changes in a bundle.
type editor struct {
	*rand.Rand
	n int
}

func (e *editor) name(of string) string {
	e.n++
	return fmt.Sprintf("%s%d", of, e.n)
}

// value is v with about one change in it.
func (e *editor) value(v any, depth int) any {
	switch v := v.(type) {
	case map[string]any:
		return e.object(v, depth)
	case []any:
		return e.list(v, depth)
	case string:
		return v + e.name(" changed ")
	case json.Number:
		return json.Number(fmt.Sprint(e.IntN(1e9)) + "0000000000000000000")
	case bool:
		return !v
	}
	return "new"
}

func (e *editor) object(v map[string]any, depth int) any {
	names := make([]string, 0, len(v))
	for name := range v {
		if depth > 0 || name == "resources" { // the name of a bundle is who it is
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		v[e.name("added")] = []any{"x", map[string]any{"y": json.Number("1")}}
		return v
	}
	slices.Sort(names)
	name := names[e.IntN(len(names))]
	switch what := e.IntN(10); {
	case what == 0 && depth > 0:
		delete(v, name)
	case what == 1 && depth > 0:
		v[e.name(name)] = v[name]
		delete(v, name)
	case what == 2 && depth > 0:
		v[e.name("added")] = map[string]any{"password": e.name("s3cr3tOfTheirs"), "list": []any{}}
	default:
		v[name] = e.value(v[name], depth+1)
	}
	return v
}

func (e *editor) list(v []any, depth int) any {
	if len(v) == 0 {
		return []any{"first"}
	}
	i := e.IntN(len(v))
	switch e.IntN(5) {
	case 0:
		return slices.Delete(v, i, i+1)
	case 1:
		return slices.Insert(v, i, any(e.name("item")))
	case 2:
		slices.Reverse(v)
	default:
		v[i] = e.value(v[i], depth+1)
	}
	return v
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func encoded(t *testing.T, v any, indent string) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", indent)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzTheLaw: whatever was changed on either side, taking theirs gives a file
// that plans as no change, is stable, and holds no secret. The seed makes the
// changes.
func FuzzTheLaw(f *testing.F) {
	for seed := range uint64(120) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		e := &editor{Rand: rand.New(rand.NewPCG(seed, 1))}
		have := remote(t, rich(2))
		folder, first := lawful(t, have)
		const path = "zis/bundle.json"
		account := decoded(t, rich(2))
		for range e.IntN(5) {
			account = e.value(account, 0)
		}
		if e.IntN(2) == 0 {
			ours := decoded(t, string(folder[path]))
			for range e.IntN(4) {
				ours = e.value(ours, 0)
			}
			folder[path] = []byte(encoded(t, ours, []string{"\t", "  ", "    "}[e.IntN(3)]))
		}
		if e.IntN(3) == 0 {
			folder[path] = []byte(strings.ReplaceAll(string(folder[path]), "\n", "\r\n"))
		}
		before := string(folder[path])
		changed := remote(t, encoded(t, account, " "))
		if differing, err := pull.Integration(changed, pull.Options{Dir: "zis", Read: folder.read}); err != nil || differing.Bundles[0].Changed() {
			t.Fatalf("seed %d: without a word, the file would be written: %v", seed, err)
		}
		r, err := pull.Integration(changed, pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: folder.read})
		if err != nil {
			t.Fatalf("seed %d: %v\nthe file\n%s\nthe account\n%s", seed, err, before, encoded(t, account, " "))
		}
		folder.take(r)
		if doc, found := source.Parse(diag.NewFile(path, folder[path])); doc == nil || len(found) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, found, folder[path])
		}
		again, err := pull.Integration(changed, pull.Options{Dir: "zis", Read: folder.read})
		if err != nil || again.Bundles[0].Changed() || len(again.Differing()) > 0 {
			t.Fatalf("seed %d: pulled again: %v %v\nwas\n%s\nis\n%s", seed, err, again.Bundles[0].Differs, before, folder[path])
		}
		for name, secret := range values(first, r) {
			if len(r.Secrets.Left()) == 0 && strings.Contains(string(folder[path]), secret) && !strings.Contains(before, secret) {
				t.Fatalf("seed %d: the secret %s is in the file\nwas\n%s\nis\n%s", seed, name, before, folder[path])
			}
		}
		if len(r.Secrets.Left()) == 0 && strings.Contains(string(folder[path]), "s3cr3tOfTheirs") && !strings.Contains(before, "s3cr3tOfTheirs") {
			t.Fatalf("seed %d: a new secret of the account is in the file\n%s", seed, folder[path])
		}
		unchanged(t, changed, folder, values(first, r))
		if t.Failed() {
			t.Fatalf("seed %d: was\n%s\nis\n%s\nthe account\n%s", seed, before, folder[path], encoded(t, account, " "))
		}
	})
}

func TestSecretsThatCantBeHiddenAreTold(t *testing.T) {
	body := strings.Replace(rich(1), `"password": "hunter2hunter2"`, `"password": 7755331199, "passwd": "abc"`, 1)
	have := remote(t, body)
	folder, r := lawful(t, have)
	unchanged(t, have, folder, values(r), "ACT_PASSWORD")
	if text := string(folder["zis/bundle.json"]); !strings.Contains(text, `"password": "{{ACT_PASSWORD}}"`) || strings.Contains(text, "7755331199,") {
		t.Errorf("a number under a secret's name is in the file:\n%s", text)
	}
	changed := remote(t, strings.Replace(body, "7755331199,", "9876543210,", 1))
	if r, err := pull.Integration(changed, pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: folder.read}); err != nil || r.Bundles[0].Changed() {
		t.Errorf("another number for the secret changes the file: %v", err)
	}
	notes := strings.Join(r.Notes, "\n")
	for _, part := range []string{"requestBody/deep/passwd looks like a secret, and is too short"} {
		if !strings.Contains(notes, part) {
			t.Errorf("no %q in\n%s", part, notes)
		}
	}
}

// TestValuesOfVariables: a variable whose value is known is no blank cheque. What the
// account has instead of it is a difference.
func TestValuesOfVariables(t *testing.T) {
	have := remote(t, account)
	folder, _ := lawful(t, have)
	const path = "zis/bundle.json"
	folder[path] = []byte(strings.ReplaceAll(string(folder[path]), "api.example.com", "{{HOST}}"))
	ours := map[string]any{"HOST": "api.example.com"}
	if r, err := pull.Integration(have, pull.Options{Dir: "zis", Given: ours, Read: folder.read}); err != nil || len(r.Differing()) > 0 {
		t.Fatalf("the value of a variable counts as a difference: %v %v", err, r.Bundles)
	}
	moved := remote(t, strings.ReplaceAll(account, "api.example.com", "other.example.com"))
	r, err := pull.Integration(moved, pull.Options{Dir: "zis", Given: ours, Read: folder.read})
	if err != nil || len(r.Differing()) != 1 || !strings.HasSuffix(r.Bundles[0].Differs[0].Pointer, "/definition/url") {
		t.Fatalf("another host is no difference: %v", err)
	}
	if r, err = pull.Integration(moved, pull.Options{Dir: "zis", Prefer: pull.Theirs, Given: ours, Read: folder.read}); err != nil || !strings.Contains(string(r.Bundles[0].Text), "@other.example.com") {
		t.Fatalf("taken over, the host is not in the file: %v", err)
	}
	folder.take(r)
	unchanged(t, moved, folder, values(r))

	// a number in the place of a variable whose value isn't known
	text := strings.Replace(string(folder[path]), "12345678901234,", `"{{FIELD}}",`, 1)
	folder[path] = []byte(text)
	if r, err = pull.Integration(moved, pull.Options{Dir: "zis", Read: folder.read}); err != nil || len(r.Differing()) > 0 || r.Bundles[0].Changed() {
		t.Fatalf("a number is no value of a variable: %v %v", err, r.Bundles[0].Differs)
	}
	if r, err = pull.Integration(moved, pull.Options{Dir: "zis", Given: map[string]any{"FIELD": json.Number("7")}, Read: folder.read}); err != nil || len(r.Differing()) != 1 {
		t.Fatalf("another number is no difference: %v", err)
	}

	// one name has one value, in whatever places
	twice := remote(t, strings.Replace(account, "k3y-k3y-k3y", "s3cr3t-t0ken-value", 1))
	folder, first := lawful(t, twice)
	apart, err := pull.Integration(have, pull.Options{Dir: "zis", Read: folder.read})
	if err != nil || len(apart.Differing()) != 1 {
		t.Fatalf("one secret that became two is no difference: %v", err)
	}
	for _, d := range apart.Bundles[0].Differs {
		if strings.Contains(d.Old+d.New, "k3y") || strings.Contains(d.Old+d.New, "s3cr3t") {
			t.Errorf("a secret is shown: %v", d)
		}
	}
	r, err = pull.Integration(have, pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: folder.read})
	if err != nil {
		t.Fatal(err)
	}
	folder.take(r)
	unchanged(t, have, folder, values(first, r))
}

// TestSecretsInEveryPlace: wherever a secret stands, the file is as valid as
// what the account holds, and a secret that stays in it is told.
func TestSecretsInEveryPlace(t *testing.T) {
	const secret = "ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
	body := `{"name": "a", "description": "@D", "zis_template_version": "2019-10-14", "resources": {
	"act": {"type": "ZIS::Action::Http", "properties": {"name": "act", "definition": {"method": "POST", "url": "https://api.example.com/x", "connectionName": "@C",
		"headers": [{"key": "X-Two", "value": "@H"}], "queryParams": [{"key": "q", "value": "@Q"}], "requestBody": {"a": "@B", "l": ["@L"], "m": "x"}}}},
	"a_f": {"type": "ZIS::Flow", "properties": {"name": "a_f", "definition": {"Comment": "@K", "StartAt": "A", "States": {
		"A": {"Type": "Action", "ActionName": "zis:acme:action:act", "Parameters": {"p": "@P"}, "Next": "J"},
		"J": {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"expr": "\"X\"", "data.$": "$.input"}, "ResultPath": "$.x", "Next": "@R"},
		"R": {"Type": "Pass", "Result": {"r": "R"}, "ResultPath": "$.p", "Next": "T"},
		"T": {"Type": "Choice", "Choices": [{"Variable": "$.p.r", "StringEquals": "@V", "Next": "E"}], "Default": "E"},
		"E": {"Type": "Succeed", "Message": "@S"}}}}},
	"s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "description": "@O", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:a_f"}}}}`
	for place := range strings.FieldsSeq("@D @C @H @Q @B @L @K @P @X @R @V @S @O") {
		t.Run(place, func(t *testing.T) {
			text := strings.Replace(body, place, secret, 1)
			have := remote(t, text)
			folder := files{}
			r, err := pull.Integration(have, pull.Options{Dir: "zis", Read: folder.read})
			if err != nil {
				t.Fatal(err)
			}
			folder.take(r)
			unchanged(t, have, folder, values(r))
			if strings.Contains(string(folder["zis/bundle.json"]), secret) != (len(r.Secrets.Left()) > 0) {
				t.Errorf("the secret is in the file or not, and what is told is %v:\n%s", r.Secrets.Left(), folder["zis/bundle.json"])
			}
			if was, is := mistakes(text, nil), mistakes(string(folder["zis/bundle.json"]), values(r)); is != was {
				t.Errorf("the mistakes were %q, and are %q", was, is)
			}
		})
	}
}

// mistakes are the errors in a bundle.
func mistakes(text string, secrets map[string]string) string {
	checked := check.Files([]*diag.File{diag.NewFile("zis/bundle.json", []byte(text))}, check.Options{
		Integration: "acme", Values: render.Values{Secrets: secrets}, Unresolved: diag.Error,
	})
	var list []string
	for _, f := range checked.Files {
		for _, d := range f.Findings {
			if d.Severity == diag.Error {
				list = append(list, d.Rule+d.Pointer)
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
