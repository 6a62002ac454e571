// Package source reads JSON files: bytes become a Document, a tree in which
// every value knows its place. A document doesn't change once it is parsed; it
// can be written, compared, digested and edited into a new one.
package source

import (
	"cmp"
	"strconv"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Limits of what is read; a bundle that is known to deploy has 28 KB.
const (
	MaxBytes  = 16 << 20 // a larger file is refused before it is read
	MaxDepth  = 100      // levels of nesting: a real bundle has some 15, and every walk of the tree is recursive
	MaxValues = 400_000  // values in one file: bounds memory to some 350 MB, the check against the schema included
	MaxText   = 1 << 20  // bytes of one text: programs and paths in it become some hundred times as many
	MaxNames  = 4096     // bytes of the names on the way to a value: each finding holds them
)

// Document is a parsed JSON file whose root is an object.
type Document struct {
	File *diag.File
	Root *Node

	secrets []string // values filled in by Render that may never be shown

	once   sync.Once // guards digest
	digest string
}

// Node is one value of a document and its place in the file. In a rendered
// document the places still are those of the source.
type Node struct {
	Span    diag.Span // the value
	Key     diag.Span // its member name with the quotes; empty for items and the root
	Name    string    // member name; "" for items and the root
	Parent  *Node
	Value   any     // nil, bool, json.Number, string, Object or Array
	Members []*Node // of an object or array, in source order
	Index   int32   // place among the parent's members
	Secret  bool    // a secret is in here: the value may be shown as Shown says, and not otherwise

	more *more // what few nodes have; nil of most
}

// more is what few nodes have: there are 400,000 of them in a large file.
type more struct {
	shown string           // of a secret: what may be shown; "" for nothing
	named map[string]*Node // the members of a large object; nil of any other
}

// rare is more, or nothing of it.
func (n *Node) rare() more {
	if n.more == nil {
		return more{}
	}
	return *n.more
}

// Object and Array are the Value of a node that is one. What is in it are its
// Members; Plain makes a map or list of them.
type (
	Object struct{}
	Array  struct{}
)

// Shown is what may be shown of a value that is a secret or holds one: (secret)
// in place of it.
func (n *Node) Shown() string { return cmp.Or(n.rare().shown, Hidden) }

// many is from how many members on a lookup by name doesn't go over them.
const many = 32

// contain makes members those of n.
func (n *Node) contain(members []*Node) {
	n.Members = members
	if len(members) < many || n.IsArray() {
		return
	}
	named := make(map[string]*Node, len(members))
	for _, m := range members {
		named[m.Name] = m
	}
	n.more = &more{shown: n.rare().shown, named: named}
}

// IsObject tells whether the node is a JSON object.
func (n *Node) IsObject() bool {
	if n == nil {
		return false
	}
	_, ok := n.Value.(Object)
	return ok
}

// IsArray tells whether the node is a JSON array.
func (n *Node) IsArray() bool {
	if n == nil {
		return false
	}
	_, ok := n.Value.(Array)
	return ok
}

// Text returns the value of a string node; ok is false for any other.
func (n *Node) Text() (s string, ok bool) {
	if n == nil {
		return "", false
	}
	s, ok = n.Value.(string)
	return s, ok
}

// Get follows member names down from n and returns nil where one is missing.
// Of duplicate names the last counts, as in encoding/json.
func (n *Node) Get(names ...string) *Node {
	for _, name := range names {
		n = n.member(name)
	}
	return n
}

func (n *Node) member(name string) *Node {
	switch {
	case !n.IsObject():
		return nil
	case n.more != nil && n.more.named != nil:
		return n.more.named[name]
	}
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Name == name {
			return n.Members[i]
		}
	}
	return nil
}

// Root is the document's root.
func (n *Node) Root() *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// Pointer is the node's JSON pointer (RFC 6901); "" for the root.
func (n *Node) Pointer() string {
	var parts []string
	for ; n.Parent != nil; n = n.Parent {
		parts = append(parts, n.step())
	}
	var b strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(parts[i])
	}
	return b.String()
}

func (n *Node) step() string {
	if n.Parent.IsArray() {
		return itoa(int(n.Index))
	}
	return EscapePointer(n.Name)
}

// EscapePointer writes a member name as one step of a JSON pointer.
func EscapePointer(name string) string { return escapes.Replace(name) }

var (
	escapes   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

// At returns the node that a JSON pointer names, or nil.
func (d *Document) At(pointer string) *Node {
	n := d.Root
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		if n = n.Child(unescapes.Replace(step)); n == nil {
			return nil
		}
	}
	return n
}

// Child is the member or item that one step of a pointer, unescaped, names;
// nil if there is none.
func (n *Node) Child(step string) *Node {
	if !n.IsArray() {
		return n.member(step)
	}
	if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Members) && itoa(i) == step {
		return n.Members[i]
	}
	return nil
}

// Report returns a finding about n.
func (d *Document) Report(n *Node, s diag.Severity, rule, message, help string) diag.Diagnostic {
	return diag.Diagnostic{
		File: d.File, Span: n.Span, Pointer: n.Pointer(),
		Rule: rule, Severity: s, Message: message, Help: help,
	}
}

// Secrets are the secret values that were filled in.
func (d *Document) Secrets() []string { return d.secrets }
