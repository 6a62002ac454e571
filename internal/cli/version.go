package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/version"
)

func versionVerb(p *program.Program) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Tell what this build is",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return tellVersion(p, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "with commit, date, Go and the modules that are linked in, as JSON")
	return cmd
}

func tellVersion(p *program.Program, asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprintln(p.Stdout, "zis "+version.String())
		return err
	}
	enc := json.NewEncoder(p.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(version.Get())
}
