package interp

import (
	"maps"
	"reflect"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// path is a reference path, compiled.
type path struct {
	text     string // as it stands in the file
	segments []expr.Segment
	quoted   bool // holds ['name']
	broken   bool // is no path of the language: it leads nowhere
}

func compilePath(text string) path {
	parsed, err := expr.ParsePath(text)
	return pathOf(text, parsed, err != nil)
}

func pathOf(text string, parsed expr.Path, broken bool) path {
	return path{
		text: text, segments: parsed.Segments, broken: broken,
		quoted: slices.ContainsFunc(parsed.Segments, func(s expr.Segment) bool { return s.Kind == expr.Quoted }),
	}
}

// lookup follows a path down. A member that is null is there.
func lookup(v any, segments []expr.Segment) (any, bool) {
	for _, s := range segments {
		if s.Kind == expr.Index {
			list, _ := v.([]any)
			if s.Index >= len(list) {
				return nil, false
			}
			v = list[s.Index]
			continue
		}
		object, _ := v.(map[string]any)
		member, ok := object[s.Name]
		if !ok {
			return nil, false
		}
		v = member
	}
	return v, true
}

// find is lookup with what isn't known about paths.
func (r *run) find(data any, p path) (any, bool) {
	if p.broken || p.quoted && r.reads(QuotedNames) == second {
		return nil, false
	}
	v, ok := lookup(data, p.segments)
	if ok {
		r.noteError(v, p)
		return v, true
	}
	if len(p.segments) == 1 && p.segments[0].Name == "accountId" {
		if id, known := lookup(data, accountID); known && r.reads(AccountIDSpelling) == second {
			return id, true
		}
	}
	return nil, false
}

var accountID = []expr.Segment{{Kind: expr.Name, Name: "account_id"}}

// noteError tells that what is read depends on the members of the object that
// a Catch has stored.
func (r *run) noteError(v any, p path) {
	if len(r.caught) == 0 {
		return
	}
	last := len(p.segments) - 1
	for _, e := range r.caught {
		if holds(v, e) || last >= 0 && p.segments[last].Name == "Error" && sameText(v, e["Error"]) {
			r.reads(ErrorMember)
			return
		}
	}
}

func sameText(a, b any) bool {
	s, ok := a.(string)
	return ok && s == b
}

func sameObject(a, b map[string]any) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}

// store puts a value at a path and returns the new data; what it goes through
// is copied, so that the old data stays as it was. ok is false if something
// that is no object stands in the way.
func store(data, value any, segments []expr.Segment, replace bool) (any, bool) {
	if len(segments) == 0 {
		return value, true
	}
	object, isObject := data.(map[string]any)
	if segments[0].Kind == expr.Index || !isObject && !replace {
		return nil, false
	}
	member, exists := object[segments[0].Name]
	if !exists && len(segments) > 1 {
		member = map[string]any{}
	}
	member, ok := store(member, value, segments[1:], replace)
	if !ok {
		return nil, false
	}
	grown := make(map[string]any, len(object)+1)
	maps.Copy(grown, object)
	grown[segments[0].Name] = member
	return grown, true
}
