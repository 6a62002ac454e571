package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// supplyTime bounds the look for connections and webhooks: it is advice, and
// keeps no deploy waiting.
const supplyTime = 10 * time.Second

// Looking are those of the credentials that can tell what an integration has:
// its ZIS OAuth token, given or minted.
func Looking(all registry.Credentials) registry.Credentials {
	return registry.Credentials{ZISToken: all.ZISToken, ClientID: all.ClientID, ClientSecret: all.ClientSecret}
}

// lookForNeeds begins to read what the bundles need besides themselves, and
// returns a function that waits for the answer.
func (s *Session) lookForNeeds(ctx context.Context) func() ([]deploy.Need, deploy.Supply) {
	needs := deploy.Needs(s.Checked.Bundles())
	if !Looking(s.Target.Credentials).Any() || len(needs) == 0 {
		return func() ([]deploy.Need, deploy.Supply) { return nil, deploy.Supply{} }
	}
	ctx, cancel := context.WithTimeout(ctx, supplyTime)
	found := make(chan deploy.Supply, 1)
	go func() {
		defer cancel()
		found <- deploy.ReadSupply(ctx, s.connection.Client, s.Target.Integration, needs)
	}()
	return func() ([]deploy.Need, deploy.Supply) { return needs, <-found }
}

// take puts what was found about needs beside the other findings.
func (s *Session) take(needs []deploy.Need, supply deploy.Supply) {
	failing, reserved := Unfit(s.Checked.Bundles(), supply, s.Target.Where)
	kept, disabled := lint.Filter(slices.Concat(missing(needs, supply), failing, reserved), s.source.Disable)
	s.Checked.Add(kept)
	s.Checked.Disabled += disabled
	for _, err := range supply.Unknown {
		s.Notes = append(s.Notes, fmt.Sprintf("not known whether the integration has all that the bundle needs: %v", err))
	}
}

// settle looks at findings again with the other bundles that the integration
// holds: what they have isn't missing, and what is nowhere is an error.
func (s *Session) settle(have deploy.Remote) error {
	ours := s.Checked.Bundles()
	var others []*zis.Bundle
	for _, stored := range have.Bundles {
		b := zis.Read(stored.Doc)
		if !slices.ContainsFunc(ours, func(o *zis.Bundle) bool { return o.Name.Value == b.Name.Value }) {
			others = append(others, b)
		}
	}
	s.Checked.Settle(func(found []diag.Diagnostic) []diag.Diagnostic {
		return lint.Settle(found, ours, others, len(have.Unread) == 0)
	})
	return s.Checked.Err()
}

// Unfit are connections that the account has, and that can't serve the actions
// of the bundles that name them. Of the reserved ones it is not known what
// becomes of a flow, with the others the requests fail (documented).
func Unfit(bundles []*zis.Bundle, supply deploy.Supply, where string) (failing, reserved []diag.Diagnostic) {
	var others, kept []lint.Connection
	for _, c := range supply.Connections {
		one := lint.Connection{Name: c.Name, Type: c.Type, Domain: c.AllowedDomain}
		if one.Reserved() {
			kept = append(kept, one)
			continue
		}
		others = append(others, one)
	}
	host := ""
	if strings.HasSuffix(where, ".zendesk.com") {
		host = where
	}
	return lint.Connections(bundles, others, host), lint.Connections(bundles, kept, host)
}

func missing(needs []deploy.Need, supply deploy.Supply) []diag.Diagnostic {
	var list []diag.Diagnostic
	for _, n := range needs {
		if met, known := supply.Meets(n); met || !known {
			continue
		}
		if n.Connection != "" {
			list = append(list, n.Doc.Report(n.Node, diag.Warning, lint.RuleMissingConnection,
				fmt.Sprintf("the integration has no %s", n), "create it in the account, under this name: until then no flow that uses it starts"))
			continue
		}
		list = append(list, n.Doc.Report(n.Node, diag.Warning, lint.RuleUnfedEvent,
			fmt.Sprintf("no inbound webhook of the integration feeds the %s", n), "create one with this source_system and event_type: until then the job spec never fires"))
	}
	return list
}
