package check_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// spot is a member of an object of a real bundle.
type spot struct {
	pointer string
	around  map[string]any
	name    string
	root    map[string]any
}

func (s spot) text() string { v, _ := s.around[s.name].(string); return v }

// seeder plants one kind of mistake where it is one. It answers what a finding
// has to name; "" where the mistake can't be planted.
type seeder struct {
	name  string
	plant func(s spot) (named string)
}

// put plants a text in the place of a member's.
func put(name string, fits func(spot) bool, change func(text string) string, named string) seeder {
	return seeder{name, func(s spot) string {
		if s.text() == "" || !fits(s) {
			return ""
		}
		s.around[s.name] = change(s.text())
		return named
	}}
}

func named(names ...string) func(spot) bool {
	return func(s spot) bool { return slices.Contains(names, s.name) }
}

func always(text string) func(string) string { return func(string) string { return text } }

func isSpec(s spot) bool { return s.name == "event_type" && s.around["event_source"] == "support" }

func isExpr(s spot) bool   { return s.name == "expr" && strings.HasSuffix(s.pointer, "Parameters/expr") }
func isHeader(s spot) bool { return s.name == "value" && strings.Contains(s.pointer, "/headers/") }
func inBody(s spot) bool {
	return strings.Contains(s.pointer, "/definition/requestBody/") && !strings.HasSuffix(s.name, ".$")
}

// isKept tells of an expr whose value is kept.
func isKept(s spot) bool {
	state, _ := at(s.root, strings.TrimSuffix(s.pointer, "/Parameters/expr")).(map[string]any)
	return isExpr(s) && state["ResultPath"] != nil
}

// readsTicket tells of a parameter that reads the ticket of an event, where
// nothing but ticket events start a flow.
func readsTicket(s spot) bool {
	if !strings.Contains(s.pointer, "/Parameters/") || !strings.HasPrefix(s.text(), "$.input.ticket_event.ticket.") {
		return false
	}
	resources, _ := s.root["resources"].(map[string]any)
	specs := 0
	for _, r := range resources {
		p, _ := r.(map[string]any)["properties"].(map[string]any)
		if event, ok := p["event_type"].(string); ok {
			if specs++; !strings.HasPrefix(event, "ticket.") {
				return false
			}
		}
	}
	return specs > 0 && !strings.Contains(s.pointer, "/Iterator/")
}

func at(root any, pointer string) any {
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch v := root.(type) {
		case map[string]any:
			root = v[step]
		case []any:
			root = v[index(step)]
		}
	}
	return root
}

