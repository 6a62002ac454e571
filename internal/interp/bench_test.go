package interp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// twelve is a flow of 12 states with two jq programs, two requests, three
// Choices and a Map of one item.
var twelve = one{
	start: "S1",
	states: strings.Join([]string{
		`"S1":{"Type":"Action","ActionName":"zis:common:action:LoadConfig","Parameters":{"scope":"s"},"ResultPath":"$.config","Next":"S2"}`,
		`"S2":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.input.ticket_event.ticket.status","StringEquals":"open"},{"Variable":"$.config.on","BooleanEquals":true}],"Next":"S3"}],"Default":"S12"}`,
		`"S3":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"{id: .input.ticket_event.ticket.id, tags: [.input.ticket_event.ticket.tags[] | select(startswith(\"a\"))]}","data.$":"$"},"ResultPath":"$.ctx","Next":"S4"}`,
		`"S4":{"Type":"Action","ActionName":"zis:crm:action:a","Parameters":{"id.$":"$.ctx.id","text.$":"Ticket {{$.ctx.id}} of {{$.subdomain}}"},"ResultPath":"$.answer","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"S11"}],"Next":"S5"}`,
		`"S5":{"Type":"Choice","Choices":[{"Variable":"$.answer.count","NumericGreaterThan":0,"Next":"S6"}],"Default":"S12"}`,
		`"S6":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"[.answer.items[] | {name: (.name | ascii_upcase), ticket: .id}]","data.$":"$"},"ResultPath":"$.items","Next":"S7"}`,
		`"S7":{"Type":"Map","ItemsPath":"$.items","ResultPath":"$.done","Iterator":{"StartAt":"I","States":{"I":{"Type":"Pass","Result":true,"ResultPath":"$.seen","End":true}}},"Next":"S8"}`,
		`"S8":{"Type":"Wait","Seconds":1,"Next":"S9"}`,
		`"S9":{"Type":"Action","ActionName":"zis:crm:action:a","Parameters":{"id.$":"$.items[0].ticket","text.$":"$.items[0].name"},"ResultPath":"$.second","Next":"S10"}`,
		`"S10":{"Type":"Choice","Choices":[{"Variable":"$.second.count","IsPresent":true,"Next":"S12"}],"Default":"S11"}`,
		`"S11":{"Type":"Fail","Error":"E","Cause":"{{$.error.Cause}}"}`,
		`"S12":{"Type":"Succeed","Message":"Done with {{$.input.ticket_event.ticket.id}}"}`,
	}, ","),
	actions: map[string]string{"a": `{"method":"POST","url":"https://api.example.com/{{$.id}}","headers":[{"key":"X-Id","value":"{{$.id}}"}],"requestBody":{"text":"{{$.text}}","nested":{"id.$":"$.id"}}}`},
}

func BenchmarkRun(b *testing.B) {
	flow := interp.Compile(twelve.bundle(b)).Flow("f")
	start := interp.Start{
		Account: account, Now: instant, World: interp.World{Configs: map[string]any{"s": value(b, `{"on":true}`)}},
		Data: account.Root(value(b, `{"ticket_event":{"type":"Ticket Created","ticket":{"id":35436123456789,"status":"open","tags":["a1","b","a2"]}}}`)),
		HTTP: answering(`{"count":1,"items":[{"name":"n","id":7}]}`),
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := flow.Run(b.Context(), start); r.Err != nil || r.End != "S12" {
			b.Fatal(r.Err, r.End)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

func BenchmarkCompile(b *testing.B) {
	z := twelve.bundle(b)
	for b.Loop() {
		interp.Compile(z)
	}
}

// FuzzRun runs whatever is a flow on whatever is an event: every run ends, in
// bounded time, and none panics.
func FuzzRun(f *testing.F) {
	f.Add(twelve.states, `{"ticket_event":{"ticket":{"status":"open"}}}`, `{"a":1}`, uint64(0))
	f.Add(choosing(`"Not":{"Or":[{"Variable":"$.input.a","TimestampLessThan":"x"}]}`), `{"a":null}`, ``, uint64(1<<29))
	f.Add(jq(`".. | tojson"`, `"data.$":"$"`), `[1,{"a":[null]}]`, `[`, uint64(7))
	f.Add(`"S1":{"Type":"Map","ItemsPath":"$.input","ResultPath":"$","Iterator":{"StartAt":"S1","States":{"S1":{"Type":"Pass","Next":"S1"}}},"Next":"S1"}`, `[{},{}]`, ``, uint64(3))
	f.Add(`"A":{"Type":"Action","ActionName":"zis:common:action:PatchLink","Parameters":{"x.$":"{{$.input['a']}}","l":[{"y.$":"$"}]},"Catch":[{}],"End":true}`, `{"a":{}}`, ``, uint64(0))
	f.Fuzz(func(t *testing.T, states, event, answer string, chosen uint64) {
		doc := parse(fmt.Sprintf(`{"name":"b","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"S1","States":{%s}}}},"a":{"type":"ZIS::Action::Http","properties":{"name":"a","definition":%s}}}}`, states, twelve.actions["a"]))
		input, err := interp.Decode([]byte(event))
		if doc == nil || err != nil {
			return
		}
		var readings interp.Readings
		for _, q := range interp.Questions() {
			readings = readings.With(q.ID, int(chosen>>(q.ID%60))%len(q.Readings))
		}
		for _, flow := range interp.Compile(doc).Flows() {
			r := flow.Run(t.Context(), interp.Start{
				Account: account, Data: account.Root(input), Now: instant, HTTP: answering(answer), Readings: readings,
				World: interp.World{Configs: map[string]any{"s": map[string]any{}}},
			})
			if r.Moves > interp.MaxMoves || r.Runs > interp.MaxRuns || r.Elapsed > time.Duration(interp.MaxRuns)*(interp.MaxTime+120e9) {
				t.Fatalf("%d states, %d runs, %v", r.Moves, r.Runs, r.Elapsed)
			}
			if r.Err == nil && r.End == "" {
				t.Fatal("a run ended nowhere")
			}
			_ = interp.Encode(r.Data)
		}
	})
}
