package sentences

import (
	"slices"
	"strings"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// list tells differences among headers or parameters of the query, which are
// known by their key.
func (a *actionPair) list(p pairing) {
	noun := map[string]string{"headers": "header", "queryParams": "parameter", "query": "parameter"}[p.any().Name]
	was, ok := keyed(p.old)
	is, ok2 := keyed(p.new)
	if !ok || !ok2 {
		a.leaf(Data, p, say("%s: %s", a.is.name(), value(p.any().Name)))
		return
	}
	var differing []pairing
	for _, n := range membersOf(p.new) {
		if old := was[strings.ToLower(text(n.Get("key")))]; old == nil || !same(old, n) {
			differing = append(differing, pairing{old, n})
		}
	}
	for _, n := range membersOf(p.old) {
		if is[strings.ToLower(text(n.Get("key")))] == nil {
			differing = append(differing, pairing{n, nil})
		}
	}
	for _, l := range a.most(Data, p, differing, say("The %ss of %s", Part{noun, Words}, a.is.name())) {
		a.entry(l, noun, seen(l.any().Get("key")))
	}
	switch {
	case len(differing) > 0:
	case p.old == nil || p.new == nil:
		a.leaf(Data, p, say("%s: %s", a.is.name(), value(p.any().Name)))
	default:
		a.tell(Note, p.at(), say("%s: the %ss stand in another order.", a.is.name(), Part{noun, Words}))
	}
}

func membersOf(n *source.Node) []*source.Node {
	if n == nil {
		return nil
	}
	return n.Members
}

// keyed are the items of a list by their key; ok is false where it is no such
// list or has one key twice.
func keyed(n *source.Node) (items map[string]*source.Node, ok bool) {
	items = map[string]*source.Node{}
	if n == nil {
		return items, true
	}
	for _, m := range n.Members {
		key, ok := m.Get("key").Text()
		if key = strings.ToLower(key); !ok || items[key] != nil {
			return nil, false
		}
		items[key] = m
	}
	return items, n.IsArray()
}

// entry tells a difference in one header or parameter.
func (a *actionPair) entry(p pairing, noun, key string) {
	req := a.is.name()
	secret := hides(p.old) || hides(p.new)
	kind := Data
	if secret {
		kind = Destination
	}
	of := func(n *source.Node, style Style) Part {
		for _, m := range n.Members {
			if m.Name != "key" {
				return shownAs(m, style)
			}
		}
		return Part{"nothing", style}
	}
	switch {
	case p.old == nil:
		a.tell(kind, p.at(), say(": the %s %s is new, %s.", noun, value(key), of(p.new, Value))).about(req)
	case p.new == nil:
		a.tell(kind, p.at(), say(": the %s %s goes (it was %s).", noun, former(key), of(p.old, Former))).about(req)
	case hides(p.old) && hides(p.new):
		a.tell(kind, p.at(), say(": the %s %s is another secret.", noun, value(key))).about(req)
	default:
		a.tell(kind, p.at(), say(": the %s %s is now %s (before: %s).", noun, value(key), of(p.new, Value), of(p.old, Former))).about(req)
	}
	a.sends(p)
}

// bodies are the two ways to write what a request carries: fixed, or as data.
var bodies = []string{"requestBody", "requestBody.$"}

// body tells differences in what a request carries.
func (a *actionPair) body(was, is *source.Node) {
	old, new := one(was, bodies), one(is, bodies)
	if old.IsObject() && new.IsObject() && old.Name == new.Name {
		rest, renamed := a.otherKeys(leaves(pairing{old, new}))
		whole, what := pairing{old, new}, say("What %s carries", a.is.name())
		for _, p := range a.most(Data, whole, renamed, what) {
			a.tell(Data, p.at(), say(": %s is now called %s.", former(keyOf(p.old)), value(keyOf(p.new)))).about(a.is.name())
		}
		for _, l := range a.most(Data, whole, rest, what) {
			a.bodyValue(l)
		}
		return
	}
	var at []string
	for _, field := range bodies {
		if p := (pairing{was.Get(field), is.Get(field)}); !same(p.old, p.new) {
			at = append(at, p.at()...)
		}
	}
	a.tell(Destination, at, say("%s now carries %s (before: %s).", a.is.name(), a.carried(new, Value), a.carried(old, Former))).to(a.is)
}

// one is the member of an object that has one of the names.
func one(n *source.Node, names []string) *source.Node {
	for _, name := range names {
		if m := n.Get(name); m != nil {
			return m
		}
	}
	return nil
}

// carried says what a body holds.
func (a *actionPair) carried(n *source.Node, style Style) phrase {
	switch {
	case n == nil:
		return phrase{{"nothing", style}}
	case strings.HasSuffix(n.Name, ".$"):
		return say("whatever is in the data at %s", shownAs(n, style))
	}
	names := a.data(a.name, fills(n))
	if len(names) == 0 {
		return phrase{shownAs(n, style)}
	}
	for _, p := range names {
		p[0].Style = style
	}
	return say("what the action says, with %s", few("and", 6, names))
}

// bodyValue tells one difference in a body.
func (a *actionPair) bodyValue(p pairing) {
	key := keyOf(p.any())
	if key == "public" && kindOf(p.any()) == "other" {
		a.public(p)
		return
	}
	filled := a.sends(p)
	switch {
	case prose(p.old, key) || prose(p.new, key):
		a.message(p, say("The %s of %s", value(key), a.is.name()))
	case !filled:
		a.constant(p, key)
	}
}

// public tells whether those who asked see what is written.
func (a *actionPair) public(p pairing) {
	if p.new != nil && p.new.Value == true || p.new == nil {
		a.tell(Destination, p.at(), say("What %s writes is now %s (before: not).", a.is.name(), Part{"public", Value})).alarmed(true).named(a.is.name())
		return
	}
	a.tell(Destination, p.at(), say("What %s writes is now %s (before: public).", a.is.name(), Part{"not public", Value})).named(a.is.name())
}

// constant tells a value in a body that no data is filled into.
func (a *actionPair) constant(p pairing, key string) {
	req := a.is.name()
	switch {
	case p.old == nil:
		a.tell(Data, p.at(), say(": %s is new, %s.", value(key), shown(p.new))).about(req)
	case p.new == nil:
		a.tell(Data, p.at(), say(": %s goes (it was %s).", former(key), shownAs(p.old, Former))).about(req)
	case unseen(p):
		a.tell(Data, p.at(), say(": %s is another secret.", value(key))).about(req)
	default:
		a.tell(Data, p.at(), say(": %s is now %s (before: %s).", value(key), shown(p.new), shownAs(p.old, Former))).about(req)
	}
}

// sends notes which data a request carries now and did not, or no longer
// does. It is false if the difference is none of data that comes or goes.
func (a *actionPair) sends(p pairing) bool {
	was, is := fills(p.old), fills(p.new)
	come := slices.DeleteFunc(without(is, was), func(s string) bool { return a.before[s] })
	gone := slices.DeleteFunc(without(was, is), func(s string) bool { return a.after[s] })
	if len(come)+len(gone) == 0 {
		return false
	}
	a.come, a.gone, a.at = append(a.come, come...), append(a.gone, gone...), append(a.at, p.at()...)
	return true
}

// exchanged tells which data a request carries now and did not, or no longer
// does.
func (a *actionPair) exchanged() {
	come, gone := a.data(a.name, unique(a.come)), a.data(a.name, unique(a.gone))
	for _, p := range gone {
		p[0].Style = Former
	}
	text := say(" no longer sends %s.", few("and", 6, gone))
	switch {
	case len(come)+len(gone) == 0:
		return
	case len(gone) == 0:
		text = say(" also sends %s.", few("and", 6, come))
	case len(come) > 0:
		text = say(" sends %s, and no longer %s.", few("and", 6, come), few("and", 6, gone))
	}
	a.tell(Destination, a.at, text).about(a.is.name()).to(a.is)
	for _, path := range a.come {
		a.more[a.name+"\x00"+strings.TrimPrefix(path, "$.")] = len(a.drafts) - 1
	}
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// keyOf is what people call a value: the nearest member name, without what
// says that it is filled in.
func keyOf(n *source.Node) string {
	for n.Parent != nil && (n.Name == "" || n.Name == "value" || n.Name == "value.$") {
		n = n.Parent
	}
	return strings.TrimSuffix(n.Name, ".$")
}

// textFields are members that hold what people read, in common APIs.
var textFields = []string{"text", "body", "html_body", "message", "subject", "comment", "description", "title", "summary", "content"}

// prose tells whether a value is a text for people: one of a few words, or in
// a member that is made for it.
func prose(n *source.Node, key string) bool {
	s, ok := n.Text()
	if !ok || n.Secret {
		return false
	}
	words := strings.FieldsFunc(unfilled(s), func(r rune) bool { return !unicode.IsLetter(r) })
	return len(words) > 2 && strings.Contains(s, " ") || len(words) > 0 && slices.Contains(textFields, key)
}

// message tells that a text says something else.
func (b *pair) message(p pairing, what phrase) *draft {
	switch {
	case p.old == nil:
		b.longText(p, what)
		return b.tell(Message, p.at(), say("%s is new, it says “%s”.", what, Part{middle(text(p.new), 2*valueWidth), Value})).named(what)
	case p.new == nil:
		b.longText(p, what)
		return b.tell(Message, p.at(), say("%s goes, it said “%s”.", what, Part{middle(text(p.old), 2*valueWidth), Former})).named(what)
	case unseen(p):
		return b.tell(Message, p.at(), say("%s is another one, with a secret in it.", what)).named(what)
	case hides(p.old), hides(p.new), kindOf(p.old) != "string" || kindOf(p.new) != "string":
		return b.tell(Message, p.at(), say("%s is now %s (before: %s).", what, shown(p.new), shownAs(p.old, Former))).named(what)
	}
	b.longText(p, what)
	return b.said(p, what, WordDiff(text(p.old), text(p.new)))
}

// said tells a text by the words that differ, or by both where nothing is
// alike.
func (b *pair) said(p pairing, what phrase, parts []Part) *draft {
	if alike(parts) {
		return b.tell(Message, p.at(), say("%s says “%s”.", what, nearby(parts))).named(what)
	}
	return b.tell(Message, p.at(), say("%s says “%s” (before: “%s”).", what, Part{middle(text(p.new), valueWidth), Value}, Part{middle(text(p.old), valueWidth), Former})).named(what)
}
