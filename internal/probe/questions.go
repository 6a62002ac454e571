package probe

// question is an open question about the platform, and the flow that settles
// it.
type question struct {
	id     string
	build  func(*builder)
	http   bool   // needs the service that answers requests
	array  bool   // is asked by posting a list instead of the event
	alone  bool   // stands in the bundle of Connections
	silent string // what it means if the flow says nothing: "A29=error"
	says   string // added to the message
}

// Rules of Choices.
func present(path string) map[string]any {
	return map[string]any{"Variable": path, "IsPresent": true}
}

func is(path, operator string, v any) map[string]any {
	return map[string]any{"Variable": path, operator: v}
}

// both asks for a path only if it is there.
func both(path, operator string, v any) map[string]any {
	return map[string]any{"And": []any{present(path), is(path, operator, v)}}
}

func either(rules ...any) map[string]any { return map[string]any{"Or": rules} }

func hasFailed() map[string]any { return is("$.failed.yes", "BooleanEquals", true) }

// inConfig asks for a member of a config that LoadConfig has put at $.c, bare
// or wrapped.
func inConfig(member, operator string, v any) map[string]any {
	return either(both("$.c."+member, operator, v), both("$.c.config."+member, operator, v))
}

func hasConfig(member string) map[string]any {
	return either(present("$.c."+member), present("$.c.config."+member))
}

func builtin(name string, params map[string]any, path string) map[string]any {
	a := map[string]any{"Type": "Action", "ActionName": "zis:common:" + name, "Parameters": params}
	if path != "" {
		a["ResultPath"] = path
	}
	return a
}

func jq(expr string, path string) map[string]any {
	return builtin("transform:Jq", map[string]any{"expr": expr, "data.$": "$"}, path)
}

func load() map[string]any {
	return builtin("action:LoadConfig", map[string]any{"scope": Scope}, "$.c")
}

func (b *builder) custom(name string, params map[string]any, path string) map[string]any {
	a := map[string]any{"Type": "Action", "ActionName": "zis:" + b.integration + ":action:" + name}
	if params != nil {
		a["Parameters"] = params
	}
	if path != "" {
		a["ResultPath"] = path
	}
	return a
}

func link(name string) map[string]any {
	return map[string]any{"link_type": "zis_probe_link", "left_object": map[string]any{"name": name}, "right_object": map[string]any{"name": "zis_probe_right"}}
}

func linkNames(name string) map[string]any {
	return map[string]any{"link_type": "zis_probe_link", "left_object_name": name, "right_object_name": "zis_probe_right"}
}

