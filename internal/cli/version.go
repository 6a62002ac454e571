package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/version"
)

func (c *command) versionVerb() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Tell what this build is",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return c.version(asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "with commit, date, Go and the modules that are linked in, as JSON")
	return cmd
}

func (c *command) version(asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprintln(c.Stdout, "zis "+version.String())
		return err
	}
	enc := json.NewEncoder(c.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(version.Get())
}
