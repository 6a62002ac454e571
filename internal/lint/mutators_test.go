package lint_test

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// mutators are the ways to break a bundle.
var mutators = []mutator{
	{"drop a quote", onText(func(n *source.Node, s string) []edit { return replace(n, strings.TrimSuffix(quoted(s), `"`)) })},
	{"drop a required field", dropMember("zis_template_version", "name", "resources", "type", "properties", "definition", "event_source", "event_type", "flow_name",
		"method", "url", "path.$", "key", "value", "value.$", "StartAt", "States", "Type", "ActionName", "Choices", "Variable", "ItemsPath", "Iterator", "ErrorEquals", "Error", "Cause", "Seconds")},
	{"drop Next", dropMember("Next")},
	{"drop End", dropMember("End")},
	{"drop Default", dropMember("Default")},
	{"drop the ResultPath of a result that is read", func(n *source.Node) []edit {
		// Nobody reads these, or jq alone, for which a missing path is null.
		if path, _ := n.Text(); slices.Contains([]string{"$.told", "$.answer", "$.posted", "$.orders"}, path) {
			return nil
		}
		return dropMember("ResultPath")(n)
	}},
	{"drop a Parameter", func(n *source.Node) []edit {
		if n.Parent == nil || n.Parent.Name != "Parameters" {
			return nil
		}
		return drop(n)
	}},
	{"drop a state", func(n *source.Node) []edit {
		if n.Parent == nil || n.Parent.Name != "States" {
			return nil
		}
		return drop(n)
	}},
	{"drop a flow or an action", func(n *source.Node) []edit {
		if t, _ := n.Get("type").Text(); t != zis.TypeFlow && t != zis.TypeAction {
			return nil
		}
		return drop(n)
	}},
	{"misspell a field", func(n *source.Node) []edit {
		if n.Parent == nil || !language(n) || n.Name == "Comment" || n.Name == "description" {
			return nil
		}
		return []edit{{n.Key, quoted(misspelt(n.Name))}}
	}},
	{"rename a state", func(n *source.Node) []edit {
		if n.Parent == nil || n.Parent.Name != "States" {
			return nil
		}
		return []edit{{n.Key, quoted("Another")}}
	}},
	{"rename a flow or an action", func(n *source.Node) []edit {
		if n.Name != "name" || n.Parent.Name != "properties" || n.Parent.Get("event_type") != nil {
			return nil
		}
		return replace(n, quoted("another"))
	}},
	{"misspell where a transition leads", onMember(misspell, "StartAt", "Next", "Default")},
	{"misspell an action, a flow or an event", onMember(func(n *source.Node, s string) []edit {
		if n.Name == "event_type" && n.Parent.Get("event_source").Value != "support" {
			return nil // anybody's own name
		}
		return misspell(n, s)
	}, "ActionName", "flow_name", "event_type")},
	{"misspell support", onMember(func(n *source.Node, s string) []edit {
		if s != "support" {
			return nil
		}
		return replace(n, `"suport"`)
	}, "event_source")},
	{"misspell a resource's or state's type", onMember(misspell, "type", "Type")},
	{"misspell a method", onMember(misspell, "method")},
	{"another type of state", onMember(func(n *source.Node, s string) []edit {
		var list []edit
		for _, t := range []string{"Action", "Choice", "Map", "Pass", "Wait", "Succeed", "Fail", "Task", "Parallel"} {
			if t != s && !(s == "Fail" && t == "Succeed") {
				list = append(list, replace(n, quoted(t))...)
			}
		}
		return list
	}, "Type")},
	{"another type of value", func(n *source.Node) []edit {
		if n.Parent == nil || !language(n) || n.Name == "value" || n.Name == "Result" || n.Name == "TimeoutSeconds" {
			return nil
		}
		list := replace(n, "[[1]]")
		if _, ok := n.Text(); ok {
			list = append(list, replace(n, "17")...)
		}
		return list
	}},
	{"End false", onValue("End", "false")},
	{"Next and End", func(n *source.Node) []edit {
		if n.Name != "Next" || n.Parent.Get("Type") == nil {
			return nil
		}
		return []edit{{diag.Span{Start: n.Span.End, End: n.Span.End}, `, "End": true`}}
	}},
	{"add a field of Amazon States Language", func(n *source.Node) []edit {
		if n.Name != "Type" {
			return nil
		}
		var list []edit
		for _, field := range []string{`"Retry": []`, `"InputPath": "$.x"`, `"OutputPath": "$.x"`, `"ResultSelector": {}`, `"MaxConcurrency": 1`} {
			list = append(list, edit{diag.Span{Start: n.Span.End, End: n.Span.End}, ", " + field})
		}
		return list
	}},
	{"a state leads to itself", func(n *source.Node) []edit {
		if n.Name != "Next" || n.Parent.Get("Type") == nil {
			return nil
		}
		return replace(n, quoted(n.Parent.Name))
	}},
	{"another operator", func(n *source.Node) []edit {
		if n.Parent == nil || n.Parent.Get("Variable") == nil || n.Name == "Variable" || n.Name == "Next" {
			return nil
		}
		return []edit{
			{n.Key, `"StringMatches"`},
			{n.Key, quoted(misspelt(n.Name))},
			{n.Span, `{}`},
			{diag.Span{Start: n.Span.End, End: n.Span.End}, `, "IsPresent": true`},
		}
	}},
	{"break a path", onPath(func(n *source.Node, s string) []edit {
		return slices.Concat(replace(n, quoted(s[1:])), replace(n, quoted(s+".")), replace(n, quoted(s+"[")))
	})},
	{"misspell a path from the root", onReads(func(n *source.Node, s string) []edit {
		first, rest, _ := strings.Cut(strings.TrimPrefix(s, "$."), ".")
		if inIterator(n) || s == "$" {
			return nil
		}
		if rest != "" {
			rest = "." + rest
		}
		return replace(n, quoted("$."+misspelt(first)+rest))
	})},
	{"break a placeholder", onTemplate(func(n *source.Node, s string) []edit {
		return slices.Concat(replace(n, quoted(strings.Replace(s, "}}", "}", 1))), replace(n, quoted(strings.Replace(s, "$.", "$..", 1))))
	})},
	{"drop .$ from a key", func(n *source.Node) []edit {
		if n.Parent == nil || !strings.HasSuffix(n.Name, ".$") || n.Name == "path.$" {
			return nil
		}
		return []edit{{n.Key, quoted(strings.TrimSuffix(n.Name, ".$"))}}
	}},
	{"add .$ to a key", func(n *source.Node) []edit {
		if _, ok := n.Text(); !ok || n.Parent.Name != "Parameters" || strings.HasSuffix(n.Name, ".$") || n.Name == "expr" {
			return nil
		}
		return []edit{{n.Key, quoted(n.Name + ".$")}}
	}},
	{"misspell a Parameter", func(n *source.Node) []edit {
		if n.Parent == nil || n.Parent.Name != "Parameters" {
			return nil
		}
		base, looked := strings.CutSuffix(n.Name, ".$")
		if looked {
			return []edit{{n.Key, quoted(misspelt(base) + ".$")}}
		}
		return []edit{{n.Key, quoted(misspelt(base))}}
	}},
	{"break a jq program", onMember(func(n *source.Node, s string) []edit {
		return slices.Concat(replace(n, quoted(s[:len(s)-1]+"(")), replace(n, quoted(strings.Replace(s, ".", "..(", 1))), replace(n, quoted(s+" | lenght")))
	}, "expr")},
	{"a Catch without ResultPath", func(n *source.Node) []edit {
		if n.Name != "ResultPath" || n.Parent.Get("ErrorEquals") == nil {
			return nil
		}
		return drop(n)
	}},
	{"a Catch for another error", func(n *source.Node) []edit {
		if n.Parent == nil || n.Parent.Name != "ErrorEquals" {
			return nil
		}
		return replace(n, `"States.Timeout"`)
	}},
	{"wait too long", onValue("Seconds", "600")},
	{"wait for nothing", onValue("Seconds", "-1")},
	{"the name of another resource", func(n *source.Node) []edit {
		if n.Name != "name" || n.Parent.Name != "properties" {
			return nil
		}
		for _, r := range n.Parent.Parent.Parent.Members {
			other := r.Get("properties", "name")
			if other != n && other.Value != n.Value && r.Get("type").Value == n.Parent.Parent.Get("type").Value {
				return replace(n, quoted(other.Value.(string)))
			}
		}
		return nil
	}},
	{"a key twice", func(n *source.Node) []edit {
		if n.Parent == nil || !n.Parent.IsObject() || len(n.Members) > 0 {
			return nil
		}
		return []edit{{diag.Span{Start: n.Key.Start, End: n.Key.Start}, quoted(n.Name) + ": null, "}}
	}},
	{"another integration in one full name", onMember(func(n *source.Node, s string) []edit {
		arn, _ := zis.ParseARN(s)
		if arn.Integration == zis.Common {
			return nil
		}
		return replace(n, quoted(arn.In("elsewhere").String()))
	}, "ActionName", "flow_name")},
	{"url and path", func(n *source.Node) []edit {
		if n.Name != "url" {
			return nil
		}
		return []edit{{diag.Span{Start: n.Span.End, End: n.Span.End}, `, "path": "/api/v2/users.json"`}}
	}},
	{"a call of Zendesk without a connection", func(n *source.Node) []edit {
		if n.Name != "connectionName" || n.Parent.Get("path.$") == nil {
			return nil
		}
		return drop(n)
	}},
	{"a request that isn't encrypted", onMember(func(n *source.Node, s string) []edit {
		return replace(n, quoted(strings.Replace(s, "https:", "http:", 1)))
	}, "url")},
	{"a placeholder left over", onMember(func(n *source.Node, s string) []edit {
		return slices.Concat(replace(n, `"{{NAME}}"`), replace(n, `"YOUR_NAME"`), replace(n, `"${NAME}"`), replace(n, `"<your-name>"`), replace(n, `"NAME_PLACEHOLDER"`))
	}, "value", "Message", "scope")},
	{"a secret in the file", onMember(func(n *source.Node, s string) []edit {
		return slices.Concat(replace(n, `"Basic bWVAZXhhbXBsZS5jb206aHVudGVyMg=="`), replace(n, `"Bearer c29tZS10b2tlbi0xMjM0NTY3ODkw"`),
			replace(n, `"ghp_abcdefghijklmnopqrstuvwxyz0123456789"`))
	}, "value")},
}

