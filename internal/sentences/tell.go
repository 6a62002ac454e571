package sentences

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var itoa = strconv.Itoa

// Pair is a bundle before and after. Strings that hold a secret are marked in
// both. Before is nil for a bundle that the account doesn't have.
type Pair struct{ Before, After *source.Document }

// Of tells what a plan changes.
func Of(p deploy.Prepared) Told {
	var pairs []Pair
	for _, d := range p.Documents() {
		pairs = append(pairs, Pair(d))
	}
	return Tell(pairs, p.JobSpecs)
}

// Tell says what differs between bundles before and after, and what a plan
// does to job specs. It asks nobody and depends on nothing else.
func Tell(pairs []Pair, specs []deploy.SpecPlan) Told {
	w := newWorld(pairs, specs)
	for _, b := range w.bundles {
		b.top()
		b.actions()
		b.flows()
		b.unknown()
	}
	w.starts()
	told := w.told()
	w.talks(&told)
	return told
}

// world is all bundles of a plan.
type world struct {
	hasher
	bundles  []*pair
	specs    []deploy.SpecPlan
	machines int             // flows of all bundles, before and after
	hosts    map[string]bool // to which the former bundles send
	known    bool            // the account has one of the bundles
	drafts   []draft
	more     map[string]int // drafts that tell of more data in a request, by action and parameter
	folded   int            // differences that were told of in a sentence about something else
	normal   []string       // job specs that are only installed again
	out      Told
}

// pair is one bundle before and after, and what belongs together in it.
type pair struct {
	*world
	old, new *zis.Bundle
	name     string
	when     phrase // names the flow that is looked at; empty where there is only one
	flowName string // of the flow that is looked at
	matched  []resourcePair
	was, is  *side

	changedActions map[*zis.Resource]bool // that do something else than before
	newRequests    map[*zis.Resource]bool // actions that weren't there
	renamed        map[string]string      // former ARN tails "kind:name" to new ones
}

// resourcePair is a resource before and after; one of the two may be nil.
type resourcePair struct{ old, new *zis.Resource }

func (r resourcePair) nodes() pairing {
	var p pairing
	if r.old != nil {
		p.old = r.old.Node
	}
	if r.new != nil {
		p.new = r.new.Node
	}
	return p
}

// any is one of the two: the new one if there is one.
func (r resourcePair) any() *zis.Resource {
	if r.new != nil {
		return r.new
	}
	return r.old
}

func newWorld(pairs []Pair, specs []deploy.SpecPlan) *world {
	w := &world{hasher: newHasher(), specs: specs, hosts: map[string]bool{}, more: map[string]int{}}
	for _, p := range pairs {
		b := &pair{world: w, old: &zis.Bundle{}, new: &zis.Bundle{}, renamed: map[string]string{}, changedActions: map[*zis.Resource]bool{}, newRequests: map[*zis.Resource]bool{}}
		if p.Before != nil {
			b.old, w.known = zis.Read(p.Before), true
		}
		if p.After != nil {
			b.new = zis.Read(p.After)
		}
		b.name = b.new.Name.Value
		b.was, b.is = newSide(b.old), newSide(b.new)
		b.match()
		w.bundles = append(w.bundles, b)
		w.count(b)
	}
	return w
}

// count notes how many flows there are and where the former bundles send.
func (w *world) count(b *pair) {
	for _, r := range b.matched {
		if r.any().Type.Value == zis.TypeFlow {
			w.machines++
		}
	}
	for _, a := range b.old.Actions {
		if len(b.was.callers[a.Name.Value]) == 0 {
			continue
		}
		w.hosts[requestOf(a.Definition).host] = true
	}
}

// draft is a sentence before it has its place.
type draft struct {
	kind     Kind
	alarm    bool
	flow     string // its name
	when     phrase // names the flow; empty where there is only one
	whens    int    // how many flows it is about
	before   phrase // what stands in front of the subject
	subject  phrase // whom it is about; drafts that say the same of several are joined
	or       bool   // several subjects are joined by "or"
	text     phrase // whole; what follows the subject where there is one
	short    phrase // the thing itself, for a list of many
	inside   bool   // it stays within the account
	bundle   string
	pointers []string
}

// tell adds a sentence about a pair of nodes.
func (b *pair) tell(k Kind, at []string, text phrase) *draft {
	return b.world.tell(draft{kind: k, bundle: b.name, pointers: at, when: b.when, flow: b.flowName, text: text})
}

func (w *world) tell(d draft) *draft {
	w.drafts = append(w.drafts, d)
	return &w.drafts[len(w.drafts)-1]
}

// about makes the draft one that may be joined with others that say the same.
func (d *draft) about(subject phrase) *draft {
	d.subject = subject
	return d
}

// both makes the draft one that may be joined with others that say the same of
// something else, as "before a and b text"; either joins them by "or".
func (d *draft) both(before, subject phrase) *draft {
	d.before, d.subject = before, subject
	return d
}

func (d *draft) either(before, subject phrase) *draft {
	d.or = true
	return d.both(before, subject)
}

// to says where a draft about data sends it.
func (d *draft) to(r request) *draft {
	d.short, d.inside = phrase{{r.where(), Value}}, r.host == ""
	return d
}

