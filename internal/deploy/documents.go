package deploy

import (
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Documents are one bundle as the account has it and as it will be. Values
// that may not be shown are marked as secret in both.
type Documents struct {
	Before *source.Document // nil: the account doesn't have it
	After  *source.Document
}

// Documents are the bundles of the plan, in its order.
func (p Prepared) Documents() []Documents {
	list := make([]Documents, len(p.want))
	for i, want := range p.want {
		stored := p.current[i]
		m := compare.NewMask(want.Doc, stored.doc())
		list[i].Before, list[i].After = m.Theirs(), m.Ours()
	}
	return list
}

// Blanked is the digest of the skeleton of a stored bundle, and the JSON
// pointers of the values that are left out of it. Of a bundle of the plan, our
// file tells what was a secret.
func (p Prepared) Blanked(have *Stored) (digest string, pointers []string) {
	ours := source.Empty()
	for i, b := range p.want {
		if p.Bundles[i].Name == have.Name {
			ours = b.Doc
		}
	}
	return compare.NewMask(ours, have.Doc).SkeletonOf(have.Doc)
}

// storedDigest is that of the whole body which the account holds; "" of a new
// bundle. It never leaves the program but for the journal, beside that body.
func (p Prepared) storedDigest(i int) string {
	if p.current[i] == nil {
		return ""
	}
	return p.current[i].Doc.Digest()
}

// FlowChange is a flow before and after a deploy, and what starts it then.
type FlowChange struct {
	Action   compare.Action
	Before   *zis.Flow // nil: added
	After    *zis.Flow // nil: removed
	JobSpecs []SpecPlan
}

// Flow is the flow as it will be, or as it was if it goes.
func (c FlowChange) Flow() *zis.Flow {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// Flows are the flows that the plan adds, changes or removes.
func (p Prepared) Flows() []FlowChange {
	var list []FlowChange
	for i, b := range p.Bundles {
		before := map[string]*zis.Flow{}
		if stored := p.current[i]; stored != nil {
			before = flowsByKey(zis.Read(compare.NewMask(p.want[i].Doc, stored.Doc).Theirs()))
		}
		after := flowsByKey(p.want[i])
		for _, r := range b.Resources {
			if r.Action == compare.Keep || before[r.Key] == nil && after[r.Key] == nil {
				continue
			}
			c := FlowChange{Action: r.Action, Before: before[r.Key], After: after[r.Key]}
			c.JobSpecs = p.startedBy(c.Flow().Name.Value)
			list = append(list, c)
		}
	}
	return list
}

func flowsByKey(b *zis.Bundle) map[string]*zis.Flow {
	flows := make(map[string]*zis.Flow, len(b.Flows))
	for _, f := range b.Flows {
		flows[f.Key] = f
	}
	return flows
}

// startedBy are the job specs that start a flow after the deploy.
func (p Plan) startedBy(flow string) []SpecPlan {
	var specs []SpecPlan
	for _, s := range p.JobSpecs {
		if s.Flow == flow && s.Action != SpecUninstall {
			specs = append(specs, s)
		}
	}
	return specs
}
