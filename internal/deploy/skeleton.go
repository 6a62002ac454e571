package deploy

import (
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Digests that leave the program are over skeletons: the bundle without the
// values that may not be shown. From a digest over a whole body anybody could
// try out a secret that can be guessed. Whole bodies are compared in memory.

// ourSkeleton is the digest of our bundle's skeleton.
func (m *mask) ourSkeleton() string {
	digest, _ := m.doc.Skeleton(func(n *source.Node) bool { return hidden(n, m.ofOurs) })
	return digest
}

// skeletonOf is the digest of the stored bundle's skeleton. Two bundles that
// are equal have one skeleton: what our own files tell of the secrets counts
// for both.
func (m *mask) skeletonOf(have *Stored) string {
	m.study(have)
	digest, _ := have.Doc.Skeleton(func(n *source.Node) bool { return hidden(n, m.ofTheirs) })
	return digest
}

func hidden(n *source.Node, show func(*source.Node) string) bool {
	s := plain(n)
	return s != "" && show(n) != s
}

// nothing is a bundle of which the account holds everything otherwise.
var nothing = sync.OnceValue(source.Empty)

// foreignSkeleton is that of a bundle which no file of ours tells of.
func foreignSkeleton(have *Stored) string { return newMask(nothing(), have).skeletonOf(have) }

// Blanked is the digest of the skeleton of a stored bundle, and the JSON
// pointers of the values that are left out of it. Of a bundle of the plan, our
// file tells what was a secret.
func (p Prepared) Blanked(have *Stored) (digest string, pointers []string) {
	ours := nothing()
	for i, b := range p.want {
		if p.Bundles[i].Name == have.Name {
			ours = b.Doc
		}
	}
	m := newMask(ours, have)
	m.study(have)
	return have.Doc.Skeleton(func(n *source.Node) bool { return hidden(n, m.ofTheirs) })
}

// storedDigest is that of the whole body which the account holds; "" of a new
// bundle. It never leaves the program but for the journal, beside that body.
func (p Prepared) storedDigest(i int) string {
	if p.current[i] == nil {
		return ""
	}
	return p.current[i].Doc.Digest()
}
