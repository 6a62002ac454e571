package deploy

import "github.com/zisdeploy/zis-deploy/internal/zis"

// FlowChange is a flow before and after a deploy, and what starts it then.
type FlowChange struct {
	Action   Action
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
			before = flowsByKey(zis.Read(newMask(p.want[i].Doc, stored).theirs()))
		}
		after := flowsByKey(p.want[i])
		for _, r := range b.Resources {
			if r.Action == Keep || before[r.Key] == nil && after[r.Key] == nil {
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
