package zendesk

import (
	"errors"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// explain adds what the OAuth client's name tells about why it was refused.
func (g *Grant) explain(err error) error {
	e, ok := errors.AsType[*registry.Error](err)
	if !ok || !strings.Contains(e.Message, "invalid_client") || !strings.HasPrefix(g.clientID(), "zis_") {
		return err
	}
	e.Meaning = "the OAuth clients zis_{integration} are refused here"
	e.Hint.Code = verdict.OwnClient
	return e
}
