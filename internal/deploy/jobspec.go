package deploy

import (
	"context"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// installation is a job spec that should be on, or off: the resource that an
// install or uninstall writes.
type installation struct {
	integration string
	name        string // short
	on          bool
}

func (i installation) step() Step {
	if i.on {
		return Step{Install, specARN(i.integration, i.name)}
	}
	return Step{Uninstall, specARN(i.integration, i.name)}
}

func (i installation) write(ctx context.Context, reg *registry.Client) error {
	if i.on {
		return reg.Install(ctx, specARN(i.integration, i.name))
	}
	return reg.Uninstall(ctx, specARN(i.integration, i.name))
}

func (i installation) look(have Remote) look {
	if err := have.unreadable(jobSpecKind, []string{i.name}); err != nil {
		return look{state: unclear, what: fmt.Sprintf("the job spec %q: %v", i.name, err)}
	}
	if have.on(i.name) == i.on {
		return look{}
	}
	return look{state: asBefore, what: i.lacking()}
}

// lacking says that the job spec is not as it should be.
func (i installation) lacking() string {
	if i.on {
		return fmt.Sprintf("the job spec %q is not installed", i.name)
	}
	return fmt.Sprintf("the job spec %q is still installed", i.name)
}
