// Command zis deploys Zendesk Integration Services bundles.
package main

import (
	"os"

	"github.com/zisdeploy/zis-deploy/internal/cli"
)

func main() { os.Exit(cli.Process()) }
