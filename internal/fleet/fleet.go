// Package fleet brings a release to many accounts, ring by ring, and tells on
// any later day who runs what. It decides on values; what it needs of one
// account it asks of a Worker.
package fleet

import (
	"context"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// Worker does the work on one target. Its methods are called side by side for
// different targets, and never twice at a time for one.
type Worker interface {
	// Observe reads the account, and writes nothing. That it couldn't be read
	// is an error.
	Observe(ctx context.Context, t *project.Target) (Standing, error)
	// Deliver reads the account and writes what isn't there.
	Deliver(ctx context.Context, t *project.Target) (Delivery, error)
	// Foresee tells what Deliver would do, and writes nothing.
	Foresee(ctx context.Context, t *project.Target) (Delivery, error)
}

// Content says what bundles an account holds, compared with this release.
type Content string

// The contents.
const (
	This     Content = "this-release"   // what the files say with the target's present values
	Settings Content = "other-settings" // the files, with other values in the placeholders
	Recorded Content = "other-release"  // not the files, but what the account's record says
	Foreign  Content = "unknown-content"
	Nothing  Content = "not-deployed" // none of the bundles is there
)

// Standing is what an account was read to run.
type Standing struct {
	Content    Content
	Account    string  // as people call it
	Specs      Specs   // job specs
	Others     []Other // bundles of the integration that are not in the files
	Record     *Record // nil: there is none, or it could not be read
	NoRecord   string  // why there is none, if that is known
	Wildcards  int     // places whose values only the account knows: they equal anything
	Changes    int     // that a deploy would make
	Difference []Difference
	Sentences  []sentences.Sentence // what a deploy of the release would change; none if the account runs it
	Notes      []string
}

// Specs are the job specs of an account, by their short names.
type Specs struct {
	On   int      `json:"on"`             // wanted and on
	Off  []string `json:"off,omitempty"`  // wanted and off
	More []string `json:"more,omitempty"` // on, and not wanted
}

// Other is a bundle that isn't in the files, and how many of its job specs are
// on.
type Other struct {
	Name   string `json:"name"`
	Firing int    `json:"firing"`
}

// Difference is a value in which account and files differ. Secrets are hidden
// in it.
type Difference struct {
	Bundle  string `json:"bundle"`
	Pointer string `json:"pointer"`
	Have    string `json:"have,omitempty"`
	Want    string `json:"want,omitempty"`
}

// Runs tells whether the account runs this very release: its content, all
// wanted job specs on, nothing more on, not of another bundle either.
func (s Standing) Runs() bool {
	return s.Content == This && len(s.Specs.Off) == 0 && len(s.Specs.More) == 0 && s.otherFiring() == 0
}

// otherFiring counts the job specs that are on of bundles that the files don't
// know.
func (s Standing) otherFiring() int {
	n := 0
	for _, o := range s.Others {
		n += o.Firing
	}
	return n
}

// Since is when this content came to the account, as its record tells; zero if
// that isn't known.
func (s Standing) Since() time.Time {
	if s.Record == nil || !s.Record.Current {
		return time.Time{}
	}
	return s.Record.Since
}

// Delivery is what was done on an account.
type Delivery struct {
	Account  string
	Wrote    bool // something was written, and read back as wanted
	Pending  bool // an admin has to apply the release in the account
	Planned  bool // something would be written
	Changes  int  // that were made, are pending or would be made
	Specs    Specs
	Record   *Record
	Notes    []string
	Sentence string // what was done, in words
	Link     string // where an admin applies the release

	Sentences []sentences.Sentence // what would change, of a delivery that is foreseen
}
