package flow_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// reachable are the nodes to which a way leads from one of the starts, not over
// the node without.
func reachable(to [][]int, without int, starts ...int) []bool {
	seen := make([]bool, len(to))
	for todo := slices.Clone(starts); len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == without || seen[n] {
			continue
		}
		seen[n] = true
		todo = append(todo, to[n]...)
	}
	return seen
}

// randomGraph has a way from node 0 to every other one.
func randomGraph(r *rand.Rand, nodes, more int) [][]int {
	to := make([][]int, nodes)
	for n := 1; n < nodes; n++ {
		from := r.IntN(n)
		to[from] = append(to[from], n)
	}
	for range more {
		from := r.IntN(nodes)
		to[from] = append(to[from], r.IntN(nodes))
	}
	return to
}

// TestDominators compares with what the word means: a is over b if b can't be
// reached without a.
func TestDominators(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	graphs := [][][]int{
		{nil},
		{{0}},
		{{1, 2}, {3}, {3}, nil},
		{{1}, {2}, {3, 1}, {0}},
		{{1, 2}, {2, 3}, {1, 3}, {4}, {1}},
		{{1, 5}, {2, 3}, {4}, {4}, {1, 5}, {6}, {5}},
	}
	for range 200 {
		graphs = append(graphs, randomGraph(r, 1+r.IntN(12), r.IntN(16)))
	}
	for _, to := range graphs {
		over := flow.Dominates(to)
		for a := range to {
			without := reachable(to, a, 0)
			for b := range to {
				if want := a == b || !without[b]; over(a, b) != want {
					t.Fatalf("%v: %d is over %d: %v, want %v", to, a, b, !want, want)
				}
			}
		}
	}
}

// TestLoops compares with what is meant: a group of states that lead to each
// other, and from which no way leads to a state outside or to an end. Each such
// group is told by its first state.
func TestLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	loops := 0
	for range 150 {
		nodes := 2 + r.IntN(7)
		to := randomGraph(r, nodes, r.IntN(8))
		x, m := factsOf(t, machineOf(to))
		var want []string
		for n := range to {
			after := reachable(to, -1, to[n]...)
			closed := after[n]
			for other := range to {
				closed = closed && (!after[other] || len(to[other]) > 0 && reachable(to, -1, other)[n] && other >= n)
			}
			if closed {
				want = append(want, stateName(n))
			}
		}
		if have := stateNames(x.Graph(m).Loops); have != strings.Join(want, " ") {
			t.Fatalf("%v: the loops begin with %q, want %q", to, have, want)
		}
		loops += len(want)
	}
	if loops < 10 {
		t.Errorf("only %d loops were met", loops)
	}
}

// stateName is that of a node; the first state is A.
func stateName(n int) string { return string(rune('A' + n)) }

// machineOf makes states of a graph: one that leads nowhere ends the flow.
func machineOf(to [][]int) string {
	var states []string
	for n, list := range to {
		state := `{"Type": "Succeed"}`
		if len(list) > 0 {
			var rules []string
			for _, next := range list {
				rules = append(rules, fmt.Sprintf(`{"Variable": "$.input.x", "NumericEquals": %d, "Next": %q}`, next, stateName(next)))
			}
			state = fmt.Sprintf(`{"Type": "Choice", "Choices": [%s], "Default": %q}`, strings.Join(rules, ", "), stateName(list[0]))
		}
		states = append(states, fmt.Sprintf("%q: %s", stateName(n), state))
	}
	return strings.Join(states, ", ")
}

// TestReachOfRandomGraphs compares with a plain search.
func TestReachOfRandomGraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		to := randomGraph(r, 2+r.IntN(8), r.IntN(6))
		x, m := factsOf(t, machineOf(to))
		from := r.IntN(len(to))
		if diff := cmp.Diff(reachable(to, -1, from), flow.Reach(m.States[from:from+1], x.Graph(m).To)); diff != "" {
			t.Fatalf("%v from %d (-want +have)\n%s", to, from, diff)
		}
	}
}

// TestRealFlows holds what is true of bundles that ran: every state can be
// reached, no flow goes round without an end, every action is found, and nothing
// is read that can't be there.
func TestRealFlows(t *testing.T) {
	const corpus = "../../../shared/corpus/public"
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus of real bundles is not beside this repository")
	}
	for name, want := range map[string]string{
		"tsanet-first.json": "1 flows", "tsanet-stringequals.json": "3 flows", "tsanet-role-renamed.json": "3 flows", "tsanet-2026-07.json": "3 flows", "tsanet-2026-08.json": "3 flows",
		"servicenow-add-comment.json": "1 flows", "servicenow-attach-file.json": "1 flows", "servicenow-update-status.json": "1 flows",
		"surveysparrow.json": "1 flows", "zendesk-demo-redact-comment.json": "1 flows", "explorer-mock.json": "1 flows",
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(corpus, name))
			if err != nil {
				t.Fatal(err)
			}
			text = regexp.MustCompile(`\{\{(\w+)\}\}`).ReplaceAll(text, []byte("v_$1"))
			doc, found := source.Parse(diag.NewFile(name, text))
			if doc == nil {
				t.Fatal(found)
			}
			b := zis.Read(doc)
			x := flow.New([]*zis.Bundle{b})
			for _, f := range b.Flows {
				checkReal(t, x, f.Machine)
			}
			if have := fmt.Sprintf("%d flows", len(b.Flows)); have != want {
				t.Errorf("%s, want %s", have, want)
			}
		})
	}
}

func checkReal(t *testing.T, x *flow.Facts, m *zis.Machine) {
	t.Helper()
	g := x.Graph(m)
	if g.Broken || len(g.Loops) > 0 || len(g.Stuck) > 0 {
		t.Errorf("broken %v, loops %q, stuck %q", g.Broken, stateNames(g.Loops), stateNames(g.Stuck))
	}
	for i, there := range flow.Reach([]*zis.State{g.Start}, g.To) {
		s := m.States[i]
		if !there {
			t.Errorf("no way leads to %s", s.Name)
		}
		if arn, ok := zis.ParseARN(s.ActionName.Value); ok && arn.Integration != zis.Common && x.Called(s) == nil {
			t.Errorf("%s calls %s, which isn't found", s.Name, s.ActionName.Value)
		}
		if s.Iterator != nil {
			checkReal(t, x, s.Iterator)
		}
	}
	for _, u := range x.Unset(m) {
		t.Errorf("%s", unsetText(u))
	}
}
