package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// proofTime is how long the account is read until it shows what was written.
const proofTime = 30 * time.Second

// verify proves the plan's goal, and keeps what was read.
func (a *apply) verify(ctx context.Context, pruned bool) error {
	g := a.plan.goal(pruned)
	have, err := a.prove(ctx, g)
	if err != nil {
		return err
	}
	a.result.UUIDs = a.plan.uuids(have, a.seen)
	a.result.Installed, a.result.Uninstalled = nil, nil
	for _, r := range g.resources {
		i, ok := r.(installation)
		switch {
		case ok && i.on:
			a.result.Installed = append(a.result.Installed, i.step().Name)
		case ok:
			a.result.Uninstalled = append(a.result.Uninstalled, i.step().Name)
		}
	}
	a.beside(have)
	return a.plan.unprovenBefore()
}

// proof is a goal on its way to being proven.
type proof struct {
	goal    goal
	until   time.Time
	again   map[installation]int // how often each was written again
	settled bool                 // the quiet while is over
	last    outlook
	lastErr error
}

// prove reads until the account shows the goal. It repeats any reading that
// fails or doesn't show it, and installs again what shows off. It returns what
// it read last.
func (a *apply) prove(ctx context.Context, g goal) (Remote, error) {
	a.letOthersLand(ctx)
	p := &proof{goal: g, until: time.Now().Add(proofTime), again: map[installation]int{}, settled: a.quiet() == 0}
	for i := 0; ; i++ {
		have, err := a.readBack(ctx, a.backNames())
		p.lastErr = err
		if err == nil {
			p.last = g.look(have)
			a.keepSeen(p.last.seen)
		}
		switch {
		case ctx.Err() != nil:
			return have, context.Cause(ctx)
		case err == nil && p.last.reached() && p.settled:
			return have, a.proven(p.last)
		case err == nil && p.last.reached():
			p.settled = true
			if err := registry.Sleep(ctx, a.quiet()); err != nil {
				return have, err
			}
			p.until, i = time.Now().Add(proofTime), -1
			continue
		case err == nil && len(p.last.off) > 0:
			a.switchAgain(ctx, p)
		}
		wait := lookAgain(i)
		if time.Now().Add(wait).After(p.until) {
			return have, a.notProven(p, have)
		}
		if err := registry.Sleep(ctx, wait); err != nil {
			return have, err
		}
	}
}

// mostBlind bounds what letOthersLand waits for.
const mostBlind = 10 * time.Second

// letOthersLand waits after an upload for half as long again as it took from
// the last look to its end. Another run that looked too early to see our upload
// has uploaded by then, if it is not much slower than this one: the proof shows
// that. Where the quiet while is longer, its last look does.
func (a *apply) letOthersLand(ctx context.Context) {
	if wait := min(a.blind*3/2, mostBlind) - time.Since(a.ended); wait > a.quiet() && a.signalled.Load() == 0 {
		_ = registry.Sleep(ctx, wait)
	}
}

// quiet is how long to wait before the last look: as asked for, and after an
// upload that was sent twice for as long as the first one may still land.
func (a *apply) quiet() time.Duration {
	if a.twice {
		return max(a.set.Settle, a.reg.RequestTimeout)
	}
	return a.set.Settle
}

// mostAgain is how often one job spec is written again while a goal is proven.
const mostAgain = 4

// switchAgain writes what shows off: an upload may switch job specs off some
// time after it was answered, and an install may have come too early. The
// account is given one more look before: it may only be slow to show.
func (a *apply) switchAgain(ctx context.Context, p *proof) {
	var list []installation
	for _, i := range p.last.off {
		p.again[i]++
		if n := p.again[i]; n > 1 && n <= 1+mostAgain || n == 1 && p.settledLate(a) {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return
	}
	a.note(fmt.Sprintf("%s again, because it does not show: %s", verb(list[0]), names(list)))
	_ = a.switching(ctx, list, func(int, State, time.Duration, error) {}) // the next look tells
}

// settledLate: after the quiet while nothing is slow to show any more.
func (p *proof) settledLate(a *apply) bool { return p.settled && a.quiet() > 0 }

func verb(i installation) string { return string(i.step().Kind) }

func names(list []installation) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = fmt.Sprintf("%q", s.name)
	}
	return strings.Join(quoted, ", ")
}

