package zis

// Names yields what names something in a bundle: the bundle, resources, ARNs,
// events and connections. A placeholder that is left in one of them is never
// what anybody means.
func (b *Bundle) Names(yield func(String) bool) {
	give := func(s String) bool { return !s.Given() || yield(s) }
	if !give(b.Name) {
		return
	}
	for _, r := range b.Resources {
		if !give(r.Name) {
			return
		}
	}
	for _, s := range b.JobSpecs {
		if !give(s.EventSource) || !give(s.EventType) || !give(s.FlowName) {
			return
		}
	}
	for _, a := range b.Actions {
		if !give(text(a.Definition.Get("connectionName"))) {
			return
		}
	}
	for _, f := range b.Flows {
		for s := range f.All {
			if !give(s.ActionName) {
				return
			}
		}
	}
}

// ARNs yields the ARNs of a bundle: what job specs start and states call.
func (b *Bundle) ARNs(yield func(String) bool) {
	for _, s := range b.JobSpecs {
		if s.FlowName.Given() && !yield(s.FlowName) {
			return
		}
	}
	for _, f := range b.Flows {
		for s := range f.All {
			if s.ActionName.Given() && !yield(s.ActionName) {
				return
			}
		}
	}
}
