package program

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Verb makes a command whose flags come from the table of options.
func (p *Program) Verb(name, usage, short string, run func(context.Context, *Program, []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:   strings.TrimSpace(name + " " + usage),
		Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.guard(name); err != nil {
				return p.Conclude(cmd.Context(), &report.Report{Command: name}, err)
			}
			if err := p.checkPaths(name, args); err != nil {
				p.ReportFile, p.SarifFile = "", "" // one may be what must not be written
				return p.Conclude(cmd.Context(), &report.Report{Command: name}, verdict.At(verdict.Input, err))
			}
			return run(cmd.Context(), p, args)
		},
	}
	option.AddFlags(cmd.Flags(), name, &p.Values)
	return cmd
}

// Alone makes a verb that takes no arguments and has no report: an error that
// a signal has caused names it.
func (p *Program) Alone(name, short string, run func(context.Context, *Program) error) *cobra.Command {
	cmd := p.Verb(name, "", short, func(ctx context.Context, p *Program, _ []string) error {
		ctx, cancel := p.Limited(ctx)
		defer cancel()
		return Interrupted(ctx, run(ctx, p))
	})
	cmd.Args = cobra.NoArgs
	return cmd
}

// Many makes a verb that works on targets of zis.yml.
func (p *Program) Many(name, usage, short string, run func(context.Context, *Program, []string) error) *cobra.Command {
	cmd := p.Verb(name, usage, short, func(ctx context.Context, p *Program, args []string) error {
		ctx, cancel := context.WithTimeoutCause(ctx, p.FleetTimeout, fmt.Errorf("the run took longer than %s: %w", p.FleetTimeout, context.DeadlineExceeded))
		defer cancel()
		return Interrupted(ctx, run(ctx, p, args))
	})
	if usage == "" {
		cmd.Args = cobra.NoArgs
	}
	return cmd
}