// keepSeen keeps what was read back of our uploads, the latest of each.
func (a *apply) keepSeen(seen []Seen) {
	for _, s := range seen {
		s.Sure = s.Sure || s.Altered && slices.ContainsFunc(a.plan.seen, func(old Seen) bool {
			return old.Altered && old.Sent == s.Sent && old.Shown == s.Shown && len(a.uploaded) > 0
		})
		a.seen = slices.DeleteFunc(a.seen, func(old Seen) bool { return old.Bundle == s.Bundle })
		a.seen = append(a.seen, s)
	}
}

// proven notes what differs without a difference.
func (a *apply) proven(o outlook) error {
	a.result.Notes = append(a.result.Notes, toldNotes(o.notes)...)
	return nil
}

// toldNotes are the first notes in words, and how many there are.
func toldNotes(notes []compare.Note) []string {
	const most = 5
	var list []string
	for i, n := range notes {
		if i == most {
			return append(list, fmt.Sprintf("and %d more places that the registry shows in another form", len(notes)-most))
		}
		list = append(list, n.String())
	}
	return list
}

// notProven says how proving ended: what shows off after it was written again
// is a failure; for anything else there is only no proof, and whatever was
// accepted stands.
func (a *apply) notProven(p *proof, have Remote) error {
	if p.lastErr == nil && p.last.likely() && len(p.last.waiting) > 0 {
		for _, l := range p.last.waiting {
			a.result.Notes = append(a.result.Notes, l.what+", and an entry of its name is as it was sent: which of them runs the account doesn't tell")
		}
		return nil
	}
	ours := slices.DeleteFunc(slices.Clone(p.last.off), func(i installation) bool { return slices.Contains(p.last.kept, i) })
	switch {
	case p.lastErr != nil:
		return unproven("the account could not be read: %w", p.lastErr)
	case len(ours) > 0:
		return verdict.Errorf(verdict.VerifyFailed, "look at the job specs in the account, then run again",
			"the account does not run what was deployed: %s", p.last)
	case len(p.last.kept) > 0:
		return &collateral{fmt.Errorf("job specs of other bundles went off and could not be installed again: %s", names(p.last.kept))}
	}
	return unproven("%s", p.last)
}

// errUnproven marks an error that is no refusal: everything was accepted, and
// what the account holds then could not be seen.
var errUnproven = errors.New("not proven")

// unproven is the error of a deploy whose writes were all accepted.
func unproven(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errUnproven, &verdict.Error{
		Reason: verdict.NotProven, Err: fmt.Errorf("deployed, not proven: "+format, args...),
		Next: "everything was accepted and nothing is taken back; a plan shows what the account holds, and the same deploy again proves it",
	})
}

// collateral is the error of a deploy that stands while another bundle has
// lost job specs.
type collateral struct{ error }

func (c *collateral) Unwrap() error { return c.error }

// unprovenBefore is the error of a plan that has nothing to do because the
// account has made something else of our last upload.
func (p Prepared) unprovenBefore() error {
	var parts []string
	for _, b := range p.Bundles {
		if len(b.Unproven) > 0 {
			parts = append(parts, fmt.Sprintf("the bundle %q: %s", b.Name, told(b.Unproven)))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return unproven("the account shows since the last upload of this content: %s", strings.Join(parts, "; "))
}

func told(list []compare.Difference) string {
	var parts []string
	for i, d := range list {
		if i == differencesTold {
			parts = append(parts, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		parts = append(parts, shown(d))
	}
	return strings.Join(parts, ", ")
}

// beside notes what fires besides what was asked for, and what went off that
// was in no file.
func (a *apply) beside(have Remote) {
	var extra, gone []installation
	for _, s := range a.plan.JobSpecs {
		i := installation{a.plan.Integration, s.Name, true}
		on := have.on(s.Name)
		switch {
		case s.Action == SpecSkip && s.Bundle != "" && on:
			extra = append(extra, i)
		case s.Action == SpecOrphan && !on:
			gone = append(gone, i)
		}
	}
	if len(extra) > 0 {
		a.result.Notes = append(a.result.Notes, "not listed, and on: "+names(extra))
	}
	if len(gone) > 0 {
		a.result.Notes = append(a.result.Notes, "in no file, and off since the upload: "+names(gone))
	}
}
