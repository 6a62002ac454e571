package check_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// worst is a file that somebody made to keep the check busy: a unit between a
// beginning and an end, as often as the limits of a file allow.
type worst struct {
	name, begin, end string
	unit             func(i int) string
	values           int // of a unit
}

const (
	top    = `{"name":"b","zis_template_version":"2019-10-14","resources":{`
	flowed = top + `"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"S0","States":{`
	acted  = top + `"a":{"type":"ZIS::Action::Http","properties":{"name":"a","definition":{"method":"POST","url":"https://x.example",`
)

func same(s string) func(int) string { return func(int) string { return s } }

func numbered(format string) func(int) string {
	return func(i int) string {
		return strings.ReplaceAll(strings.ReplaceAll(format, "%d", fmt.Sprint(i)), "%e", fmt.Sprint(i+1))
	}
}

// worstFiles are some of each kind.
func worstFiles() []worst {
	text := func(name, unit string) worst {
		each := source.MaxText / (len(unit) + 7) // with digits in it
		return worst{"text " + name, acted + `"requestBody":{"t":["`, `"]}}}}}}`, func(i int) string {
			if i%each == 0 {
				return `","`
			}
			return numbered(unit)(i)
		}, 0}
	}
	list := func(name, unit string) worst {
		return worst{"list " + name, acted + `"requestBody":{"t":[0`, `]}}}}}}`, numbered("," + unit), 1}
	}
	state := func(name, unit string, values int) worst {
		return worst{"state " + name, flowed + `"E":{"Type":"Succeed"}`, `}}}}}}`, numbered(`,"S%d":` + unit), values}
	}
	resource := func(name, unit string, values int) worst {
		return worst{"resource " + name, top + `"x":{"type":"ZIS::Nonsense"}`, `}}`, numbered(`,"r%d":` + unit), values}
	}
	jq := func(name, unit string) worst {
		return worst{"jq " + name, flowed + `"S0":{"Type":"Action","ActionName":"zis:common:transform:Jq","End":true,"Parameters":{"data":{},"expr":"`, `"}}}}}}}}`, same(unit), 0}
	}
	return []worst{
		text("placeholders", "{{A}}"), text("paths", "{{$.a}}"), text("open braces", "{{"), text("letters", "a"), text("zero-width", "a\u200b"), text("mixed scripts", "p\u0430 "),
		text("secrets", "Bearer abcdefghij0123456789 "), text("leftovers", "${NAME} "), text("escapes", `\u0041`), text("addresses", "https://u:p@x.example/?token=1 "),
		list("placeholders", `"{{A%d}}"`), list("one placeholder", `"{{A}}"`), list("secrets", `{"password":"s3cr3t-%d"}`), list("numbers", "%d"), list("huge numbers", "1e999"), list("paths", `"$.a.b%d"`),
		list("zero-width", `"\u200b%d"`), list("empty", "{}"), list("hosts", `"https://ex\u0430mple%d.com"`),
		state("a chain", `{"Type":"Pass","Next":"S%e"}`, 3), state("unreached", `{"Type":"Pass","End":true}`, 3), state("no type", `{"Next":"S0"}`, 2), state("unknown type", `{"Type":"T%d"}`, 2),
		state("unset paths", `{"Type":"Pass","Next":"S%e","Parameters":{"a.$":"$.x%d.y"}}`, 5), state("choices", `{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"%d","Next":"S%e"}],"Default":"E"}`, 8),
		state("loops", `{"Type":"Pass","Next":"S0","ResultPath":"$.r%d"}`, 4), state("actions", `{"Type":"Action","ActionName":"zis:x:action:a%d","Next":"S%e"}`, 4), state("unknown fields", `{"Type":"Pass","End":true,"f%d":1}`, 4),
		state("catches", `{"Type":"Action","ActionName":"zis:x:action:a","Next":"S%e","Catch":[{"ErrorEquals":["x%d"],"Next":"E"}]}`, 9), state("waits", `{"Type":"Wait","Seconds":%d,"Next":"S%e"}`, 4),
		resource("unknown types", `{"type":"X%d","properties":{}}`, 3), resource("no type", `{}`, 1), resource("same names", `{"type":"ZIS::Flow","properties":{"name":"f"}}`, 4),
		resource("job specs", `{"type":"ZIS::JobSpec","properties":{"name":"s%d","event_source":"support","event_type":"ticket.X%d","flow_name":"zis:b:flow:f%d"}}`, 7),
		resource("actions", `{"type":"ZIS::Action::Http","properties":{"name":"a%d","definition":{"method":"get","url":"http://x"}}}`, 6), resource("strings", `"x"`, 1),
		text("many placeholders", "{{A%d}}"), text("accents", "e\u0301"), text("braces", "{{$."),
		state("unknown ways", `{"Type":"Pass","Next":"SS%d"}`, 3), state("results", `{"Type":"Action","ActionName":"zis:x:action:a","Next":"S%e","ResultPath":"$.x%d","Parameters":{"a.$":"$.x%e.y"}}`, 7),
		state("programs", `{"Type":"Action","ActionName":"zis:common:transform:Jq","Next":"S%e","ResultPath":"$.x%d","Parameters":{"data.$":"$.x%d","expr":".a%d + foo%d(1)"}}`, 8),
		state("loops in loops", nested(12), 100),
		{"choice of nothing", flowed + `"E":{"Type":"Succeed"},"S0":{"Type":"Choice","Default":"E","Choices":[{}`, `]}}}}}}}`, same(",{}"), 1},
		{"choice of much", flowed + `"E":{"Type":"Succeed"},"S0":{"Type":"Choice","Default":"E","Choices":[{"Variable":"$.a"`, `}]}}}}}}}`, numbered(`,"p%d":1`), 1},
		{"headers of nothing", acted + `"headers":[{}`, `]}}}}}`, same(`,{}`), 1},
		jq("pipes", ". | "), jq("brackets", "["), jq("names", "foo + "), jq("strings", `\"\\(1)\" + `),
	}
}

