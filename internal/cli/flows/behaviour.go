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
	found, err := flowtest.Find(p.Workspace.FS(), testDirs(s.Checked.Bundles()), nil)
	if err != nil {
		return nil
	}
	if len(found.Mistakes) > 0 {
		p.Note("the tests can't be read (%s): what the change does to their events isn't told", found.Mistakes[0])
		return nil
	}
	if len(found.Cases()) == 0 {
		return nil
	}
	b := flowtest.Compare(ctx, theirs, ours, found.Cases())
	told := &report.Behaviour{Sentence: b.String(), Events: b.Events}
	for _, t := range b.Changed {
		told.Changed = append(told.Changed, report.BehaviourEvent{Name: t.Event, Place: t.Place.String(), Lines: t.Lines()})
	}
	return told
}

func sameDocument(a, b *zis.Bundle) bool { return a.Doc.Digest() == b.Doc.Digest() }
