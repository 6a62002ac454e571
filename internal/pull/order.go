package pull

import (
	"cmp"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// arranged are the members of an object in the order in which people write
// them: what says what a thing is first, resources from what starts to what is
// called, states from StartAt on. What has no usual place keeps that of the
// account.
func arranged(n *source.Node, members []*source.Node) []*source.Node {
	switch {
	case n.Parent == nil:
		return by(members, "name", "description", "zis_template_version")
	case n.Name == "resources" && n.Parent.Parent == nil:
		return resources(members)
	case isResource(n):
		return by(members, "type", "properties")
	case n.Name == "properties" && isResource(n.Parent):
		return by(members, "name", "description", "event_source", "event_type", "flow_name", "definition")
	case n.Name == "States" && n.Parent.Get("StartAt") != nil:
		return states(n, members)
	case n.Parent != nil && n.Parent.Name == "States" && n.Get("Type") != nil:
		return by(members, "Type", "Comment", "ActionName", "Parameters", "ItemsPath", "Iterator", "Choices", "Default", "Seconds", "SecondsPath", "Result", "ResultPath", "Error", "Cause", "Message", "Catch", "Next", "End")
	case n.Get("StartAt") != nil && n.Get("States") != nil:
		return by(members, "Comment", "StartAt", "States")
	case n.Name == "definition":
		return by(members, "method", "url", "url.$", "path", "path.$", "connectionName", "headers", "queryParams", "requestBody", "requestBody.$")
	case n.Get("key") != nil && n.Get("value") != nil:
		return by(members, "key", "value")
	}
	return members
}

func isResource(n *source.Node) bool {
	return n.Parent != nil && n.Parent.Name == "resources" && n.Parent.Parent != nil && n.Parent.Parent.Parent == nil
}

// by orders members by names; the others come behind, as they are.
func by(members []*source.Node, names ...string) []*source.Node {
	rank := func(n *source.Node) int {
		if i := slices.Index(names, n.Name); i >= 0 {
			return i
		}
		return len(names)
	}
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, func(a, b *source.Node) int { return cmp.Compare(rank(a), rank(b)) })
	return sorted
}

func resources(members []*source.Node) []*source.Node {
	order := []string{zis.TypeJobSpec, zis.TypeFlow, zis.TypeAction}
	rank := func(n *source.Node) int {
		kind, _ := n.Get("type").Text()
		if i := slices.Index(order, kind); i >= 0 {
			return i
		}
		return len(order)
	}
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, func(a, b *source.Node) int { return cmp.Compare(rank(a), rank(b)) })
	return sorted
}

// states are those of a flow in the order in which they are reached.
func states(n *source.Node, members []*source.Node) []*source.Node {
	start, _ := n.Parent.Get("StartAt").Text()
	place := map[string]int{}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		state := n.Get(queue[0])
		if _, seen := place[queue[0]]; seen || state == nil {
			continue
		}
		place[queue[0]] = len(place)
		queue = append(queue, targets(state)...)
	}
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, func(a, b *source.Node) int { return cmp.Compare(at(place, a.Name), at(place, b.Name)) })
	return sorted
}

func at(place map[string]int, name string) int {
	if i, ok := place[name]; ok {
		return i
	}
	return len(place)
}

// targets are the states that a state leads to, in the order of its text.
func targets(state *source.Node) []string {
	var list []string
	add := func(n *source.Node) {
		if s, ok := n.Text(); ok {
			list = append(list, s)
		}
	}
	for _, choice := range membersOf(state.Get("Choices")) {
		add(choice.Get("Next"))
	}
	add(state.Get("Default"))
	add(state.Get("Next"))
	for _, caught := range membersOf(state.Get("Catch")) {
		add(caught.Get("Next"))
	}
	return list
}

func membersOf(n *source.Node) []*source.Node {
	if n == nil {
		return nil
	}
	return n.Members
}
