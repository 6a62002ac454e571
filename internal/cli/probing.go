package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/english"
	questions "github.com/zisdeploy/zis-deploy/internal/probe"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

func probeVerb(p *program.Program) *cobra.Command {
	var integration, echo, out, read string
	cmd := &cobra.Command{
		Use:   "probe --integration NAME",
		Short: "Make a bundle that asks a real account how it runs flows, and read its log",
		Long: `Writes a bundle of 20 small flows that settle, once in a real account, what nobody has published
about how flows run (docs/testing.md). Deploy it, make the config and the inbound webhook that are
printed, post the event, and copy the integration log into a file: --read FILE makes a table of it,
which --assume @FILE of zis test takes.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if read != "" {
				return readProbe(p, cmd.InOrStdin(), read)
			}
			return writeProbe(cmd.Context(), p, integration, echo, out)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&integration, "integration", "", "`NAME` of an integration of its own")
	fs.StringVar(&echo, "url", "", "https `ADDRESS` of a service that answers like httpbin.org; without it nothing is asked about HTTP")
	fs.StringVar(&out, "out", "zis-probe", "`DIRECTORY` for the bundle and the event")
	fs.StringVar(&read, "read", "", "`FILE` with the integration log; - is the standard input")
	return cmd
}

// writeProbe writes the bundle, and tells what to do with it.
func writeProbe(_ context.Context, p *program.Program, integration, echo, out string) error {
	if !zis.ValidIntegration(integration) {
		return program.Missing("integration", "the integration %q is missing or not valid: name one of its own for the probe", integration)
	}
	files, err := probeFiles(integration, echo)
	if err != nil {
		return program.Usagef("--url: %w", err)
	}
	config, err := json.Marshal(questions.Config())
	if err != nil {
		return err
	}
	if err := p.Workspace.Make(out); err != nil {
		return program.Usage(err)
	}
	for name, text := range files {
		if err := p.Workspace.Write(path.Join(out, name), text); err != nil {
			return program.Usage(err)
		}
	}
	p.Tell("%s/bundle.json asks an account how it runs flows; it is to be used once:", out)
	for n, step := range []string{
		fmt.Sprintf("deploy it: zis deploy --integration %s %s/bundle.json", integration, out),
		fmt.Sprintf("make the config: POST /api/services/zis/integrations/%s/configs {\"scope\": %q, \"config\": %s}", integration, questions.Scope, config),
		fmt.Sprintf("make the inbound webhook: POST /api/services/zis/inbound_webhooks/generic/%s {\"source_system\": %q, \"event_type\": %q}", integration, questions.Source, questions.Type),
		fmt.Sprintf("post %s/event.json to its path within a few seconds of writing the time into \"sent\" (date +%%s), then %s/list.json", out, out),
		"wait five minutes, and copy the integration log into a file",
		fmt.Sprintf("deploy %s/connections.json too, post the event once more, and add what the log says to the file", out),
		"run zis probe --read FILE",
		fmt.Sprintf("switch it off: zis deploy --integration %s --job-specs none --prune %s/bundle.json %s/connections.json", integration, out, out),
	} {
		p.Tell("  %d. %s", n+1, step)
	}
	if echo == "" {
		p.Note("without --url nothing is asked about HTTP: A9, A13 to A17, P1")
	}
	return nil
}

// probeFiles are the bundles and events of the probe, by their names.
func probeFiles(integration, echo string) (map[string][]byte, error) {
	bundle, err := questions.Bundle(integration, echo)
	if err != nil {
		return nil, err
	}
	connections, err := questions.Connections(integration)
	if err != nil {
		return nil, err
	}
	event, err := json.MarshalIndent(questions.Event(time.Now().Unix()), "", "  ")
	return map[string][]byte{"bundle.json": bundle, "connections.json": connections, "event.json": append(event, '\n'), "list.json": []byte("[\"list\"]\n")}, err
}

// readProbe makes a table of assumptions of a log.
func readProbe(p *program.Program, in io.Reader, name string) error {
	if name != "-" {
		f, err := p.Workspace.Open(name)
		if err != nil {
			return program.Usage(err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, source.MaxBytes))
	if err != nil {
		return program.Usage(err)
	}
	found, open, err := questions.Read(string(text))
	if err != nil {
		return program.Usagef("%s: %w", name, err)
	}
	other := 0
	for _, f := range found {
		fmt.Fprintln(p.Stdout, report.Plain(f.String()))
		if !f.Default {
			other++
		}
	}
	p.Note("%s settled, %d of them other than was thought", english.Plural(len(found), "assumption"), other)
	if len(open) > 0 {
		p.Note("the log says nothing of %s", strings.Join(open, ", "))
	}
	return nil
}
