package flowtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Recorded is the first line of files that were made.
const Recorded = "# recorded, review me: this says what the flow does, not what it should do"

// FileName is the name of a flow as a file can have it.
func FileName(flow string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' || strings.ContainsRune(`<>:"|?*{}`, r) {
			return '_'
		}
		return r
	}, flow)
}

// YAML writes generated cases as a file.
func (g Generated) YAML() string {
	var b strings.Builder
	b.WriteString(Recorded + "\n")
	used := map[string]int{}
	for _, c := range g.Cases {
		named := *c
		if used[c.Name]++; used[c.Name] > 1 {
			named.Name += " (" + strconv.Itoa(used[c.Name]) + ")"
		}
		b.WriteString("\n" + named.yaml())
	}
	return b.String()
}

// pair is a member of a mapping in the order in which it is written.
type pair struct {
	name  string
	value any // as package interp has it, or pairs
}

type pairs []pair

func (c *Case) yaml() string {
	list := pairs{{"name", c.Name}}
	if c.JobSpec != "" {
		list = append(list, pair{"job_spec", c.JobSpec})
	} else {
		list = append(list, pair{"flow", c.Flow})
	}
	list = append(list, pair{"event", c.Event})
	if len(c.Config) > 0 {
		list = append(list, pair{"config", c.Config})
	}
	if len(c.HTTP) > 0 {
		var mocks []any
		for _, m := range c.HTTP {
			mocks = append(mocks, m.pairs())
		}
		list = append(list, pair{"http", mocks})
	}
	list = append(list, pair{"want", c.Want.pairs()})
	var b strings.Builder
	list.write(&b, "  ")
	return "- " + strings.TrimPrefix(b.String(), "  ")
}

func (m Mock) pairs() pairs {
	expect := pairs{{"method", m.Expect.Method}, {"url", m.Expect.URL}}
	if b := m.Expect.Body; b != nil {
		body := b.Value
		if object, ok := body.(map[string]any); ok && len(object) == 1 { // could be taken for {jq: …}
			body = pairs{{"exact", body}}
		}
		expect = append(expect, pair{"body", body})
	}
	list := pairs{{"expect", expect}, {"reply", replyValue(m.Reply)}}
	if m.Times != 1 {
		list = append(list, pair{"times", json.Number(strconv.Itoa(m.Times))})
	}
	return list
}

func replyValue(r interp.Reply) any {
	if r.Failure != "" {
		return r.Failure
	}
	list := pairs{}
	if r.Status != 200 {
		list = append(list, pair{"status", json.Number(strconv.Itoa(r.Status))})
	}
	if len(r.Headers) > 0 {
		headers := map[string]any{}
		for name, v := range r.Headers {
			headers[name] = v
		}
		list = append(list, pair{"headers", headers})
	}
	if len(r.Body) > 0 {
		var body any = string(r.Body)
		if v, err := interp.Decode(r.Body); err == nil {
			if _, isText := v.(string); !isText {
				body = v
			}
		}
		list = append(list, pair{"body", body})
	}
	if len(list) == 0 {
		return pairs{{"status", json.Number("200")}}
	}
	return list
}

func (w Want) pairs() pairs {
	var list pairs
	if w.End != "" {
		list = append(list, pair{"end", w.End})
	}
	if w.Fail != nil {
		fail := pairs{}
		if w.Fail.Error != nil {
			fail = append(fail, pair{"error", *w.Fail.Error})
		}
		if w.Fail.Cause != nil {
			fail = append(fail, pair{"cause", *w.Fail.Cause})
		}
		list = append(list, pair{"fail", fail})
	}
	if w.Message != nil {
		list = append(list, pair{"message", *w.Message})
	}
	if w.Path != nil {
		path := []any{}
		for _, name := range w.Path {
			path = append(path, name)
		}
		list = append(list, pair{"path", path})
	}
	if len(w.Data) > 0 {
		data := pairs{}
		for _, p := range w.Data {
			data = append(data, pair{p.Pointer, p.Value})
		}
		list = append(list, pair{"data", data})
	}
	if w.Config != nil {
		list = append(list, pair{"config", w.Config})
	}
	if w.hasLinks {
		list = append(list, pair{"links", w.Links})
	}
	if w.Requests == "any" {
		list = append(list, pair{"requests", "any"})
	}
	return list
}

const wide = 90 // characters of a value that stays on its line

// write writes the members as a block, each line behind the indent.
func (list pairs) write(b *strings.Builder, indent string) {
	for _, p := range list {
		b.WriteString(indent + scalar(p.name) + ":")
		block(b, p.value, indent+"  ")
	}
}

// block writes a value behind "key:" or "-": on the same line if it is short.
func block(b *strings.Builder, v any, indent string) {
	if text := inline(v); len(text) <= wide || !compound(v) {
		b.WriteString(" " + text + "\n")
		return
	}
	b.WriteString("\n")
	switch v := v.(type) {
	case pairs:
		v.write(b, indent)
	case map[string]any:
		sortedPairs(v).write(b, indent)
	case []any:
		for _, item := range v {
			var inner strings.Builder
			block(&inner, item, indent+"  ")
			text := inner.String()
			if strings.HasPrefix(text, "\n") {
				text = " " + strings.TrimLeft(text, "\n ")
			}
			b.WriteString(indent + "-" + text)
		}
	}
}

func compound(v any) bool {
	switch v := v.(type) {
	case pairs:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

func sortedPairs(m map[string]any) pairs {
	var list pairs
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, pair{name, m[name]})
	}
	return list
}

// inline is a value in the flow style of YAML.
func inline(v any) string {
	switch v := v.(type) {
	case string:
		return scalar(v)
	case map[string]any:
		return inline(sortedPairs(v))
	case pairs:
		var parts []string
		for _, p := range v {
			parts = append(parts, scalar(p.name)+": "+inline(p.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, inline(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return interp.Encode(v)
}

// scalar is a text: as it is if nobody could take it for anything else, else
// quoted as in JSON.
func scalar(s string) string {
	letters := strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != s
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != ' ' && r != '.' && r != '/' {
			letters = false
		}
	}
	if first := (s + "?")[0]; !letters || strings.TrimSpace(s) != s || first >= '0' && first <= '9' || first == '.' || word(s) {
		return interp.Encode(s)
	}
	return s
}

// word tells whether YAML, old or new, takes a text for something else.
func word(s string) bool {
	return slices.Contains([]string{"", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"}, strings.ToLower(s))
}
