package zis_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// definition is what the tests read of the JSON Schema.
type definition struct {
	Required    []string              `json:"required"`
	Properties  map[string]definition `json:"properties"`
	Enum        []any                 `json:"enum"`
	Examples    []any                 `json:"examples"`
	Definitions map[string]definition `json:"definitions"`
	Then        *definition           `json:"then"`
	Items       *definition           `json:"items"`
}

// UnmarshalJSON takes the schema false for one without anything.
func (d *definition) UnmarshalJSON(data []byte) error {
	type plain definition
	if string(data) == "false" || string(data) == "true" {
		return nil
	}
	return json.Unmarshal(data, (*plain)(d))
}

func schema(t *testing.T) definition {
	t.Helper()
	var d definition
	text, err := os.ReadFile("../../schemas/bundle.schema.json")
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d definition) fields(but ...string) []string {
	names := slices.DeleteFunc(slices.Collect(maps.Keys(d.Properties)), func(n string) bool { return slices.Contains(but, n) })
	slices.Sort(names)
	return names
}

func sorted(words ...string) []string {
	list := slices.Clone(words)
	slices.Sort(list)
	return slices.Compact(list)
}

func (d definition) examples() []string { return texts(d.Examples) }

func texts(values []any) (list []string) {
	for _, e := range values {
		if s, ok := e.(string); ok {
			list = append(list, s)
		}
	}
	return sorted(list...)
}

// The JSON Schema, which editors read, and the tables, which rules and the
// interpreter read, are one language.
func TestSchemaAndTablesAreOneLanguage(t *testing.T) {
	s := schema(t)
	same := func(what string, want, got []string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the tables and the schema differ (-tables +schema)\n%s", what, diff)
		}
	}
	d := s.Definitions
	same("operators", sorted(zis.OperatorNames()...), d["comparison"].fields(zis.ConditionFields.Names()...))
	same("joining operators", sorted(zis.Logical.Names()...), d["rule"].fields("Next"))
	same("types of resources", sorted(zis.ResourceTypes.Names()...), texts(d["resource"].Properties["type"].Enum))
	same("types of states", sorted(zis.StateTypeNames()...), texts(d["state"].Properties["Type"].Enum))
	same("methods", sorted(zis.Methods.Names()...), texts(d["request"].Properties["method"].Then.Enum))
	same("fields of a job spec", sorted(without(zis.SpecFields.Names(), "description")...), d["jobSpec"].fields())
	same("fields of a request", sorted(without(zis.RequestFields.Names(), "query", "connectionName.$")...), d["request"].fields())
	same("fields of a bundle", sorted(without(zis.BundleFields.Names(), "uuid", "integration", "zendesk_account_id")...), s.fields())
	same("fields of a resource", sorted(zis.ResourceFields.Names()...), d["resource"].fields())
	same("fields of an action", sorted(without(zis.NamedFields.Names(), "description")...), d["httpAction"].fields())
	same("fields of a flow", sorted(without(zis.NamedFields.Names(), "description")...), d["flow"].fields())
	same("fields of a flow's definition", sorted(without(zis.MachineFields.Names(), "Comment")...), d["machine"].fields())
	same("fields of a Catch", sorted(without(zis.CatchFields.Names(), "Comment")...), d["catch"].Items.fields())
	same("errors of a Catch", zis.ErrorNames.Names(), texts(d["catch"].Items.Properties["ErrorEquals"].Items.Enum))
	same("fields of a pair", sorted(zis.PairFields.Names()...), d["pair"].fields())
	for _, of := range zis.StateTypeNames() {
		name := strings.ToLower(of) + "State"
		same("fields of the state "+of, sorted(without(zis.StateFields(of).Names(), "Type", "Comment", "Next", "End")...), d[name].fields("Next", "End"))
	}
	var events []string
	for _, e := range zis.Events() {
		events = append(events, e.Type)
	}
	same("events", sorted(events...), d["jobSpec"].Properties["event_type"].examples())
	same("built-in actions", sorted(zis.BuiltInNames()...), slices.DeleteFunc(d["actionState"].Properties["ActionName"].examples(), func(s string) bool { return !strings.HasPrefix(s, "zis:common:") }))
	required := map[string]place{
		"": {"bundle", zis.BundleFields}, "resource": {"resource", zis.ResourceFields}, "jobSpec": {"job spec", zis.SpecFields},
		"httpAction": {"action", zis.NamedFields}, "flow": {"flow", zis.NamedFields}, "request": {"definition", zis.RequestFields},
		"pair": {"header", zis.PairFields}, "machine": {"definition of a flow", zis.MachineFields}, "catch": {"Catch", zis.CatchFields},
	}
	for _, of := range zis.StateTypes {
		required[strings.ToLower(of.Name)+"State"] = place{"state " + of.Name, of.Fields}
	}
	for name, table := range required {
		of, ok := d[name]
		switch {
		case name == "":
			of, ok = s, true
		case of.Items != nil:
			of = *of.Items
		}
		if !ok {
			t.Errorf("the schema has no definition %s", name)
		}
		for _, field := range of.Required {
			if !table.terms.Requires(field) {
				t.Errorf("the schema requires %s of %s, the tables don't", field, table.where)
			}
		}
	}
}

