// Package compare puts the account's bundle beside ours: what differs by
// meaning, and what of either may be shown.
package compare

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Note is a difference between a stored bundle and ours that makes no
// difference to what runs.
type Note struct {
	Pointer string `json:"pointer"`
	Text    string `json:"text"`
}

// String is "/resources/f/uuid: added by the registry".
func (n Note) String() string { return n.Pointer + ": " + n.Text }

// Likeness is a stored bundle beside ours, compared by what they mean. What is
// identical to the last digit is left out: of a large bundle that is most.
type Likeness struct {
	// Have is the stored content with everything that is only another form
	// written as ours has it: what still differs from Want, which is ours, is a
	// real difference.
	Have, Want map[string]any
	Identical  map[string]bool // keys of the resources that are left out
	Notes      []Note          // forms that make no difference
	// assumed are differences that are harmless if they came with our own
	// upload, as when the registry doesn't show an empty value. A plan may
	// count on them only if it knows that.
	Assumed []Note
	// moved has, by the pointer of a value in have, its name or number where it
	// stands in the account's bundle, if that is another.
	Moved map[string]string
}

// Bundles puts a stored bundle beside ours. If it is strict, what would be
// assumed is a difference.
func Bundles(want, have *source.Document, integration string, strict bool) Likeness {
	m := &matcher{integration: integration, strict: strict, moved: map[string]string{}}
	alike := identical(want.Root.Get("resources"), have.Root.Get("resources"))
	ours := want.Comparable(alike)
	stored := m.object("", bundlePlace(), ours, have.Comparable(alike))
	return Likeness{Have: stored, Want: ours, Identical: alike, Notes: m.notes, Assumed: m.assumed, Moved: m.moved}
}

// identical are the keys of the resources that are the same in both, but for
// one: with none left, what is beside them would be compared with nothing.
func identical(want, have *source.Node) map[string]bool {
	keys, kept := map[string]bool{}, ""
	if !want.IsObject() || !have.IsObject() {
		return keys
	}
	for _, r := range want.Members {
		if there := have.Get(r.Name); there != nil && source.Identical(want.Get(r.Name), there) {
			keys[r.Name], kept = true, r.Name
		}
	}
	delete(keys, kept)
	return keys
}

// Same tells whether the account holds what ours says.
func (l Likeness) Same() bool { return Same(l.Have, l.Want) }

// Resource is the stored resource, in the form of ours, and ours, both nil if
// they are identical; there tells whether the account has one.
func (l Likeness) Resource(key string) (have, want any, there bool) {
	if l.Identical[key] {
		return nil, nil, true
	}
	stored, _ := l.Have["resources"].(map[string]any)
	ours, _ := l.Want["resources"].(map[string]any)
	have, there = stored[key]
	return have, ours[key], there
}

// matcher rewrites a stored value after one of ours. Absent members are no
// values: objects deal with them.
type matcher struct {
	integration    string
	strict         bool
	notes, assumed []Note
	moved          map[string]string
}

func (m *matcher) note(at, format string, args ...any) {
	m.notes = append(m.notes, Note{at, fmt.Sprintf(format, args...)})
}

// assume notes a difference that may have come with our upload, and tells
// whether it may be passed over.
func (m *matcher) assume(at, text string) bool {
	if m.strict {
		return false
	}
	m.assumed = append(m.assumed, Note{at, text})
	return true
}

// value is have in the form of want, as far as they are one value.
func (m *matcher) value(at string, p *place, want, have any) any {
	switch w := want.(type) {
	case string:
		if h, ok := have.(string); ok && m.sameText(at, p, w, h) {
			return want
		}
	case json.Number:
		if h, ok := have.(json.Number); ok && m.sameNumber(at, w, h) {
			return want
		}
	case []any:
		if h, ok := have.([]any); ok {
			return m.list(at, p, w, h)
		}
	case map[string]any:
		if h, ok := have.(map[string]any); ok {
			return m.object(at, p, w, h)
		}
	}
	return have
}

func (m *matcher) sameText(at string, p *place, want, have string) bool {
	switch {
	case want == have:
		return true
	case norm.NFC.String(want) == norm.NFC.String(have):
		m.note(at, "the registry writes some characters in another form of Unicode")
		return true
	case p.means == asFlow && m.flow(want) == m.flow(have):
		return true
	case p.means == asMethod && strings.EqualFold(want, have), p.means == asHeader && strings.EqualFold(want, have):
		return m.assume(at, "the registry writes it with other capitals")
	}
	return false
}

// flow is the full name of a flow of this integration.
func (m *matcher) flow(name string) string {
	if _, ok := zis.ParseARN(name); ok || name == "" {
		return name
	}
	return zis.ARN{Integration: m.integration, Kind: zis.KindFlow, Name: name}.String()
}

