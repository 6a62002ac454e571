package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// wayBack is what leads to the former state, and that state as a goal: all
// bundles of the run as they were, and the whole set of job specs that were
// on.
type wayBack struct {
	tasks []task
	goal  goal
	lost  []string // bundles that were not there before: they can't be deleted
	other []string // bundles that somebody else has changed, and this run has not uploaded

	dropped map[string]bool // job specs that the uploads of the way back may switch off
}

func (w wayBack) steps() []Step {
	var list []Step
	for _, t := range w.tasks {
		list = append(list, t.Step)
	}
	return list
}

// wayBack compares what the account holds now with the former state.
func (a *apply) wayBack(was Former, have Remote) wayBack {
	w := wayBack{dropped: map[string]bool{}}
	for _, k := range kinds {
		k.back(a, &w, was, have)
	}
	w.goal.keep = a.plan.goal(false).keep
	return w
}

// others tells whether a job spec is of a bundle that somebody else has changed.
func (w wayBack) others(p Prepared, spec string) bool {
	return slices.ContainsFunc(p.JobSpecs, func(s SpecPlan) bool {
		return one(s.Name) == one(spec) && slices.Contains(w.other, s.Bundle)
	})
}

// begunOf tells whether an upload of a bundle was begun.
func (a *apply) begunOf(name string) bool {
	return slices.ContainsFunc(a.uploaded, func(u upload) bool { return u.name == name })
}

// stillFormer tells whether what runs is what ran before our upload.
func (a *apply) stillFormer(u, back upload, have Remote) bool {
	if a.plan.former == nil && u.look(have).state == asBefore {
		return true
	}
	stored, _ := have.current(u.name, back.doc, a.plan.seen)
	return len(have.named(u.name)) == 1 && stored != nil && compare.Bundles(back.doc, stored.Doc, u.integration, true).Same()
}

// agreeFirst is said where going back would overwrite somebody else's bundle.
const agreeFirst = "somebody else has uploaded this bundle meanwhile; agree with them, then run the deploy again"

// mayNotGoBack says why a way back must not be tried, or "".
func (a *apply) mayNotGoBack(have Remote, w wayBack) string {
	if a.set.NoRollback {
		return "rollback is switched off"
	}
	for _, u := range a.uploaded {
		if l := u.look(have); l.state == other && a.foreign(u, have) {
			return agreeFirst
		}
	}
	for _, t := range w.tasks {
		if u, ok := t.resource.(upload); ok {
			if at := masked(u.doc); at != "" {
				return fmt.Sprintf("the registry gave the former bundle %q with a credential masked (%s): uploading it would break what uses that", u.name, at)
			}
		}
	}
	return ""
}

// foreign tells whether what is there now came from somebody else. What the
// registry made of our own upload lacks something or has it shortened; it
// doesn't say anything new.
func (a *apply) foreign(u upload, have Remote) bool {
	for _, s := range have.named(u.name) {
		if slices.ContainsFunc(u.before, func(b *Stored) bool { return b.UUID == s.UUID && b.Doc.Digest() == s.Doc.Digest() }) {
			continue
		}
		if !onlyLess(u, compare.Bundles(u.doc, s.Doc, u.integration, false)) {
			return true
		}
	}
	return false
}

// onlyLess tells whether the account only shows less than was sent.
func onlyLess(u upload, like compare.Likeness) bool {
	return !slices.ContainsFunc(compare.Differences("", like.Have, like.Want, nil, nil), func(d compare.Difference) bool { return !lessened(d) })
}

// lessened tells whether the account only shows less than was sent, or
// something added beside it.
func lessened(d compare.Difference) bool {
	switch d.Action {
	case compare.Add:
		return true
	case compare.Remove:
		return false
	}
	old := strings.Trim(d.Old, `"`)
	return old == "" || old == "null" || strings.Contains(d.New, old) || maskLike(old)
}

// masked finds a place of a stored bundle where a credential was replaced by
// asterisks, or "".
func masked(doc *source.Document) string {
	found := ""
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		if s, ok := n.Text(); ok && found == "" && maskLike(s) {
			found = n.Pointer()
		}
		for _, m := range n.Members {
			walk(m)
		}
	}
	walk(doc.Root)
	return found
}

// maskLike tells whether a text is a mask: three or more asterisks or bullets
// in a row at its end or all over, or a word in brackets that says so.
func maskLike(s string) bool {
	s = strings.TrimSpace(s)
	switch strings.ToLower(strings.Trim(s, "[]<>()")) {
	case "redacted", "filtered", "masked", "hidden":
		return s != strings.Trim(s, "[]<>()")
	}
	for _, mark := range []string{"***", "•••", "●●●"} {
		found := strings.Contains(s, mark)
		if found && len(strings.Fields(s)) <= 2 {
			return true
		}
	}
	return false
}

// goBack carries the way back out. After a signal no upload begins; what the
// last one has switched off is installed.
func (a *apply) goBack(ctx context.Context, w wayBack, first int) error {
	last := len(w.tasks) - 1
	if err := a.run(ctx, w.tasks[:last], first); err != nil {
		return err
	}
	return a.step(ctx, first+last, func(ctx context.Context) error {
		_, err := a.prove(ctx, w.goal)
		return err
	})
}
