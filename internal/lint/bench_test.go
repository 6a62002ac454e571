package lint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// BenchmarkDecode is the yardstick: encoding/json reads the same bytes.
func BenchmarkDecode(b *testing.B) {
	each(b, func(b *testing.B, src []byte) {
		var v any
		if err := json.Unmarshal(src, &v); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkValidate is all of zis validate but reading the file: parsing,
// rendering, every rule, the schema.
func BenchmarkValidate(b *testing.B) {
	each(b, func(b *testing.B, src []byte) { validate(b, src) })
}

// BenchmarkRules is what lint adds to parsing: every rule, and the schema.
func BenchmarkRules(b *testing.B) {
	each(b, func(b *testing.B, src []byte) {
		b.StopTimer()
		doc, _ := source.Parse(diag.NewFile("bundle.json", src))
		b.StartTimer()
		lint.Run([]*source.Document{doc}, lint.Options{})
	})
}

func validate(tb testing.TB, src []byte) []diag.Diagnostic {
	doc, found := source.Parse(diag.NewFile("bundle.json", src))
	if doc == nil {
		tb.Fatal(found)
	}
	docs, more := render.Documents([]*source.Document{doc}, render.Values{}, diag.Warning)
	linted, _ := lint.Run(docs, lint.Options{})
	return append(append(found, more...), linted...)
}

// BenchmarkHostile is files with a mistake at every place, all on one line:
// four times the file should take four times as long.
func BenchmarkHostile(b *testing.B) {
	list := func(format string, n int) string {
		var items []string
		for i := range n {
			items = append(items, fmt.Sprintf(format, i))
		}
		return strings.Join(items, ",")
	}
	flow := func(states string) string {
		return `{"name": "a", "resources": {"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "S0", "States": {` + states + `}}}}}}`
	}
	for _, shape := range []struct {
		name string
		make func(n int) string
	}{
		{"duplicates", func(n int) string {
			return `{"name": "a", "resources": {` + list(`"k%d": 0`, n) + "," + list(`"k%d": 0`, n) + "}}"
		}},
		{"fields", func(n int) string {
			return flow(`"S0": {"Type": "Choice", "Choices": [{` + list(`"Equals%d": 0`, n) + "}]}")
		}},
		{"maps", func(n int) string {
			return flow(list(`"S%[1]d": {"Type": "Map", "ItemsPath": "$.a%[1]d", "Iterator": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "Next": "nowhere%[1]d"}`, n))
		}},
		{"results", func(n int) string {
			return flow(list(`"S%[1]d": {"Type": "Action", "ActionName": "zis:a:action:b", "Parameters": {"a.$": "$.b%[1]d"}, "Next": "S%[1]d0"}`, n))
		}},
		{"placeholders", func(n int) string {
			return flow(`"S0": {"Type": "Succeed", "Message": "` + strings.Repeat("{{$.a[*]}} {{NAME}} ", n) + `"}`)
		}},
	} {
		for _, n := range []int{5000, 20_000} {
			src := []byte(shape.make(n))
			b.Run(fmt.Sprintf("%s=%d", shape.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					for _, d := range validate(b, src) {
						d.Start()
					}
				}
			})
		}
	}
}

func each(b *testing.B, f func(*testing.B, []byte)) {
	for _, tt := range []struct {
		name string
		src  []byte
	}{
		{"flows=5/states=100", wide(5, 100)},
		{"flows=50/states=100", wide(50, 100)},
		{"flows=1/states=2000", wide(1, 2000)},
		{"flows=1/states=20000", wide(1, 20_000)},
		{"catches=2000", catches(2000)},
		{"catches=20000", catches(20_000)},
		{"rules=500", choices(500)},
		{"rules=5000", choices(5000)},
		{"jq=100KB", program(100 << 10)},
		{"jq=1MB", program(1 << 20)},
		{"real", real()},
	} {
		if tt.src == nil {
			continue
		}
		b.Run(tt.name, func(b *testing.B) {
			b.SetBytes(int64(len(tt.src)))
			b.ReportAllocs()
			for b.Loop() {
				f(b, tt.src)
			}
		})
	}
}

func real() []byte {
	src, err := os.ReadFile(corpus + "/public/tsanet-2026-08.json")
	if err != nil {
		return nil
	}
	return src
}

// wide is a bundle without findings, indented as most files are: each flow is
// a row of calls, choices and jq programs, with a handler each. 50 flows of
// 100 states make 3 MB.
func wide(flows, states int) []byte {
	var b strings.Builder
	b.WriteString(`{"zis_template_version": "2019-10-14", "name": "wide", "resources": {` + "\n")
	b.WriteString(`"call": {"type": "ZIS::Action::Http", "properties": {"name": "call", "definition": {"method": "PUT", "path": "/api/v2/tickets/{{$.id}}.json", "connectionName": "zendesk", "headers": [{"key": "Content-Type", "value": "application/json"}], "requestBody": {"ticket": {"comment": {"body": "{{$.text}}", "public": false}}}}}}`)
	for f := range flows {
		fmt.Fprintf(&b, ",\n"+`"spec%d": {"type": "ZIS::JobSpec", "properties": {"name": "spec%[1]d", "event_source": "shop", "event_type": "order%[1]d", "flow_name": "zis:shop:flow:flow%[1]d"}}`, f)
		fmt.Fprintf(&b, ",\n"+`"flow%d": {"type": "ZIS::Flow", "properties": {"name": "flow%[1]d", "definition": {"StartAt": "S0", "States": {`, f)
		for i := range states {
			b.WriteString(state(i))
		}
		b.WriteString(`"Failed": {"Type": "Fail", "Error": "Failed", "Cause": "{{$.error.Cause}}"},` + "\n")
		fmt.Fprintf(&b, `"S%d": {"Type": "Succeed", "Message": "order {{$.input.order.id}} is done"}}}}}`, states)
	}
	b.WriteString("}}\n")
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(b.String()), "", "  "); err != nil {
		panic(err)
	}
	return indented.Bytes()
}

func state(i int) string {
	switch i % 3 {
	case 0:
		return fmt.Sprintf(`"S%d": {"Type": "Action", "ActionName": "zis:shop:action:call",
			"Parameters": {"id.$": "$.input.order.ticket_id", "text.$": "order {{$.input.order.id}} has {{$.input.order.lines[0].count}} items"},
			"ResultPath": "$.answers.step%[1]d", "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Failed"}], "Next": "S%[2]d"},`, i, i+1)
	case 1:
		return fmt.Sprintf(`"S%d": {"Type": "Choice", "Choices": [
			{"Variable": "$.input.order.status", "StringEquals": "shipped", "Next": "S%[2]d"},
			{"And": [{"Variable": "$.input.order.total", "NumericGreaterThan": 100}, {"Variable": "$.input.order.paid", "BooleanEquals": true}], "Next": "S%[2]d"}], "Default": "S%[2]d"},`, i, i+1)
	}
	return fmt.Sprintf(`"S%d": {"Type": "Action", "ActionName": "zis:common:transform:Jq",
		"Parameters": {"expr": "[.order.lines[] | select(.count > %[1]d) | {name: .name, \"price\": (.price | tonumber)}] | sort_by(.price)", "data.$": "$.input"},
		"ResultPath": "$.lines%[1]d", "Next": "S%[2]d"},`, i, i+1)
}

// catches is a row of n states, each of which hands its errors to the next.
func catches(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"S%d": {"Type": "Action", "ActionName": "zis:common:action:LoadConfig", "Parameters": {"scope": "settings"}, "ResultPath": "$.settings",
			"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S%[2]d"}], "Next": "S%[2]d"},`, i, i+1)
	}
	return oneFlow(strings.Replace(b.String(), `"S0"`, `"Start"`, 1) + fmt.Sprintf(`"S%d": {"Type": "Succeed"}`, n))
}

// choices is a Choice of n rules.
func choices(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"Variable": "$.input.order.id", "StringEquals": "order-%d", "Next": "Done"},`+"\n", i)
	}
	return oneFlow(`"Start": {"Type": "Choice", "Choices": [` + strings.TrimSuffix(b.String(), ",\n") + `], "Default": "Done"}, "Done": {"Type": "Succeed"}`)
}

// program is a jq program of that many bytes.
func program(size int) []byte {
	const part = `(if .a == \"b\" then {id: .id, name: \"\\(.name)!\"} else [.list[] | select(. != null)] end) as $x | `
	text := strings.Repeat(part, size/len(part)) + "$x"
	return oneFlow(`"Start": {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"expr": "` + text + `", "data.$": "$.input"}, "ResultPath": "$.x", "End": true}`)
}

func oneFlow(states string) []byte {
	return []byte(`{"zis_template_version": "2019-10-14", "name": "one", "resources": {"one": {"type": "ZIS::Flow", "properties": {"name": "one", "definition": {"StartAt": "Start", "States": {` +
		states + `}}}}}}`)
}

// What the benchmarks read has no findings, so that they measure checking.
func TestBenchmarksReadGoodBundles(t *testing.T) {
	for _, src := range [][]byte{wide(2, 10), catches(10), choices(10), program(1000)} {
		for _, d := range validate(t, src) {
			if d.Rule != "no-job-spec" { // no part of what is measured
				t.Error(d)
			}
		}
	}
}
