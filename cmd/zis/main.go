// Command zis deploys Zendesk Integration Services bundles.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/zisdeploy/zis-deploy/internal/cli"
)

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(cli.Interrupted{Signal: (<-signals).(syscall.Signal)})
		<-signals // a second signal means: at once
		fmt.Fprintln(os.Stderr, "\nzis: stopped at once; what was being written may have taken effect: run again")
		os.Exit(cli.ExitFailed)
	}()
	os.Exit(cli.Main(ctx, os.Args[1:], cli.Env{
		Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
	}))
}
