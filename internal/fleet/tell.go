package fleet

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// tell says in words what a deploy of the release would change in the account,
// with the choices that a deploy of this target has: whether it prunes decides
// which job specs stop.
func (o observation) tell(s *Standing, known render.Values) {
	p, err := o.plan(known, o.Options(o.target))
	if err != nil {
		s.Notes = append(s.Notes, fmt.Sprintf("a deploy of the release would be refused: %v", err))
		return
	}
	s.Sentences = sentences.Of(p).All()
}
