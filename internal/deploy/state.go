// Package deploy is the core: it reads what one account runs, plans what would
// change (a pure function of two values), carries the plan out and proves the
// result by reading it back. It knows no GitHub, no terminal and no rules.
package deploy

import (
	"context"
	"encoding/json"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// An account has a member here for each kind of what a deploy writes: what it
// holds, what it held, and what a person wants of it. All else of a kind stands
// in its own file.

// Remote is what an account holds of one integration.
type Remote struct {
	Integration string
	Bundles     []Stored // in the order of the registry's list
	JobSpecs    []registry.JobSpec
	Unread      []Unread // what is listed and could not be read

	listed []string  // all entries of the list of bundles, sorted, as it was read
	looked time.Time // when the bundles had been read
}

// Former is the state of an integration before the first write of a run.
type Former struct {
	Integration string
	Bundles     []Stored
	Installed   []string // short names of job specs
}

// Options are a person's choices about a plan.
type Options struct {
	JobSpecs Selection
	Prune    bool // uninstall job specs that are ours and not to be installed

	PruneOrphans bool    // with Prune: also those of unknown origin
	PruneLimit   int     // more than these are not pruned
	AllowEmpty   bool    // prune although the bundles have no job spec
	History      History // what earlier runs from here have left
}

// kinds are all that a deploy writes, in the order in which it is written. A
// bundle's job specs follow it at once: in between its flows are dead.
var kinds = []kind{bundles{}, jobSpecs{}}

// kind is one kind of what a deploy writes, from reading it to bringing it
// back. What is written and proven of it are its resources.
type kind interface {
	// read asks the account. Of bundles, bodies are read that are wanted. What
	// it returns puts the answers into a state.
	read(ctx context.Context, reg *registry.Client, before Remote, wanted func(bundle string) bool) (func(*Remote), error)
	// changed says in words what somebody else has changed between two
	// readings, or "". Bodies are compared of the named bundles alone.
	changed(before, now Remote, names []string) string
	// intents compares what is wanted with what the account holds: what is to
	// be written, and what is as it should be.
	intents(p Prepared) ([]intent, error)
	// member is its member of a saved state; save is what goes there, and load
	// takes it back.
	member() string
	save(have Remote) any
	load(text json.RawMessage, f *Former) error
	// again wants what was there before, for a plan that leads back to it.
	again(r *returning) error
	// back adds what leads from the account as it is to the former state.
	back(a *apply, w *wayBack, was Former, have Remote)
}
