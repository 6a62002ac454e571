package pull

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Values are what the placeholders of files stand for: a name has one value in
// all bundles of an integration.
type Values struct {
	Given   map[string]any // text, json.Number or bool, of variables that may be shown
	learned map[string]any // of all others: the text, number or truth value that the account has in their place
	secrets []Secret       // those of them that are secrets by their place
}

// text is what {{NAME}} becomes, as far as that is known.
func (v *Values) text(p expr.Placeholder) (string, bool) {
	if given, ok := v.Given[p.Name]; ok {
		return fmt.Sprint(given), true
	}
	learned, ok := v.learned[p.Name]
	return fmt.Sprint(learned), ok
}

// beside is a bundle file beside the account's bundle.
type beside struct {
	values       *Values
	ours, stored *source.Document
	integration  string
}

func newBeside(ours, stored *source.Document, integration string, values *Values) *beside {
	b := &beside{values: values, ours: ours, stored: stored, integration: integration}
	if values.learned == nil {
		values.learned = map[string]any{}
	}
	b.learn(ours.Root, stored.Root, 1)
	b.learn(ours.Root, stored.Root, most)
	return b
}

// most placeholders of one text are learned.
const most = 8

// learn finds what the placeholders stand for in texts that have no more than
// so many unknown ones: what a text says alone is sure.
func (b *beside) learn(o, s *source.Node, holes int) {
	if s == nil {
		return
	}
	if text, ok := o.Text(); ok && o.Name != "expr" && o.Name != "expr.$" { // in programs values are escaped
		if found, ok := b.match(text, s); ok && len(found) <= holes {
			for _, name := range slices.Sorted(maps.Keys(found)) {
				b.values.learned[name] = found[name]
				_, isText := found[name].(string)
				if f, ok := credential.At(s); ok && (isText || f.Sure) {
					b.values.secrets = append(b.values.secrets, Secret{Name: name, What: f.What, Pointer: s.Pointer(), Value: fmt.Sprint(found[name]), Number: !isText})
				}
			}
		}
		return
	}
	for i, partner := range zis.Beside(o, s) {
		b.learn(o.Members[i], partner, holes)
	}
}

// match tells whether a text of ours can become a value of the account, and
// what placeholders without a known value stand for then.
func (b *beside) match(ours string, s *source.Node) (found map[string]any, ok bool) {
	if p, whole := expr.Whole(ours); whole {
		return b.matchWhole(p, s)
	}
	stored, isText := s.Text()
	if !isText {
		return nil, false
	}
	text := expr.Substitute(ours, b.values.text)
	if text == stored || sameARN(text, stored) {
		return nil, true
	}
	found = map[string]any{}
	rest := stored
	for {
		p, some := firstHole(text)
		if !some {
			return found, text == rest
		}
		var inside bool
		if rest, inside = strings.CutPrefix(rest, text[:p.Start]); !inside {
			return nil, false
		}
		text = text[p.End:]
		value, ok := upTo(rest, text)
		if !ok {
			return nil, false
		}
		rest = rest[len(value):]
		found[p.Name] = value
		text = expr.Substitute(text, func(q expr.Placeholder) (string, bool) { return value, q.Name == p.Name })
	}
}

// upTo is the beginning of rest that a placeholder stands for, before text.
func upTo(rest, text string) (value string, ok bool) {
	next, some := firstHole(text)
	if !some {
		return strings.CutSuffix(rest, text)
	}
	value, _, ok = strings.Cut(rest, text[:next.Start])
	return value, ok
}

func firstHole(text string) (expr.Placeholder, bool) {
	for _, p := range expr.Placeholders(text) {
		if p.Kind == expr.Deployer {
			return p, true
		}
	}
	return expr.Placeholder{}, false
}

// matchWhole is match of a text that is one placeholder: a number or truth
// value can stand in its place.
func (b *beside) matchWhole(p expr.Placeholder, s *source.Node) (found map[string]any, ok bool) {
	known, some := b.values.Given[p.Name]
	if !some {
		known, some = b.values.learned[p.Name]
	}
	if !some {
		switch s.Value.(type) {
		case string, json.Number, bool:
			return map[string]any{p.Name: s.Value}, true
		}
		return nil, false
	}
	if number, isNumber := known.(json.Number); isNumber {
		stored, ok := s.Value.(json.Number)
		return nil, ok && source.SameNumber(number, stored)
	}
	return nil, known == s.Value
}

// sameARN tells whether two texts name one resource: the integration is
// whatever it is deployed to.
func sameARN(ours, stored string) bool {
	a, ok := zis.ParseARN(ours)
	b, also := zis.ParseARN(stored)
	return ok && also && a.In(b.Integration) == b
}

// filled is our file as it would be uploaded to this account: what can't be
// shown of it is marked.
func (b *beside) filled() *source.Document {
	var secrets []string
	for _, value := range b.values.learned {
		if text, ok := value.(string); ok && len(text) >= credential.Least {
			secrets = append(secrets, text)
		}
	}
	doc := b.ours.Edited(secrets, func(n *source.Node) source.Edit {
		e := n.Same()
		e.Name = expr.Substitute(n.Name, b.values.text)
		text, ok := n.Text()
		if !ok {
			return e
		}
		if p, whole := expr.Whole(text); whole {
			learned, known := b.values.learned[p.Name]
			if given, ok := b.values.Given[p.Name]; ok {
				e.Value = given
				return e
			} else if known {
				e.Value, e.Secret = learned, true
				return e
			}
		}
		e.Value = expr.Substitute(text, func(p expr.Placeholder) (string, bool) {
			value, ok := b.values.text(p)
			if _, given := b.values.Given[p.Name]; ok && !given {
				e.Secret = true
			}
			return value, ok
		})
		return e
	})
	return render.Retarget(doc, b.integration)
}

// differences are what a plan of our file would change, secrets hidden.
func (b *beside) differences() []compare.Difference {
	want := b.filled()
	like := compare.Bundles(want, b.stored, b.integration, true)
	if like.Same() {
		return nil
	}
	return compare.Differences("", like.Have, like.Want, compare.NewMask(want, b.stored), like.Moved)
}

// alike tells whether a value of ours becomes the account's.
func (b *beside) alike(o, s *source.Node) bool {
	if o == nil || s == nil {
		return o == s
	}
	switch v := o.Value.(type) {
	case source.Object:
		return s.IsObject() && len(o.Members) == len(s.Members) && b.allAlike(o.Members, func(i int) *source.Node { return s.Get(o.Members[i].Name) })
	case source.Array:
		return s.IsArray() && len(o.Members) == len(s.Members) && b.allAlike(o.Members, func(i int) *source.Node { return s.Members[i] })
	case string:
		found, ok := b.match(v, s)
		return ok && len(found) == 0
	case json.Number:
		n, ok := s.Value.(json.Number)
		return ok && source.SameNumber(v, n)
	}
	return o.Value == s.Value
}

func (b *beside) allAlike(ours []*source.Node, stored func(i int) *source.Node) bool {
	for i, o := range ours {
		if !b.alike(o, stored(i)) {
			return false
		}
	}
	return true
}
