package lint

import (
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Twin is another integration of the account.
type Twin struct {
	Integration string
	Bundles     []string // names of those it holds
	Events      []string // source/type, of its job specs that are installed
}

// Twins finds the job specs that fires tells of, and that another integration
// doubles: it holds a bundle of the same name, and is started by the same
// event. Which of its bundles the event starts, the lists don't say.
func Twins(bundles []*zis.Bundle, others []Twin, fires func(spec string) bool) (found []diag.Diagnostic) {
	for _, b := range bundles {
		for _, s := range b.JobSpecs {
			for _, t := range others {
				if !fires(s.Name.Value) || !slices.Contains(t.Bundles, b.Name.Value) || !slices.Contains(t.Events, s.Event()) {
					continue
				}
				found = append(found, b.Doc.Report(s.EventType.Node, diag.Warning, RuleTwinIntegration,
					fmt.Sprintf("the integration %q of this account has a bundle %q too, and is started by %s: everything may be done twice",
						diag.Cut(t.Integration, diag.Quoted), diag.Cut(b.Name.Value, diag.Quoted), diag.Cut(s.Event(), diag.Quoted)),
					"if this integration takes its place, uninstall the job specs of that one"))
			}
		}
	}
	return found
}
