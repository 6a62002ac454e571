package platform

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// formDispositions read back the same bundle in another form. Six read-backs
// of two accounts were seen, and none of them differs from what was sent in
// anything but the order of members.
func formDispositions() []Disposition { return slices.Concat(valueForms(), writtenForms()) }

// valueForms are other values that mean the same.
func valueForms() []Disposition {
	row := func(name, varies string, changes ...shape.Change) Disposition {
		return bodyForm("form-"+name, aboutForms, varies, Kept, form{change: shape.Chain(changes...)})
	}
	definition := []string{"resources", "*", "properties", "definition"}
	return []Disposition{
		row("numbers-with-fraction", "integers read back as 1.0", shape.Numbers(shape.Fraction)),
		row("numbers-with-exponent", "numbers read back with an exponent", shape.Numbers(shape.Exponent)),
		row("numbers-as-float64", "numbers read back as the nearest float64, written out", shape.Numbers(shape.Float)),
		row("numbers-as-float64-short", "numbers read back as the nearest float64, large ones with an exponent", shape.Numbers(shape.FloatShort)),
		row("null-dropped", "null isn't read back where the language gives it no meaning", shape.DropEmpty(shape.Null, false)),
		row("empty-text-dropped", `"" isn't read back where the language gives it no meaning`, shape.DropEmpty(shape.EmptyText, false)),
		row("empty-list-dropped", "[] isn't read back where the language gives it no meaning", shape.DropEmpty(shape.EmptyList, false)),
		row("empty-object-dropped", "{} isn't read back where the language gives it no meaning", shape.DropEmpty(shape.EmptyObject, false)),
		row("empty-dropped", "nothing empty is read back where the language gives it no meaning", shape.DropEmpty(shape.Empty, false)),
		row("empty-values-dropped", "nothing empty is read back of requestBody, Parameters and Result", shape.DropEmpty(shape.Empty, true)),
		row("null-values-dropped", "null isn't read back of requestBody, Parameters and Result", shape.DropEmpty(shape.Null, true)),
		row("empty-added", "what wasn't sent is read back empty: headers [], requestBody {}, Comment \"\"", shape.AddEmpty("", []any{}, map[string]any{})),
		row("null-added", "what wasn't sent is read back as null", shape.AddEmpty(nil, nil, nil)),
		row("nfc", "texts are read back composed (Unicode NFC)", shape.Texts(shape.NFC)),
		row("nfd", "texts are read back decomposed (Unicode NFD)", shape.Texts(shape.NFD)),
		row("short-flow-names", "job specs name their flow without the integration", shape.At(shortFlow, "properties", "flow_name")),
		row("headers-reversed", "headers are read back in reverse order", shape.At(shape.Reversed, append(definition, "headers")...)),
		row("headers-sorted", "headers are read back sorted by key", shape.At(shape.Sorted("key"), append(definition, "headers")...)),
		row("query-reversed", "queryParams are read back in reverse order", shape.At(shape.Reversed, append(definition, "queryParams")...)),
		row("query-sorted", "queryParams are read back sorted by key", shape.At(shape.Sorted("key"), append(definition, "queryParams")...)),
		row("method-lower-case", "methods of actions are read back in lower case (whether case matters is not told)", shape.At(lower, "definition", "method")),
		row("renamed-keys", "resources are read back under their names instead of the keys they were sent under", byName),
		row("no-description", "the bundle's description isn't read back", shape.Drop(func(p shape.Path, _ any) bool { return len(p) == 1 && p[0] == "description" })),
		row("no-ids", "uuid, integration and account aren't read back in the body", shape.Drop(func(p shape.Path, _ any) bool {
			return len(p) == 1 && (p[0] == "uuid" || p[0] == "integration" || p[0] == "zendesk_account_id")
		})),
		row("wrapped", `the body is wrapped: {"bundle": …}`, func(v any) any { return map[string]any{"bundle": v} }),
	}
}

