package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
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
	Steps       []Step       `json:"steps"`            // empty: nothing to do
}

// Prepared is a plan and what it was made from, ready to be carried out. A
// plan that comes out of a file is none.
type Prepared struct {
	Plan

	before Remote
	want   []*zis.Bundle // in the order of Plan.Bundles
	owned  []string      // names of job specs that our bundles have or had
}

// BundlePlan is what happens to one bundle.
type BundlePlan struct {
	Name      string         `json:"name"`
	File      string         `json:"file"`
	Action    Action         `json:"action"`         // add, change or keep
	UUID      string         `json:"uuid,omitempty"` // of the stored bundle
	Before    string         `json:"before,omitempty"`
	After     string         `json:"after"`             // digest of what will be stored
	Changes   []Difference   `json:"changes,omitempty"` // outside the resources
	Resources []ResourcePlan `json:"resources"`
}

// ResourcePlan is what happens to one resource of a bundle.
type ResourcePlan struct {
	Action  Action       `json:"action"`
	Kind    string       `json:"kind"` // flow, action, job_spec; the type itself if unknown
	Key     string       `json:"key"`  // member name under resources
	Name    string       `json:"name"` // properties.name
	Changes []Difference `json:"changes,omitempty"`
}

// Step is one thing Apply does. Steps of one wave run side by side.
type Step struct {
	Kind StepKind `json:"kind"`
	Name string   `json:"name"` // of the bundle, or the ARN of the job spec
}

// StepKind is what a step does.
type StepKind string

// The kinds of steps, in the order in which they can come.
const (
	Snapshot     StepKind = "snapshot"      // the former state goes to the journal
	Upload       StepKind = "upload"        // one bundle
	Install      StepKind = "install"       // one job spec
	Verify       StepKind = "verify"        // read back and compare
	Uninstall    StepKind = "uninstall"     // prune one job spec
	VerifyPruned StepKind = "verify-pruned" // read back what pruning did as well
)

// stage is the stage of a run in which the step is carried out.
func (s Step) stage() verdict.Stage { return verdict.Stage(s.Kind) }

func (s Step) String() string { return strings.TrimSpace(string(s.Kind) + " " + s.Name) }

