package flows

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// GraphVerb is `zis graph`: flows as pictures.
func GraphVerb(p *program.Program) *cobra.Command {
	var flow, format string
	cmd := &cobra.Command{
		Use:   "graph BUNDLE...",
		Short: "Draw the flows of a bundle: event, states, ends",
		RunE: func(_ *cobra.Command, args []string) error {
			return runGraph(p, args, flow, format)
		},
	}
	cmd.Flags().StringVar(&flow, "flow", "", "only the flow of this `NAME`")
	cmd.Flags().StringVar(&format, "format", "mermaid", "language of the picture: mermaid or dot")
	return cmd
}

func runGraph(p *program.Program, args []string, only, format string) error {
	if format != "mermaid" && format != "dot" {
		return program.Usagef("--format is %q; it can be mermaid, dot", format)
	}
	checked, err := p.CheckFiles(args, diag.Warning)
	if err != nil && len(checked.Files) == 0 {
		return err
	}
	bundles := checked.Bundles() // also with errors in them: a picture helps to find those
	drawn, names := 0, []string{}
	for _, of := range all(bundles) {
		f := of.After
		names = append(names, f.Name.Value)
		if only != "" && f.Name.Value != only {
			continue
		}
		drawn++
		g := diagram.New(of, starting(bundles, f), diagram.Most)
		text := g.Mermaid()
		if format == "dot" {
			text = g.Dot()
		}
		if g.LeftOut > 0 {
			p.Note("flow %q: %s left out", f.Name.Value, english.Plural(g.LeftOut, "state"))
		}
		if _, err := fmt.Fprint(p.Stdout, text); err != nil {
			return err
		}
	}
	switch {
	case len(names) == 0 && err != nil:
		return err
	case len(names) == 0:
		return program.Usagef("there is no flow in %s", english.Join(args))
	case drawn == 0:
		return program.Usagef("no flow is named %q; there is: %s", only, strings.Join(names, ", "))
	}
	return nil
}

func all(bundles []*zis.Bundle) []sentences.Flow {
	var list []sentences.Flow
	for _, b := range bundles {
		list = append(list, sentences.Whole(b)...)
	}
	return list
}

// starting are the job specs that start a flow.
func starting(bundles []*zis.Bundle, f *zis.Flow) []deploy.SpecPlan {
	var specs []deploy.SpecPlan
	for _, b := range bundles {
		for _, s := range b.JobSpecs {
			if arn, ok := zis.ParseARN(s.FlowName.Value); ok && arn.Name == f.Name.Value {
				specs = append(specs, deploy.SpecPlan{Name: s.Name.Value, Event: s.Event()})
			}
		}
	}
	return specs
}
