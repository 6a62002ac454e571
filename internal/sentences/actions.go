package sentences

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// actions tells what differs in the requests.
func (b *pair) actions() {
	for _, r := range b.matched {
		if r.any().Type.Value != zis.TypeAction {
			continue
		}
		m := b.mark()
		switch {
		case r.old == nil:
			b.newRequest(r)
		case r.new == nil:
			b.lostRequest(r)
		default:
			b.changedActions[r.new] = b.changedAction(r)
			b.request(r)
			b.renaming(r, m)
		}
		b.note(r, m)
	}
}

func definition(r *zis.Resource) *source.Node { return r.Properties.Get("definition") }

func (b *pair) newRequest(r resourcePair) {
	def := definition(r.new)
	req := requestOf(def)
	b.newRequests[r.new] = true
	text := say("A new request: %s%s.", req.name(), b.sending(r.new.Name.Value, def))
	if len(b.is.callers[r.new.Name.Value]) == 0 {
		text = say("A new request that no step sends: %s.", req.name())
	}
	b.tell(Destination, r.nodes().at(), text).to(req).alarmed(b.foreign(req))
}

// foreign tells whether a request goes where the former bundles send nothing,
// or to a host that isn't known before it is sent. A first deploy sends
// everything for the first time: there is nothing to be alarmed of.
func (b *pair) foreign(r request) bool {
	return r.host != "" && b.world.known && (r.open || r.odd || r.clear || !b.world.hosts[r.host])
}

func (b *pair) lostRequest(r resourcePair) {
	req := requestOf(definition(r.old))
	if len(b.was.callers[r.old.Name.Value]) == 0 {
		b.tell(Note, r.nodes().at(), say("A request that no step sent is gone: %s.", phrase{{req.words(), Former}}))
		return
	}
	b.tell(Destination, r.nodes().at(), say("No longer sent: %s.", phrase{{req.words(), Former}})).to(req)
}

// sending names the data that a request is filled with: ", it sends requester
// and subject".
func (b *pair) sending(action string, def *source.Node) phrase {
	names := b.data(action, fills(def))
	if len(names) == 0 {
		return nil
	}
	return say(", it sends %s", few("and", 6, names))
}

// data names data by the paths that the definition of an action is filled
// with: by what the steps that call it take from the event, or by its own
// word.
func (b *pair) data(action string, paths []string) []phrase {
	var names []phrase
	seen := map[string]bool{}
	for _, path := range paths {
		word := last(path)
		for _, state := range b.is.firstCallers(action) {
			if from, ok := state.Parameters.Get(word + ".$").Text(); ok && strings.HasPrefix(from, "$.input.") && !strings.Contains(from, "{{") {
				word = last(from)
				break
			}
		}
		if !seen[word] {
			seen[word] = true
			names = append(names, phrase{{name(word), Value}})
		}
	}
	return names
}

// request tells what differs in an action that was there before.
func (b *pair) request(r resourcePair) {
	b.around(r)
	was, is := definition(r.old), definition(r.new)
	if !was.IsObject() || !is.IsObject() {
		b.leaf(Unknown, pairing{was, is}, say("The definition of %s", value(r.new.Name.Value)))
		return
	}
	a := &actionPair{pair: b, name: r.new.Name.Value, was: requestOf(was), is: requestOf(is), before: set(fills(was)), after: set(fills(is))}
	var place []string
	other := false
	for _, p := range members(was, is) {
		switch name := p.any().Name; {
		case slices.Contains(urlFields, name):
			place = append(place, p.at()...)
		case slices.Contains(bodies, name):
			other = true
		default:
			a.field(p)
		}
	}
	if len(place) > 0 {
		a.place(place, was, is)
	}
	if other {
		a.body(was, is)
	}
	a.exchanged()
}

func set(list []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		out[s] = true
	}
	return out
}

// around tells what differs in a resource outside its definition and name.
func (b *pair) around(r resourcePair) {
	what := func(p pairing) phrase {
		return say("The member %s of %s", value(p.any().Name), value(r.new.Name.Value))
	}
	for _, p := range members(r.old.Node, r.new.Node) {
		if name := p.any().Name; name != "properties" && name != "type" || kindOf(p.old) != kindOf(p.new) {
			b.leaf(Unknown, p, what(p))
		}
	}
	for _, p := range members(r.old.Properties, r.new.Properties) {
		switch p.any().Name {
		case "definition", "name":
		case "event_source", "event_type", "flow_name":
			if r.new.Type.Value != zis.TypeJobSpec {
				b.leaf(Unknown, p, what(p))
			}
		default:
			b.leaf(Unknown, p, what(p))
		}
	}
}

