package flows

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/flowrunner"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// serving are the options of zis emulator.
type serving struct {
	listen, state string
	latency       time.Duration
	behave        []string
	live          []string // hosts
	mocks         string   // file of cases
}

// EmulatorVerb is `zis emulator`: an account on this machine.
func EmulatorVerb(p *program.Program) *cobra.Command {
	var o serving
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "Serve local Zendesk accounts with the documented answers",
		Long: `Serves local Zendesk accounts with the documented answers: one at the printed address, and any
number more below it, at /accounts/NAME. An event that is posted to /emulator/events?type=TYPE, or
to the address of an inbound webhook, starts the installed job specs; each run is told on stderr.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return emulate(cmd.Context(), p, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8089", "`ADDR` to listen on; port 0 takes a free one")
	f.StringVar(&o.state, "state", "", "`FILE` that keeps what is deployed; without it, memory does")
	f.DurationVar(&o.latency, "latency", 0, "`TIME` that each request takes at least, such as 200ms")
	f.StringArrayVar(&o.behave, "behave", nil, "`NAME` of a disposition of docs/emulator.md; may be repeated")
	f.StringArrayVar(&o.live, "live", nil, "let the requests of flows go out to this `HOST`, without credentials; may be repeated")
	f.StringVar(&o.mocks, "mocks", "", "answer the requests of flows as the cases of this `FILE` of zis test do")
	return cmd
}

// answers are what answers the requests of flows: mocks, then the network for
// the hosts that are allowed. Any other request fails.
func answers(p *program.Program, o serving) ([]flowrunner.HTTP, error) {
	var list []flowrunner.HTTP
	if o.mocks != "" {
		found, err := flowtest.Find(p.Workspace.FS(), nil, []string{o.mocks})
		if err == nil {
			err = mistaken(p, found)
		}
		if err != nil {
			return nil, program.Usage(err)
		}
		list = append(list, (&flowtest.Suite{}).Mocks(found.Cases()))
	}
	if len(o.live) > 0 {
		list = append(list, live(o.live))
	}
	return list, nil
}

// emulate serves until it is interrupted; that is how it is meant to end.
func emulate(ctx context.Context, p *program.Program, o serving) error {
	if o.latency < 0 {
		return program.Usagef("--latency is %v; give a time such as 200ms", o.latency)
	}
	if err := (&emulator.Server{}).Behave(o.behave...); err != nil {
		return program.Usagef("--behave: %v", err)
	}
	answers, err := answers(p, o)
	if err != nil {
		return err
	}
	handler := &emulator.Accounts{StateFile: o.state, Setup: func(s *emulator.Server) {
		s.Latency, s.Runner, s.OnRun = o.latency, &flowrunner.Runner{HTTP: answers}, func(r emulator.Run) { tellRun(p, r) }
		_ = s.Behave(o.behave...) // the names are good; a state that can't be read is told with the first answer
	}}
	if err := handler.Account("").Open(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(last)
	})
	defer stop()
	if _, err := fmt.Fprintf(p.Stdout, "http://%s\n", l.Addr()); err != nil {
		return err
	}
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// tellRun tells of a flow that has run.
func tellRun(p *program.Program, r emulator.Run) {
	end := "ended"
	if !r.OK {
		end = "failed"
	}
	way := strings.Join(r.Path, " > ")
	if way != "" {
		way = " (" + way + ")"
	}
	line := fmt.Sprintf("run %d: %s started %s of %s, which %s%s: %s", r.Number, r.JobSpec, r.Flow, r.Integration, end, way, r.Message)
	fmt.Fprintln(p.Stderr, report.Plain(line))
}
