package deploy

import (
	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Documents are one bundle as the account has it and as it will be. Strings
// that may not be shown are marked as secret in both.
type Documents struct {
	Before *source.Document // nil: the account doesn't have it
	After  *source.Document
}

// Documents are the bundles of the plan, in its order.
func (p Prepared) Documents() []Documents {
	list := make([]Documents, len(p.want))
	for i, want := range p.want {
		stored, err := p.before.find(p.Bundles[i].Name)
		if err != nil {
			stored = nil // NewPlan has refused such an account
		}
		m := newMask(want.Doc, stored)
		list[i].After = m.concealed(want.Doc, false)
		if stored != nil {
			list[i].Before = m.concealed(stored.Doc, true)
		}
	}
	return list
}

// concealed is a bundle whose strings that may not be shown say so; stored
// tells whether it is the account's.
func (m *mask) concealed(doc *source.Document, stored bool) *source.Document {
	c := concealer{mask: m, stored: stored, secret: map[*source.Node]bool{}}
	c.walk(doc.Root, m.doc.Root, false, nil)
	return doc.Edited(doc.Secrets(), func(n *source.Node) source.Edit {
		e := n.Same()
		e.Secret = c.secret[n]
		return e
	})
}

// concealer decides for each string of a bundle what hide decides for one
// value.
type concealer struct {
	*mask
	stored bool
	secret map[*source.Node]bool
}

// walk goes over a value; beside is ours at the same place, known are the
// strings of the array of ours around it, if it holds a secret.
func (c *concealer) walk(n, beside *source.Node, inside bool, known map[string]bool) {
	if s, ok := n.Text(); ok {
		c.secret[n] = n.Secret || beside != nil && beside.Secret || c.holds(s) ||
			inside && s != "" && !isReference(s) || known != nil && !known[s] || looksSecret(n)
		return
	}
	if c.stored && beside.IsArray() {
		known = nil
		if holdsSecret(beside) {
			known = map[string]bool{}
			collect(beside, known)
		}
	}
	object, _ := n.Value.(map[string]any)
	for i, m := range n.Members {
		if object == nil {
			c.walk(m, item(beside, i), false, known)
			continue
		}
		within := inside && m.Name == "value" || isCredentialName(m.Name) || isHeaderValue(object, m.Name)
		c.walk(m, beside.Get(m.Name), within, known)
	}
}

// looksSecret tells whether a value is a credential, or may be one by its name.
func looksSecret(n *source.Node) bool {
	_, ok := credential.At(n)
	return ok
}
