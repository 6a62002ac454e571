package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Plan is what a deploy would change in one integration of one account. It is
// a pure value: made from the bundles and the remote state alone, with an
// identity, and whole in its JSON form. Only Prepared can be carried out.
type Plan struct {
	Integration string       `json:"integration"`
	Digest      string       `json:"digest"` // over what was seen and what will be done
	Bundles     []BundlePlan `json:"bundles"`
	JobSpecs    []SpecPlan   `json:"jobSpecs"`
	Others      []Other      `json:"others,omitempty"` // bundles that the given files don't know
	Notes       []string     `json:"notes,omitempty"`  // what could not be told for certain
	Steps       []Step       `json:"steps"`            // empty: nothing to do
}

// Prepared is a plan and what it was made from, ready to be carried out. A
// plan that comes out of a file is none.
type Prepared struct {
	Plan

	before  Remote
	want    []*zis.Bundle // in the order of Plan.Bundles
	current []*Stored     // what the account holds of them; nil for a new one
	former  *Former       // what an unfinished run found; nil: what is there now
	seen    []Seen        // what earlier runs read back, the latest first
	opt     Options
	intents []intent // of all kinds, in the order in which they are written
}

// BundlePlan is what happens to one bundle.
type BundlePlan struct {
	Name      string               `json:"name"`
	File      string               `json:"file"`
	Action    compare.Action       `json:"action"`            // add, change or keep
	UUID      string               `json:"uuid,omitempty"`    // of the stored bundle
	Before    string               `json:"before,omitempty"`  // digest of what is stored, its secrets left out
	After     string               `json:"after"`             // digest of what will be stored, likewise
	Changes   []compare.Difference `json:"changes,omitempty"` // outside the resources
	Resources []ResourcePlan       `json:"resources"`
	Notes     []compare.Note       `json:"notes,omitempty"` // what the account shows in another form
	// Unproven are differences that the account has shown since our last upload
	// of this very content: another upload would change nothing.
	Unproven []compare.Difference `json:"unproven,omitempty"`
}

// ResourcePlan is what happens to one resource of a bundle.
type ResourcePlan struct {
	Action  compare.Action       `json:"action"`
	Kind    string               `json:"kind"` // flow, action, job_spec; the type itself if unknown
	Key     string               `json:"key"`  // member name under resources
	Name    string               `json:"name"` // properties.name
	Changes []compare.Difference `json:"changes,omitempty"`
}

// Selection says which job specs are to be installed.
type Selection struct {
	None  bool
	Names []string // empty with None false: all
}

// ParseSelection reads the value of --job-specs: "all", "none", or names, one
// a line; lines that begin with # don't count.
func ParseSelection(s string) Selection {
	var sel Selection
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			sel.Names = append(sel.Names, line)
		}
	}
	if len(sel.Names) == 1 && (sel.Names[0] == "all" || sel.Names[0] == "none") {
		return Selection{None: sel.Names[0] == "none"}
	}
	return sel
}

// wants tells whether a job spec is selected, by its short or its full name.
func (s Selection) wants(integration, name string) bool {
	return !s.None && (len(s.Names) == 0 || slices.ContainsFunc(s.Names, func(n string) bool { return n == name || n == specARN(integration, name) }))
}

// NewPlan compares the rendered bundles with what the account holds. It asks
// nobody: no network, no clock, no randomness. Errors are of type
// *verdict.Error: something that must not be uploaded.
func NewPlan(want []*zis.Bundle, have Remote, opt Options) (Prepared, error) {
	p := Prepared{Plan: Plan{Integration: have.Integration}, before: have, want: want, opt: opt}
	if err := checkNames(want, have, opt); err != nil {
		return Prepared{}, err
	}
	names := namesOf(want)
	if err := have.unreadable(bundleKind, names); err != nil {
		return Prepared{}, err
	}
	for _, b := range want {
		stored, note := have.current(b.Name.Value, b.Doc, opt.History.seen())
		if note != "" {
			p.Notes = append(p.Notes, note)
		}
		p.current = append(p.current, stored)
		p.Bundles = append(p.Bundles, planBundle(b, stored, have.Integration, opt.History.seen()))
	}
	p.former = opt.History.former(p)
	p.seen = opt.History.seen()
	p.JobSpecs = p.planSpecs(opt)
	if err := have.unreadable(jobSpecKind, specNames(want)); err != nil {
		return Prepared{}, err
	}
	if err := checkPrune(p, opt); err != nil {
		return Prepared{}, err
	}
	p.Others = planOthers(want, have)
	for _, u := range have.Unread {
		p.Notes = append(p.Notes, u.note())
	}
	if err := p.settle(); err != nil {
		return Prepared{}, err
	}
	if err := checkCollisions(want, p.Bundles, have); err != nil {
		return Prepared{}, err
	}
	return p, nil
}

// Changes counts where the account is not as the files say: resources added,
// changed or removed, values outside the resources, job specs to install or
// uninstall that are not only installed again after an upload, and those that
// fire and are in no file.
func (p Plan) Changes() int {
	n := 0
	for _, b := range p.Bundles {
		n += compare.Count(b.Changes)
		for _, r := range b.Resources {
			if r.Action != compare.Keep {
				n++
			}
		}
	}
	for _, s := range p.JobSpecs {
		if s.changes() {
			n++
		}
	}
	for _, s := range p.Steps {
		if s.Kind.writes() && s.Kind != Upload && s.Kind != Install && s.Kind != Uninstall {
			n++ // of the others nothing but the step is told
		}
	}
	return n
}

// Empty tells whether there is nothing to do. There may be changes all the
// same: what fires and is in no file stays until it is pruned.
func (p Plan) Empty() bool { return len(p.Steps) == 0 }

// Unproven tells whether the account is known to make something else of a
// bundle than was sent, so that what it runs can't be proven.
func (p Plan) Unproven() bool {
	return slices.ContainsFunc(p.Bundles, func(b BundlePlan) bool { return len(b.Unproven) > 0 })
}

// identity digests what was seen and what will be done, nothing that is only
// for display.
func (p Prepared) identity() string {
	type seen struct{ Name, Before, After string }
	id := struct {
		Integration string
		Bundles     []seen
		Others      []seen
		Specs       []SpecPlan
		Steps       []Step
	}{Integration: p.Integration, Specs: p.JobSpecs, Steps: p.Steps}
	for _, i := range p.intents {
		if i.after != "" {
			id.Bundles = append(id.Bundles, seen{i.step().Name, i.before, i.after})
		}
	}
	for _, o := range p.Others {
		id.Others = append(id.Others, seen{Name: o.Name, Before: o.Digest})
	}
	text, err := json.Marshal(id)
	if err != nil {
		panic(fmt.Sprintf("plan identity: %v", err)) // strings and booleans only
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Before is what the account held when the plan was made.
func (p Prepared) Before() Remote { return p.before }

// Want are the bundles that are to run, in the order of Plan.Bundles.
func (p Prepared) Want() []*zis.Bundle { return p.want }
