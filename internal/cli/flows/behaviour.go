package flows

import (
	"context"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Behaviour runs the events of the repository's tests through what the account
// holds and through what it will hold; nil if there are none, or if the bundles
// stay as they are. Nothing of it fails a plan.
func Behaviour(ctx context.Context, p *program.Program, s *account.Session) *report.Behaviour {
	if s.Prepared == nil {
		return nil
	}
	var before, after []*source.Document
	for _, d := range s.Prepared.Documents() {
		before, after = append(before, d.Before), append(after, d.After)
	}
	ours := flowtest.SuiteOf(after)
	theirs := flowtest.SuiteOf(before)
	if len(theirs.Bundles) == 0 || slices.EqualFunc(theirs.Bundles, ours.Bundles, sameDocument) {
		return nil
	}
	cases := eventsOf(p, s.Checked.Bundles(), ours, theirs)
	if len(cases) == 0 {
		return nil
	}
	b := flowtest.Compare(ctx, theirs, ours, cases)
	told := &report.Behaviour{Sentence: b.String(), Events: b.Events}
	for _, t := range b.Changed {
		told.Changed = append(told.Changed, report.BehaviourEvent{Name: t.Event, Place: t.Place.String(), Lines: t.Lines()})
	}
	return told
}

// eventsOf are the cases of the tests, and the events that are recorded beside
// them. What can't be read is left out, and told.
func eventsOf(p *program.Program, bundles []*zis.Bundle, ours, theirs *flowtest.Suite) []*flowtest.Case {
	found, err := flowtest.Find(p.Workspace.FS(), beside(bundles, "tests"), nil)
	if err != nil {
		return nil
	}
	recorded, mistakes := flowtest.Recordings(p.Workspace.FS(), beside(bundles, "events"), found.Skipped)
	if len(found.Mistakes) > 0 {
		p.Note("the tests can't be read (%s): what the change does to their events isn't told", found.Mistakes[0])
	}
	for _, m := range mistakes {
		p.Note("%s: what the change does to this event isn't told", m)
	}
	cases := found.Cases()
	return append(cases, flowtest.CasesOf(recorded, cases, ours, theirs)...)
}

func sameDocument(a, b *zis.Bundle) bool { return a.Doc.Digest() == b.Doc.Digest() }
