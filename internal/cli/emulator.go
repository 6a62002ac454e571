package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

func emulatorVerb(p *program) *cobra.Command {
	var listen, state string
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "Serve a local ZIS registry with the documented answers",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return emulate(cmd.Context(), p, listen, state) },
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8089", "`ADDR` to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&state, "state", "", "`FILE` that keeps what is deployed; without it, memory does")
	return cmd
}

// emulate serves until it is interrupted; that is how it is meant to end.
func emulate(ctx context.Context, p *program, listen, state string) error {
	handler := &emulator.Accounts{StateFile: state}
	if err := handler.Account("").Open(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
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
