package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/cli/flows"
	"github.com/zisdeploy/zis-deploy/internal/cli/start"
	"github.com/zisdeploy/zis-deploy/internal/cli/targets"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/version"
)

// verbs are all verbs, in the order of the help.
func verbs() []func(*program.Program) *cobra.Command {
	return []func(*program.Program) *cobra.Command{
		validateVerb,
		flows.TestVerb, flows.RunVerb,
		planVerb, deployVerb, installVerb, uninstallVerb, restoreVerb,
		targets.PromoteVerb, targets.StatusVerb, targets.DriftVerb, targets.TargetsVerb,
		appVerb, verifyVerb,
		registerVerb, tokenVerb,
		start.InitVerb, pullVerb,
		doctorVerb,
		renderVerb, flows.GraphVerb,
		rulesVerb, versionVerb,
		flows.EmulatorVerb, probeVerb,
		actionVerb,
	}
}

// root is the program as cobra sees it.
func root(p *program.Program) *cobra.Command {
	root := &cobra.Command{
		Use:                "zis",
		Short:              "Deploy Zendesk Integration Services bundles, and prove that they run",
		Version:            version.String(),
		SilenceErrors:      true,
		SilenceUsage:       true,
		DisableSuggestions: true, // mistyped has them
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			if err := p.Values.Check(p.Option); err != nil {
				return err
			}
			if err := p.CheckFlags(cmd); err != nil {
				return err
			}
			if err := p.UseTarget(cmd.Name(), args); err != nil {
				return err
			}
			p.Started = true
			return nil
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("zis {{.Version}}\n")
	for _, verb := range verbs() {
		root.AddCommand(verb(p))
	}
	return root
}

// mistyped adds to cobra's error about an unknown verb the one that was meant.
func mistyped(root *cobra.Command, err error) error {
	if err == nil || !strings.HasPrefix(err.Error(), "unknown command ") {
		return err
	}
	var names []string
	for _, verb := range root.Commands() {
		names = append(names, verb.Name())
	}
	typed, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), `unknown command "`), `"`)
	next := "zis help lists the verbs"
	if near := english.Nearest(typed, names); near != "" {
		next = "did you mean zis " + near + "?"
	}
	return &verdict.Error{Reason: verdict.InvalidInput, Err: err, Next: next}
}
