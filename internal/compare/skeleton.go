package compare

import (
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Digests that leave the program are over skeletons: the bundle without the
// values that may not be shown. From a digest over a whole body anybody could
// try out a secret that can be guessed. Whole bodies are compared in memory.

// OurSkeleton is the digest of our bundle's skeleton.
func (m *Mask) OurSkeleton() string {
	digest, _ := m.doc.Skeleton(func(n *source.Node) bool { return hidden(n, m.ofOurs) })
	return digest
}

// SkeletonOf is the digest of the stored bundle's skeleton, and the JSON
// pointers of the values that are left out of it. Two bundles that are equal
// have one skeleton: what our own files tell of the secrets counts for both.
func (m *Mask) SkeletonOf(have *source.Document) (digest string, left []string) {
	m.study(have)
	return have.Skeleton(func(n *source.Node) bool { return hidden(n, m.ofTheirs) })
}

func hidden(n *source.Node, show func(*source.Node) string) bool {
	s := plain(n)
	return s != "" && show(n) != s
}

// nothing is a bundle of which the account holds everything otherwise.
var nothing = sync.OnceValue(source.Empty)

// ForeignSkeleton is the digest of the skeleton of a bundle which no file of
// ours tells of.
func ForeignSkeleton(have *source.Document) string {
	digest, _ := NewMask(nothing(), have).SkeletonOf(have)
	return digest
}

// Former is a bundle that an account held, for use as one of ours: what may not
// be shown of the account's side is marked as a secret in it, for it says
// itself nowhere what was one.
func Former(doc *source.Document) *source.Document { return NewMask(nothing(), doc).Theirs() }

// concealed is a document whose values say what may be shown of them: the same
// one if all of them may be shown.
func concealed(doc *source.Document, show func(*source.Node) string) *source.Document {
	hidden := map[*source.Node]string{}
	var look func(n *source.Node)
	look = func(n *source.Node) {
		if s := plain(n); s != "" {
			if shown := show(n); shown != s {
				hidden[n] = shown
			}
		}
		for _, m := range n.Members {
			look(m)
		}
	}
	look(doc.Root)
	if len(hidden) == 0 {
		return doc
	}
	return doc.Edited(nil, func(n *source.Node) source.Edit {
		e := n.Same()
		if shown, is := hidden[n]; is {
			e.Secret, e.Shown = true, shown
		}
		return e
	})
}
