package deploy

import (
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Documents are one bundle as the account has it and as it will be. Values
// that may not be shown are marked as secret in both.
type Documents struct {
	Before *source.Document // nil: the account doesn't have it
	After  *source.Document
}

// Documents are the bundles of the plan, in its order.
func (p Prepared) Documents() []Documents {
	list := make([]Documents, len(p.want))
	for i, want := range p.want {
		stored := p.current[i]
		m := newMask(want.Doc, stored)
		list[i].After = m.ours()
		if stored != nil {
			list[i].Before = m.theirs()
		}
	}
	return list
}
