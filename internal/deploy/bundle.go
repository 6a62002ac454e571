package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// bundles are the kind that an upload writes.
type bundles struct{}

// Upload is the step that stores one bundle.
const Upload StepKind = "upload"

// intents are the bundles of the plan, each with its job specs behind it.
func (bundles) intents(p Prepared) ([]intent, error) {
	var list []intent
	for i, b := range p.Bundles {
		list = append(list, intent{resource: p.upload(i), write: b.Action != compare.Keep, before: b.Before, after: b.After})
		for _, s := range p.JobSpecs {
			if s.Bundle == b.Name {
				list = append(list, p.switchedOn(s)...)
			}
		}
	}
	return list, nil
}

func (bundles) changed(before, now Remote, names []string) string {
	if !slices.Equal(before.listed, now.listed) || !slices.Equal(before.digests(names), now.digests(names)) {
		return "a bundle of the integration was changed by somebody else"
	}
	return ""
}

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
		l, last, like := u.lookAt(since, list)
		if l.state == other {
			l.what = fmt.Sprintf("the account shows the bundle %q otherwise than it was sent: %s", u.name, u.differences(last, like))
		}
		return l
	}
	if len(list) == 0 {
		return look{state: asBefore, what: fmt.Sprintf("the bundle %q is not there", u.name)}
	}
	l, _, _ := u.lookAt(list, list)
	l.likely = l.state == held
	l.state, l.what = asBefore, fmt.Sprintf("the bundle %q is as it was before", u.name)
	return l
}

// untouched tells whether a reading has the entries that were there before.
func (u upload) untouched(have Remote) bool {
	return have.unreadable(bundleKind, []string{u.name}) == nil && slices.Equal(digests(u.before), digests(have.named(u.name)))
}

// lookAt compares each of the candidates; one that is the same is enough. Of
// the others, it returns the last and what was found of it.
func (u upload) lookAt(candidates, all []*Stored) (l look, last *Stored, like compare.Likeness) {
	for _, last = range candidates {
		like = compare.Bundles(u.doc, last.Doc, u.integration, false)
		l = look{seen: u.seen(last, all), notes: append(like.Notes, like.Assumed...)}
		if like.Same() {
			break
		}
		l.state, l.notes, l.seen.Altered = other, nil, true
		l.seen.Sure = onlyLess(u, like)
	}
	return l, last, like
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

// digests are the entries of the named bundles and what they hold.
func (r Remote) digests(names []string) []string {
	var list []*Stored
	for _, name := range names {
		list = append(list, r.named(name)...)
	}
	return digests(list)
}

func digests(entries []*Stored) []string {
	var list []string
	for _, b := range entries {
		list = append(list, b.UUID+" "+b.Doc.Digest())
	}
	slices.Sort(list)
	return list
}

func (bundles) member() string { return "bundles" }

// savedBundle is a bundle in a saved state.
type savedBundle struct {
	Name string          `json:"name"`
	UUID string          `json:"uuid"`
	Body json.RawMessage `json:"body"`
}

func (bundles) save(have Remote) any {
	var list []savedBundle
	for _, b := range have.Bundles {
		list = append(list, savedBundle{b.Name, b.UUID, b.Body})
	}
	return list
}

// load reads the bundles. Of a history the last entry of a name counts.
func (bundles) load(text json.RawMessage, f *Former) error {
	var list []savedBundle
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	for _, b := range list {
		doc, err := source.Stored(b.Name, b.Body)
		if err != nil {
			return err
		}
		stored := Stored{Body: b.Body, Doc: doc}
		stored.Name, stored.UUID = b.Name, b.UUID
		f.Bundles = slices.DeleteFunc(f.Bundles, func(s Stored) bool { return s.Name == b.Name })
		f.Bundles = append(f.Bundles, stored)
	}
	return nil
}

// again wants the bundles of the run as they were before it. One that was not
// there can't be deleted.
func (bundles) again(r *returning) error {
	for _, g := range r.past.goals {
		stored := r.was.bundle(g.Name)
		if stored == nil {
			r.added = append(r.added, g.Name)
			continue
		}
		if at := masked(stored.Doc); at != "" {
			return verdict.Errorf(verdict.InvalidBundle, "deploy the bundle from its source",
				"the registry gave the bundle %q with a credential masked (%s): uploading it would break what uses that", g.Name, at)
		}
		r.want = append(r.want, zis.Read(compare.Former(stored.Doc)))
	}
	return nil
}

// back uploads the former bundles, the last one first; an upload that never
// took effect is left out, and so is what somebody else has changed. A bundle
// that was not there before can't be deleted.
func (bundles) back(a *apply, w *wayBack, was Former, have Remote) {
	for i := range slices.Backward(a.plan.Bundles) {
		u := a.plan.upload(i)
		back, ok := u.undo(was)
		if !a.begunOf(u.name) && !u.untouched(have) && u.look(have).state == other {
			w.other = append(w.other, u.name)
			continue
		}
		if !ok {
			if len(have.named(u.name)) > 0 && a.plan.Bundles[i].Action == compare.Add {
				w.lost = append(w.lost, u.name)
			}
			continue
		}
		back.before = have.named(u.name)
		if a.stillFormer(u, back, have) {
			back.kept = &Stored{Doc: back.doc}
		} else {
			w.tasks = append(w.tasks, task{back.step(), back})
			for _, s := range zis.Read(back.doc).JobSpecs {
				w.dropped[one(s.Name.Value)] = true
			}
		}
		w.goal.resources = append(w.goal.resources, back)
	}
}
