package lint

import "github.com/zisdeploy/zis-deploy/internal/diag"

// Rules that plan, deploy and doctor report when a ZIS OAuth token lets them
// ask the account.
const (
	RuleMissingConnection = "missing-connection"
	RuleUnfedEvent        = "unfed-event"
)

// accountRules are found by asking the account, not by the walk.
var accountRules = []Rule{
	{
		ID: RuleMissingConnection, Severity: diag.Warning, Evidence: Observed,
		Source:  "docs/platform.md 5.1: a bundle whose action names a missing connection uploads, and its flow refuses to start",
		Summary: "the account lacks a connection that an action names",
	},
	{
		ID: RuleUnfedEvent, Severity: diag.Warning, Evidence: Observed,
		Source:  "docs/platform.md 10: inbound webhooks can be listed; the listing is not documented",
		Summary: "no inbound webhook of the account feeds a custom event",
	},
}
