package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// ability is something that can be done in the account, and with which of the
// credentials that work: now, and after the last day of API tokens.
type ability struct {
	What  string          `json:"what"`
	Now   []registry.Kind `json:"now"`
	After []registry.Kind `json:"afterApiTokens"` // from 2027-05-01 on
}

// abilities of the credentials that work (docs/platform.md 1.2, 2.1, 8).
func abilities(found []credential) []ability {
	can := func(what string, kinds ...registry.Kind) ability {
		a := ability{What: what, Now: []registry.Kind{}, After: []registry.Kind{}}
		for _, c := range found {
			if !c.Works || !slices.Contains(kinds, c.Kind) {
				continue
			}
			a.Now = append(a.Now, c.Kind)
			if c.Kind != registry.APIToken {
				a.After = append(a.After, c.Kind)
			}
		}
		return a
	}
	return []ability{
		can("read, install, uninstall", registry.APIToken, registry.ZISToken, registry.ClientToken),
		can("register, mint tokens", registry.APIToken, registry.OAuthToken, registry.ClientToken),
		can("upload", registry.APIToken),
		can("deploy through an admin (via: app)", registry.APIToken, registry.OAuthToken, registry.ClientToken),
	}
}

func (a ability) String() string {
	now, after := "nothing given can", "nothing"
	if len(a.Now) > 0 {
		now = join(a.Now)
	}
	if len(a.After) > 0 {
		after = join(a.After)
	}
	return fmt.Sprintf("%s: %s; after 2027-04-30: %s", a.What, now, after)
}

func join(kinds []registry.Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, string(k))
	}
	return strings.Join(words, ", ")
}

// lifetime tells how long a bearer that was just minted lives, and what is
// wrong with it.
func lifetime(b zendesk.Bearer) (detail string, warnings []string) {
	detail = "its tokens have no end"
	if b.Life > 0 {
		detail = "its tokens live " + strings.TrimSuffix(b.Life.Round(time.Second).String(), "0s")
	} else {
		warnings = append(warnings, "the OAuth client gives tokens without an end, which all stop on 2027-04-01: a client made after 2026-04-30 gives tokens of 30 minutes")
	}
	for _, scope := range []string{"read", "write"} {
		if b.Scope != "" && !slices.Contains(strings.Fields(b.Scope), scope) {
			warnings = append(warnings, fmt.Sprintf("the scope of its tokens is %q, without %s: they may be refused everywhere", b.Scope, scope))
		}
	}
	return detail, warnings
}
