package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// supplyTime bounds the look for connections and webhooks: it is advice, and
// keeps no deploy waiting.
const supplyTime = 10 * time.Second

// lookForNeeds begins to read what the bundles need besides themselves, and
// returns a function that waits for the answer and puts it into the report.
// Only a ZIS OAuth token can look.
func (c *command) lookForNeeds(ctx context.Context, acc *account, docs []*source.Document) func(*report.Report) {
	needs := deploy.Needs(bundles(docs))
	if !c.looking().Any() || c.target == "local" || len(needs) == 0 {
		return func(*report.Report) {}
	}
	ctx, cancel := context.WithTimeout(ctx, supplyTime)
	found := make(chan deploy.Supply, 1)
	go func() {
		defer cancel()
		found <- deploy.ReadSupply(ctx, acc.client, c.integration, needs)
	}()
	return func(r *report.Report) {
		supply := <-found
		r.Add(missing(needs, supply))
		for _, err := range supply.Unknown {
			r.Notes = append(r.Notes, fmt.Sprintf("not known whether the integration has all that the bundle needs: %v", err))
		}
	}
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
