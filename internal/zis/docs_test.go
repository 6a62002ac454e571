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
	b.WriteString("\n**Limits**\n\n| at most | at least | of what | source | mark |\n|--:|--:|---|---|---|\n")
	for _, l := range zis.Limits() {
		fmt.Fprintf(&b, "| %d | %d | %s | %s | %s |\n", l.Most, l.Least, l.Unit, l.Source, l.Mark)
	}
	b.WriteString("\n**Operators of a Choice**\n\n| operator | compares with | source | mark |\n|---|---|---|---|\n")
	for _, o := range zis.Operators {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", o.Name, o.Operand, o.Source, o.Mark)
	}
	b.WriteString("\n**Built-in actions**\n\n| action | parameters (! mandatory) | gives | source | mark |\n|---|---|---|---|---|\n")
	for _, a := range zis.BuiltIns {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", a.ARN, parameters(a), gives(a), a.Source, a.Mark)
	}
	b.WriteString("\n**States**\n\n| type | source | mark |\n|---|---|---|\n")
	for _, s := range zis.StateTypes {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, s.Source, s.Mark)
	}
	b.WriteString("\n**Fields and other words** (! mandatory, or one of several)\n\n| where | words | source | mark |\n|---|---|---|---|\n")
	for _, p := range places() {
		for _, group := range bySource(p.terms) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", p.where, mandatory(group), group[0].Source, group[0].Mark)
		}
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

// place is where words of a table can stand.
type place struct {
	where string
	terms zis.Terms
}

func places() []place {
	list := []place{
		{"bundle", zis.BundleFields},
		{"resource", zis.ResourceFields},
		{"type of a resource", zis.ResourceTypes},
		{"properties of a flow or action", zis.NamedFields},
		{"properties of a job spec", zis.SpecFields},
		{"definition of an action", zis.RequestFields},
		{"method of an action", zis.Methods},
		{"header or query parameter", zis.PairFields},
		{"definition of a flow, Iterator", zis.MachineFields},
	}
	for _, s := range zis.StateTypes {
		list = append(list, place{"state `" + s.Name + "`", s.Fields})
	}
	return append(list,
		place{"item of a Catch", zis.CatchFields},
		place{"error of a Catch", zis.ErrorNames},
		place{"what a Catch gets", zis.ErrorFields},
		place{"rule of a Choice", zis.ConditionFields},
		place{"rule of a Choice, joining others", zis.Logical},
		place{"data of a flow at its start", zis.RootNames},
		place{"data of a flow, by samples alone", zis.SampleNames},
		place{"data of a definition, passed by nobody", zis.PassedNames},
		place{"event_source", zis.EventSources},
	)
}

// bySource groups rows of the same source that follow each other.
func bySource(t zis.Terms) (groups []zis.Terms) {
	for _, w := range t {
		if n := len(groups); n > 0 && groups[n-1][0].Fact == w.Fact {
			groups[n-1] = append(groups[n-1], w)
			continue
		}
		groups = append(groups, zis.Terms{w})
	}
	return groups
}

func mandatory(t zis.Terms) string {
	words := make([]string, len(t))
	for i, w := range t {
		words[i] = "`" + w.Name + "`"
		if w.Required {
			words[i] += "!"
		}
	}
	return strings.Join(words, ", ")
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
