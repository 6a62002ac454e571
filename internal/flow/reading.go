package flow

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Reading is one string in which the platform looks for paths, or in which
// somebody may think that it does.
type Reading struct {
	State  *zis.State // that reads; nil of an action's definition
	Node   *source.Node
	Kind   ReadingKind
	Paths  []expr.Reference // what is read
	Errors []expr.Error
}

// ReadingKind says what the platform does with a string. The zero value is none.
type ReadingKind uint8

// The kinds.

const (
	_           ReadingKind = iota
	PathField               // nothing but a path: Variable, ItemsPath, ResultPath
	Evaluated               // a member whose name ends in ".$": a path, or a text with placeholders
	Message                 // of a log: a path or a text with placeholders
	Definition              // a text in an action's definition whose placeholders are filled in
	Fixed                   // passed on as it stands: Parameters without ".$"
	ProgramText             // jq, which has checks of its own
)

// Readings are the strings of a state that can hold paths. Those of a Map's
// Iterator belong to the states in it.
func (x *Facts) Readings(s *zis.State) []Reading { return x.state(s).readings }

func stateReadings(s *zis.State) []Reading {
	var list []Reading
	for _, m := range s.Node.Members {
		switch m.Name {
		case "ItemsPath", "SecondsPath", "ResultPath":
			list = addReading(list, m, PathField)
		case "Message", "Error", "Cause":
			list = addReading(list, m, Message)
		case "Parameters":
			list = parameterReadings(list, m, IsJq(s))
		}
	}
	for c := range Conditions(s) {
		for _, m := range c.Node.Members {
			if m.Name == "Variable" || strings.HasSuffix(m.Name, "Path") {
				list = addReading(list, m, PathField)
			}
		}
	}
	for _, c := range s.Catches {
		if n := c.Node.Get("ResultPath"); n != nil {
			list = addReading(list, n, PathField)
		}
	}
	for i := range list {
		list[i].State = s
	}
	return list
}

func parameterReadings(list []Reading, n *source.Node, jq bool) []Reading {
	for _, m := range n.Members {
		kind := Fixed
		switch {
		case jq && strings.TrimSuffix(m.Name, ".$") == "expr":
			kind = ProgramText
		case strings.HasSuffix(m.Name, ".$"):
			kind = Evaluated
		}
		list = addReading(list, m, kind)
		list = parameterReadings(list, m, false)
	}
	return list
}

// definitionReadings are the strings of an action's definition.
func definitionReadings(list []Reading, n *source.Node) []Reading {
	for _, m := range n.Members {
		kind := Definition
		if strings.HasSuffix(m.Name, ".$") {
			kind = Evaluated
		}
		list = addReading(list, m, kind)
		list = definitionReadings(list, m)
	}
	return list
}

// Conditions yields the rules of a Choice and what is nested in them, outer
// ones first.
func Conditions(s *zis.State) func(yield func(zis.Condition) bool) {
	return func(yield func(zis.Condition) bool) {
		if s.Type.Value != zis.StateChoice {
			return
		}
		for _, choice := range s.Choices {
			for c := range choice.Condition.All {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// FilledIn tells whether somebody fills something into a text: ZIS when the
// flow runs, or whoever deploys.
func FilledIn(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "${") }

func addReading(list []Reading, n *source.Node, kind ReadingKind) []Reading {
	text, ok := n.Text()
	if !ok && kind == Evaluated && n.Parent.IsObject() {
		return append(list, Reading{Node: n, Kind: kind}) // nothing can be looked up there
	}
	if !ok || kind != PathField && strings.IndexByte(text, '$') < 0 && kind != Evaluated {
		return list
	}
	r := Reading{Node: n, Kind: kind}
	switch kind {
	case PathField:
		if inside, ok := inBraces(text); ok {
			r.Errors = []expr.Error{{Kind: expr.Syntax, End: len(text), Message: "a path stands here without braces", Help: "write " + inside}}
			break
		}
		if FilledIn(text) {
			return list // whatever is filled in
		}
		path, err := expr.ParsePath(text)
		if err != nil {
			r.Errors = []expr.Error{*err}
		} else {
			r.Paths = []expr.Reference{{Text: text, Path: path, End: len(text)}}
		}
	case Evaluated:
		r.Paths, r.Errors = expr.ParseValue(text)
	default:
		r.Paths, r.Errors = expr.ParseTemplate(text)
	}
	return append(list, r)
}

// inBraces is the path of a text that is {{$.path}} and nothing else.
func inBraces(text string) (path string, ok bool) {
	reads, errs := expr.ParseTemplate(text)
	if len(reads) != 1 || len(errs) > 0 || reads[0].Text != strings.TrimSpace(text) || !strings.HasPrefix(reads[0].Text, "{{") {
		return "", false
	}
	return reads[0].Path.String(), true
}

// PathOf reads a path; of anything else it is the empty path.
func PathOf(n *source.Node) expr.Path {
	text, _ := n.Text()
	if !strings.HasPrefix(text, "$") {
		return expr.Path{}
	}
	path, err := expr.ParsePath(text)
	if err != nil {
		return expr.Path{}
	}
	return path
}

// FirstName is the name at the root of the data that a path begins with; ""
// for "$" itself.
func FirstName(p expr.Path) string {
	if len(p.Segments) == 0 {
		return ""
	}
	return p.Segments[0].Name
}
