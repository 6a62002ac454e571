package flowtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// hidden stands for what looks like a secret.
const hidden = credential.Hidden

// hide copies a value with what looks like a secret taken out.
func hide(name string, v any) any {
	switch v := v.(type) {
	case string:
		if _, ok := credential.In(name, v); ok {
			return hidden
		}
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = hide(name, item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[name] = hide(name, member)
		}
		return object
	}
	return v
}

// shown is a value for people: JSON, cut, without secrets.
func shown(v any) string { return short(preview("", v)) }

// preview is hide of as much of a value as short shows: the rest of it may be
// larger than memory.
func preview(name string, v any) any {
	room := 2 * diag.Quoted
	return hide(name, firstOf(v, &room))
}

// firstOf copies the beginning of a value.
func firstOf(v any, room *int) any {
	*room--
	switch v := v.(type) {
	case string:
		*room -= len(v)
	case []any:
		list := []any{}
		for i := 0; i < len(v) && *room > 0; i++ {
			list = append(list, firstOf(v[i], room))
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if *room <= 0 {
				break
			}
			*room -= len(name)
			object[name] = firstOf(v[name], room)
		}
		return object
	}
	return v
}

// Trace tells what a run did, state by state.
func Trace(r *interp.Result) []string {
	var list []string
	for i := range r.Steps {
		if i > 0 && r.Steps[i].Run != r.Steps[i-1].Run {
			list = append(list, fmt.Sprintf("after %s the flow is repeated, time %d:", r.Steps[i].At, r.Steps[i].Run))
		}
		list = append(list, StepLines(&r.Steps[i], i == 0)...)
	}
	return list
}

// StepLines tells what one state did; with its whole input if that is asked
// for, else what it changed.
func StepLines(s *interp.Step, input bool) []string {
	indent := strings.Repeat("  ", s.Depth)
	head := fmt.Sprintf("%s%s %s (%s)", indent, clock(s.At), s.State, s.Type)
	if s.Depth > 0 {
		head += fmt.Sprintf(" item %d", s.Item)
	}
	if s.To != "" {
		head += " → " + s.To
	}
	list := []string{head}
	add := func(what, text string) { list = append(list, indent+"    "+what+" "+text) }
	if input {
		add("$", shown(s.Input))
	}
	if params, ok := s.Given.(map[string]any); ok && len(params) > 0 {
		add("given", shown(params))
	}
	for _, q := range s.Requests {
		add("request", requestLine(q))
	}
	for i, taken := range s.Rules {
		add("rule", fmt.Sprintf("%d is %v", i+1, taken))
	}
	for _, d := range diff(s.Input, s.Output, false) {
		add("set", changeLine(d))
	}
	if s.Err != nil {
		what := "failed"
		if s.Caught {
			what = "caught"
		}
		add(what, credential.Sentence(s.Err.Error()))
	}
	if s.Took > 0 {
		add("took", s.Took.String())
	}
	return list
}

func clock(d time.Duration) string { return fmt.Sprintf("%5.1fs", d.Seconds()) }

// changeLine is a difference of the data before and after a state.
func changeLine(d Difference) string {
	name := d.At[strings.LastIndex(d.At, "/")+1:]
	path := "$" + strings.ReplaceAll(d.At, "/", ".")
	switch {
	case d.Missing:
		return path + " is gone"
	case d.Extra:
		return path + " = " + short(preview(name, d.Have))
	}
	return path + " = " + short(preview(name, d.Have)) + " was " + short(preview(name, d.Want))
}

func requestLine(q *interp.Exchange) string {
	text := q.Method + " " + hideURL(q.URL)
	if q.HasBody {
		text += " " + shown(q.Body)
	}
	switch {
	case q.Answer.Failure != "":
		return text + " → " + q.Answer.Failure
	case q.Answer.Status == 0:
		return text + " → nobody answers"
	}
	answer := string(q.Answer.Body)
	if v, err := interp.Decode(q.Answer.Body); err == nil {
		answer = shown(v)
	}
	return strings.TrimSpace(fmt.Sprintf("%s → %d %s", text, q.Answer.Status, diag.Cut(answer, diag.Quoted)))
}

// hideURL takes what looks like a secret out of an address.
func hideURL(address string) string {
	head, query, ok := strings.Cut(address, "?")
	parts := strings.Split(head, "/")
	for i, p := range parts {
		if _, secret := credential.In("", p); secret && i > 2 {
			parts[i] = hidden
		}
	}
	head = strings.Join(parts, "/")
	if !ok {
		return head
	}
	return head + "?" + hideQuery(query)
}

// hideQuery takes what looks like a secret out of a query.
func hideQuery(query string) string {
	pairs := strings.Split(query, "&")
	for i, p := range pairs {
		name, v, _ := strings.Cut(p, "=")
		if _, secret := credential.In(name, v); secret {
			pairs[i] = name + "=" + hidden
		}
	}
	return strings.Join(pairs, "&")
}

// Shown is a value as indented JSON, without what looks like a secret.
func Shown(v any) string {
	var b bytes.Buffer
	_ = json.Indent(&b, []byte(interp.Encode(hide("", v))), "", "  ") // of our own JSON: can't fail
	return b.String()
}

// FlowOf is the key of the flow that a state stands in.
func FlowOf(s *interp.Step) string {
	n := s.Place.Node
	for n != nil && n.Parent != nil && n.Parent.Name != "resources" {
		n = n.Parent
	}
	if n == nil {
		return ""
	}
	return n.Name
}
