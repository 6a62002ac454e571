package diagram

// Join puts several pictures into one, each in a box with its title. A single
// one needs no box.
func Join(graphs []Graph, titles []string) Graph {
	if len(graphs) == 1 {
		return graphs[0]
	}
	all := Graph{Across: true}
	for i, g := range graphs {
		prefix := "f" + itoa(i)
		all.LeftOut += g.LeftOut
		all.Nodes = append(all.Nodes, Node{ID: prefix, Type: "Flow", Name: titles[i]})
		for _, n := range g.Nodes {
			n.ID = prefix + n.ID
			if n.Parent == "" {
				n.Parent = prefix
			} else {
				n.Parent = prefix + n.Parent
			}
			all.Nodes = append(all.Nodes, n)
		}
		for _, e := range g.Edges {
			e.From, e.To = prefix+e.From, prefix+e.To
			all.Edges = append(all.Edges, e)
		}
	}
	return all
}