// writtenForms are the same values, written down otherwise.
func writtenForms() []Disposition {
	style := func(name, varies string, s shape.Style) Disposition {
		return bodyForm("form-"+name, aboutForms, varies, Kept, form{style: &s})
	}
	sent := func(name, varies string, finish func(Request, wire.Answer) wire.Answer) Disposition {
		return bodyForm("form-"+name, aboutForms, varies, Kept, form{finish: finish})
	}
	return []Disposition{
		style("reversed", "members are read back in reverse order", shape.Style{Reverse: true}),
		style("html-escaped", "<, > and & are read back as \\u003c…", shape.Style{HTML: true}),
		style("ascii", "characters beyond ASCII are read back as \\u00e9", shape.Style{ASCII: true}),
		style("slashes-escaped", "/ is read back as \\/", shape.Style{Slashes: true}),
		style("indented", "the body is indented", shape.Style{Indent: "\t"}),
		style("byte-order-mark", "a byte order mark stands before the body", shape.Style{Before: "\ufeff"}),
		style("padded", "white space stands around the body", shape.Style{Before: " \r\n", After: "\n\n"}),
		sent("as-text", "the body's content type is text/plain", func(_ Request, a wire.Answer) wire.Answer { return typed(a, "text/plain") }),
		sent("with-charset", "the body's content type is application/json; charset=utf-8", func(_ Request, a wire.Answer) wire.Answer { return typed(a, "application/json; charset=utf-8") }),
		sent("without-type", "the body has no content type", func(_ Request, a wire.Answer) wire.Answer { return typed(a, "") }),
		sent("cached", "the body comes with an ETag and Cache-Control", func(_ Request, a wire.Answer) wire.Answer {
			return a.With("Cache-Control", "private, max-age=60").With("ETag", `W/"5c72"`)
		}),
	}
}

func bodyForm(name, about, varies string, effect Effect, f form) Disposition {
	f.on = Body
	return Disposition{name, about, varies, Unknown, effect, func(p *Rules) { p.forms = append(p.forms, f) }}
}

func typed(a wire.Answer, contentType string) wire.Answer {
	a.Type = contentType
	if contentType == "" {
		a.Header = http.Header{"Content-Type": nil} // else net/http guesses
	}
	return a
}

// shortFlow is the last part of an ARN.
func shortFlow(v any) any {
	parts := strings.SplitN(wire.Text(v), ":", 4)
	return parts[len(parts)-1]
}

// byName puts resources under their properties.name.
func byName(v any) any {
	return shape.Each(func(p shape.Path, v any) any {
		if len(p) != 1 || p[0] != "resources" {
			return v
		}
		named := map[string]any{}
		for key, r := range wire.Object(v) {
			if name := shape.Member(wire.Object(r)["properties"], "name"); name != "" && named[name] == nil {
				key = name
			}
			named[key] = r
		}
		return named
	})(v)
}

