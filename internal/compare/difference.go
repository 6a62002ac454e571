package compare

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Action says what happens to a thing.
type Action string

// What can happen to a bundle, a resource or a value in it.
const (
	Add    Action = "add"
	Change Action = "change"
	Remove Action = "remove"
	Keep   Action = "keep"
)

// Difference is one value that differs between the stored bundle and ours.
// Old and New are JSON text; a secret is shown as (secret) on both sides.
type Difference struct {
	Action  Action `json:"action"`
	Pointer string `json:"pointer"` // JSON pointer; array items count in the bundle that has them
	Old     string `json:"old,omitempty"`
	New     string `json:"new,omitempty"`
	// More is how many further differences within the value at the pointer are
	// not listed; Old and New are empty then.
	More int `json:"more,omitempty"`
}

// mostListed is how many differences within one value are listed: within the
// headers or the body of an action, or the parameters or the result of a state.
const mostListed = 2000

// differ collects differences while cmp walks two values.
type differ struct {
	path   cmp.Path
	base   string
	mask   *Mask
	moved  map[string]string
	found  []Difference
	listed map[string]int // how many there are within a value
}

// Differences compares two values that both stand at the pointer base. Without
// a mask they are for the program alone: secrets stand in them, and all are
// listed. moved says where values of have stood before they were put in another
// place.
func Differences(base string, have, want any, m *Mask, moved map[string]string) []Difference {
	d := &differ{base: base, mask: m, moved: moved, listed: map[string]int{}}
	cmp.Equal(have, want, cmp.Comparer(sameNumber), cmp.Reporter(d))
	for value, n := range d.listed {
		if n > mostListed {
			d.found = append(d.found, Difference{Action: Change, Pointer: value, More: n - mostListed})
		}
	}
	slices.SortStableFunc(d.found, func(a, b Difference) int { return comparePointers(a.Pointer, b.Pointer) })
	return d.found
}

// Count is how many differences a list tells of.
func Count(list []Difference) int {
	n := len(list)
	for _, d := range list {
		n += max(0, d.More-1)
	}
	return n
}

// Same tells whether two JSON values are one: the order of keys and 1.0 for 1
// make no difference.
func Same(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Same)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, Same)
	}
	return a == b // nil, bool or string, or of another kind
}

// PushStep, Report and PopStep make differ a reporter for cmp.

// PushStep notes a step down.
func (d *differ) PushStep(s cmp.PathStep) { d.path = append(d.path, s) }

// PopStep notes a step up.
func (d *differ) PopStep() { d.path = d.path[:len(d.path)-1] }

// Report takes down a leaf that differs.
func (d *differ) Report(r cmp.Result) {
	if r.Equal() {
		return
	}
	have, want := d.path.Last().Values()
	oldAt, newAt := d.pointer(false), d.pointer(true)
	if d.mask != nil && d.enough(newAt) {
		return
	}
	switch {
	case !have.IsValid():
		d.found = append(d.found, Difference{Action: Add, Pointer: newAt, New: d.showWant(newAt, want)})
	case !want.IsValid():
		d.found = append(d.found, Difference{Action: Remove, Pointer: d.stored(oldAt), Old: d.showHave(oldAt, have)})
	default:
		d.found = append(d.found, Difference{
			Action: Change, Pointer: newAt,
			Old: d.showHave(oldAt, have), New: d.showWant(newAt, want),
		})
	}
}

// enough counts a difference, and tells whether so many are listed within the
// same value that this one is only counted.
func (d *differ) enough(pointer string) bool {
	value, within := valueAround(pointer)
	if !within {
		return false
	}
	d.listed[value]++
	return d.listed[value] > mostListed
}

// valueAround is the value that a pointer leads into: a member of an action's
// definition or of a state, of the properties of another resource, or of the
// bundle.
func valueAround(pointer string) (value string, within bool) {
	steps := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	n := 1
	if steps[0] == "resources" {
		n = 4 // its key, properties, a member
	}
	if len(steps) > n && steps[n-1] == "definition" {
		n++
	}
	for len(steps) > n+2 && steps[n-1] == "States" {
		n += 2                                          // its name, a member
		if steps[n-1] == "Iterator" && len(steps) > n { // states of its own
			n++
		}
	}
	if len(steps) <= n || steps[n-1] == "States" {
		return "", false
	}
	return "/" + strings.Join(steps[:n], "/"), true
}

func (d *differ) showWant(pointer string, v reflect.Value) string {
	if d.mask == nil {
		return compact(v.Interface())
	}
	return d.mask.want(pointer)
}

func (d *differ) showHave(pointer string, v reflect.Value) string {
	if d.mask == nil {
		return compact(v.Interface())
	}
	return d.mask.have(d.stored(pointer))
}

// stored is where a value of the rewritten bundle stands in the account's.
func (d *differ) stored(pointer string) string {
	if len(d.moved) == 0 {
		return pointer
	}
	var out []byte
	for at := 0; at < len(pointer); {
		end := len(pointer)
		if next := strings.IndexByte(pointer[at+1:], '/'); next >= 0 {
			end = at + 1 + next
		}
		step := pointer[at+1 : end]
		if was, ok := d.moved[pointer[:end]]; ok {
			step = was
		}
		out = append(append(out, '/'), step...)
		at = end
	}
	return string(out)
}

// pointer writes the path as a JSON pointer, in the new value or the old one.
func (d *differ) pointer(inNew bool) string {
	b := []byte(d.base)
	for _, step := range d.path {
		switch s := step.(type) {
		case cmp.MapIndex:
			b = append(append(b, '/'), source.EscapePointer(s.Key().String())...)
		case cmp.SliceIndex:
			b = strconv.AppendInt(append(b, '/'), int64(index(s, inNew)), 10)
		}
	}
	return string(b)
}

func index(s cmp.SliceIndex, inNew bool) int {
	have, want := s.SplitKeys()
	if inNew && want >= 0 || have < 0 {
		return want
	}
	return have
}

// comparePointers orders array items by number and the rest by name.
func comparePointers(a, b string) int {
	as, bs := bytes.Split([]byte(a), []byte("/")), bytes.Split([]byte(b), []byte("/"))
	return slices.CompareFunc(as, bs, func(x, y []byte) int {
		i, err := strconv.Atoi(string(x))
		j, err2 := strconv.Atoi(string(y))
		if err == nil && err2 == nil {
			return i - j
		}
		return bytes.Compare(x, y)
	})
}

// compact is a value as JSON on one line, <, > and & as they are; a hidden one
// stands without quotes.
func compact(v any) string {
	switch v := v.(type) {
	case string:
		if v == Hidden {
			return Hidden
		}
	case json.Number:
		return v.String()
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "?" // only maps, slices, strings, numbers and booleans come here
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
