package sentences

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// otherwise tells where a Choice goes on when no rule holds.
func (m *machine) otherwise(was, is *zis.State, p pairing) {
	from, to, step := was.Default.Value, is.Default.Value, value(is.Name)
	switch {
	case from != "" && to != "" && m.later[from] == to:
	case from != "" && to != "" && m.inserted(slot{to: to, at: p.new}, from, say("where no rule of %s holds, before", step)):
	case from != "" && to != "" && m.bypassed(p.at(), from, to, say("where no rule of %s holds", step)):
	case p.old == nil:
		m.tell(Decision, p.at(), say("If no rule of %s holds, the flow goes on with %s (before: it failed).", step, value(to))).named(value2(is.Name))
	case p.new == nil:
		m.tell(Decision, p.at(), say("If no rule of %s holds, the flow fails (before: it went on with %s).", step, former(from))).named(value2(is.Name))
	default:
		m.tell(Decision, p.at(), say("If no rule of %s holds, the flow goes on with %s (before: %s).", step, value(to), former(from))).named(value2(is.Name))
	}
}

// rule is a rule of a Choice before and after.
type rule struct {
	old, new *zis.Choice
	was      int // its former place
}

// choices tells what differs in the rules of a Choice.
func (m *machine) choices(was, is *zis.State, p pairing) {
	if !p.old.IsArray() || !p.new.IsArray() {
		m.leaf(Unknown, p, say("The rules of %s", value(is.Name)))
		return
	}
	told := len(m.drafts)
	kept, gone := m.rules(was, is)
	m.sequence(is, p, kept)
	for _, r := range kept {
		if r.old == nil {
			m.newRule(is, r.new)
		} else {
			m.rule(was, is, r)
		}
	}
	for _, c := range gone {
		m.tell(Decision, pairing{c.Node, nil}.at(), say("In %s no longer: if %s, the flow goes on with %s.",
			value(is.Name), Part{Condition(c.Condition), Former}, former(c.Next.Value))).named(value2(is.Name))
	}
	if len(m.drafts) == told {
		m.followed(was, is, p)
	}
}

// followed makes sure that rules which differ in nothing that was told differ
// in names alone.
func (m *machine) followed(was, is *zis.State, p pairing) {
	if len(was.Choices) != len(is.Choices) {
		m.leaf(Unknown, p, say("The rules of %s", value(is.Name)))
	}
}

// rules pairs rules: those of one condition, then those that lead to the same
// state, then what is left, in the order it stands in.
func (m *machine) rules(was, is *zis.State) (kept []rule, gone []*zis.Choice) {
	kept = make([]rule, len(is.Choices))
	used := make([]bool, len(was.Choices))
	for i := range is.Choices {
		kept[i].new = &is.Choices[i]
	}
	pair := func(fits func(old, new *zis.Choice) bool) {
		for i := range kept {
			if kept[i].old != nil {
				continue
			}
			for j := range was.Choices {
				if !used[j] && fits(&was.Choices[j], kept[i].new) {
					kept[i].old, kept[i].was, used[j] = &was.Choices[j], j, true
					break
				}
			}
		}
	}
	if len(kept)*len(used) <= alignWork {
		before, after := m.conditions(was), m.conditions(is)
		pair(func(o, n *zis.Choice) bool { return before[o] == after[n] && m.leadsSame(o, n) })
		pair(func(o, n *zis.Choice) bool { return before[o] == after[n] })
		pair(m.leadsSame)
	}
	if len(was.Choices) == len(is.Choices) {
		pair(func(*zis.Choice, *zis.Choice) bool { return true })
	}
	for j := range used {
		if !used[j] {
			gone = append(gone, &was.Choices[j])
		}
	}
	return kept, gone
}

func (m *machine) leadsSame(o, n *zis.Choice) bool {
	to, ok := m.later[o.Next.Value]
	return ok && to == n.Next.Value
}

// conditions are the numbers of what rules ask.
func (m *machine) conditions(s *zis.State) map[*zis.Choice]uint64 {
	list := make(map[*zis.Choice]uint64, len(s.Choices))
	for i := range s.Choices {
		c := &s.Choices[i]
		list[c] = m.node(c.Node, func(n *source.Node) string {
			v, _ := n.Text()
			if n == c.Next.Node {
				return ""
			}
			return v
		})
	}
	return list
}

// sequence tells that rules stand in another order: the first that holds wins.
func (m *machine) sequence(is *zis.State, p pairing, kept []rule) {
	before := -1
	for i, r := range kept {
		if r.old == nil {
			continue
		}
		if r.was < before {
			m.tell(Decision, p.at(), say("In %s the rules stand in another order, and the first that holds wins: now %s before %s.",
				value(is.Name), cond(kept[m.above(kept, i)].new.Condition), cond(r.new.Condition))).named(value2(is.Name))
			return
		}
		before = r.was
	}
}

// above is the rule in front of kept[i] that stood behind it.
func (m *machine) above(kept []rule, i int) int {
	return slices.IndexFunc(kept[:i], func(r rule) bool { return r.old != nil && r.was > kept[i].was })
}

