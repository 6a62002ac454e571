package lint

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// damage is what the schema has found missing or unreadable below a node, by
// field. Rules that draw conclusions over several places are silent where one
// of those places is damaged: one mistake gives one finding. They ask when they
// have a conclusion, because the answer waits for the schema check.
type damage map[*source.Node]map[string]bool

func damageOf(checks []*schemaCheck) damage {
	d := damage{}
	for _, c := range checks {
		for _, e := range c.all {
			if !e.isUmbrella() && knowsBetter(e) != ruleChoiceOperator {
				d.note(e)
			}
		}
	}
	return d
}

func (d damage) note(e schemaError) {
	key := e.key
	if key == "" && e.node.Parent != nil {
		key = e.node.Parent.Name
	}
	for n := e.node; n != nil; n = n.Parent {
		if d[n] == nil {
			d[n] = map[string]bool{}
		}
		d[n][key] = true
	}
}

// below tells whether one of the fields is damaged at n or below it.
func (d damage) below(n *source.Node, fields ...string) bool {
	damaged := d[n]
	return damaged != nil && slices.ContainsFunc(fields, func(f string) bool { return damaged[f] })
}

// Fields that decide where a flow goes, and what it knows.
var (
	wayFields  = []string{"Type", "Next", "End", "Choices", "Default", "Catch", "States", "StartAt", "Iterator"}
	dataFields = []string{"ResultPath", "Parameters", "ActionName", "Result", "Variable"}
)