// actionPair is an action before and after.
type actionPair struct {
	*pair
	name          string
	was, is       request
	before, after map[string]bool // paths of all data that is sent
	come, gone    []string        // paths of data that is sent only now, or no longer
	at            []string        // where
}

// place tells that a request goes somewhere else.
func (a *actionPair) place(at []string, was, is *source.Node) {
	switch {
	case a.was.host != a.is.host || a.was.open != a.is.open:
		text := say("%s goes to %s (before: %s)", a.subject(a.name), Part{a.is.where(), Value}, Part{a.was.where(), Former})
		if a.is.clear {
			text = text.add(", and is not encrypted")
		}
		if a.was.path != a.is.path {
			text = append(text, say(", with %s", Part{strings.TrimSpace(a.is.method + " " + a.is.path), Value})...)
		}
		a.tell(Destination, at, text.add(".")).alarmed(true).to(a.is)
	case a.is.clear && !a.was.clear:
		a.tell(Destination, at, say("%s goes to %s without encryption (before: with).", a.subject(a.name), Part{a.is.host, Value})).alarmed(true).to(a.is)
	default:
		a.path(at, was, is)
	}
}

// path tells that a request has another path or query, or that its URL is
// written in another way.
func (a *actionPair) path(at []string, was, is *source.Node) {
	before, after := address(was), address(is)
	p := pairing{old: field(was), new: field(is)}
	switch {
	case unseen(p):
		a.tell(Destination, at, say("The address of %s differs in a secret.", a.is.name())).to(a.is)
	case hides(p.old), hides(p.new):
		a.tell(Destination, at, say("The address of %s is now %s (before: %s).", a.is.name(), shown(p.new), shownAs(p.old, Former))).to(a.is)
	case before == after:
		a.tell(Destination, at, say("The address of %s is written in another way.", a.is.name())).to(a.is)
	default:
		a.tell(Destination, at, say("The address of %s is now “%s”.", a.is.name(), nearby(masked(WordDiff(before, after))))).to(a.is)
	}
}

// masked hides the words of an address that look like a secret.
func masked(parts []Part) []Part {
	for i, p := range parts {
		var b strings.Builder
		for _, word := range tokens(p.Text) {
			if len(word) >= 16 && random(word) {
				word = "…"
			}
			b.WriteString(word)
		}
		parts[i].Text = b.String()
	}
	return parts
}

func field(def *source.Node) *source.Node {
	for _, name := range urlFields {
		if n := def.Get(name); n != nil {
			return n
		}
	}
	return nil
}

// address is a URL behind its host, or a path.
func address(def *source.Node) string {
	n := field(def)
	s := text(n)
	if n == nil || strings.HasPrefix(n.Name, "path") {
		return s
	}
	if _, rest, ok := strings.Cut(s, "://"); ok {
		return rest[authorityEnd(rest):]
	}
	return s
}

// field tells a difference in one member of the definition.
func (a *actionPair) field(p pairing) {
	req := a.is.name()
	switch p.any().Name {
	case "method":
		d := a.tell(Destination, p.at(), say("%s is now sent by %s (before: %s).", Part{a.is.host + a.is.path, Value}, Part{a.is.method, Value}, Part{a.was.method, Former}))
		d.alarmed(a.is.method == "DELETE").to(a.is)
	case "connectionName":
		a.connection(p)
	case "headers", "queryParams", "query":
		a.list(p)
	default:
		a.leaf(Unknown, p, say("The member %s of %s", value(p.any().Name), req))
	}
}

func (a *actionPair) connection(p pairing) {
	req := a.is.name()
	switch {
	case p.old == nil:
		a.tell(Destination, p.at(), say(" is sent with the connection %s (before: without one).", shown(p.new))).about(req)
	case p.new == nil:
		a.tell(Destination, p.at(), say(" is sent without a connection (before: with %s).", shownAs(p.old, Former))).about(req)
	default:
		a.tell(Destination, p.at(), say(" is sent with the connection %s (before: %s).", shown(p.new), shownAs(p.old, Former))).about(req)
	}
	a.drafts[len(a.drafts)-1].to(a.is)
}
