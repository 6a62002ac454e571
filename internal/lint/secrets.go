package lint

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// RuleSecret finds credentials; what stands at its findings must not be shown.
const RuleSecret = "secret"

var secretRules = []Rule{
	{
		ID: RuleSecret, Severity: diag.Warning, Evidence: Observed,
		Source:  "public repositories hold bundles with their customers' Basic credentials in clear; DG/zis-custom-actions: connectionName keeps them apart",
		Summary: "a credential stands in the file",
		Text:    secrets,
		Number:  secrets,
	},
}

const secretHelp = "revoke it, then use a connection (connectionName), or write {{NAME}} and give --secret-var NAME"

// secrets looks at one string or number. What a secret variable filled in is
// none: it isn't in the file. The messages never hold the secret.
func secrets(p *Pass, n *source.Node) {
	f, ok := credential.At(n)
	_, isText := n.Text()
	switch {
	case !ok || !f.Sure || n.Secret:
	case isText:
		p.Inside(n, f.Start, f.End, secretHelp, "this looks like %s", f.What)
	default:
		p.At(n, secretHelp, "this looks like %s", f.What)
	}
}

// variable tells whether a value is filled in later, by anybody.
func variable(s string) bool {
	return strings.HasPrefix(s, "$") || strings.Contains(s, "{{") || len(expr.Placeholders(s)) > 0
}
