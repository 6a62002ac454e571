package deploy

import (
	"context"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Nothing documents that a reading shows what was written last: a registry may
// have several copies, of which one lags. So one reading alone never tells that
// somebody else has changed an account.

// lately is how long after a run of ours a reading may still be an older one.
const lately = time.Minute

// ReadAfter is Read for an account to which a run from here may just have
// deployed. As long as a reading doesn't show that, it is repeated, until two
// agree.
func ReadAfter(ctx context.Context, reg *registry.Client, integration string, past History) (Remote, error) {
	return agreed(ctx, func() (Remote, error) { return Read(ctx, reg, integration) }, past.shown)
}

// apart is how far apart two readings are that tell the same because it is so.
const apart = 2 * time.Second

// agreed reads until a reading is as expected, or until two in a row that are
// some time apart say the same, for some 15 s at most. It returns the last.
func agreed(ctx context.Context, read func() (Remote, error), expected func(Remote) bool) (Remote, error) {
	const most = 6
	var last Remote
	var at time.Time
	for i := 0; ; i++ {
		have, err := read()
		if err != nil || i == most || expected(have) || i > 0 && time.Since(at) >= apart && changed(last, have, last.names()) == "" {
			return have, err
		}
		last, at = have, time.Now()
		if err := registry.Sleep(ctx, lookAgain(i)); err != nil {
			return have, err
		}
	}
}

func (r Remote) names() []string {
	var names []string
	for _, b := range r.Bundles {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// shown tells whether a reading may be believed at once: it shows what the last
// run has left, or that run ended long ago, or did not end well.
func (h History) shown(have Remote) bool {
	if len(h.Runs) == 0 {
		return true
	}
	last := h.Runs[len(h.Runs)-1]
	if !last.Settled || time.Since(last.end) > lately {
		return true
	}
	for _, s := range last.seen {
		if !slices.ContainsFunc(have.named(s.Bundle), func(b *Stored) bool { return b.Doc.Digest() == s.Shown }) {
			return false
		}
	}
	for _, s := range last.Steps {
		if s.State == Done && (s.Kind == Install || s.Kind == Uninstall) && have.on(shortName(s.Name)) != (s.Kind == Install) {
			return false
		}
	}
	return true
}