// misspelt swaps two letters in the middle of a word.
func misspelt(s string) string {
	r := []rune(s)
	for i := len(r) / 2; i+1 < len(r); i++ {
		if r[i] != r[i+1] {
			r[i], r[i+1] = r[i+1], r[i]
			return string(r)
		}
	}
	return s + "x"
}

// language tells whether a member is a field of the bundle language, not
// somebody's data.
func language(n *source.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		switch up.Name {
		case "Parameters", "Result", "requestBody":
			return false
		}
	}
	return n.Name != "" && n.Parent.Name != "States" && n.Parent.Name != "resources"
}

func inIterator(n *source.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Name == "Iterator" {
			return true
		}
	}
	return false
}

func replace(n *source.Node, text string) []edit { return []edit{{n.Span, text}} }

// drop takes a member with its comma out of its object.
func drop(n *source.Node) []edit {
	members, i := n.Parent.Members, int(n.Index)
	switch {
	case i+1 < len(members):
		return []edit{{diag.Span{Start: n.Key.Start, End: members[i+1].Key.Start}, ""}}
	case i > 0:
		return []edit{{diag.Span{Start: members[i-1].Span.End, End: n.Span.End}, ""}}
	}
	return []edit{{diag.Span{Start: n.Key.Start, End: n.Span.End}, ""}}
}