// seeders are written from the platform's reference and from the mistakes that
// people were seen to make, not from the rules.
var seeders = slices.Concat(styleSeeders(), []seeder{
	put("event by its display name", isSpec, always("Ticket Created"), "ticket.TicketCreated"),
	put("event by its webhook name", isSpec, always("zen:event-type:ticket.created"), "ticket.TicketCreated"),
	put("event in small letters", isSpec, always("ticket.created"), "ticket.TicketCreated"),
	put("event by a synonym", isSpec, always("ticket.CommentCreated"), "ticket.CommentAdded"),
	put("event without its object", isSpec, always("TicketCreated"), "ticket.TicketCreated"),
	put("event of no source", isSpec, always("article.ArticlePublished"), "article"),
	put("source in capitals", func(s spot) bool { return s.name == "event_source" && s.text() == "support" }, always("Support"), "support"),
	put("flow by its short name", named("flow_name"), func(s string) string { return s[strings.LastIndex(s, ":")+1:] }, "zis:"),
	put("flow that isn't there", named("flow_name"), func(s string) string { return s + "_old" }, "_old"),
	put("action that isn't there", custom, func(s string) string { return s + "_old" }, "_old"),
	put("action by its short name", custom, func(s string) string { return s[strings.LastIndex(s, ":")+1:] }, "zis:"),
	put("an invented built-in", named("ActionName"), always("zis:common:action:fetch"), "ZIS::Action::Http"),
	put("an AWS task", func(s spot) bool { return s.name == "Type" && s.text() == "Action" }, always("Task"), "Action"),
	put("no environment", isExpr, always("env.TOKEN"), "env"),
	put("no further input", isExpr, always("[inputs]"), "inputs"),
	put("no command line", isExpr, always("$ENV.TOKEN"), "$ENV"),
	put("a variable of the command line", isExpr, always("$token"), "$token"),
	put("program that gives nothing", isKept, always("empty"), "no value"),
	put("program that may give nothing", isKept, always(".a | select(. != null)"), "no value"),
	put("program that gives several", isKept, always(".[]"), "several"),
	put("program of another language", isExpr, always("data.map(x => x.id)"), "jq"),
	put("program cut off", isExpr, func(s string) string { return s + " | {a: " }, "{"),
	put("subject", readsTicket, always("$.input.ticket_event.ticket.subject"), "subject"),
	put("description", readsTicket, always("$.input.ticket_event.ticket.description"), "description"),
	put("custom fields", readsTicket, always("$.input.ticket_event.ticket.custom_fields"), "custom_fields"),
	put("comment of the ticket", readsTicket, always("$.input.ticket_event.ticket.comment"), "comment"),
	put("member of the API", readsTicket, always("$.input.ticket_event.ticket.requester.email"), "requester"),
	put("a level too high", readsTicket, always("$.input.ticket.id"), "$.input.ticket_event"),
	put("no input", readsTicket, func(s string) string { return "$" + strings.TrimPrefix(s, "$.input") }, "$.input"),
	put("a misspelt member", readsTicket, always("$.input.ticket_event.ticket.asignee_id"), "assignee_id"),
	put("a misspelt wrapper", readsTicket, func(s string) string { return strings.Replace(s, "ticket_event", "ticketEvent", 1) }, "ticket_event"),
	put("another event's wrapper", readsTicket, always("$.input.user_event.user.id"), "user_event"),
	put("a detail of a webhook", readsTicket, always("$.input.detail.id"), "detail"),
	put("a result in a list", named("ResultPath"), func(s string) string { return s + "[0]" }, "list"),
	put("a result without $", named("ResultPath"), func(s string) string { return strings.TrimPrefix(s, "$.") }, "$"),
	put("http", func(s spot) bool { return s.name == "url" && strings.HasPrefix(s.text(), "https://") }, func(s string) string { return "http" + s[5:] }, "http"),
	put("a lower case method", named("method"), strings.ToLower, "method"),
	put("a lower case type", func(s spot) bool { return s.name == "Type" }, strings.ToLower, "did you mean"),
	put("a lower case kind", func(s spot) bool { return s.name == "type" && strings.HasPrefix(s.text(), "ZIS::") }, strings.ToLower, "ZIS::"),
	{"a connection by path", func(s spot) string {
		if s.name != "connectionName" {
			return ""
		}
		delete(s.around, s.name)
		s.around["connectionName.$"] = "$.connection"
		return "connection"
	}},
	{"headers as an object", func(s spot) string {
		if _, is := s.around[s.name].([]any); s.name != "headers" || !is {
			return ""
		}
		s.around[s.name] = map[string]any{"Accept": "application/json"}
		return "key"
	}},
	{"a header that is a number", func(s spot) string {
		if !isHeader(s) || s.text() == "" {
			return ""
		}
		s.around[s.name] = 5
		return "number"
	}},
	{"End false", func(s spot) string {
		if s.name != "Next" || s.around["Type"] == nil {
			return ""
		}
		s.around["End"] = false
		return "End"
	}},
	{"Retry", func(s spot) string {
		if s.name != "ActionName" {
			return ""
		}
		s.around["Retry"] = []any{map[string]any{"ErrorEquals": []any{"States.ALL"}}}
		return "Retry"
	}},
	{"a text where a number is compared", func(s spot) string {
		n, is := s.around[s.name].(float64)
		if !is || !strings.HasPrefix(s.name, "Numeric") {
			return ""
		}
		s.around[s.name] = fmt.Sprint(n)
		return s.name
	}},
	{"an unfilled number", func(s spot) string {
		if _, is := s.around[s.name].(float64); !is || !strings.HasPrefix(s.name, "Numeric") {
			return ""
		}
		s.around[s.name] = "{{FIELD_ID}}"
		return "FIELD_ID"
	}},
	{"a Catch for one error", func(s spot) string {
		if s.name != "ErrorEquals" {
			return ""
		}
		s.around[s.name] = []any{"States.Timeout"}
		return "States.ALL"
	}},
	{"a wildcard", func(s spot) string {
		if s.name != "StringEquals" {
			return ""
		}
		s.around["StringMatches"] = s.around[s.name]
		delete(s.around, s.name)
		return "StringMatches"
	}},
})

func custom(s spot) bool {
	return s.name == "ActionName" && strings.Contains(s.text(), ":action:") && !strings.HasPrefix(s.text(), "zis:common:")
}

