package flowtest

import (
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

// String is the sentence: "of 14 events, 2 send another body to slack.com and
// 1 now ends in NotPosted".
func (b Behaviour) String() string {
	if len(b.Changed) == 0 {
		return fmt.Sprintf("%s do the same as before", english.Plural(b.Events, "event"))
	}
	count := map[string]int{}
	var order []string
	add := func(what string) {
		if count[what]++; count[what] == 1 {
			order = append(order, what)
		}
	}
	for _, t := range b.Changed {
		told := map[string]bool{}
		for _, what := range t.words() {
			if !told[what] {
				told[what] = true
				add(what)
			}
		}
	}
	var parts []string
	for _, what := range order {
		parts = append(parts, fmt.Sprintf("%d %s", count[what], number(what, count[what])))
	}
	return fmt.Sprintf("of %s, %s", english.Plural(b.Events, "event"), english.Join(parts))
}

// words are what an event now does otherwise, about one event.
func (t Turned) words() []string {
	var list []string
	switch {
	case t.Starts == "now":
		list = append(list, "now starts a flow")
	case t.Starts != "":
		list = append(list, "no longer starts a flow")
	case t.Ends != "" && strings.HasPrefix(t.Ends, "in a failure of "):
		state, _, _ := strings.Cut(strings.TrimPrefix(t.Ends, "in a failure of "), ":")
		list = append(list, "now fails in "+state)
	case t.Ends != "":
		list = append(list, "now ends "+t.Ends)
	}
	for _, m := range t.Requests {
		to := " to "
		if strings.HasSuffix(m.What, "address") {
			to = " of "
		}
		list = append(list, "sends "+m.What+to+m.Host)
	}
	if len(t.Stored) > 0 {
		list = append(list, "leaves other configs or links")
	}
	return list
}

// number makes the verb of a sentence fit: 1 sends, 2 send.
func number(what string, n int) string {
	if n == 1 {
		return what
	}
	for one, many := range map[string]string{"sends ": "send ", "leaves ": "leave ", "now ends ": "now end ", "now starts ": "now start ", "no longer starts ": "no longer start ", "now fails ": "now fail "} {
		if rest, ok := strings.CutPrefix(what, one); ok {
			return many + rest
		}
	}
	return what
}

// Lines tell of one event in full.
func (t Turned) Lines() []string {
	var list []string
	switch {
	case t.Starts == "no longer":
		list = append(list, "no longer starts a flow; it ended "+t.Ended)
	case t.Starts != "":
		list = append(list, "now starts a flow, which ends "+t.Ends)
	case t.Ends != "":
		list = append(list, fmt.Sprintf("ends %s, before %s", t.Ends, t.Ended))
	}
	for _, m := range t.Requests {
		list = append(list, fmt.Sprintf("%s %s: %s", m.Method, m.URL, m.What))
		for _, line := range m.Lines {
			list = append(list, "  "+line)
		}
	}
	list = append(list, t.Stored...)
	if t.Touched != "" {
		list = append(list, "relies on "+t.Touched)
	}
	return list
}
