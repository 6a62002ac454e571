package sentences

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// jq tells that a state computes something else.
func (m *machine) jq(is *zis.State, p pairing, key string) {
	what := say("What %s computes", value(is.Name))
	switch {
	case key == "expr" && p.old != nil && p.new != nil && kindOf(p.old) == "string" && kindOf(p.new) == "string" && p.old.Name == p.new.Name:
		m.program(is, p)
	case key == "data":
		m.leaf(Data, p, say("What %s computes from", value(is.Name)))
	default:
		m.leaf(Program, p, say("%s, by %s,", what, value(key)))
	}
}

// program tells that a jq program is another. One that makes a text, or holds
// another text for people, is told of as a text; one by whose result a Choice
// decides, as a decision.
func (m *machine) program(is *zis.State, p pairing) {
	step := value(is.Name)
	kind, by := m.decides(is)
	if hides(p.old) || hides(p.new) {
		m.tell(hiding(kind), p.at(), say("What %s computes is another program, with a secret in it%s.", step, by)).named(phrase{step})
		return
	}
	was, now := text(p.old), text(p.new)
	m.out.Texts = append(m.out.Texts, Text{m.name, p.new.Pointer(), say("What %s computes", step).plain(), true, was, now})
	parts := WordDiff(was, now)
	if makesText(was) && makesText(now) && kind == Program {
		m.said(p, say("The message of %s", step), parts)
		return
	}
	if kind == Program && !slices.Equal(literals(was), literals(now)) {
		kind = Message
	}
	if !alike(parts) {
		m.tell(kind, p.at(), say("%s computes with another program%s.", step, by)).named(phrase{step})
		return
	}
	m.tell(kind, p.at(), say("%s computes “%s”%s.", step, nearby(parts), by)).named(phrase{step})
}

// hiding is the kind of a difference that can't be shown: it isn't told what
// hides in it.
func hiding(k Kind) Kind {
	if k == Program {
		return Message
	}
	return k
}

// makesText tells whether a program is one string.
func makesText(program string) bool { return strings.HasPrefix(strings.TrimSpace(program), `"`) }

// decides is Decision where a Choice of the machine reads what a state
// computes, with words that name it; else Program.
func (m *machine) decides(s *zis.State) (Kind, phrase) {
	at, ok := s.ResultPath.Text()
	if !ok || at == "$" {
		return Program, nil
	}
	if m.read == nil {
		m.read = map[string]string{}
		for _, c := range m.is.States {
			for i := range c.Choices {
				for rule := range c.Choices[i].All {
					for path := rule.Variable.Value; path != ""; path = parent(path) {
						m.read[path] = c.Name
					}
				}
			}
		}
	}
	if choice := m.read[at]; choice != "" {
		return Decision, say(", by which %s decides", value(choice))
	}
	return Program, nil
}

// parent is a path without its last step; "" of one that has no more than one.
func parent(path string) string {
	i := strings.LastIndexAny(path, ".[")
	if i <= 1 {
		return ""
	}
	return path[:i]
}

// literals are the texts for people among the strings of a jq program, without
// what is computed inside them.
func literals(program string) []string {
	var list []string
	for i := 0; i < len(program); i++ {
		if program[i] != '"' {
			continue
		}
		var b strings.Builder
		i = literal(program, i+1, &b)
		if words := strings.Fields(b.String()); len(words) > 1 {
			list = append(list, b.String())
		}
	}
	return list
}

// literal reads a string of a jq program from behind its quote to the closing
// one, whose place it returns.
func literal(program string, i int, b *strings.Builder) int {
	for ; i < len(program) && program[i] != '"'; i++ {
		switch {
		case program[i] != '\\' || i+1 == len(program):
			b.WriteByte(program[i])
		case program[i+1] == '(':
			i = computed(program, i+2)
			b.WriteString("…")
		default:
			i++
			b.WriteByte(program[i])
		}
	}
	return i
}

// computed skips what is computed inside a string, up to its closing bracket.
func computed(program string, i int) int {
	for depth := 1; i < len(program); i++ {
		switch program[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		case '"':
			var inner strings.Builder
			i = literal(program, i+1, &inner)
		}
	}
	return i
}

// sets tells what differs in what a Pass sets; texts in it as texts.
func (m *machine) sets(is *zis.State, p pairing) {
	for _, l := range m.most(Data, p, leaves(p), say("What %s sets", value(is.Name))) {
		key := keyOf(l.any())
		if prose(l.old, key) || prose(l.new, key) {
			m.message(l, say("The %s that %s sets", value(key), value(is.Name)))
			continue
		}
		what := say("What %s sets", value(is.Name))
		if l.any() != p.any() {
			what = say("%s as %s", what, value(key))
		}
		m.leaf(Data, l, what)
	}
}