// additionDispositions read back members that nobody sent.
func additionDispositions() []Disposition {
	row := func(name, varies string, changes ...shape.Change) Disposition {
		return bodyForm("added-"+name, aboutAdditions, varies, Kept, form{change: shape.Chain(changes...)})
	}
	const day, id = "2026-11-26T01:00:00Z", "5c722550-8a6e-4c6a-9d2c-0f1e2d3c4b5a"
	every := []string{"resources", "*"}
	properties := []string{"resources", "*", "properties"}
	return []Disposition{
		row("top-installation-type", "installation_type at the top", shape.With("installation_type", "manual")),
		row("top-times", "created_at and updated_at at the top", shape.With("created_at", day), shape.With("updated_at", day)),
		row("top-version", "a version number at the top", shape.With("version", json.Number("7"))),
		row("top-links", "an object of links at the top", shape.With("links", map[string]any{"self": "https://acme.zendesk.com/api/services/zis/registry"})),
		row("top-parameters", "an empty list of parameters at the top", shape.With("parameters", []any{})),
		row("resource-installation-type", "installation_type in each resource", shape.With("installation_type", "manual", every...)),
		row("resource-uuid", "a uuid in each resource", shape.With("uuid", id, every...)),
		row("resource-times", "created_at and updated_at in each resource", shape.With("created_at", day, every...), shape.With("updated_at", day, every...)),
		row("resource-arn", "the full name in each resource", shape.With("arn", "zis:acme:flow:f", every...)),
		row("properties-installation-type", "installation_type in each resource's properties", shape.With("installation_type", "manual", properties...)),
		row("properties-uuid", "a uuid in each resource's properties", shape.With("uuid", id, properties...)),
		row("properties-integration", "the integration in each resource's properties", shape.With("integration", "acme", properties...)),
		row("properties-times", "created_at and updated_at in each resource's properties", shape.With("created_at", day, properties...), shape.With("updated_at", day, properties...)),
		row("properties-null", "description null in each resource's properties", shape.With("description", nil, properties...)),
		row("properties-installed", "installed in each job spec's properties", inStates("event_type", "installed", true)),
		row("default-end", `"End": false in states that go on`, shape.Each(goesOn)),
		row("default-result-path", `"ResultPath": "$" in each Catch that has none`, inStates("ErrorEquals", "ResultPath", "$")),
		row("default-comment", `"Comment": "" in each state`, shape.Each(commented)),
		row("default-queries", `"queryParams": [] in each action`, inStates("method", "queryParams", []any{})),
	}
}

// inStates adds a member to each object that has another one, outside the
// author's own values.
func inStates(beside, name string, value any) shape.Change {
	return shape.Each(func(p shape.Path, v any) any {
		m, ok := v.(map[string]any)
		if _, has := m[beside]; !ok || !has || p.Free() {
			return v
		}
		return shape.With(name, value)(m)
	})
}

// commented gives a state an empty comment.
func commented(p shape.Path, v any) any {
	m, ok := v.(map[string]any)
	if !ok || !p.Is("States", "*") || p.Free() || m["Type"] == nil {
		return v
	}
	return shape.With("Comment", "")(m)
}

// goesOn tells of a state with Next that it is no end.
func goesOn(p shape.Path, v any) any {
	m, ok := v.(map[string]any)
	if !ok || !p.Is("States", "*") || p.Free() || m["Next"] == nil {
		return v
	}
	return shape.With("End", false)(m)
}