func (d *draft) alarmed(yes bool) *draft {
	d.alarm = d.alarm || yes
	return d
}

func (d *draft) named(short phrase) *draft {
	d.short = short
	return d
}

// top tells what differs outside the resources.
func (b *pair) top() {
	if b.old.Doc == nil || b.new.Doc == nil {
		return
	}
	for _, p := range members(b.old.Doc.Root, b.new.Doc.Root) {
		switch p.any().Name {
		case "resources", "uuid", "integration", "zendesk_account_id", "$schema":
		case "description":
			if text(p.old) != text(p.new) || kindOf(p.old) != kindOf(p.new) && text(p.old)+text(p.new) != "" {
				b.tell(Note, p.at(), say("The bundle's description is another."))
			}
		default:
			b.leaf(Unknown, p, say("The bundle's %s", value(p.any().Name)))
		}
	}
}

// unknown tells of resources of types that nobody documents.
func (b *pair) unknown() {
	for _, r := range b.matched {
		if r.any().Kind() != "" {
			continue
		}
		what := say("The resource %s of the unknown type %s", value(r.any().Key), value(r.any().Type.Value))
		m := b.mark()
		if !same(r.nodes().old, r.nodes().new) {
			b.leaf(Unknown, r.nodes(), what)
		}
		b.note(r, m)
	}
}

// leaf tells a difference as it stands in the file: the way of last resort.
func (b *pair) leaf(k Kind, p pairing, what phrase) {
	switch {
	case p.old == nil:
		b.tell(k, p.at(), say("%s is new: %s.", what, shown(p.new)))
	case p.new == nil:
		b.tell(k, p.at(), say("%s goes (it was %s).", what, shownAs(p.old, Former)))
	case p.old.IsObject() && p.new.IsObject() || p.old.IsArray() && p.new.IsArray():
		b.inside(k, p, what)
	case unseen(p):
		b.tell(k, p.at(), say("%s is another secret.", what))
	default:
		b.changed(k, p, what)
	}
}

// inside tells each smallest difference within a value.
func (b *pair) inside(k Kind, p pairing, what phrase) {
	for _, l := range b.most(k, p, leaves(p), what) {
		way := strings.TrimPrefix(strings.TrimPrefix(l.any().Pointer(), p.any().Pointer()), p.old.Pointer())
		b.leaf(k, l, say("%s at %s", what, value(strings.TrimPrefix(way, "/"))))
	}
}

// changed tells of a value that is another.
func (b *pair) changed(k Kind, p pairing, what phrase) {
	was, is := text(p.old), text(p.new)
	if kindOf(p.old) == "string" && kindOf(p.new) == "string" && !hides(p.old) && !hides(p.new) && max(len(was), len(is)) > 40 {
		b.longText(p, what)
		if parts := WordDiff(was, is); alike(parts) {
			b.tell(k, p.at(), say("%s is now “%s”.", what, nearby(parts)))
			return
		}
	}
	b.tell(k, p.at(), say("%s is now %s (before: %s).", what, shown(p.new), shownAs(p.old, Former)))
}

// long is from how many bytes on a text is worth a place of its own.
const long = 60

// longText keeps a text for those who want to see all of it.
func (b *pair) longText(p pairing, what phrase) {
	if hides(p.old) || hides(p.new) || max(len(text(p.old)), len(text(p.new))) < long {
		return
	}
	b.out.Texts = append(b.out.Texts, Text{Bundle: b.name, Pointer: p.any().Pointer(), Title: what.plain(), Old: text(p.old), New: text(p.new)})
}

func text(n *source.Node) string {
	s, _ := n.Text()
	return s
}

// seen is a text as it may be shown.
func seen(n *source.Node) string {
	if n != nil && n.Secret {
		return n.Shown()
	}
	return text(n)
}

func kindOf(n *source.Node) string {
	switch {
	case n == nil:
		return ""
	case n.IsObject():
		return "object"
	case n.IsArray():
		return "array"
	}
	if _, ok := n.Text(); ok {
		return "string"
	}
	return "other"
}

// whole is more than a file holds.
const whole = 1 << 30

// unseen tells whether two values differ only in what may not be shown.
func unseen(p pairing) bool {
	return hides(p.old) && hides(p.new) && compact(p.old, whole) == compact(p.new, whole)
}

// hides tells whether a value holds a secret.
func hides(n *source.Node) bool {
	return n != nil && (n.Secret || slices.ContainsFunc(n.Members, hides))
}

func shown(n *source.Node) Part { return shownAs(n, Value) }

// shownAs is a value as it stands in a sentence, its secrets hidden.
func shownAs(n *source.Node, style Style) Part {
	if s, ok := n.Text(); ok && !n.Secret {
		return Part{name(s), style}
	}
	if n.Secret {
		return Part{name(n.Shown()), style}
	}
	return Part{shorten(Visible(compact(n, valueWidth+1)), valueWidth), style}
}

// compact is the beginning of a value as JSON without white space, secrets
// hidden; a little more than n bytes at most.
func compact(n *source.Node, most int) string {
	var b strings.Builder
	writeCompact(&b, n, most)
	return b.String()
}