func (m *matcher) sameNumber(at string, want, have json.Number) bool {
	if sameNumber(want, have) {
		return true
	}
	if !rounded(want, have) {
		return false
	}
	m.note(at, "the registry shows %s, the float64 of %s", have, want)
	return true
}

// object rewrites the members that both have, adds those that only ours has
// and that say nothing, and drops those that only the registry has.
func (m *matcher) object(at string, p *place, want, have map[string]any) map[string]any {
	names := m.names(want, have)
	typ, _ := want["type"].(string)
	out := make(map[string]any, len(want))
	for _, name := range sortedKeys(want) {
		here := at + "/" + source.EscapePointer(name)
		stored, ok := names[name]
		if ok && stored != name {
			m.moved[here] = source.EscapePointer(stored)
		}
		if v, keep := m.member(here, p, name, typ, want[name], have[stored], ok); keep {
			out[name] = v
		}
	}
	taken := map[string]bool{}
	for _, stored := range names {
		taken[stored] = true
	}
	for _, name := range sortedKeys(have) {
		if !taken[name] && !m.passOver(at+"/"+source.EscapePointer(name), p, name, have[name]) {
			out[name] = have[name]
		}
	}
	return out
}

// member is the stored value of a member of ours; keep is false if the account
// lacks it.
func (m *matcher) member(at string, p *place, name, typ string, want, have any, there bool) (v any, keep bool) {
	remark := slices.Contains(p.idle, name)
	switch {
	case bothHollow(want, have, there):
		if m.sameEmpty(at, p, name, want, have, there) {
			return want, true
		}
	case there:
		have = m.value(at, p.member(name, typ), want, have)
		if remark && partOf(have, want) && m.assume(at, "a remark, which the registry cuts short") {
			return want, true
		}
	case remark && m.assume(at, "a remark, which the registry doesn't show"):
		return want, true
	case p.known(name) == nil && p.more == harmless && m.assume(at, "unknown to the language; the registry doesn't show it"):
		return want, true
	}
	return have, there
}

// partOf tells whether one text is less of another.
func partOf(less, whole any) bool {
	l, okL := less.(string)
	w, okW := whole.(string)
	return okL && okW && l != w && strings.Contains(w, l)
}

// bothHollow tells whether neither says anything. Two objects are compared
// member by member unless one of them is empty.
func bothHollow(want, have any, there bool) bool {
	if !there {
		return hollow(want)
	}
	return empty(want) && hollow(have) || hollow(want) && empty(have)
}

// sameEmpty tells whether two empty values, or one and none, may count as one.
func (m *matcher) sameEmpty(at string, p *place, name string, want, have any, there bool) bool {
	switch {
	case there && Same(want, have), !p.matters(name):
		return true
	case p.operand(name) || p.every != nil:
		return false
	}
	return m.assume(at, "an empty value, which the registry doesn't show as it was sent")
}

// passOver tells whether a member that only the account has makes no
// difference.
func (m *matcher) passOver(at string, p *place, name string, have any) bool {
	def, isDefault := p.defaults[name]
	known := p.known(name)
	switch {
	case hollow(have) && !p.matters(name):
		return true
	case hollow(have) && known != nil && known.data:
		return m.assume(at, "an empty value, which the registry adds")
	case isDefault && Same(have, parsed(def)):
		m.note(at, "the default, which the registry writes out")
		return true
	case known != nil || p.authors():
		return false
	case p.more == harmless:
		m.note(at, "added by the registry")
		return true
	}
	return p.more == assumed && m.assume(at, "added by the registry")
}

// names finds for each member of ours the stored one: of the same name, or of
// the same name in another form of Unicode.
func (m *matcher) names(want, have map[string]any) map[string]string {
	found := make(map[string]string, len(want))
	forms := map[string][]string{}
	for name := range have {
		if _, ok := want[name]; !ok {
			form := norm.NFC.String(name)
			forms[form] = append(forms[form], name)
		}
	}
	for name := range want {
		if _, ok := have[name]; ok {
			found[name] = name
		} else if f := forms[norm.NFC.String(name)]; len(f) == 1 {
			found[name] = f[0]
		}
	}
	return found
}

// empty tells whether a value is null, "", [] or {}.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// hollow tells whether a value is empty, or an object of such.
func hollow(v any) bool {
	members, ok := v.(map[string]any)
	if !ok {
		return empty(v)
	}
	for _, member := range members {
		if !hollow(member) {
			return false
		}
	}
	return true
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// parsed reads a default out of the table.
func parsed(text string) any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		panic(fmt.Sprintf("default %s: %v", text, err)) // of our own table
	}
	return v
}
