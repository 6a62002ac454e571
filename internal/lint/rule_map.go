package lint

import (
	"slices"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var mapRules = []Rule{
	{
		ID: "map-items", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/map-state: ItemsPath leads to an array of at most 100 items, which must be objects; anything else ends the flow",
		Summary: "a Map's items are no objects, or too many",
		Machine: mapItems,
	},
	{
		ID: "nested-map", Severity: diag.Note, Evidence: Documented,
		Source:  "DG/flow-state-limitations: with a Map inside a Map, a flow is limited to 250 state transitions",
		Summary: "a Map stands inside a Map",
		State:   nestedMap,
	},
}

func nestedMap(p *Pass, s *zis.State) {
	if s.Type.Value == zis.StateMap && s.Map != nil {
		p.At(s.Type.Node, "flatten the items with zis:common:transform:Jq before the outer Map, if there can be many",
			"with a Map inside a Map the whole flow may take 250 steps at most")
	}
}

// mapItems checks the items that are written down: those of a Pass state whose
// ResultPath leads to them, if no other state writes there.
func mapItems(p *Pass, m *zis.Machine) {
	writers := sync.OnceValue(func() map[string][]*zis.State { return writersOf(m) })
	for _, s := range m.States {
		if s.Type.Value != zis.StateMap {
			continue
		}
		if items := literalAt(writers, flow.PathOf(s.Node.Get("ItemsPath"))); items != nil {
			checkItems(p, s, items)
			continue
		}
		itemsOfEvent(p, s)
	}
}

// itemsOfEvent checks items whose form is known without being written down: of
// what an event brings.
func itemsOfEvent(p *Pass, s *zis.State) {
	place := s.Node.Get("ItemsPath")
	path := flow.PathOf(place)
	names := flow.NamesOf(path)
	if text, _ := place.Text(); text == "$" {
		p.At(place, "lead ItemsPath to a list", "the items of the Map are no list: $ is all data, an object")
		return
	}
	if len(names) == 0 || len(names) < len(path.Segments) {
		return
	}
	switch shape := p.facts.ShapeAt(s, names); {
	case shape == nil || shape.Type == zis.Nothing || shape.Type == zis.Scalar:
	case shape.Type != zis.List:
		p.At(place, "lead ItemsPath to a list", "the items of the Map are no list: %s is %s", flow.Dotted(names), shape.Type.String())
	case shape.Items != nil && shape.Items.Type != zis.Object:
		p.At(place, "make objects with zis:common:transform:Jq: [.[] | {value: .}]", "the items of the Map %q are no objects: each of %s is %s", s.Name, flow.Dotted(names), shape.Items.Type.String())
	}
}

func checkItems(p *Pass, s *zis.State, items *source.Node) {
	place := s.Node.Get("ItemsPath")
	if !items.IsArray() {
		p.At(place, "lead ItemsPath to a list", "the items of the Map are no list")
		p.Related(items, "the items")
		return
	}
	if n := len(items.Members); n > zis.MapItems.Most {
		p.At(place, "split the list", "the Map has %d items, and takes %d", n, zis.MapItems.Most)
		p.Related(items, "the items")
	}
	for _, item := range items.Members {
		if !item.IsObject() {
			p.At(item, `write {"value": …}, or make objects with zis:common:transform:Jq`, "an item of the Map %q is no object", s.Name)
			return // the others are alike
		}
	}
}

// literalAt is the value that a path certainly leads to; nil if that is only
// known when the flow runs.
func literalAt(writers func() map[string][]*zis.State, path expr.Path) *source.Node {
	if len(path.Segments) == 0 {
		return nil
	}
	all := writers()[flow.FirstName(path)]
	if len(all) != 1 || all[0].Type.Value != zis.StatePass {
		return nil
	}
	writer := all[0]
	return descend(writer.Result, flow.PathOf(writer.ResultPath).Segments, path.Segments)
}

// writersOf are the states of a machine by the name at the root of the data
// that their results go below.
func writersOf(m *zis.Machine) map[string][]*zis.State {
	writers := map[string][]*zis.State{}
	for _, s := range m.States {
		name := flow.FirstName(flow.PathOf(s.ResultPath))
		writers[name] = append(writers[name], s)
	}
	return writers
}

// descend follows a path into a value that was put at another path, which must
// be its beginning.
func descend(n *source.Node, put, path []expr.Segment) *source.Node {
	same := func(a, b expr.Segment) bool { return a.Kind == b.Kind && a.Name == b.Name && a.Index == b.Index }
	if len(put) > len(path) || !slices.EqualFunc(put, path[:len(put)], same) {
		return nil
	}
	for _, seg := range path[len(put):] {
		if n == nil || seg.Kind == expr.Index {
			return nil
		}
		n = n.Get(seg.Name)
	}
	return n
}
