package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// upload is a bundle as it should be stored: the resource that an upload
// writes.
type upload struct {
	integration string
	name        string
	doc         *source.Document
	before      []*Stored // the entries of this name before the first write
	kept        *Stored   // what is not uploaded in this run, and should stay as it is
}

// upload is the nth bundle of the plan.
func (p Prepared) upload(n int) upload {
	u := upload{integration: p.Integration, name: p.Bundles[n].Name, doc: p.want[n].Doc}
	u.before = p.before.named(u.name)
	if p.Bundles[n].Action == compare.Keep {
		u.kept = p.current[n]
	}
	return u
}

func (u upload) step() Step { return Step{Upload, u.name} }

func (u upload) write(ctx context.Context, reg *registry.Client) error {
	return reg.Upload(ctx, u.integration, u.doc.JSON())
}

// look finds the bundle among the entries of its name. Of a registry that
// keeps a history, those that were there before prove nothing: what was
// uploaded is among those that came or changed since.
func (u upload) look(have Remote) look {
	if err := have.unreadable(bundleKind, []string{u.name}); err != nil {
		return look{state: unclear, what: err.Error()}
	}
	list := have.named(u.name)
	if u.kept != nil {
		return u.lookKept(list)
	}
	since := slices.DeleteFunc(slices.Clone(list), func(s *Stored) bool {
		return slices.ContainsFunc(u.before, func(b *Stored) bool { return b.UUID == s.UUID && b.Doc.Digest() == s.Doc.Digest() })
	})
	if len(since) > 0 {
		return u.lookAt(since, list)
	}
	if len(list) == 0 {
		return look{state: asBefore, what: fmt.Sprintf("the bundle %q is not there", u.name)}
	}
	l := u.lookAt(list, list)
	l.likely = l.state == held
	l.state, l.what = asBefore, fmt.Sprintf("the bundle %q is as it was before", u.name)
	return l
}

// lookAt compares each of the candidates; one that is the same is enough.
func (u upload) lookAt(candidates, all []*Stored) look {
	var l look
	for _, s := range candidates {
		like := compare.Bundles(u.doc, s.Doc, u.integration, false)
		l = look{seen: u.seen(s, all), notes: append(like.Notes, like.Assumed...)}
		if like.Same() {
			return l
		}
		l.state, l.notes, l.seen.Altered = other, nil, true
		l.seen.Sure = onlyLess(u, like)
		l.what = fmt.Sprintf("the account shows the bundle %q otherwise than it was sent: %s", u.name, u.differences(s, like))
	}
	return l
}

func (u upload) seen(s *Stored, all []*Stored) *Seen {
	seen := &Seen{Bundle: u.name, Sent: u.doc.Digest(), Shown: s.Doc.Digest(), UUID: s.UUID}
	for _, entry := range all {
		seen.UUIDs = append(seen.UUIDs, entry.UUID)
	}
	return seen
}

func (u upload) lookKept(list []*Stored) look {
	for _, s := range list {
		if s.Doc.Digest() == u.kept.Doc.Digest() || compare.Bundles(u.doc, s.Doc, u.integration, false).Same() {
			return look{}
		}
	}
	return look{state: other, what: fmt.Sprintf("the bundle %q differs from what was there", u.name)}
}

// differencesTold is how many differences are told: the plan shows them all.
const differencesTold = 5

// differences says in words what the account shows otherwise than it was sent.
func (u upload) differences(s *Stored, like compare.Likeness) string {
	list := compare.Differences("", like.Have, like.Want, compare.NewMask(u.doc, s.Doc), like.Moved)
	var parts []string
	for i, d := range list {
		if i == differencesTold {
			parts = append(parts, fmt.Sprintf("and %d more", compare.Count(list)-i))
			break
		}
		parts = append(parts, shown(d))
	}
	return strings.Join(parts, ", ")
}

// shown is a difference between what the account shows (old) and what was sent
// (new).
func shown(d compare.Difference) string {
	const most = 80 // characters of a value
	switch {
	case d.More > 0:
		return fmt.Sprintf("%d values more within %s differ", d.More, d.Pointer)
	case d.Action == compare.Add:
		return d.Pointer + " is not shown"
	case d.Action == compare.Remove:
		return fmt.Sprintf("%s is shown and was not sent", d.Pointer)
	}
	return fmt.Sprintf("%s is shown as %s instead of %s", d.Pointer, shorten(d.Old, most), shorten(d.New, most))
}

func shorten(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return s
}

// undo is the upload of the bundle as it was; there is none of one that wasn't
// there, as a bundle can't be deleted.
func (u upload) undo(was Former) (back upload, ok bool) {
	for _, b := range was.Bundles {
		if one(b.Name) == one(u.name) {
			return upload{integration: u.integration, name: u.name, doc: compare.Former(b.Doc)}, true
		}
	}
	return upload{}, false
}