// Options are a person's choices about a plan.
type Options struct {
	JobSpecs Selection
	Prune    bool // uninstall job specs that our bundle had and has no more

	PruneOrphans bool     // with Prune: also those that are in no bundle at all
	PruneLimit   int      // more than these are not pruned
	AllowEmpty   bool     // prune although the bundles have no job spec
	Owned        []string // job specs that our bundles had before, as a journal tells
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

func (s Selection) wants(name string) bool {
	return !s.None && (len(s.Names) == 0 || slices.Contains(s.Names, name))
}

// NewPlan compares the rendered bundles with what the account holds. It asks
// nobody: no network, no clock, no randomness. Errors are of type *Error:
// something that must not be uploaded.
func NewPlan(want []*zis.Bundle, have Remote, opt Options) (Prepared, error) {
	p := Prepared{Plan: Plan{Integration: have.Integration}, before: have, want: want}
	if err := checkNames(want, have, opt); err != nil {
		return Prepared{}, err
	}
	for _, b := range want {
		stored, err := have.find(b.Name.Value)
		if err != nil {
			return Prepared{}, verdict.Errorf(verdict.InvalidBundle, "this tool can't tell which of them is yours; rename the bundle", "%w", err)
		}
		p.Bundles = append(p.Bundles, planBundle(b, stored))
	}
	p.JobSpecs = planSpecs(want, p.Bundles, have, opt)
	p.owned = owned(p.Bundles, have, opt)
	if err := checkPrune(p.Plan, opt); err != nil {
		return Prepared{}, err
	}
	p.Others = planOthers(want, have)
	p.Steps = p.steps()
	if err := checkCollisions(want, p.Bundles, have); err != nil {
		return Prepared{}, err
	}
	p.Digest = p.identity()
	return p, nil
}

func planBundle(want *zis.Bundle, have *Stored) BundlePlan {
	p := BundlePlan{Name: want.Name.Value, File: want.Doc.File.Path, Action: Add, After: want.Doc.Digest()}
	var old map[string]any
	if have != nil {
		p.UUID, p.Before = have.UUID, have.Doc.Digest()
		p.Action = Keep
		if p.Before != p.After {
			p.Action = Change
		}
		old = have.Doc.Comparable()
	}
	m := newMask(want.Doc, have)
	p.Resources = planResources(want, have, m)
	if p.Action == Change {
		p.Changes = differences("", without(old, "resources"), without(want.Doc.Comparable(), "resources"), m)
	}
	return p
}

func without(values map[string]any, name string) map[string]any {
	out := make(map[string]any, len(values))
	for k, v := range values {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// planResources compares by key: ours in source order, then those that go.
func planResources(want *zis.Bundle, have *Stored, m *mask) []ResourcePlan {
	old := map[string]*zis.Resource{}
	var gone []*zis.Resource
	if have != nil {
		gone = zis.Read(have.Doc).Resources
		for _, r := range gone {
			old[r.Key] = r
		}
	}
	var plans []ResourcePlan
	for _, r := range want.Resources {
		plans = append(plans, planResource(r, old[r.Key], m))
		delete(old, r.Key)
	}
	for _, r := range gone {
		if old[r.Key] == r {
			plans = append(plans, resourcePlan(Remove, r))
		}
	}
	return plans
}

func planResource(want, have *zis.Resource, m *mask) ResourcePlan {
	if have == nil {
		return resourcePlan(Add, want)
	}
	p := resourcePlan(Keep, want)
	p.Changes = differences(want.Node.Pointer(), have.Node.Value, want.Node.Value, m)
	if len(p.Changes) > 0 {
		p.Action = Change
	}
	return p
}

func resourcePlan(a Action, r *zis.Resource) ResourcePlan {
	kind := r.Kind()
	if kind == "" {
		kind = r.Type.Value
	}
	return ResourcePlan{Action: a, Kind: kind, Key: r.Key, Name: r.Name.Value}
}

// steps lists what Apply will do: each changed bundle is uploaded and its job
// specs installed at once, because in between its flows are dead.
func (p *Plan) steps() []Step {
	var steps []Step
	for _, b := range p.Bundles {
		if b.Action != Keep {
			steps = append(steps, Step{Upload, b.Name})
		}
		for _, s := range p.JobSpecs {
			if s.Bundle == b.Name && s.Action == SpecInstall {
				steps = append(steps, Step{Install, s.ARN})
			}
		}
	}
	if len(steps) > 0 {
		steps = append(steps, Step{Verify, "read back"})
	}
	prune := len(steps)
	for _, s := range p.JobSpecs {
		if s.Action == SpecUninstall {
			steps = append(steps, Step{Uninstall, s.ARN})
		}
	}
	if len(steps) > prune {
		steps = append(steps, Step{VerifyPruned, "read back"})
	}
	if len(steps) > 0 {
		steps = slices.Insert(steps, 0, Step{Snapshot, "former state"})
	}
	return steps
}

// Changes counts what the plan would do: resources added, changed or removed,
// values outside the resources, and job specs to install or uninstall that
// are not only installed again after an upload.
func (p Plan) Changes() int {
	n := 0
	for _, b := range p.Bundles {
		n += len(b.Changes)
		for _, r := range b.Resources {
			if r.Action != Keep {
				n++
			}
		}
	}
	for _, s := range p.JobSpecs {
		if s.Action == SpecUninstall || s.Action == SpecInstall && !s.Installed {
			n++
		}
	}
	return n
}

// Empty tells whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Steps) == 0 }

// identity digests what was seen and what will be done, nothing that is only
// for display.
func (p *Plan) identity() string {
	type seen struct{ Name, Before, After string }
	id := struct {
		Integration string
		Bundles     []seen
		Others      []seen
		Specs       []SpecPlan
		Steps       []Step
	}{Integration: p.Integration, Specs: p.JobSpecs, Steps: p.Steps}
	for _, b := range p.Bundles {
		id.Bundles = append(id.Bundles, seen{b.Name, b.Before, b.After})
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
