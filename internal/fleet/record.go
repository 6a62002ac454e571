package fleet

import (
	"slices"
	"time"
)

// Release is what is brought to the accounts.
type Release struct {
	Name   string `json:"name,omitempty"`   // of the tag
	Commit string `json:"commit,omitempty"` // 40 hex digits
	Digest string `json:"digest"`           // of the bundle files, before anything is filled in
}

// String is what people call the release.
func (r Release) String() string {
	switch {
	case r.Name != "":
		return r.Name
	case len(r.Commit) >= 7:
		return r.Commit[:7]
	case len(r.Digest) > 19:
		return r.Digest[:19]
	}
	return "this release"
}

// Record is what the account's configs say about the release that runs there.
// It helps to tell things; nothing is believed because of it, except since
// when a content that was read is there.
type Record struct {
	Release string    `json:"release,omitempty"`
	Commit  string    `json:"commit,omitempty"`
	Digest  string    `json:"digest"`            // over what was deployed, secrets left out
	Run     string    `json:"run,omitempty"`     // address of the workflow run
	Time    time.Time `json:"time"`              // when the record was written
	Since   time.Time `json:"since"`             // since when this digest is there
	Account int64     `json:"account,omitempty"` // Zendesk's id of the account
	Bundles []string  `json:"bundles"`           // that Digest is over
	Hidden  []string  `json:"hidden,omitempty"`  // places of secret variables, which Digest leaves out
	On      []string  `json:"jobSpecs"`          // that were on
	Former  *Former   `json:"former,omitempty"`

	Current bool `json:"-"` // the account holds what the record says
}

// Former is the release before.
type Former struct {
	Release string    `json:"release,omitempty"`
	Commit  string    `json:"commit,omitempty"`
	Digest  string    `json:"digest"`
	Time    time.Time `json:"time"`
}

// Name is what people call the recorded release.
func (r Record) Name() string { return Release{r.Release, r.Commit, r.Digest}.String() }

// Next is the record after a deploy: what was there before becomes the former
// release. An equal digest under a new name is there since it came.
func (r *Record) Next(now Record) Record {
	switch {
	case r == nil:
	case r.Digest == now.Digest:
		now.Since, now.Former = r.Since, r.Former
		if now.Account == 0 {
			now.Account = r.Account
		}
	default:
		now.Former = &Former{r.Release, r.Commit, r.Digest, r.Time}
	}
	return now
}

// Same tells whether a record says of a release what this one does: then it
// isn't written again.
func (r *Record) Same(now Record) bool {
	return r != nil && r.Release == now.Release && r.Commit == now.Commit && r.Digest == now.Digest &&
		slices.Equal(r.On, now.On) && (r.Account == now.Account || now.Account == 0)
}
