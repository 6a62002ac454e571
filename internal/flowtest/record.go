package flowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// record makes a case of a run.
func (s *Suite) record(f *interp.Flow, spec *zis.JobSpec, k found) *Case {
	c := &Case{Flow: f.Name, Event: k.gene.input, Config: k.gene.config, Now: Instant}
	if spec != nil {
		c.JobSpec, c.Flow = spec.Name.Value, ""
	}
	for _, q := range k.result.Requests() {
		c.HTTP = append(c.HTTP, recorded(s.Account, q))
	}
	c.HTTP = joined(c.HTTP)
	c.Want = Wanted(k.result)
	c.Name = title(k.result)
	return c
}

// recorded is the mock of a request that was made.
func recorded(a interp.Account, q *interp.Exchange) Mock {
	m := Mock{Times: 1, Reply: q.Answer, Expect: Expect{Method: q.Method, URL: strings.TrimPrefix(q.URL, "https://"+a.Host())}}
	if !strings.HasPrefix(m.Expect.URL, "/") {
		m.Expect.URL = q.URL
	}
	if q.HasBody {
		m.Expect.Body = &Body{Form: Exact, Value: q.Body}
	}
	return m
}

// joined makes one mock of equal ones that follow each other.
func joined(list []Mock) []Mock {
	var short []Mock
	for _, m := range list {
		if n := len(short); n > 0 && short[n-1].Expect.same(m.Expect) && sameReply(short[n-1].Reply, m.Reply) {
			short[n-1].Times++
			continue
		}
		short = append(short, m)
	}
	return short
}

func sameReply(a, b interp.Reply) bool {
	return a.Status == b.Status && a.Failure == b.Failure && string(a.Body) == string(b.Body) && maps.Equal(a.Headers, b.Headers)
}

// Wanted is what came of a run, as a case wants it.
func Wanted(r *interp.Result) Want {
	w := Want{End: r.End, Requests: "exact"}
	if r.Err != nil {
		cause := r.Err.Text
		w.Fail = &Fail{Cause: &cause}
		if r.Err.Name != "" {
			w.Fail.Error = &r.Err.Name
		}
	} else {
		w.Message = &r.Message
	}
	before, after := object(first(r)), object(r.Data)
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if old, ok := before[name]; ok && interp.Equal(old, after[name]) || r.Err != nil {
			continue
		}
		w.Data = append(w.Data, Pointed{Pointer: "/" + source.EscapePointer(name), Value: after[name]})
	}
	return w
}

// first is the data before the first state of the last time.
func first(r *interp.Result) any {
	for _, s := range r.Steps {
		if s.Run == r.Runs {
			return s.Input
		}
	}
	return nil
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// title names a case by its way: the rules that were true, what was caught and
// where it ended.
func title(r *interp.Result) string {
	var way []string
	for i := range r.Steps {
		s := &r.Steps[i]
		for rule, taken := range s.Rules {
			if taken {
				way = append(way, fmt.Sprintf("%s rule %d", s.State, rule+1))
			}
		}
		if s.Caught {
			way = append(way, s.State+" fails")
		}
	}
	end := "ends in " + r.End
	if r.Err != nil {
		end = "fails in " + r.Err.State
	}
	const most = 4
	if len(way) > most {
		way = append(way[:most], "…")
	}
	return strings.Join(append(way, end), ", ")
}
