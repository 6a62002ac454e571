package zis_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var update = flag.Bool("update", false, "rewrite the tables in docs/platform.md")

const (
	page   = "../../docs/platform.md"
	tables = "## Tables\n\n<!-- Made from internal/zis: go test ./internal/zis -update -->\n"
)

// The page shows the tables as they are.
func TestPlatformPageShowsTheTables(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(text), tables)
	want := strings.TrimRight(before, "\n") + "\n\n" + tables + tablesText()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("docs/platform.md is stale, run go test ./internal/zis -update (-want +got)\n%s", diff)
	}
}

func tablesText() string {
	var b strings.Builder
	b.WriteString("\n**Limits**\n\n| at most | of what | source | mark |\n|--:|---|---|---|\n")
	for _, l := range []zis.Limit{zis.MapItems, zis.FlowSeconds, zis.Transitions, zis.FlowRuns, zis.ActionPayload, zis.WebhookPayload, zis.PageSize, zis.IntegrationName, zis.ActionName, zis.OtherName, zis.ConnectionName, zis.LinkName} {
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", l.Most, l.Unit, l.Source, l.Mark)
	}
	b.WriteString("\n**Operators of a Choice**\n\n| operator | compares with | source | mark |\n|---|---|---|---|\n")
	for _, o := range zis.Operators {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", o.Name, o.Operand, o.Source, o.Mark)
	}
	b.WriteString("\n**Built-in actions**\n\n| action | parameters (! mandatory) | gives | source | mark |\n|---|---|---|---|---|\n")
	for _, a := range zis.BuiltIns {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", a.ARN, parameters(a), gives(a), a.Source, a.Mark)
	}
	b.WriteString("\n**States**\n\n| type | fields |\n|---|---|\n")
	for _, s := range zis.StateTypes {
		fmt.Fprintf(&b, "| `%s` | %s |\n", s, code(zis.StateFields(s)))
	}
	b.WriteString("\n**Events**\n\n| source | event | shown as | brings below `$.input` | mark |\n|---|---|---|---|---|\n")
	for _, e := range zis.Events() {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", e.Source, e.Type, e.Shown, brings(e.Payload), e.Mark)
	}
	b.WriteString("\n**Objects in events**\n\n| object | members |\n|---|---|\n")
	told := map[string]bool{}
	for _, e := range zis.Events() {
		for _, wrapper := range e.Payload.Fields() {
			for _, object := range e.Payload.At(wrapper).Fields() {
				if s := e.Payload.At(wrapper, object); s != nil && s.Type == zis.Object && object != "meta" && !told[object] {
					told[object] = true
					fmt.Fprintf(&b, "| `%s` | %s |\n", object, code(s.Fields()))
				}
			}
		}
	}
	return b.String()
}

func code(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }

func parameters(a zis.BuiltIn) string {
	var list []string
	for _, p := range a.Parameters {
		name := "`" + p.Name + "`"
		if p.Required {
			name += "!"
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

func gives(a zis.BuiltIn) string {
	switch {
	case a.Silent:
		return "nothing"
	case a.Result != nil:
		return code(a.Result.Fields())
	}
	return "not known here"
}

func brings(s *zis.Shape) string {
	wrapper := s.Fields()[0]
	below := s.At(wrapper)
	text := "`" + wrapper + "`: " + code(below.Fields())
	if below.Open {
		text += " and what isn't known"
	}
	return text
}
