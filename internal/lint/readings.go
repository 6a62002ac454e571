package lint

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// reading is one string in which the platform looks for paths, or in which
// somebody may think that it does.
type reading struct {
	node   *source.Node
	kind   readingKind
	paths  []expr.Reference // what is read
	errors []expr.Error
}

type readingKind uint8

const (
	_          readingKind = iota
	pathField              // nothing but a path: Variable, ItemsPath, ResultPath
	evaluated              // a member whose name ends in ".$": a path, or a text with placeholders
	message                // of a log: a path or a text with placeholders
	definition             // a text in an action's definition whose placeholders are filled in
	fixed                  // passed on as it stands: Parameters without ".$"
	program                // jq, which has checks of its own
)

// readings are the strings of a state that can hold paths. Those of a Map's
// Iterator belong to the states in it.
func (x *index) readings(s *zis.State) []reading { return x.state(s).readings }

// definition are the readings of an action.
func (x *index) definition(a *zis.Action) []reading {
	list, ok := x.texts[a]
	if !ok && a.Definition != nil {
		list = definitionReadings(nil, a.Definition)
		x.texts[a] = list
	}
	return list
}

func stateReadings(s *zis.State) []reading {
	var list []reading
	for _, m := range s.Node.Members {
		switch m.Name {
		case "ItemsPath", "SecondsPath", "ResultPath":
			list = addReading(list, m, pathField)
		case "Message", "Error", "Cause":
			list = addReading(list, m, message)
		case "Parameters":
			list = parameterReadings(list, m, isJq(s))
		}
	}
	conditions(s, func(n *source.Node) {
		for _, m := range n.Members {
			if m.Name == "Variable" || strings.HasSuffix(m.Name, "Path") {
				list = addReading(list, m, pathField)
			}
		}
	})
	for _, c := range s.Catches {
		if n := c.Node.Get("ResultPath"); n != nil {
			list = addReading(list, n, pathField)
		}
	}
	return list
}

func isJq(s *zis.State) bool { return s.ActionName.Value == jqTransform }

func parameterReadings(list []reading, n *source.Node, jq bool) []reading {
	for _, m := range n.Members {
		kind := fixed
		switch {
		case jq && strings.TrimSuffix(m.Name, ".$") == "expr":
			kind = program
		case strings.HasSuffix(m.Name, ".$"):
			kind = evaluated
		}
		list = addReading(list, m, kind)
		list = parameterReadings(list, m, false)
	}
	return list
}

// definitionReadings are the strings of an action's definition.
func definitionReadings(list []reading, n *source.Node) []reading {
	for _, m := range n.Members {
		kind := definition
		if strings.HasSuffix(m.Name, ".$") {
			kind = evaluated
		}
		list = addReading(list, m, kind)
		list = definitionReadings(list, m)
	}
	return list
}

func addReading(list []reading, n *source.Node, kind readingKind) []reading {
	text, ok := n.Text()
	if !ok || kind != pathField && strings.IndexByte(text, '$') < 0 && kind != evaluated {
		return list
	}
	r := reading{node: n, kind: kind}
	switch kind {
	case pathField:
		if hasPlaceholder(text) {
			return list // whatever is filled in
		}
		path, err := expr.ParsePath(text)
		if err != nil {
			r.errors = []expr.Error{*err}
		} else {
			r.paths = []expr.Reference{{Text: text, Path: path, End: len(text)}}
		}
	case evaluated:
		r.paths, r.errors = expr.ParseValue(text)
	default:
		r.paths, r.errors = expr.ParseTemplate(text)
	}
	return append(list, r)
}

// pathOf reads a path; of anything else it is the empty path.
func pathOf(n *source.Node) expr.Path {
	text, _ := n.Text()
	path, err := expr.ParsePath(text)
	if err != nil {
		return expr.Path{}
	}
	return path
}

// firstName is the name at the root of the data that a path begins with; ""
// for "$" itself.
func firstName(p expr.Path) string {
	if len(p.Segments) == 0 {
		return ""
	}
	return p.Segments[0].Name
}