func dropMember(names ...string) func(*source.Node) []edit {
	return func(n *source.Node) []edit {
		if n.Parent == nil || !slices.Contains(names, n.Name) || !language(n) {
			return nil
		}
		return drop(n)
	}
}

func onText(f func(*source.Node, string) []edit) func(*source.Node) []edit {
	return func(n *source.Node) []edit {
		if s, ok := n.Text(); ok {
			return f(n, s)
		}
		return nil
	}
}

func onMember(f func(*source.Node, string) []edit, names ...string) func(*source.Node) []edit {
	return onText(func(n *source.Node, s string) []edit {
		if !slices.Contains(names, n.Name) {
			return nil
		}
		return f(n, s)
	})
}

func onValue(name, text string) func(*source.Node) []edit {
	return func(n *source.Node) []edit {
		if n.Name != name {
			return nil
		}
		return replace(n, text)
	}
}

// misspell misspells the last word of a name.
func misspell(n *source.Node, s string) []edit {
	at := strings.LastIndexAny(s, ":.") + 1
	return replace(n, quoted(s[:at]+misspelt(s[at:])))
}

// onPath is for strings that are a path as a whole.
func onPath(f func(*source.Node, string) []edit) func(*source.Node) []edit {
	return onText(func(n *source.Node, s string) []edit {
		if !strings.HasPrefix(s, "$") {
			return nil
		}
		return f(n, s)
	})
}

func onReads(f func(*source.Node, string) []edit) func(*source.Node) []edit {
	return onPath(func(n *source.Node, s string) []edit {
		if n.Name == "ResultPath" || strings.Contains(n.Pointer(), "/requestBody/") || n.Name == "value.$" {
			return nil
		}
		return f(n, s)
	})
}

func onTemplate(f func(*source.Node, string) []edit) func(*source.Node) []edit {
	return onText(func(n *source.Node, s string) []edit {
		if !strings.Contains(s, "{{$") {
			return nil
		}
		return f(n, s)
	})
}