func (m *machine) newRule(is *zis.State, c *zis.Choice) {
	text := say(", the flow now goes on with %s.", value(c.Next.Value))
	if host := m.hears(is, c.Next.Value); host != "" {
		text = say(", %s hears too.", Part{host, Value})
	}
	m.tell(Decision, pairing{nil, c.Node}.at(), text).either(say("In %s: if ", value(is.Name)), phrase{cond(c.Condition)}).named(value2(is.Name))
}

// rule tells what differs in one rule.
func (m *machine) rule(was, is *zis.State, r rule) {
	var asks []string
	for _, p := range members(r.old.Node, r.new.Node) {
		switch p.any().Name {
		case "Next":
			m.ruleNext(is, r, p)
		case "Comment":
			m.tell(Note, p.at(), say("The comment of a rule of %s is another.", value(is.Name)))
		default:
			asks = append(asks, p.at()...)
		}
	}
	if len(asks) > 0 {
		m.tell(Decision, asks, m.asks(is, r)).named(value2(is.Name))
	}
}

func (m *machine) ruleNext(is *zis.State, r rule, p pairing) {
	from, to, if_ := r.old.Next.Value, r.new.Next.Value, cond(r.new.Condition)
	switch {
	case from != "" && m.later[from] == to:
	case from != "" && to != "" && m.inserted(slot{to: to, at: p.new}, from, say("where %s, before", if_)):
	case from != "" && to != "" && m.bypassed(p.at(), from, to, say("where %s", if_)):
	default:
		m.tell(Decision, p.at(), say("In %s: if %s, the flow goes on with %s (before: %s).", value(is.Name), if_, value(to), former(from))).named(value2(is.Name))
	}
}

// asks says that a rule asks something else.
func (m *machine) asks(is *zis.State, r rule) phrase {
	was, now := Condition(r.old.Condition), Condition(r.new.Condition)
	if was == now || was == "?" || now == "?" {
		was, now = exactly(r.old.Condition), exactly(r.new.Condition)
	}
	if was == now {
		was, now = compact(r.old.Node, 2*valueWidth), compact(r.new.Node, 2*valueWidth)
	}
	host := m.hears(is, r.new.Next.Value)
	who := say("In %s the flow goes on with %s", value(is.Name), value(r.new.Next.Value))
	if host != "" {
		who = say("%s hears", Part{host, Value})
	}
	if before, after, ok := tickets(r); ok && host != "" {
		return say("%s hears of %s tickets (before: %s).", Part{host, Value}, after, before)
	}
	if extra, ok := added(r.old.Node, r.new.Node, "And"); ok {
		return say("%s only if also %s (before: if %s).", who, Part{extra, Value}, Part{shorten(was, 2*valueWidth), Former})
	}
	if extra, ok := added(r.new.Node, r.old.Node, "And"); ok {
		return say("%s if %s; it need no longer be that %s.", who, Part{shorten(now, 2*valueWidth), Value}, Part{extra, Former})
	}
	if extra, ok := added(r.old.Node, r.new.Node, "Or"); ok {
		return say("%s also if %s (before: only if %s).", who, Part{extra, Value}, Part{shorten(was, 2*valueWidth), Former})
	}
	return say("%s if %s (before: if %s).", who, Part{shorten(Visible(now), 2*valueWidth), Value}, Part{shorten(Visible(was), 2*valueWidth), Former})
}

// tickets reads rules that compare a field of the ticket by which people name
// tickets: "high tickets".
func tickets(r rule) (before, after Part, ok bool) {
	variable := text(r.new.Node.Get("Variable"))
	switch variable {
	case "$.input.ticket_event.ticket.priority", "$.input.ticket_event.ticket.status", "$.input.ticket_event.ticket.type", "$.input.ticket_event.current":
	default:
		return before, after, false
	}
	was, is := r.old.Node.Get("StringEquals"), r.new.Node.Get("StringEquals")
	if text(r.old.Node.Get("Variable")) != variable || text(was) == "" || text(is) == "" || hides(was) || hides(is) {
		return before, after, false
	}
	return former(text(was)), value(text(is)), variable != "$.input.ticket_event.current"
}

// added says what a condition asks beside another: the further parts of an And
// or Or that begins with all parts of the other.
func added(old, new *source.Node, word string) (extra string, ok bool) {
	parts := new.Get(word)
	if !parts.IsArray() {
		return "", false
	}
	before := []*source.Node{old}
	if list := old.Get(word); list.IsArray() {
		before = list.Members
	}
	if len(before)*len(parts.Members) > 10_000 {
		return "", false // nobody reads that
	}
	left := slices.Clone(parts.Members)
	for _, o := range before {
		i := slices.IndexFunc(left, func(n *source.Node) bool { return asksSame(o, n) })
		if i < 0 {
			return "", false
		}
		left = slices.Delete(left, i, i+1)
	}
	for i, n := range left {
		if i > 0 {
			extra += " " + map[string]string{"And": "and", "Or": "or"}[word] + " "
		}
		extra += Condition(zis.Conditional(n))
	}
	return shorten(extra, 2*valueWidth), len(left) > 0
}

// asksSame tells whether two conditions ask the same, wherever they lead.
func asksSame(o, n *source.Node) bool {
	return !slices.ContainsFunc(members(o, n), func(p pairing) bool { return p.any().Name != "Next" && p.any().Name != "Comment" })
}
