// Package cli has the verbs, one file each: from options to a session on an
// account, to a report. What they share is in program.
package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/program"
)

// Main runs the program with args (without the program's name) and returns
// its exit code.
func Main(ctx context.Context, args []string, env program.Env) int {
	return execute(ctx, program.New(env), args)
}

func execute(ctx context.Context, p *program.Program, args []string) int {
	root := root(p)
	root.SetArgs(args)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	return p.Exit(mistyped(root, p.Safely(func() error { return root.ExecuteContext(ctx) })))
}

// Verbs is the tree of commands, for what is written about them: nothing in it
// can be run.
func Verbs() *cobra.Command {
	p := program.New(program.Env{Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }})
	return root(p)
}
