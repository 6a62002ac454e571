package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

// Main runs the program with args (without the program's name) and returns
// its exit code.
func Main(ctx context.Context, args []string, env Env) int {
	return execute(ctx, newProgram(env), args)
}

func execute(ctx context.Context, p *program, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	return p.exit(mistyped(root, p.safely(func() error { return root.ExecuteContext(ctx) })))
}

// Verbs is the tree of commands, for what is written about them: nothing in it
// can be run.
func Verbs() *cobra.Command {
	p := newProgram(Env{Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }})
	return p.root()
}
