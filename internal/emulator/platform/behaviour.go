package platform

import "time"

// Drop is what an upload switches off, and when.
type Drop struct {
	What  Dropped
	When  DropTime
	After time.Duration // then so much later
	Spare bool          // what was installed meanwhile stays on
}

// Dropped says which job specs an upload switches off.
type Dropped int

// What an upload may switch off.
const (
	DropBundle      Dropped = iota // all of the bundle (observed)
	DropNothing                    // none
	DropIntegration                // all of the integration, other bundles' too
	DropOthers                     // other bundles' only
	DropIfChanged                  // all of the bundle, if anything in it changed
	DropChangedSpec                // those whose own definition changed
	DropChangedFlow                // those whose flow changed
	DropStale                      // those that the bundle has no longer, and only those
	DropWithStale                  // all of the bundle, and those that it has no longer
	DropFirst                      // the first of the bundle
	DropLast                       // the last of it
	DropHalf                       // every other one of it
)

// DropTime says on what the switching off waits.
type DropTime int

// On what the switching off may wait.
const (
	WhenUploaded     DropTime = iota
	WhenInstalled             // the first install after the upload
	WhenAllInstalled          // the install after which all of the bundle are on
	WhenRead                  // the first list of job specs after the upload
)

// SpecRules are what else may be different about job specs.
type SpecRules struct {
	Installs  bool // an upload installs all of the bundle's
	NewUUIDs  bool // an upload gives new uuids, to the bundle as well
	Vanish    bool // one that isn't installed is not listed
	KeepStale bool // one that no bundle has stays in the list when it is off
	History   bool // an upload adds entries, former ones stay in the list, off
	Ghosts    bool // the same, and they are shown as installed for ever
	NewFirst  bool // newer entries first
}

// Side is what a reader looks at, and what may lag behind the account.
type Side string

// The sides of an account.
const (
	SeeBundles   Side = "the list of bundles"
	SeeBody      Side = "a bundle's body"
	SeeSpecs     Side = "the list of job specs"
	SeeInstalled Side = "whether job specs are installed"
	SeeUploads   Side = "that a bundle was uploaded, for an install"
)

// Lag is how far behind the account a reading is.
type Lag struct {
	By    time.Duration
	Turns bool // every other reading only: one of two copies lags
}

// History is what becomes of the body that an upload replaces.
type History struct {
	Keeps  int  // how many former entries of a name stay in the list; 0: none
	First  bool // newer entries stand before older ones
	Mixed  bool // every other entry first, then the rest
	Skips  bool // an upload of what is there already makes no entry
	Bodies bool // former entries can be read; else 404
}
