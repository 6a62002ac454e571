package flowtest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Difference is one place in which two values differ.
type Difference struct {
	At         string `json:"at"` // JSON pointer; "" is the whole
	Want, Have any    `json:"-"`
	Missing    bool   `json:"missing,omitempty"` // it isn't there, and should be
	Extra      bool   `json:"extra,omitempty"`   // it is there, and shouldn't be

	whole string // JSON pointer of the whole, as far as it has one
}

// String is the difference in a line.
func (d Difference) String() string {
	at := d.At
	if at == "" {
		at = "it"
	}
	switch {
	case d.Missing:
		return fmt.Sprintf("%s is missing, want %s", at, d.shown(d.Want))
	case d.Extra:
		return fmt.Sprintf("%s is %s, want nothing there", at, d.shown(d.Have))
	}
	have, want := d.shown(d.Have), d.shown(d.Want)
	if have == want {
		return at + " is another value than is wanted; both are hidden"
	}
	return fmt.Sprintf("%s is %s, want %s", at, have, want)
}

// shown is one side of the difference without what looks like a secret.
func (d Difference) shown(v any) string {
	return short(preview(d.name(), v))
}

// name is that of the member which differs, or which holds the list that does.
func (d Difference) name() string {
	for _, step := range slices.Backward(strings.Split(d.whole+d.At, "/")) {
		if _, err := strconv.Atoi(step); err != nil {
			return step
		}
	}
	return ""
}

// short is a value as JSON, cut.
func short(v any) string { return diag.Cut(interp.Encode(v), diag.Quoted) }

const maxDifferences = 20

// diff compares two values. Of a subset, objects may have more members than
// are wanted.
func diff(want, have any, subset bool) []Difference {
	var d differ
	d.subset = subset
	d.values("", want, have)
	return d.found
}

type differ struct {
	subset bool
	found  []Difference
}

func (d *differ) add(one Difference) {
	if len(d.found) < maxDifferences {
		d.found = append(d.found, one)
	}
}

func (d *differ) values(at string, want, have any) {
	if len(d.found) == maxDifferences {
		return // nobody is told of more
	}
	w, isObject := want.(map[string]any)
	h, alsoObject := have.(map[string]any)
	if isObject && alsoObject {
		if same(w, h) {
			return
		}
		d.objects(at, w, h)
		return
	}
	l, isList := want.([]any)
	m, alsoList := have.([]any)
	if isList && alsoList {
		if len(l) == len(m) && same(l, m) {
			return
		}
		d.lists(at, l, m)
		return
	}
	if !interp.Equal(want, have) {
		d.add(Difference{At: at, Want: want, Have: have})
	}
}

// same tells whether two values are one and the same: what a state leaves alone
// needs no comparison.
func same(a, b any) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}

func (d *differ) objects(at string, want, have map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		below := at + "/" + source.EscapePointer(name)
		v, ok := have[name]
		if !ok {
			d.add(Difference{At: below, Want: want[name], Missing: true})
			continue
		}
		d.values(below, want[name], v)
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok && !d.subset {
			d.add(Difference{At: at + "/" + source.EscapePointer(name), Have: have[name], Extra: true})
		}
	}
}

func (d *differ) lists(at string, want, have []any) {
	for i := range max(len(want), len(have)) {
		below := at + "/" + strconv.Itoa(i)
		switch {
		case i >= len(have):
			d.add(Difference{At: below, Want: want[i], Missing: true})
		case i >= len(want):
			d.add(Difference{At: below, Have: have[i], Extra: true})
		default:
			d.values(below, want[i], have[i])
		}
	}
}

// pointed is the value at a JSON pointer.
func pointed(v any, pointer string) (any, bool) {
	if pointer == "" {
		return v, true
	}
	for step := range strings.SplitSeq(pointer[1:], "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch at := v.(type) {
		case map[string]any:
			member, ok := at[step]
			if !ok {
				return nil, false
			}
			v = member
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func lines(list []Difference) []string {
	var texts []string
	for _, d := range list {
		texts = append(texts, d.String())
	}
	return texts
}
