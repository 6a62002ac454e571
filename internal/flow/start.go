package flow

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Start is the data with which a flow starts: an event's.
type Start struct {
	Events []Trigger // what starts the flow; none if no job spec here does
}

// Start is what is known of the data with which a flow starts.
func (x *Facts) Start(f *zis.Flow) *Start {
	name := f.Name.Value
	d, known := x.starts[name]
	if !known {
		d = &Start{}
		for _, s := range x.specs[name] {
			t := Trigger{Spec: s}
			if e := zis.EventOf(s.EventSource.Value, s.EventType.Value); e != nil {
				t.Shown, t.Payload = e.Shown, e.Payload
			} else {
				t.Payload = zis.UnlistedPayload(s.EventSource.Value, s.EventType.Value)
			}
			d.Events = append(d.Events, t)
		}
		x.starts[name] = d
	}
	return d
}

// Has tells whether a path is there when the flow starts: with some of the
// events, and whether with some it isn't. lacking is the first of those.
func (d *Start) Has(names []string) (there bool, lacking *Trigger) {
	if zis.SampleNames.Has(names[0]) {
		return true, nil
	}
	if !zis.RootNames.Has(names[0]) {
		return false, &Trigger{}
	}
	if names[0] != "input" {
		if len(names) > 1 {
			return false, &Trigger{} // a number or text
		}
		return true, nil
	}
	there = len(d.Events) == 0
	for i, e := range d.Events {
		switch {
		case !e.Payload.Lacks(names[1:]):
			there = true
		case lacking == nil:
			lacking = &d.Events[i]
		}
	}
	return there, lacking
}

// At is the shape of what stands at a path when the flow starts; nil where
// that isn't known, or differs from event to event.
func (d *Start) At(names []string) *zis.Shape {
	switch {
	case names[0] != "input":
		return zis.RootShape.At(names...)
	case len(d.Events) == 0:
		return nil
	}
	var shape *zis.Shape
	for i, e := range d.Events {
		s := e.Payload.At(names[1:]...)
		if s == nil || i > 0 && s.Type != shape.Type {
			return nil
		}
		shape = s
	}
	return shape
}

// below are the names that are known to be in an object of the start.
func (d *Start) below(names []string) (fields []string) {
	if names[0] != "input" {
		return nil
	}
	for _, e := range d.Events {
		fields = append(fields, e.Payload.At(names[1:]...).Fields()...)
	}
	return fields
}

// literalShape is the shape of a value that stands in the file.
func literalShape(n *source.Node) *zis.Shape {
	text, isText := n.Text()
	switch {
	case n.IsObject():
		s := &zis.Shape{Type: zis.Object, Members: make(map[string]*zis.Shape, len(n.Members))}
		for _, m := range n.Members {
			name := strings.TrimSuffix(m.Name, ".$")
			s.Members[name] = literalShape(m)
			if name != m.Name {
				s.Members[name] = nil
			}
		}
		return s
	case n.IsArray(), n.Value == nil, isText && FilledIn(text):
		return nil
	case isText:
		return &zis.Shape{Type: zis.Text}
	}
	if _, isBool := n.Value.(bool); isBool {
		return &zis.Shape{Type: zis.Boolean}
	}
	return &zis.Shape{Type: zis.Number}
}

var kinds = map[jq.Kind]zis.DataType{jq.Array: zis.List, jq.Text: zis.Text, jq.Number: zis.Number, jq.Boolean: zis.Boolean}

// programShape is the shape of what a jq program gives out.
func programShape(s *jq.Shape) *zis.Shape {
	switch {
	case s == nil:
		return nil
	case s.Kind != jq.Object:
		return &zis.Shape{Type: kinds[s.Kind]}
	}
	shape := &zis.Shape{Type: zis.Object, Members: make(map[string]*zis.Shape, len(s.Members))}
	for name, below := range s.Members {
		shape.Members[name] = programShape(below)
	}
	return shape
}