// styleSeeders plant placeholders in every style in texts, hosts, names and keys.
func styleSeeders() (list []seeder) {
	for _, style := range []string{
		"{{site-name}}", "{{site.name}}", "{{env name}}", "${SITE}", "$SITE_NAME", "%SITE%", "<YOUR_SITE>", "__SITE__", "{site}", "[YOUR_SITE]", "[[SITE]]",
		"@@SITE@@", "#{SITE}", "$(SITE)", "<%= site %>", "YOUR_SITE", "SITE_PLACEHOLDER", "CHANGE_ME", "{% if site %}",
	} {
		behind := func(s string) string { return s + " " + style }
		mark := strings.Trim(style, "{}$%<>_[]@#()=")
		list = append(list,
			put(style+" in a header", isHeader, behind, mark),
			put(style+" in a body", inBody, behind, mark),
			put(style+" in a host", func(s spot) bool { return s.name == "url" && strings.HasPrefix(s.text(), "https://") }, func(string) string { return "https://" + style + ".zendesk.com/api/v2/a" }, mark),
			put(style+" in an event", isSpec, func(s string) string { return s + style }, mark),
			put(style+" as a connection", named("connectionName"), always(style), mark),
			put(style+" in an action's ARN", custom, func(s string) string { return s + style }, mark),
			put(style+" in a flow's ARN", named("flow_name"), func(s string) string { return s + style }, mark),
			seeder{style + " as a key", func(s spot) string {
				if !inBody(s) {
					return ""
				}
				s.around[style] = 1
				return mark
			}})
	}
	return list
}

// TestSeeds plants every kind of mistake into real bundles, and demands a
// finding there which names it. Each day tries other places.
func TestSeeds(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/public/*.json")
	if len(files) == 0 {
		t.Skip("the corpus of real bundles is not here")
	}
	const most = 2 // places for each kind in each file
	if testing.Short() {
		files = files[:1]
	}
	planted, found := 0, 0
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		before := map[string]int{}
		for _, d := range seedFindings(src) {
			before[d.Rule+d.Pointer+d.Message]++
		}
		all := spots(src)
		for _, s := range seeders {
			pointers := plantable(all, s)
			for i := range min(most, len(pointers)) {
				pointer := pointers[(time.Now().YearDay()+i*max(1, len(pointers)/most))%len(pointers)]
				mutant, want := planting(all[pointer], s, true)
				planted++
				if slices.ContainsFunc(seedFindings(mutant), func(d diag.Diagnostic) bool {
					return (d.Pointer == pointer || before[d.Rule+d.Pointer+d.Message] == 0) && d.Severity != diag.Note && near(d.Pointer, pointer) && strings.Contains(d.Message+" "+d.Help, want)
				}) {
					found++
					continue
				}
				t.Errorf("%s at %s of %s: nothing names %q", s.name, pointer, filepath.Base(f), want)
			}
		}
	}
	t.Logf("%d of %d", found, planted)
}

// near tells whether a finding stands at a planted mistake, or at what it is in.
func near(found, planted string) bool {
	around := planted[:strings.LastIndex(planted, "/")]
	return strings.HasPrefix(found, around) || strings.HasPrefix(around, found) && len(found) > len("/resources")
}

func seedFindings(src []byte) []diag.Diagnostic {
	return check.Files([]*diag.File{diag.NewFile("bundle.json", src)}, check.Options{Unresolved: diag.Warning}).Files[0].Findings
}

// plantable are the places where a seeder can plant, sorted.
func plantable(all map[string]spot, s seeder) (pointers []string) {
	for pointer, place := range all {
		if _, want := planting(place, s, false); want != "" {
			pointers = append(pointers, pointer)
		}
	}
	slices.Sort(pointers)
	return pointers
}

// planting plants at a place, writes the bundle if it is wanted, and takes the
// mistake away again.
func planting(place spot, s seeder, write bool) (mutant []byte, want string) {
	former := maps.Clone(place.around)
	if want = s.plant(place); want == "" {
		return nil, ""
	}
	if write {
		mutant, _ = json.Marshal(place.root)
	}
	clear(place.around)
	maps.Copy(place.around, former)
	return mutant, want
}

// spots are the members of all objects of a bundle, by their pointers.
func spots(src []byte) map[string]spot {
	var root map[string]any
	_ = json.Unmarshal(src, &root) // what can't be read has none
	all := map[string]spot{}
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, below := range v {
				all[pointer+"/"+name] = spot{pointer + "/" + name, v, name, root}
				walk(pointer+"/"+name, below)
			}
		case []any:
			for i, below := range v {
				walk(fmt.Sprint(pointer, "/", i), below)
			}
		}
	}
	walk("", root)
	return all
}
