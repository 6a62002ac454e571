package sentences

import (
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// match finds which resources are the same: by type and name, which is what
// the platform goes by; then by type and key; then by what they say.
func (b *pair) match() {
	m := &matcher{pair: b, taken: map[*zis.Resource]*zis.Resource{}, used: map[*zis.Resource]bool{}}
	m.by(func(r *zis.Resource) string { return r.Type.Value + "\x00" + r.Name.Value }, func(r *zis.Resource) bool { return r.Name.Given() })
	m.by(func(r *zis.Resource) string { return r.Type.Value + "\x00" + r.Key }, nil)
	m.alike(zis.TypeAction)
	m.alike(zis.TypeFlow)
	m.alike(zis.TypeJobSpec)
	b.matched = m.all()
}

type matcher struct {
	*pair
	taken map[*zis.Resource]*zis.Resource // new to former
	used  map[*zis.Resource]bool          // former ones
}

func (m *matcher) pair2(was, is *zis.Resource) {
	m.taken[is], m.used[was] = was, true
	if kind := is.Kind(); kind != "" && was.Name.Value != is.Name.Value {
		m.renamed[kind+":"+was.Name.Value] = kind + ":" + is.Name.Value
	}
}

// by pairs resources that have the same word; of several the last counts, as
// in the registry.
func (m *matcher) by(word func(*zis.Resource) string, has func(*zis.Resource) bool) {
	former := map[string]*zis.Resource{}
	for _, r := range m.old.Resources {
		if !m.used[r] && (has == nil || has(r)) {
			former[word(r)] = r
		}
	}
	for _, r := range m.new.Resources {
		if was := former[word(r)]; was != nil && m.taken[r] == nil && !m.used[was] && (has == nil || has(r)) {
			m.pair2(was, r)
		}
	}
}

// alike pairs resources of a type that say the same under another name.
func (m *matcher) alike(kind string) {
	former := map[uint64][]*zis.Resource{}
	for _, r := range m.old.Resources {
		if r.Type.Value == kind && !m.used[r] {
			h := m.content(r, true)
			former[h] = append(former[h], r)
		}
	}
	for _, r := range m.new.Resources {
		if r.Type.Value != kind || m.taken[r] != nil {
			continue
		}
		h := m.content(r, false)
		if list := former[h]; len(list) > 0 {
			m.pair2(list[0], r)
			former[h] = list[1:]
		}
	}
}

// content is the number of what a resource says, but for its name; the names
// of others count as what they are now called.
func (m *matcher) content(r *zis.Resource, old bool) uint64 {
	return m.node(r.Node, func(n *source.Node) string {
		s, _ := n.Text()
		if n == r.Name.Node {
			return ""
		}
		if old {
			return m.now(s)
		}
		return s
	})
}

// now is a reference of the former bundle as it is written after renames.
func (b *pair) now(ref string) string {
	if len(b.renamed) == 0 {
		return ref
	}
	arn, ok := zis.ParseARN(ref)
	if !ok {
		return ref
	}
	if to, ok := b.renamed[arn.Kind+":"+arn.Name]; ok {
		return zis.ARN{Integration: arn.Integration, Kind: arn.Kind, Name: to[len(arn.Kind)+1:]}.String()
	}
	return ref
}

// all lists ours in source order, then those that go.
func (m *matcher) all() []resourcePair {
	var list []resourcePair
	for _, r := range m.new.Resources {
		list = append(list, resourcePair{m.taken[r], r})
	}
	for _, r := range m.old.Resources {
		if !m.used[r] {
			list = append(list, resourcePair{r, nil})
		}
	}
	return list
}

// renaming tells that a resource has another key or name, and whether anything
// else was told of it since m.
func (b *pair) renaming(r resourcePair, m mark) {
	if !b.renames(r) {
		return
	}
	kind := r.new.Kind()
	at := append(r.nodes().at(), b.followers(kind, r)...)
	if r.old.Name.Value == r.new.Name.Value {
		b.tell(Rename, at, say("The %s %s stands under another key, %s%s.", nouns[kind], value(r.new.Name.Value), value(r.new.Key), b.sameAs(m)))
		return
	}
	b.tell(Rename, at, say("The %s %s is now called %s%s.", nouns[kind], former(r.old.Name.Value), value(r.new.Name.Value), b.sameAs(m)))
}

// sameAs says of something with another name that it is otherwise the same, if
// nothing was told since.
func (w *world) sameAs(since mark) string {
	if w.mark() != since {
		return ""
	}
	return ", and does the same"
}

var nouns = map[string]string{zis.KindFlow: "flow", zis.KindAction: "action", zis.KindJobSpec: "job spec", "": "resource"}
