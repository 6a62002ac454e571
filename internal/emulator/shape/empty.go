package shape

import "slices"

// Null, EmptyText, EmptyList and EmptyObject tell whether a value is one.
func Null(v any) bool { return v == nil }

// EmptyText is "".
func EmptyText(v any) bool { return v == "" }

// EmptyList is [].
func EmptyList(v any) bool {
	l, ok := v.([]any)
	return ok && len(l) == 0
}

// EmptyObject is {}.
func EmptyObject(v any) bool {
	m, ok := v.(map[string]any)
	return ok && len(m) == 0
}

// Empty is any of them.
func Empty(v any) bool { return Null(v) || EmptyText(v) || EmptyList(v) || EmptyObject(v) }

// DropEmpty leaves out members that are empty in this sense, where the
// language gives them no meaning (free false), or in the author's own values
// (free true). Elements of lists stay: their places count.
func DropEmpty(is func(any) bool, free bool) Change {
	return dropMembers(func(p Path, v any) bool { return is(v) && p.Free() == free && !named(p) })
}

// named holds back the members without which a thing is none: the resources,
// what a state is called, and what a rule of a Choice compares with.
func named(p Path) bool {
	resource := len(p) > 0 && p[0] == "resources" && (len(p) < 3 || len(p) == 3 && p.Is("properties"))
	return resource || p.Is("States") || p.Is("States", "*") || slices.Contains(p, "Choices")
}

// dropMembers leaves out members of objects, and never elements of lists.
func dropMembers(is func(Path, any) bool) Change {
	var drop func(Path, any) any
	drop = func(at Path, v any) any {
		switch w := v.(type) {
		case map[string]any:
			c := make(map[string]any, len(w))
			for key, e := range w {
				p := append(at[:len(at):len(at)], key)
				if e = drop(p, e); !is(p, e) {
					c[key] = e
				}
			}
			return c
		case []any:
			c := make([]any, len(w))
			for n, e := range w {
				c[n] = drop(append(at[:len(at):len(at)], "*"), e)
			}
			return c
		}
		return v
	}
	return func(v any) any { return drop(nil, v) }
}

// AddEmpty shows members of the language that were not sent, as empty: of the
// bundle, of actions, of states and of job specs.
func AddEmpty(text, list, object any) Change {
	return Chain(
		With("description", text),
		Each(func(p Path, v any) any {
			m, ok := v.(map[string]any)
			if !ok || p.Free() {
				return v
			}
			add := func(name string, value any) {
				if _, has := m[name]; !has {
					m[name] = value
				}
			}
			switch {
			case len(p) == 3 && p.Is("resources", "*", "properties"):
				add("description", text)
			case len(p) == 4 && p.Is("properties", "definition") && m["method"] != nil:
				add("headers", list)
				add("queryParams", list)
				add("requestBody", object)
				add("connectionName", text)
			case p.Is("States", "*") && m["Type"] != nil:
				add("Comment", text)
			}
			return m
		}),
	)
}
