package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// value is what is known of the shape of some data. nil is unknown.
type value struct {
	members map[string]*value // of an object that is known whole
	scalar  bool
	isError bool // what a Catch puts: Cause and Error, and who knows
}

// literalValue is the shape of a value that stands in the file.
func literalValue(n *source.Node) *value {
	text, isText := n.Text()
	switch {
	case n.IsObject():
		v := &value{members: make(map[string]*value, len(n.Members))}
		for _, m := range n.Members {
			name := strings.TrimSuffix(m.Name, ".$")
			v.members[name] = literalValue(m)
			if name != m.Name {
				v.members[name] = nil
			}
		}
		return v
	case n.IsArray(), n.Value == nil, isText && hasPlaceholder(text):
		return nil
	}
	return &value{scalar: true}
}

// shapedValue is the shape of what a jq program gives out.
func shapedValue(s *jq.Shape) *value {
	switch {
	case s == nil:
		return nil
	case s.Members == nil:
		return &value{scalar: true}
	}
	v := &value{members: make(map[string]*value, len(s.Members))}
	for name, below := range s.Members {
		v.members[name] = shapedValue(below)
	}
	return v
}

func errorValue() *value { return &value{isError: true} }

// lacks tells whether the value certainly has nothing at the path.
func (v *value) lacks(names []string) bool {
	if v == nil || len(names) == 0 {
		return false
	}
	switch {
	case v.scalar:
		return true
	case v.isError:
		return slices.ContainsFunc(errorFields, func(f string) bool { return f != names[0] && strings.EqualFold(f, names[0]) })
	}
	below, ok := v.members[names[0]]
	return !ok || below.lacks(names[1:])
}

// fields are the names that are known to be in the value.
func (v *value) fields() []string {
	switch {
	case v == nil:
		return nil
	case v.isError:
		return errorFields
	}
	return slices.Sorted(maps.Keys(v.members))
}

// errorFields are what a Catch puts at its ResultPath (documented: Cause; by
// Amazon States Language also Error).
var errorFields = []string{"Cause", "Error"}

// rootNames are what a flow finds at its start (documented: trigger events).
var rootNames = []string{"account_id", "input", "integration_key", "subdomain"}

// tolerated are names that the documentation's samples or Zendesk's demo read
// at the root, though no page says where they come from.
var tolerated = []string{"accountId", "connections", "zendeskHost"}

// startData is the data with which a machine starts.
type startData struct {
	wrappers []string // the members that input can have; nil if that isn't known
}

func (d startData) has(names []string) bool {
	if slices.Contains(tolerated, names[0]) {
		return true
	}
	if !slices.Contains(rootNames, names[0]) {
		return false
	}
	return names[0] != "input" || len(names) == 1 || d.wrappers == nil || slices.Contains(d.wrappers, names[1])
}

func (d startData) below(names []string) []string {
	if len(names) == 1 && names[0] == "input" {
		return d.wrappers
	}
	return nil
}

// startOf finds out which events start the machine's flow. Native events come
// in an object of their kind (documented: trigger events); about others, and
// flows that no job spec here starts, nothing is known.
func startOf(x *index, m *zis.Machine) startData {
	name := m.States[0].Flow.Name.Value
	d, known := x.starts[name]
	if !known {
		d = startedBy(x.specs[name])
		x.starts[name] = d
	}
	return d
}

func startedBy(specs []*zis.JobSpec) startData {
	var d startData
	for _, s := range specs {
		kind, _, _ := strings.Cut(s.EventType.Value, ".")
		wrapper := ""
		if s.EventSource.Value == "support" {
			wrapper = wrapperOf(kind)
		}
		if wrapper == "" {
			return startData{}
		}
		if !slices.Contains(d.wrappers, wrapper) {
			d.wrappers = append(d.wrappers, wrapper)
		}
	}
	return d
}

func wrapperOf(kind string) string {
	switch kind {
	case "ticket":
		return "ticket_event"
	case "user":
		return "user_event"
	case "organization":
		return "organization_event"
	case "customobject":
		return "custom_object_event"
	}
	return ""
}
