package cli

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// The composite action, for runners without containers, has the inputs and
// outputs of the other. What a release writes into it stays.
func TestTheCompositeActionComesFromTheTables(t *testing.T) {
	have, err := os.ReadFile("../../cli/action.yml")
	if err != nil && !*update {
		t.Fatal(err)
	}
	current(t, "../../cli/action.yml", compositeYML(stamp(have, "ZIS_VERSION"), stamp(have, "ZIS_CHECKSUMS")))
}

// stamp is what a release has written into the action, "" on main.
func stamp(text []byte, name string) string {
	found := regexp.MustCompile(`(?m)^ {8}` + name + `: "([^"]*)"$`).FindSubmatch(text)
	if found == nil {
		return ""
	}
	return string(found[1])
}

// Each input goes in by a variable of its own: the runner prints variables,
// and hides a secret only where it stands as it is.
func compositeYML(version, checksums string) string {
	var b strings.Builder
	b.WriteString(`# Made from the tables in internal/option and internal/github/outputs.go:
# go test ./internal/cli -update. A release writes version and checksums.
name: ZIS deploy without a container
description: The action zisdeploy/zis-deploy for runners without containers, such as macOS and Windows
branding:
  icon: upload-cloud
  color: green
`)
	writeInputs(&b)
	b.WriteString("outputs:\n")
	for _, o := range github.Outputs(report.Report{}, github.Facts{}) {
		fmt.Fprintf(&b, "  %s:\n    description: %s\n    value: ${{ steps.zis.outputs.%s }}\n", o.Name, strconv.Quote(o.Help), o.Name)
	}
	fmt.Fprintf(&b, `runs:
  using: composite
  steps:
    - id: zis
      shell: bash
      run: '"$GITHUB_ACTION_PATH/run.sh"'
      env:
        ZIS_VERSION: %q
        ZIS_CHECKSUMS: %q
`, version, checksums)
	for _, in := range actionInputs() {
		fmt.Fprintf(&b, "        INPUT_%s: ${{ inputs.%s }}\n", strings.ToUpper(in.Name), in.Name)
	}
	return b.String()
}