// questions are P1 to P20, by number.
var questions = []question{
	{id: "P1", http: true, build: func(b *builder) {
		b.try(b.custom("probe_500", map[string]any{}, "$.r"))
		b.then("Time", jq(".input.sent as $sent | (now - $sent) > 25", "$.late"))
		b.decide("P1", choice{is("$.late", "BooleanEquals", true), "repeat"}, choice{nil, "catch"})
	}},
	{id: "P2", build: func(b *builder) {
		b.then("Load", load())
		b.decide("A18", choice{present("$.c.k"), "bare"}, choice{nil, "wrapped"})
	}},
	{id: "P3", silent: "A29=error", build: func(b *builder) {
		b.decide("A29", choice{is("$.zis_probe_p3_missing", "StringEquals", "x"), "true"}, choice{nil, "false"})
	}},
	{id: "P4", build: func(b *builder) {
		b.decide("A30", choice{present("$.input.none"), "true"}, choice{nil, "false"})
	}},
	{id: "P5", build: func(b *builder) {
		b.then("Jq", jq("{found: {}}", ""))
		b.decide("A10", choice{present("$.input.n"), "dropped"}, choice{nil, "replaces"})
	}},
	{id: "P6", build: func(b *builder) {
		b.try(builtin("action:PatchConfig", map[string]any{"scope": Scope, "config": map[string]any{"one.$": "{{$.input.n}}", "static": "{{$.input.n}}"}}, ""))
		b.then("Load", load())
		b.decide("A5", choice{inConfig("one", "NumericEquals", 12), "value"}, choice{nil, "text"})
		b.decide("A6", choice{inConfig("static", "StringEquals", "12"), "filled"}, choice{inConfig("static", "NumericEquals", 12), "filled"}, choice{nil, "static"})
		b.try(builtin("action:PatchConfig", map[string]any{"scope": Scope, "config": map[string]any{"null.$": "-{{$.input.none}}"}}, ""))
		b.then("Again", load())
		b.decide("A7", choice{hasFailed(), "error"}, choice{inConfig("null", "StringEquals", "-"), "text"}, choice{nil, "json"})
	}},
	{id: "P7", build: func(b *builder) {
		b.try(jq("empty", "$.r"))
		b.decide("A25", choice{hasFailed(), "error"}, choice{nil, "null"})
		b.try(jq("1,2", "$.s"))
		b.decide("A26", choice{hasFailed(), "error"}, choice{is("$.s", "NumericEquals", 1), "first"}, choice{nil, "array"})
		b.try(builtin("transform:Jq", map[string]any{"expr": ".", "data": map[string]any{"a": 1}}, "$.t"))
		b.decide("A27", choice{hasFailed(), "refuse"}, choice{nil, "accept"})
	}},
	{id: "P8", http: true, build: func(b *builder) {
		b.then("Begin", map[string]any{"Type": "Pass", "Result": map[string]any{"r": "none"}, "ResultPath": "$.p8"})
		b.try(b.custom("probe_204", map[string]any{}, "$.p8.r"))
		b.then("Kind", jq(`if .p8.r == null then "null" elif (.p8.r | type) == "object" and (.p8.r | has("__httpresponse")) then "text" else "object" end`, "$.kind"))
		b.decide("A16", choice{is("$.kind", "StringEquals", "null"), "null"}, choice{is("$.kind", "StringEquals", "text"), "text"}, choice{nil, "object"})
	}},
	{id: "P9", build: func(b *builder) {
		b.then("Items", jq("[{n: 1}, {n: 2}]", "$.items"))
		b.then("Map", over("$.items"))
		b.decide("A32", choice{present("$.m[1].n"), "outputs"}, choice{nil, "nothing"})
	}},
	{id: "P9b", silent: "A31=flow", build: func(b *builder) {
		b.then("Items", jq("[range(101) | {n: .}]", "$.items"))
		caught := b.name("Caught")
		m := over("$.items")
		m["Catch"] = []any{map[string]any{"ErrorEquals": []any{"States.ALL"}, "ResultPath": "$.error", "Next": caught}}
		b.then("Map", m)
		b.states[caught] = map[string]any{"Type": "Pass"}
		b.order = append(b.order, caught)
		b.decide("A31", choice{present("$.error"), "catch"}, choice{nil, "flow"})
	}},
	{id: "P10", http: true, build: func(b *builder) {
		b.try(b.custom("probe_data", nil, "$.r"))
		b.decide("A13", choice{hasFailed(), "nothing"}, choice{nil, "data"})
		b.try(b.custom("probe_account", map[string]any{"x": 1}, "$.r"))
		b.decide("A14", choice{hasFailed(), "absent"}, choice{nil, "present"})
	}},
	{id: "P11", build: func(b *builder) {
		b.then("Pass", map[string]any{"Type": "Pass", "Result": map[string]any{"x": 1}})
		b.decide("A11", choice{present("$.input.n"), "dropped"}, choice{nil, "replaces"})
	}},
	{id: "P12", build: func(b *builder) {
		b.try(jq(`error("zis-probe")`, "$.r"))
		b.decide("A34", choice{present("$.error.Error"), "present"}, choice{nil, "absent"})
	}},
	{id: "P13", http: true, build: func(b *builder) {
		b.try(b.custom("probe_missing", map[string]any{"n": 1}, "$.r"))
		b.then("Keep", jq(".failed.yes", "$.strict"))
		b.try(b.custom("probe_body", map[string]any{"n": 1}, "$.r"))
		b.decide("A9", choice{hasFailed(), "refused"}, choice{is("$.strict", "BooleanEquals", true), "works"}, choice{nil, "forgiving"})
	}},
	{id: "P14", build: func(b *builder) {
		b.try(builtin("action:LoadConfig", map[string]any{"scope": "zis_probe_absent"}, "$.r"))
		b.decide("A19", choice{hasFailed(), "error"}, choice{nil, "empty"})
		b.try(builtin("action:PatchConfig", map[string]any{"scope": Scope, "config": map[string]any{"o": map[string]any{"b": 2}}}, "$.patched"))
		b.decide("A20", choice{present("$.patched"), "config"}, choice{nil, "nothing"})
		b.then("Load", load())
		b.decide("A21", choice{hasConfig("o.a"), "deep"}, choice{nil, "shallow"})
	}},
	{id: "P15", build: func(b *builder) {
		b.try(builtin("action:CreateLink", link("zis_probe_left"), "$.l"))
		b.try(builtin("action:CreateLink", link("zis_probe_left"), "$.l2"))
		b.decide("A23", choice{hasFailed(), "error"}, choice{nil, "existing"})
		b.then("Links", builtin("action:LoadLinks", map[string]any{"link_type": "zis_probe_link", "left_object_name": "zis_probe_left"}, "$.links"))
		b.decide("A22", choice{present("$.links.links"), "object"}, choice{nil, "list"})
		patch := linkNames("zis_probe_left")
		patch["right_object"] = map[string]any{"name": "zis_probe_right", "metadata": map[string]any{"a": 1}}
		b.try(builtin("action:PatchLink", patch, "$.patched"))
		b.decide("A24", choice{present("$.patched.link"), "link"}, choice{nil, "nothing"})
		b.try(builtin("action:DeleteLink", linkNames("zis_probe_left"), ""))
	}},
	{id: "P16", http: true, build: func(b *builder) {
		b.try(b.custom("probe_redirect", map[string]any{}, "$.r"))
		b.decide("A17", choice{hasFailed(), "error"}, choice{nil, "followed"})
		b.try(b.custom("probe_plain", map[string]any{}, "$.echo"))
		b.then("Type", jq(`[.echo.headers | to_entries[] | select((.key | ascii_downcase) == "content-type") | .value | if type == "array" then .[0] else . end][0] // "none" | if startswith("application/json") then "json" else "none" end`, "$.type"))
		b.decide("A15", choice{is("$.type", "StringEquals", "json"), "json"}, choice{nil, "none"})
	}},
	{id: "P17", alone: true, build: func(b *builder) {
		b.decide("A1", choice{present("$.input.n"), "flow"}, choice{nil, "flow"})
	}},
	{id: "P18", array: true, silent: "A3=refuse", build: func(b *builder) {
		b.decide("A3", choice{present("$.input[0]"), "parsed"}, choice{nil, "parsed"})
	}},
	{id: "P19", says: " transitions=270", build: func(b *builder) {
		b.then("Zero", map[string]any{"Type": "Pass", "Result": 0, "ResultPath": "$.count"})
		count := b.then("Count", jq(".count + 1", "$.count"))
		after := b.name("Counted")
		b.then("Loop", map[string]any{"Type": "Choice", "Choices": []any{map[string]any{"Variable": "$.count", "NumericLessThan": 135, "Next": count}}, "Default": after})
		b.states[after] = map[string]any{"Type": "Pass"}
		b.order = append(b.order, after)
	}},
	{id: "P20", build: func(b *builder) {
		b.decide("A2", choice{present("$.accountId"), "present"}, choice{nil, "absent"})
	}},
}

// over is a Map that passes each item on.
func over(path string) map[string]any {
	return map[string]any{
		"Type": "Map", "ItemsPath": path, "ResultPath": "$.m",
		"Iterator": map[string]any{"StartAt": "Item", "States": map[string]any{"Item": map[string]any{"Type": "Pass", "End": true}}},
	}
}
