package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// verifyWaits are the pauses between readings that don't show what was
// written: nothing documents that a write can be read at once.
var verifyWaits = []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}

// verify reads back until the account shows the goal, and returns what it
// read last.
func (a *apply) verify(ctx context.Context, g goal) (Remote, error) {
	for i := 0; ; i++ {
		have, err := a.readBack(ctx, g.names())
		if err != nil {
			return have, err
		}
		missing := g.missing(have)
		if len(missing) == 0 {
			return have, nil
		}
		if i == len(verifyWaits) {
			return have, verdict.Errorf(verdict.VerifyFailed, "somebody else may be deploying to this integration, or the registry lost the write: run again",
				"the account does not run what was deployed: %s", strings.Join(missing, "; "))
		}
		if err := sleep(ctx, verifyWaits[i]); err != nil {
			return have, err
		}
	}
}

// readBack reads what verifying needs: of the bodies only those of the named
// bundles.
func (a *apply) readBack(ctx context.Context, names []string) (Remote, error) {
	return read(ctx, a.reg, a.plan.before, func(name string) bool { return slices.Contains(names, name) })
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// changed says in words how two readings of an account differ, or "".
func changed(before, now Remote) string {
	if a, b := bundleDigests(before), bundleDigests(now); !slices.Equal(a, b) {
		return "a bundle of the integration was changed by somebody else"
	}
	if a, b := installedNames(before), installedNames(now); !slices.Equal(a, b) {
		return fmt.Sprintf("the installed job specs changed from %q to %q", a, b)
	}
	return ""
}

func bundleDigests(r Remote) []string {
	var list []string
	for _, b := range r.Bundles {
		list = append(list, b.Name+" "+b.UUID+" "+b.Doc.Digest())
	}
	slices.Sort(list)
	return list
}

func installedNames(r Remote) []string {
	var names []string
	for name := range r.installed() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
