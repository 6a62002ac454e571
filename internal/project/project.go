// Package project reads zis.yml, the file in which a repository says which
// bundles go to which accounts, in which order and under which rules. What it
// returns knows the place of everything that a later check may complain of.
package project

import (
	"encoding/json"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// File is the name under which the file is looked for.
const File = "zis.yml"

// Limits of what is read.
const (
	MaxBytes   = 32 << 20 // of one file; 10,000 targets have 2 MB
	MaxFiles   = 2000     // that include may name
	MaxTargets = 100_000
)

// Project is what zis.yml and the files that it includes say.
type Project struct {
	DisableRules    []Text
	Bundles         []Text // paths, from where the file's name starts, as those of other files here
	Record          Text   // "config": a record is kept in the account; "": none
	MainBranch      Text   // the branch that releases must be on; "": the repository's default branch
	CredentialsFile Text   // encrypted with age; "": credentials come from the environment alone
	Rings           []Ring
	Targets         []Target // in the order of the file, included files after it
}

// Place is where something stands in a file; the zero value is no place.
type Place struct {
	File         *diag.File
	Line, Column int32 // from 1; columns in runes
}

// Text is a text and its place.
type Text struct {
	Value string
	At    Place
}

// Need says how many targets of the ring before must run a release.
type Need string

// The needs.
const (
	All Need = "all"
	Any Need = "any"
)

// Ring is a group of targets that get a release together.
type Ring struct {
	Name        Text
	Parallel    int           // targets at a time; 0: DefaultParallel
	MaxFailures Limit         // more than these stop the start of further targets
	Soak        time.Duration // how long its targets must have run a release before the next ring gets it
	SoakAt      Place         // of soak, where it is given
	After       Need          // of the ring before: all of its targets, or any
	AfterAt     Place
}

// DefaultParallel is how many targets of a ring are worked on at a time.
const DefaultParallel = 8

// Limit is a number, or a share of a whole.
type Limit struct {
	Given   bool // false: no limit
	Percent bool
	Value   int
}

// Exceeded tells whether n of whole are more than the limit allows.
func (l Limit) Exceeded(n, whole int) bool { return l.ExceededIn(n, whole, whole) }

// ExceededIn tells whether n in a part of the whole are more than the part's
// share of the limit.
func (l Limit) ExceededIn(n, part, whole int) bool {
	switch {
	case !l.Given:
		return false
	case l.Percent:
		return n*100 > l.Value*part
	}
	return n*whole > l.Value*part
}

// Via is who writes to an account.
type Via string

// The ways. With App an admin applies releases in a Zendesk app.
const (
	API Via = "api"
	App Via = "app"
)

// Target is one account, and how the bundles go there.
type Target struct {
	Name        Text
	Subdomain   Text
	BaseURL     Text // instead of a subdomain, for emulators
	Integration Text
	Ring        Text
	Environment Text   // of GitHub, whose secrets and approvals its jobs have
	JobSpecs    []Text // "all", "none", or names; empty: all
	Vars        []Var
	SecretVars  []Text // names; the values are credentials
	// SecretNumbers are those of SecretVars that are written NAME:=, numbers.
	SecretNumbers []string
	Via           Via
	Protected     bool // is written to only if that is said
	Shared        bool // credentials: shared: those without the target's name are its own
	Accept        []Accepted

	whole bool // it was read with all its keys: what is missing is not misspelt
}

// Var is the value of a placeholder.
type Var struct {
	Name  Text
	Value any // string, json.Number or bool, as YAML types it
}

// Number is Value as a JSON number, if it is one.
func (v Var) Number() (json.Number, bool) {
	n, ok := v.Value.(json.Number)
	return n, ok
}

// Accepted is a difference between account and files that is no drift until a
// date.
type Accepted struct {
	Pointer Text // JSON pointer into a bundle; what is below it is accepted too
	Bundle  Text // its name; "": any
	Reason  Text
	Until   time.Time // the day after which it counts again, in UTC
}

// Ring finds a ring by its name, and its index; -1 if there is none.
func (p *Project) Ring(name string) (*Ring, int) {
	for i := range p.Rings {
		if p.Rings[i].Name.Value == name {
			return &p.Rings[i], i
		}
	}
	return nil, -1
}

// Target finds a target by its name, or nil.
func (p *Project) Target(name string) *Target {
	for i := range p.Targets {
		if p.Targets[i].Name.Value == name {
			return &p.Targets[i]
		}
	}
	return nil
}

// All lists the targets, in the order of the file.
func (p *Project) All() []*Target {
	list := make([]*Target, len(p.Targets))
	for i := range p.Targets {
		list[i] = &p.Targets[i]
	}
	return list
}

// In lists the targets of a ring, in the order of the file.
func (p *Project) In(ring string) []*Target {
	var list []*Target
	for i := range p.Targets {
		if p.Targets[i].Ring.Value == ring {
			list = append(list, &p.Targets[i])
		}
	}
	return list
}

// Records tells whether a record is kept in the accounts.
func (p *Project) Records() bool { return p.Record.Value == "config" }
