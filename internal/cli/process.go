package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// lastWord is how long a run may take to end after a signal: it waits for the
// write in flight and tells the workflow. GitHub's runner kills after 7.5 s.
const lastWord = 6500 * time.Millisecond

// softMemory is from how many bytes on garbage is collected at any price: a
// runner has little, and a hostile file asks for much.
const softMemory = 256 << 20

// garbage is by how many percent the memory may grow before garbage is
// collected: most runs end before, and softMemory bounds the others.
const garbage = 200

// Process is Main with the arguments, streams, environment and signals of this
// process. The first signal asks the run to end; a second one, or a run that
// hangs, ends the process at once.
func Process() int {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	jq.Overgrown = func() {
		fmt.Fprintln(os.Stderr, "\nzis: a jq program that could not be stopped takes more than 1 GiB of memory: the process ends")
		os.Exit(verdict.ExitFailed)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		by := verdict.Interrupted{Signal: (<-signals).(syscall.Signal)}
		cancel(by)
		select {
		case <-signals:
		case <-time.After(lastWord):
		}
		fmt.Fprintln(os.Stderr, "\nzis: stopped at once; what was being written may have taken effect: run again")
		os.Exit(verdict.ExitCode(by))
	}()
	return Main(ctx, os.Args[1:], program.Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Environ: os.Environ})
}
