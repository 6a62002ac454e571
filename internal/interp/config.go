package interp

import (
	"maps"
	"slices"
	"strings"
)

// loadConfig gives the config of a scope. An asterisk at its end takes the
// first scope that begins so.
func (r *run) loadConfig(s *state, params map[string]any) (any, bool, *Error) {
	scope, err := r.text(s, params, "scope")
	if err != nil {
		return nil, false, err
	}
	config, ok := r.config(scope)
	if !ok {
		if config, err = r.noScope(s, scope); err != nil {
			return nil, false, err
		}
	}
	if r.reads(ConfigShape) == second {
		return map[string]any{"config": config}, true, nil
	}
	return config, true, nil
}

func (r *run) config(scope string) (any, bool) {
	prefix, wild := strings.CutSuffix(scope, "*")
	if !wild {
		config, ok := r.world.Configs[scope]
		return config, ok
	}
	for _, name := range slices.Sorted(maps.Keys(r.world.Configs)) {
		if strings.HasPrefix(name, prefix) {
			return r.world.Configs[name], true
		}
	}
	return nil, false
}

func (r *run) noScope(s *state, scope string) (any, *Error) {
	if r.reads(NoScope) == second {
		return map[string]any{}, nil
	}
	return nil, r.at(&Error{Text: "there is no config of the scope " + scope}, s.params.get("scope").place())
}

// patchConfig merges into the config of a scope.
func (r *run) patchConfig(s *state, params map[string]any) (any, bool, *Error) {
	scope, err := r.text(s, params, "scope")
	if err != nil {
		return nil, false, err
	}
	patch, ok := params["config"].(map[string]any)
	if !ok {
		return nil, false, r.at(&Error{Text: "the parameter config is missing or no object"}, s.zis.Parameters)
	}
	old, ok := r.world.Configs[scope]
	if !ok {
		if old, err = r.noScope(s, scope); err != nil {
			return nil, false, err
		}
	}
	config := r.merge(old, patch)
	if err := sized(config); err != nil {
		return nil, false, r.at(err, s.zis.Parameters)
	}
	r.world.Configs[scope] = config
	return config, s.result.node != nil && r.reads(PatchResult) == second, nil
}

func (r *run) merge(old any, patch map[string]any) map[string]any {
	before, _ := old.(map[string]any)
	merged := maps.Clone(before)
	if merged == nil {
		merged = map[string]any{}
	}
	for name, v := range patch {
		below, isObject := v.(map[string]any)
		was, wasObject := merged[name].(map[string]any)
		if isObject && wasObject && r.reads(PatchDepth) == second {
			v = r.merge(was, below)
		}
		merged[name] = v
	}
	return merged
}
