package source

import "github.com/zisdeploy/zis-deploy/internal/diag"

// Empty is a document that is an empty object.
func Empty() *Document {
	doc, _ := Parse(diag.NewFile("", []byte("{}")))
	return doc
}

// Skeleton is the document's digest with null in the place of each value that
// hide says, and the JSON pointers of those places, in source order. What is
// hidden can't be guessed at from the digest.
func (d *Document) Skeleton(hide func(*Node) bool) (digest string, pointers []string) {
	hidden := map[*Node]bool{}
	var walk func(*Node)
	walk = func(n *Node) {
		if hide(n) {
			hidden[n] = true
			pointers = append(pointers, n.Pointer())
			return
		}
		members := n.Members
		if n.IsObject() {
			members = last(members)
		}
		for _, m := range members {
			walk(m)
		}
	}
	for _, n := range d.uploaded() {
		walk(n)
	}
	return d.digestWithout(hidden), pointers
}