func without(list []string, words ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(words, s) })
}

// Every row of a table says where it comes from.
func TestEveryFactHasItsSource(t *testing.T) {
	check := func(what string, f zis.Fact) {
		if f.Source == "" || f.Mark != zis.Documented && f.Mark != zis.Observed && f.Mark != zis.Inferred {
			t.Errorf("%s has no source or mark: %+v", what, f)
		}
	}
	for _, o := range zis.Operators {
		check(o.Name, o.Fact)
	}
	for _, b := range zis.BuiltIns {
		check(b.ARN, b.Fact)
	}
	for _, s := range zis.StateTypes {
		check(s.Name, s.Fact)
	}
	for _, p := range places() {
		for _, w := range p.terms {
			check(p.where+": "+w.Name, w.Fact)
		}
	}
	seen := map[string]bool{}
	for _, e := range zis.Events() {
		check(e.Type, e.Fact)
		if key := e.Source + "/" + e.Type; seen[key] {
			t.Errorf("%s is listed twice", key)
		} else {
			seen[key] = true
		}
		if e.Shown == "" || len(e.Payload.Fields()) != 1 {
			t.Errorf("%s: shown as %q, brings %v", e.Type, e.Shown, e.Payload.Fields())
		}
	}
	for _, l := range zis.Limits() {
		check(l.Unit, l.Fact)
		if l.Most <= 0 || l.Unit == "" {
			t.Errorf("%+v", l)
		}
	}
}

func TestPayloads(t *testing.T) {
	for _, tt := range []struct {
		source, event, path string
		there               bool
	}{
		{"support", "ticket.TicketCreated", "ticket_event ticket id", true},
		{"support", "ticket.TicketCreated", "ticket_event ticket via channel", true},
		{"support", "ticket.TicketCreated", "ticket_event ticket subject", false},
		{"support", "ticket.TicketCreated", "ticket_event ticket custom_fields", false},
		{"support", "ticket.TicketCreated", "ticket_event ticket priority name", false},
		{"support", "ticket.TicketCreated", "ticket_event comment", false},
		{"support", "ticket.TicketCreated", "ticket_event meta sequence id", true},
		{"support", "ticket.TicketCreated", "user_event", false},
		{"support", "ticket.CommentAdded", "ticket_event comment body", true},
		{"support", "ticket.StatusChanged", "ticket_event previous", true},
		{"support", "ticket.StatusChanged", "ticket_event comment", false},
		{"support", "ticket.TagsChanged", "ticket_event tags_added", true},
		{"support", "ticket.CustomFieldChanged", "ticket_event custom_field id", true},
		{"support", "user.UserCreated", "user_event user email", true},
		{"support", "user.UserCreated", "user_event user name", false},
		{"support", "organization.OrganizationCreated", "organization_event organization name", true},
		{"support", "customobject.CustomObjectRecordCreated", "custom_object_event custom_object_record custom_object_fields a", true},
		{"sunshine", "activity.UserActivityCreated", "activity_event user_activity type", true},
		{"sunshine", "customobject.CustomObjectDeleted", "custom_object_event object_id", true},
	} {
		e := zis.EventOf(tt.source, tt.event)
		if e == nil {
			t.Errorf("there is no %s/%s", tt.source, tt.event)
		} else if got := !e.Payload.Lacks(strings.Fields(tt.path)); got != tt.there {
			t.Errorf("%s: %s is there: %v, want %v", tt.event, tt.path, got, tt.there)
		}
	}
	if n := len(zis.EventOf("support", "ticket.TicketCreated").Payload.At("ticket_event", "ticket").Fields()); n != 16 {
		t.Errorf("a ticket has %d members, want the 16 documented", n)
	}
}