// changeDispositions store something else than what was sent, or show a part
// of it masked.
func changeDispositions() []Disposition {
	row := func(name, varies string, c shape.Change) Disposition {
		return Disposition{"changed-" + name, aboutChanges, varies, Unknown, Changed, func(p *Rules) { p.Stored = append(p.Stored, c) }}
	}
	masked := func(name, varies string, c shape.Change) Disposition {
		return bodyForm("masked-"+name, aboutChanges, varies, Hidden, form{change: c})
	}
	headers := []string{"definition", "headers"}
	return []Disposition{
		row("header-dropped", "the last header of each action is lost", shape.At(butLast, headers...)),
		row("headers-dropped", "all headers of actions are lost", shape.Without(headers...)),
		row("header-added", "each action gets a header that wasn't sent", shape.At(oneMore, headers...)),
		row("query-dropped", "queryParams of actions are lost", shape.Without("definition", "queryParams")),
		row("request-body-dropped", "requestBody of actions is lost", shape.Without("definition", "requestBody")),
		row("connection-dropped", "connectionName of actions is lost", shape.Without("definition", "connectionName")),
		row("state-dropped", "one state of each flow is lost", shape.At(stateDropped, "definition", "States")),
		row("catch-dropped", "the Catch of states is lost", shape.Without("States", "*", "Catch")),
		row("timeout-dropped", "TimeoutSeconds of states is lost", shape.Without("States", "*", "TimeoutSeconds")),
		row("choices-reordered", "the rules of Choice states are reversed", shape.At(shape.Reversed, "States", "*", "Choices")),
		row("job-spec-dropped", "one job spec is lost", shape.At(resourceDropped("ZIS::JobSpec"), "resources")),
		row("action-dropped", "one action is lost", shape.At(resourceDropped("ZIS::Action::Http"), "resources")),
		row("text-trimmed", "white space around texts is lost", shape.Texts(strings.TrimSpace)),
		row("text-spaces", "white space in texts is made one space", shape.Texts(shape.Spaces)),
		row("text-lines", "line ends in texts become CR LF", shape.Texts(shape.Lines)),
		row("text-255", "texts are cut after 255 bytes", shape.Texts(shape.Cut(255))),
		row("text-entities", "<, > and & in texts become HTML entities", shape.Texts(shape.Entities)),
		row("text-tags", "HTML in texts is lost", shape.Texts(shape.NoTags)),
		row("text-emoji", "characters beyond 16 bits become ?", shape.Texts(shape.Basic)),
		row("text-ascii", "characters beyond ASCII become ?", shape.Texts(shape.ASCII)),
		row("event-lower-case", "event types become lower case", shape.At(lower, "properties", "event_type")),
		row("numbers-float32", "numbers lose digits beyond float32", shape.Numbers(shape.Float32)),
		row("numbers-clipped", "integers beyond 32 bits become the largest of them", shape.Numbers(shape.Clip)),
		row("numbers-whole", "numbers lose what follows the point", shape.Numbers(shape.Whole)),
		row("numbers-as-text", "numbers become texts", func(v any) any { return shape.AsText(v) }),
		{"changed-merged", aboutChanges, "an upload adds to a bundle: resources that it has no longer stay", Unknown, Changed, func(p *Rules) { p.Merges = true }},
		masked("header-values", "the values of headers are read back as ***", shape.At(constant("************"), "headers", "*", "value")),
		masked("authorization", "the value of Authorization is read back as *****", maskedHeader("*****")),
		masked("authorization-tail", "of the value of Authorization, four characters are read back", maskedHeader("")),
		masked("authorization-absent", "the value of Authorization isn't read back", shape.At(unvalued, "headers", "*")),
		masked("secret-members", "members called token, password, secret or api_key are read back as *****", shape.Each(maskedMember)),
	}
}

func lower(v any) any { return strings.ToLower(wire.Text(v)) }

func butLast(v any) any {
	list, _ := v.([]any)
	return list[:max(0, len(list)-1)]
}

func oneMore(v any) any {
	list, _ := v.([]any)
	return append(list[:len(list):len(list)], map[string]any{"key": "X-Zendesk-Marketplace-Name", "value": "zis"})
}

// stateDropped loses the last state by name, unless it is the only one.
func stateDropped(v any) any {
	states := wire.Object(v)
	last := ""
	for name := range states {
		last = max(last, name)
	}
	if len(states) < 2 {
		return v
	}
	return shape.Without(last)(v)
}

// resourceDropped loses the last resource of a type by key.
func resourceDropped(kind string) func(any) any {
	return func(v any) any {
		last := ""
		for key, r := range wire.Object(v) {
			if shape.Member(r, "type") == kind {
				last = max(last, key)
			}
		}
		return shape.Drop(func(p shape.Path, _ any) bool { return len(p) == 1 && p[0] == last })(v)
	}
}

func maskedHeader(mask string) shape.Change {
	return shape.At(func(v any) any {
		if value := shape.Member(v, "value"); strings.EqualFold(shape.Member(v, "key"), "Authorization") {
			if mask == "" {
				return shape.At(constant("****"+value[max(0, len(value)-4):]), "value")(v)
			}
			return shape.At(constant(mask), "value")(v)
		}
		return v
	}, "headers", "*")
}

// unvalued is a header without its value, if that is a credential.
func unvalued(v any) any {
	if strings.EqualFold(shape.Member(v, "key"), "Authorization") {
		return shape.Without("value")(v)
	}
	return v
}

func maskedMember(p shape.Path, v any) any {
	if _, is := v.(string); is && len(p) > 0 {
		switch p[len(p)-1] {
		case "token", "password", "secret", "api_key":
			return "*****"
		}
	}
	return v
}
