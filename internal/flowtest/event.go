package flowtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// eventOf is the event that starts a job spec; nil for those of an inbound
// webhook, which may be anything, and where nothing is known of it.
func eventOf(spec *zis.JobSpec) *zis.Event {
	if spec == nil {
		return nil
	}
	return zis.EventOf(spec.EventSource.Value, spec.EventType.Value)
}

// inputOf is the input of an event in any of its forms.
func inputOf(event any) any {
	object, _ := event.(map[string]any)
	if input, ok := object["input"]; ok {
		if _, whole := object["account_id"]; whole {
			return input
		}
	}
	return event
}

// checkEvent compares the event of a case with what its job spec gets: a test
// of an event that never comes shows nothing.
func (s *Suite) checkEvent(c *Case) *Problem {
	if c.JobSpec == "" {
		return nil
	}
	spec := s.spec(c.JobSpec)
	event := eventOf(spec)
	if event == nil {
		return nil
	}
	text, help := unlike(event.Payload, "", inputOf(c.Event))
	if text == "" {
		return nil
	}
	return &Problem{Text: fmt.Sprintf("the event is not one of %s: %s", spec.Event(), text), Help: help, Test: c.event, Usage: true}
}

// unlike tells what in a value doesn't have the shape. Null and what is left
// out are fine: a path that needs it fails by itself.
func unlike(s *zis.Shape, at string, v any) (text, help string) {
	if s == nil || v == nil {
		return "", ""
	}
	object, isObject := v.(map[string]any)
	list, isList := v.([]any)
	switch {
	case s.Type == zis.Object && !isObject, s.Type == zis.List && !isList, !scalarOf(s.Type, v):
		return fmt.Sprintf("%s should be %s", name(at), s.Type), ""
	case isList:
		for i, item := range list {
			if text, help := unlike(s.Items, fmt.Sprintf("%s[%d]", at, i), item); text != "" {
				return text, help
			}
		}
	case isObject && s.Type == zis.Object:
		return unlikeObject(s, at, object)
	}
	return "", ""
}

func unlikeObject(s *zis.Shape, at string, object map[string]any) (text, help string) {
	if len(object) == 0 && at == "" {
		return "its input is empty", "it has " + english.Join(s.Fields())
	}
	for _, member := range slices.Sorted(maps.Keys(object)) {
		below, has := s.Below(member)
		if member == "actor_id" && strings.HasSuffix(at, ".meta") {
			continue // records of Amazon EventBridge have it, too
		}
		if !has {
			if near := english.Nearest(member, s.Fields()); near != "" && near != member {
				help = english.DidYouMean(near)
			} else {
				help = "it has " + english.Join(s.Fields())
			}
			return fmt.Sprintf("%s has no member %q", name(at), member), help
		}
		if text, help := unlike(below, at+"."+member, object[member]); text != "" {
			return text, help
		}
	}
	return "", ""
}

func name(at string) string { return "$.input" + at }

// scalarOf tells whether a value may be of the type, as far as that is one of
// those without members.
func scalarOf(t zis.DataType, v any) bool {
	_, isText := v.(string)
	_, isNumber := v.(json.Number)
	_, isTruth := v.(bool)
	switch t {
	case zis.Text:
		return isText
	case zis.Number:
		return isNumber
	case zis.Boolean:
		return isTruth
	case zis.Scalar:
		return isText || isNumber || isTruth
	}
	return true
}

// mayHave tells whether an event may have the value at a path below input.
func mayHave(event *zis.Event, path jq.Path, v any) bool {
	if event == nil {
		return true
	}
	s := event.Payload
	for _, step := range path {
		if s == nil {
			return true
		}
		member, isName := step.(string)
		if !isName {
			if s.Type != zis.List {
				return false
			}
			s = s.Items
			continue
		}
		below, has := s.Below(member)
		if !has {
			return false
		}
		s = below
	}
	if _, gone := v.(absent); gone {
		return false // the documented members are always there
	}
	text, _ := unlike(s, "", v)
	return text == "" || len(path) == 0
}
