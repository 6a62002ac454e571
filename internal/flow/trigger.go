package flow

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Trigger is an event that starts a flow.
type Trigger struct {
	Spec    *zis.JobSpec
	Shown   string     // the name by which the event calls itself; "" of one that isn't known
	Payload *zis.Shape // of $.input; nil of an event whose payload isn't known
}

// narrowed are the paths that are there because a condition, which turned out
// so, has told which of several events has come: by its type, or by a member
// that only some of them bring.
func (d *Start) narrowed(c zis.Condition, names []string, truth bool) []dataNode {
	if names[0] != "input" {
		return nil
	}
	left := slices.DeleteFunc(slices.Clone(d.Events), func(t Trigger) bool { return t.Payload == nil || !t.mayTurnOut(c, names[1:], truth) })
	if len(left) == 0 || len(left) == len(d.Events) || slices.ContainsFunc(d.Events, func(t Trigger) bool { return t.Payload == nil }) {
		return nil
	}
	var known []dataNode
	for _, wrapper := range left[0].Payload.Fields() {
		for _, member := range left[0].Payload.At(wrapper).Fields() {
			if !slices.ContainsFunc(left, func(t Trigger) bool { return t.Payload.Lacks([]string{wrapper, member}) }) {
				known = append(known, dataNode{sets: []string{"input", wrapper, member}, known: true})
			}
		}
	}
	return known
}

// mayTurnOut tells whether a comparison of what stands at a path below $.input
// can turn out so with this event.
func (t Trigger) mayTurnOut(c zis.Condition, names []string, truth bool) bool {
	lacks := t.Payload.Lacks(names)
	if is := c.Test("IsPresent"); is != nil {
		present := is.Node.Value == truth
		return present && !lacks || !present && (lacks || mayBeNull(names))
	}
	if equals := c.Test("StringEquals"); equals != nil && len(names) == 2 && names[1] == "type" {
		value, _ := equals.Node.Text()
		if t.Shown == "" && !lacks {
			return true
		}
		return truth == (!lacks && value == t.Shown)
	}
	return !truth || !lacks
}

// mayBeNull tells whether a member of an event is there and may hold null: the
// value before or after a change, or what stands further in.
func mayBeNull(names []string) bool {
	return len(names) > 2 || len(names) == 2 && (names[1] == "previous" || names[1] == "current")
}
