package cli

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/program"
)

func rulesVerb(p *program.Program) *cobra.Command {
	return &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules of validate, or explain one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listRules(p)
			}
			return explainRule(p, args[0])
		},
	}
}

func listRules(p *program.Program) error {
	var b bytes.Buffer
	width := 0
	for _, r := range lint.Rules() {
		width = max(width, len(r.ID))
	}
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "%-*s  %-7s  %s\n", width, r.ID, r.Severity, r.Summary)
	}
	_, err := p.Stdout.Write(b.Bytes())
	return err
}

func explainRule(p *program.Program, id string) error {
	i := slices.IndexFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == id })
	if i < 0 {
		return program.Usagef("no rule is called %q; zis rules lists them", id)
	}
	r := lint.Rules()[i]
	e, _ := lint.Explain(id)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s (%s): %s\n\n%s\n\n%s: %s\n", r.ID, r.Severity, r.Summary, e.Text, r.Evidence, r.Source)
	for _, example := range []struct{ name, text string }{{"bad", e.Bad}, {"good", e.Good}} {
		if example.text != "" {
			fmt.Fprintf(&b, "\n%s:\n%s", example.name, example.text)
		}
	}
	_, err := p.Stdout.Write(b.Bytes())
	return err
}
