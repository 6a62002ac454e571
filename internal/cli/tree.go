package cli

import (
	"io"

	"github.com/spf13/cobra"
)

// Verbs is the tree of commands, for what is written about them: nothing in it
// can be run.
func Verbs() *cobra.Command {
	return newProgram(Env{Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}).root()
}
