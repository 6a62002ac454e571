package lint

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var limitRules = []Rule{
	{
		ID: "connection-name", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/understanding-connections: 3 to 64 characters of A-Z, a-z, 0-9, _ and -; connections are resolved before the first state (observed)",
		Summary: "no connection can have the name that an action gives",
		Action:  connectionName,
	},
	{
		ID: "timeout-limit", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/flow-state-limitations: a flow runs for 100 seconds at most; DG/action-state: TimeoutSeconds is the time of one state",
		Summary: "a state may take longer than the whole flow",
		State:   timeoutLimit,
	},
}

func connectionName(p *Pass, a *zis.Action) {
	n := field(a.Definition, "connectionName")
	s, ok := n.Text()
	if ok && (n.Name == "connectionName.$" || strings.Contains(s, "{{$") || strings.HasPrefix(s, "$.")) {
		p.At(n, "write one action for each connection, and choose between them in the flow", "the action %q looks its connection up, and a connection's name is fixed", a.Name.Value)
		return
	}
	if !ok || variable(s) {
		return
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	if len(s) < zis.ConnectionName.Least || len(s) > zis.ConnectionName.Most || strings.Trim(s, letters) != "" {
		p.At(n, "names have 3 to 64 characters of A-Z, a-z, 0-9, _ and -", "no connection can be named %q", s)
	}
	const own = "a.zendesk.com"
	if host := hostOf(a.Definition, own); s == "zendesk" && host != "" && !allows("*.zendesk.com", host) {
		p.At(n, "name another connection, one for that host", `the name "zendesk" is kept for connections to Zendesk, and the action calls %s`, host)
	}
}

func timeoutLimit(p *Pass, s *zis.State) {
	most := zis.FlowSeconds.Most
	n := s.Node.Get("TimeoutSeconds")
	if n == nil {
		return
	}
	number, _ := n.Value.(json.Number)
	if seconds, err := number.Float64(); err == nil && seconds > float64(most) {
		p.At(n, "", "the state %q may take %s seconds, and the whole flow %d", s.Name, number, most)
	}
}

var waitRules = []Rule{
	{
		ID: "wait-limit", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/flow-state-limitations: a flow runs for 100 seconds at most, and a Wait that would go on longer is ended; newer pages don't name the number",
		Summary: "a flow waits for longer than it may run",
		Machine: longWaits,
	},
}

// longWaits reports Waits of more than 100 seconds, and the first of each way
// by which a flow has waited for that long whichever way it came.
func longWaits(p *Pass, m *zis.Machine) {
	long, total, most := false, 0.0, float64(zis.FlowSeconds.Most)
	for _, s := range m.States {
		if w := waits(s); w > most {
			long = true
			p.At(s.Node.Get("Seconds"), "wait for less; split what takes longer into flows that events start",
				"the flow waits for %s seconds, and may run for %g", seconds(w), most)
		}
		total += waits(s)
	}
	if long || total <= most {
		return
	}
	waited := shortestWaits(p.facts, m)
	for _, s := range m.States {
		if w, ok := waited[s]; ok && w > most && w-waits(s) <= most {
			p.At(s.Node.Get("Seconds"), "wait for less; split what takes longer into flows that events start",
				"after this the flow has waited for %s seconds, and may run for %g", seconds(w), most)
		}
	}
}

// waits is for how many seconds a state certainly waits.
func waits(s *zis.State) float64 {
	if s.Type.Value != zis.StateWait {
		return 0
	}
	n := s.Node.Get("Seconds")
	if n == nil {
		return 0
	}
	number, _ := n.Value.(json.Number)
	w, err := number.Float64()
	if err != nil || math.IsInf(w, 0) {
		return 0
	}
	return max(0, w)
}

func seconds(w float64) string { return fmt.Sprintf("%g", math.Round(w*1000)/1000) }

// shortestWaits is the least that a flow has waited when it leaves a state, for
// each state that a way leads to (Dijkstra).
func shortestWaits(x *flow.Facts, m *zis.Machine) map[*zis.State]float64 {
	states := x.States(m)
	least := map[*zis.State]float64{}
	queue := &waitQueue{}
	if start := states[m.StartAt.Value]; start != nil {
		heap.Push(queue, waited{start, waits(start)})
	}
	for queue.Len() > 0 {
		next := heap.Pop(queue).(waited)
		if _, done := least[next.state]; done {
			continue
		}
		least[next.state] = next.seconds
		for e := range next.state.Edges {
			if to := states[e.To.Value]; to != nil {
				heap.Push(queue, waited{to, next.seconds + waits(to)})
			}
		}
	}
	return least
}

type waited struct {
	state   *zis.State
	seconds float64
}

// waitQueue is a heap of the ways to go on with, the shortest wait first.
type waitQueue []waited

// Len, Less, Swap, Push and Pop make it a heap.
func (q waitQueue) Len() int           { return len(q) }
func (q waitQueue) Less(i, j int) bool { return q[i].seconds < q[j].seconds }
func (q waitQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *waitQueue) Push(x any)        { *q = append(*q, x.(waited)) }
func (q *waitQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

var pairRules = []Rule{
	{
		ID: "header-form", Severity: diag.Warning, Evidence: Inferred,
		Source:  "RFC 9110 section 5.1: a header's name is a token",
		Summary: "a header has a name that none can have",
		Action:  headerForm,
	},
	{
		ID: "pair-value", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/zis-custom-actions: the value of a header or query parameter is a text in every sample; what becomes of anything else isn't documented",
		Summary: "the value of a header or query parameter is no text",
		Action:  pairValues,
	},
}

// headerForm looks at names that no request can carry.
func headerForm(p *Pass, a *zis.Action) {
	headers := a.Definition.Get("headers")
	if !headers.IsArray() {
		return
	}
	const token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" // RFC 9110 section 5.6.2
	for _, n := range headers.Members {
		key := n.Get("key")
		switch s, ok := key.Text(); {
		case !ok || flow.FilledIn(s) || len(expr.Placeholders(s)) > 0:
		case s == "":
			p.At(key, "write the name of the header", "the action %q sends a header without a name", a.Name.Value)
		case strings.Trim(s, token) != "":
			p.At(key, "write the name alone, without spaces and colons", "no header can be named %q", s)
		}
	}
}

// pairValues finds numbers, booleans, null, objects and lists where a text is
// sent.
func pairValues(p *Pass, a *zis.Action) {
	for _, n := range pairs(a) {
		value, key := n.Get("value"), n.Get("key")
		if _, ok := value.Text(); value == nil || ok {
			continue
		}
		name, _ := key.Text()
		p.At(value, textOfPair(value), "the value of %q is %s, and a request carries text", name, typeOf(value))
	}
}

// textOfPair says how to write a value as text.
func textOfPair(value *source.Node) string {
	switch v := value.Value.(type) {
	case json.Number:
		return "write " + strconv.Quote(diag.Cut(v.String(), diag.Quoted))
	case bool:
		return "write " + strconv.Quote(strconv.FormatBool(v))
	}
	return "write one text; several values are several items of the same key"
}