// nested is a Map state in another, so many deep.
func nested(deep int) string {
	return strings.Repeat(`{"Type":"Map","ItemsPath":"$.l","End":true,"Iterator":{"StartAt":"A","States":{"A":`, deep) +
		`{"Type":"Pass","End":true,"Parameters":{"a.$":"$.q"}}` + strings.Repeat("}}}", deep)
}

// file fills up to so many bytes, and values.
func (w worst) file(bytes, values int) *diag.File {
	var b strings.Builder
	b.WriteString(w.begin)
	for i := 0; b.Len() < bytes-len(w.end)-400 && (w.values == 0 || (i+1)*(w.values+1) < values); i++ {
		b.WriteString(w.unit(i))
	}
	b.WriteString(w.end)
	return diag.NewFile("b.json", []byte(b.String()))
}

func checked(f *diag.File) check.Result {
	return check.Files([]*diag.File{f}, check.Options{Integration: "b", Values: render.Values{}, Unresolved: diag.Error})
}

// However bad a file is, a thousand findings are kept of it.
func TestWorstFilesAreBounded(t *testing.T) {
	list := worstFiles()
	if len(list) < 40 {
		t.Errorf("there are only %d", len(list))
	}
	for _, w := range list {
		r := checked(w.file(1<<15, source.MaxValues/400))
		kept := 0
		for _, f := range r.Files {
			kept += len(f.Findings)
		}
		if kept > diag.MostFindings {
			t.Errorf("%s: %d findings are kept", w.name, kept)
		}
		if total := r.Count(diag.Error) + r.Count(diag.Warning) + r.Count(diag.Note); total < kept {
			t.Errorf("%s: %d of %d findings are counted", w.name, total, kept)
		}
	}
}

// BenchmarkWorst tells the time and the memory of each at the limits, as a
// process has it: garbage is collected at any price from 400 MB on.
//
//	go test -run '^$' -bench Worst -benchtime 1x ./internal/check
func BenchmarkWorst(b *testing.B) {
	if os.Getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(400 << 20))
	}
	for _, w := range worstFiles() {
		b.Run(strings.ReplaceAll(w.name, " ", "-"), func(b *testing.B) {
			f := w.file(source.MaxBytes, source.MaxValues)
			for b.Loop() {
				checked(f)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/1e6, "heap-MB")
		})
	}
}
