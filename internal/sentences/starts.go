package sentences

import (
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// starts tells what happens to job specs: which events start which flow.
func (w *world) starts() {
	plans := map[string]*deploy.SpecPlan{}
	for i := range w.specs {
		plans[w.specs[i].Name] = &w.specs[i]
	}
	for _, b := range w.bundles {
		b.jobSpecs(plans)
	}
	for _, s := range w.specs {
		if plans[s.Name] != nil {
			w.standing(s) // in no bundle that was looked at
		}
	}
}

// jobSpecs tells of the job specs of one bundle, and takes their plans.
func (b *pair) jobSpecs(plans map[string]*deploy.SpecPlan) {
	was, is := specsOf(b.old), specsOf(b.new)
	for _, r := range b.matched {
		if r.any().Type.Value != zis.TypeJobSpec {
			continue
		}
		s := specPair{pair: b, resourcePair: r, was: was[r.old], is: is[r.new]}
		if r.old != nil {
			s.left = plans[r.old.Name.Value]
			if r.new == nil || r.old.Name.Value != r.new.Name.Value {
				delete(plans, r.old.Name.Value)
			}
		}
		if r.new != nil {
			s.plan = plans[r.new.Name.Value]
			delete(plans, r.new.Name.Value)
		}
		m := b.mark()
		s.say()
		s.resource(m)
	}
}

func specsOf(b *zis.Bundle) map[*zis.Resource]*zis.JobSpec {
	specs := make(map[*zis.Resource]*zis.JobSpec, len(b.JobSpecs))
	for _, s := range b.JobSpecs {
		specs[s.Resource] = s
	}
	return specs
}

// specPair is a job spec before and after.
type specPair struct {
	*pair
	resourcePair
	was, is *zis.JobSpec
	plan    *deploy.SpecPlan // of the new one
	left    *deploy.SpecPlan // of the former name
}

func (s specPair) say() {
	switch {
	case s.is == nil:
		s.gone()
	case s.was == nil:
		s.new()
	default:
		s.around(s.resourcePair)
		if s.was.Name.Value != s.is.Name.Value {
			s.renamed()
		} else {
			s.pair.renaming(s.resourcePair, s.mark())
		}
		s.changed()
	}
}

// it is the flow that a job spec starts: nobody asks which where there is one.
func (b *pair) it(flow string) phrase {
	if b.machines < 2 {
		return say("It")
	}
	return say("The flow %s", value(flow))
}

func flowName(s *zis.JobSpec) string {
	if arn, ok := zis.ParseARN(s.FlowName.Value); ok {
		return arn.Name
	}
	return s.FlowName.Value
}

func event(s *zis.JobSpec) phrase { return clause(s.EventSource.Value, s.EventType.Value) }

// new tells of a job spec that wasn't in the bundle.
func (s specPair) new() {
	at, it, when := s.nodes().at(), s.it(flowName(s.is)), event(s.is)
	switch {
	case s.plan != nil && s.plan.Action == deploy.SpecSkip:
		s.tell(Start, at, say("%s does not start when %s: the job spec %s is new, but not listed.", it, when, value(s.is.Name.Value))).named(when)
	case s.plan != nil && s.plan.Installed:
		s.tell(Start, at, say("%s still starts when %s; its job spec %s is in the bundle again.", it, when, value(s.is.Name.Value))).named(when)
	default:
		s.tell(Start, at, say(".")).either(say("%s starts when ", it), when).named(when)
	}
}

// gone tells of a job spec that is no longer in the bundle.
func (s specPair) gone() {
	at, it, when := s.nodes().at(), s.it(flowName(s.was)), event(s.was)
	switch {
	case s.left == nil && s.specs != nil:
		s.tell(Note, at, say("The job spec %s goes from the bundle; it was not installed.", former(s.was.Name.Value)))
	case s.left == nil || s.left.Action == deploy.SpecUninstall:
		s.tell(Start, at, say(".")).either(say("%s no longer starts when ", it), when).named(say("no longer when %s", when))
	default:
		s.tell(Start, at, say("%s still starts when %s, because prune is off: the job spec %s is no longer in the bundle, but installed.", it, when, former(s.was.Name.Value))).
			alarmed(true).named(say("still when %s", when))
	}
}

// renamed tells of a job spec under another name, which is another job spec.
func (s specPair) renamed() {
	at, it, when := s.nodes().at(), s.it(flowName(s.is)), event(s.is)
	names := []any{former(s.was.Name.Value), value(s.is.Name.Value)}
	if s.left != nil && s.left.Action == deploy.SpecOrphan {
		s.tell(Start, at, say("%s starts twice when %s, because prune is off: the job spec %s is now called %s, and both are installed.", it, when, names[0], names[1])).
			alarmed(true).named(say("twice when %s", when))
		return
	}
	s.tell(Rename, at, say("The job spec %s is now called %s, and does the same.", names[0], names[1]))
}

// changed tells what is different in what a job spec does, and whether it is
// switched on or off.
func (s specPair) changed() {
	was, is := s.was, s.is
	it, when := s.it(flowName(is)), event(is)
	off := s.plan != nil && s.plan.Action == deploy.SpecSkip
	if was.EventSource.Value != is.EventSource.Value || was.EventType.Value != is.EventType.Value {
		at := append(pairing{was.EventSource.Node, is.EventSource.Node}.at(), pairing{was.EventType.Node, is.EventType.Node}.at()...)
		s.tell(Start, at, say("%s starts when %s (before: when %s).", it, when, event(was).plain())).named(when)
	}
	switch {
	case s.now(was.FlowName.Value) == is.FlowName.Value:
	case was.FlowName.Value == is.FlowName.Value:
		s.tell(Start, pairing{was.FlowName.Node, is.FlowName.Node}.at(), say("When %s, nothing starts: the flow %s has another name.", when, value(flowName(is)))).
			alarmed(true).named(say("nothing when %s", when))
	default:
		s.tell(Start, pairing{was.FlowName.Node, is.FlowName.Node}.at(), say("When %s, the flow %s starts (before: %s).", when, value(flowName(is)), former(flowName(was)))).named(when)
	}
	switch {
	case s.plan == nil || s.plan.Action == deploy.SpecKeep:
	case s.plan.Action == deploy.SpecInstall && s.plan.Installed:
		s.normal = append(s.normal, is.Name.Value)
	case s.plan.Action == deploy.SpecInstall && was.Name.Value == is.Name.Value:
		s.tell(Start, nil, say("%s starts again when %s: the job spec %s was switched off.", it, when, value(is.Name.Value))).named(when)
	case off && s.plan.Installed && s.uploads():
		s.tell(Start, nil, say("%s no longer starts when %s: the job spec %s is not listed, and the upload switches it off.", it, when, value(is.Name.Value))).
			alarmed(true).named(say("no longer when %s", when))
	}
}

// uploads tells whether the bundle differs at all.
func (b *pair) uploads() bool {
	return b.old.Doc == nil || b.new.Doc == nil || b.old.Doc.Digest() != b.new.Doc.Digest()
}

// standing tells of a job spec that fires and is in no bundle.
func (w *world) standing(s deploy.SpecPlan) {
	when, flow := clauseOf(s.Event), value(s.Flow)
	switched := len(w.bundles) == 0 // job specs alone, by their names
	switch {
	case switched && s.Action == deploy.SpecInstall && !s.Installed:
		w.tell(draft{
			kind: Start, short: say("again when %s", when),
			text: say("The flow %s starts again when %s: the job spec %s is switched on.", flow, when, value(s.Name)),
		})
	case switched && s.Action == deploy.SpecUninstall:
		w.tell(draft{
			kind: Start, alarm: true, short: say("no longer when %s", when),
			text: say("The flow %s no longer starts when %s: the job spec %s is switched off.", flow, when, value(s.Name)),
		})
	case s.Action == deploy.SpecOrphan:
		w.tell(draft{
			kind: Start, alarm: true, short: say("still when %s", when),
			text: say("The flow %s also starts when %s: the job spec %s is in none of these bundles, but installed.", flow, when, value(s.Name)),
		})
	case s.Action == deploy.SpecUninstall:
		w.tell(draft{
			kind: Start, alarm: true, short: say("no longer when %s", when),
			text: say("The flow %s no longer starts when %s: the job spec %s was in none of these bundles.", flow, when, value(s.Name)),
		})
	}
}
