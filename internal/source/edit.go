package source

import (
	"cmp"
	"slices"
)

// Edit says what becomes of a node in a new document: its member name, and the
// value of a string. An object or array keeps its members, each edited.
type Edit struct {
	Name   string
	Value  any    // of a string: the new string or json.Number; ignored for any other
	Secret bool   // a secret came in: the value may not be shown
	Shown  string // of a secret: what may be shown of it; "" for nothing
}

// Edited is a new document, in which each name and each string is what edit
// makes of it. The places stay those of the source, and d is untouched: the
// two share nothing that could be changed. Secrets are the texts that may
// never be shown, beside those that d holds.
func (d *Document) Edited(secrets []string, edit func(*Node) Edit) *Document {
	c := copier{edit: edit}
	to := d.With(secrets)
	to.Root = c.node(d.Root, nil)
	return to
}

// With is the same document with more texts that may never be shown.
func (d *Document) With(secrets []string) *Document {
	return &Document{File: d.File, Root: d.Root, secrets: slices.Concat(d.secrets, secrets)}
}

// copier copies a tree, node by node.
type copier struct {
	edit func(*Node) Edit
	slab []Node // nodes are handed out of blocks: one allocation for many
}

func (c *copier) node(n, parent *Node) *Node {
	edited := c.edit(n)
	to := c.new()
	*to = Node{Span: n.Span, Key: n.Key, Name: edited.Name, Index: n.Index, Parent: parent, Secret: n.Secret || edited.Secret}
	if shown := cmp.Or(edited.Shown, n.rare().shown); shown != "" {
		to.more = &more{shown: shown}
	}
	if _, isText := n.Text(); isText {
		to.Value = edited.Value
		return to
	}
	to.Value = n.Value
	c.members(n, to)
	return to
}

func (c *copier) members(from, to *Node) {
	if len(from.Members) == 0 {
		return
	}
	members := make([]*Node, len(from.Members))
	for i, m := range from.Members {
		members[i] = c.node(m, to)
	}
	to.contain(members)
}

func (c *copier) new() *Node {
	if len(c.slab) == 0 {
		c.slab = make([]Node, 64)
	}
	n := &c.slab[0]
	c.slab = c.slab[1:]
	return n
}

// Same is the edit that changes nothing.
func (n *Node) Same() Edit { return Edit{Name: n.Name, Value: n.Value} }
