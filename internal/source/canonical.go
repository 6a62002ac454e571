package source

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// serverFields are added by the registry when it is read (observed), or are
// for editors only; they never make a difference and are never uploaded.
var serverFields = []string{"uuid", "integration", "zendesk_account_id", "$schema"}

// JSON is the document as it is uploaded: members in source order, numbers
// and strings as they were, without the fields that the registry adds.
func (d *Document) JSON() []byte {
	var w writer
	w.all("{}", d.uploaded(), w.member)
	return w.Bytes()
}

// Shown is JSON for people: indented, and secrets as (secret).
func (d *Document) Shown() []byte {
	w := writer{hide: true}
	w.all("{}", d.uploaded(), w.member)
	var b bytes.Buffer
	_ = json.Indent(&b, w.Bytes(), "", "  ") // of our own JSON: can't fail
	b.WriteByte('\n')
	return b.Bytes()
}

func (d *Document) uploaded() []*Node {
	return slices.DeleteFunc(slices.Clone(last(d.Root.Members)), func(n *Node) bool {
		return slices.Contains(serverFields, n.Name)
	})
}

// last keeps of members with the same name the last one.
func last(members []*Node) []*Node {
	seen := make(map[string]int, len(members))
	for i, m := range members {
		seen[m.Name] = i
	}
	if len(seen) == len(members) {
		return members
	}
	var kept []*Node
	for i, m := range members {
		if seen[m.Name] == i {
			kept = append(kept, m)
		}
	}
	return kept
}

// Hidden stands for a secret wherever a value is shown.
const Hidden = "(secret)"

// writer writes nodes as JSON without white space.
type writer struct {
	bytes.Buffer
	hide      bool           // secrets
	canonical bool           // members sorted, numbers in their one form
	null      map[*Node]bool // written as null
	sink      io.Writer      // takes what is written piece by piece; nil: all stays in the buffer
}

// piece is from how many bytes on a writer gives what it has to its sink.
const piece = 32 << 10

func (w *writer) member(n *Node) {
	w.text(n.Name)
	w.WriteByte(':')
	w.node(n)
}

func (w *writer) node(n *Node) {
	if w.null[n] {
		w.WriteString("null")
		return
	}
	switch v := n.Value.(type) {
	case Object:
		w.object(last(n.Members))
	case Array:
		w.all("[]", n.Members, w.node)
	case string:
		if w.hide && n.Secret {
			v = Hidden
		}
		w.text(v)
	case json.Number:
		w.number(v)
	case nil:
		w.WriteString("null")
	default:
		fmt.Fprint(w, v)
	}
}

func (w *writer) object(members []*Node) {
	if w.canonical {
		members = slices.SortedFunc(slices.Values(members), func(a, b *Node) int { return compareNames(a.Name, b.Name) })
	}
	w.all("{}", members, w.member)
}

func (w *writer) all(brackets string, nodes []*Node, write func(*Node)) {
	w.WriteByte(brackets[0])
	for i, n := range nodes {
		if i > 0 {
			w.WriteByte(',')
		}
		write(n)
	}
	w.WriteByte(brackets[1])
	if w.sink != nil && w.Len() >= piece {
		_, _ = w.WriteTo(w.sink) // a hash: can't fail
	}
}

func (w *writer) number(n json.Number) {
	if w.canonical {
		w.Write(canonicalNumber(n))
		return
	}
	w.WriteString(n.String())
}

func (w *writer) text(s string) {
	quoted, err := jsontext.AppendQuote(w.AvailableBuffer(), s)
	if err != nil { // invalid UTF-8 can't come out of Parse
		panic(fmt.Sprintf("write %q: %v", s, err))
	}
	w.Write(quoted)
}

// Canonical is the form that is compared and digested: keys sorted as in RFC
// 8785, white space gone, 1.0 written 1 while integers of any length stay
// exact. An empty top-level description counts as none, because whether the
// registry keeps that difference is not documented.
func (d *Document) Canonical() []byte {
	w := writer{canonical: true}
	w.object(d.compared())
	return w.Bytes()
}

// compared are the members that make a difference.
func (d *Document) compared() []*Node {
	return slices.DeleteFunc(d.uploaded(), func(n *Node) bool {
		text, ok := n.Text()
		return n.Name == "description" && ok && text == ""
	})
}

// compareNames orders names as RFC 8785 does: by their units in UTF-16.
func compareNames(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i]|b[i] >= utf8.RuneSelf {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		}
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}

// Digest identifies what the document says, whatever way it is written:
// "sha256:" and 64 hexadecimal digits over the canonical form.
func (d *Document) Digest() string {
	d.once.Do(func() { d.digest = d.digestWithout(nil) })
	return d.digest
}

// digestWithout is the digest with null in the place of some values. The
// canonical form of a large document is never held whole.
func (d *Document) digestWithout(hidden map[*Node]bool) string {
	sum := sha256.New()
	w := writer{canonical: true, null: hidden, sink: sum}
	w.object(d.compared())
	_, _ = w.WriteTo(sum) // a hash: can't fail
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// Comparable is the document's content as plain values for a structural
// comparison: what Canonical leaves out is left out.
func (d *Document) Comparable(without map[string]bool) map[string]any {
	values := make(map[string]any)
	for _, n := range d.compared() {
		if n.Name != "resources" || !n.IsObject() {
			values[n.Name] = n.Plain()
			continue
		}
		kept := make(map[string]any, len(n.Members)-len(without))
		for _, r := range n.Members {
			if !without[r.Name] {
				kept[r.Name] = r.Plain()
			}
		}
		values[n.Name] = kept
	}
	return values
}

// SameNumber tells whether two JSON numbers are one number: 1.0 and 1 are.
func SameNumber(a, b json.Number) bool {
	return a == b || bytes.Equal(canonicalNumber(a), canonicalNumber(b))
}

func canonicalNumber(n json.Number) []byte {
	v := jsontext.Value(n.String())
	_ = v.Format(jsontext.CanonicalizeRawFloats(true), jsontext.CanonicalizeRawInts(false)) // parsed before
	return v
}

// Stored reads a bundle as the registry returned it. Name tells in errors
// which one it is.
func Stored(name string, body []byte) (*Document, error) {
	doc, found := Parse(diag.NewFile(name, body))
	if doc == nil {
		return nil, fmt.Errorf("stored bundle %q: %s", name, found[0].Message)
	}
	return doc, nil
}
