package interp

import "github.com/zisdeploy/zis-deploy/internal/zis"

// builtin is an action of the platform. answered is false where it has none to
// be stored.
type builtin func(r *run, s *state, params map[string]any) (result any, answered bool, err *Error)

var builtins = map[string]builtin{
	zis.LoadConfig:  (*run).loadConfig,
	zis.PatchConfig: (*run).patchConfig,
	zis.LoadLinks:   (*run).loadLinks,
	zis.CreateLink:  (*run).createLink,
	zis.PatchLink:   (*run).patchLink,
	zis.DeleteLink:  (*run).deleteLink,
	zis.Jq:          (*run).jq,
}

// action runs an Action state.
func (r *run) action(s *state, data any, at int) (any, *Error) {
	params, err := r.parameters(s, data)
	if err != nil {
		return data, err
	}
	r.result.Steps[at].Given = params
	began := r.clock
	var result any
	answered := true
	if s.action != nil {
		result, err = r.http(s, params, at)
	} else {
		result, answered, err = builtins[s.builtin](r, s, params)
	}
	if late := s.timed(r.clock - began); late != nil && (err == nil || err.Kind == Runtime) {
		r.clock = began + s.timeout
		err = late
	}
	if err != nil || !answered {
		return data, err
	}
	if s.result.node != nil {
		return r.put(&s.result, data, result)
	}
	return r.without(s, data, result), nil
}

// without is the data after an answer that has no ResultPath to go to.
func (r *run) without(s *state, data, result any) any {
	replaces := r.Readings.chosen[NoResultPath] == second
	if s.next == nil && r.depth == 0 {
		r.result.DataOnly.Add(NoResultPath)
	} else {
		r.reads(NoResultPath)
	}
	if replaces {
		return result
	}
	return data
}

// parameters are what a state hands to its action.
func (r *run) parameters(s *state, data any) (map[string]any, *Error) {
	if s.params == nil {
		object, ok := data.(map[string]any)
		if !ok || s.action != nil && !s.action.readsParameters || r.reads(NoParameters) != second {
			return map[string]any{}, nil
		}
		return object, nil
	}
	r.room = MaxData
	v, err := r.resolve(s.params, data, parameters)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, r.at(&Error{Kind: Refused, Text: "Parameters is " + kindOf(v) + " and no object"}, s.params.node)
	}
	return object, nil
}

// text takes a parameter that has to be a text.
func (r *run) text(s *state, params map[string]any, name string) (string, *Error) {
	v, ok := params[name]
	if !ok {
		return "", r.at(&Error{Text: "the parameter " + name + " is missing"}, s.zis.Parameters)
	}
	t, ok := v.(string)
	if !ok {
		return "", r.at(&Error{Text: "the parameter " + name + " is " + kindOf(v) + " and no text"}, s.params.get(name).place())
	}
	return t, nil
}
