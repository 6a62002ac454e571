// Package cli is the program: one file a verb, each from options to a session
// on an account, to a report, to an exit code.
package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/keyring"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/terminal"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/workspace"
)

// Env is what the program has of the world.
type Env struct {
	Stdin          io.Reader // of whoever may be asked; nil: nobody
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Environ        func() []string // NAME=VALUE; nil: nothing that isn't asked for by name
}

// program is one run, whatever the verb.
type program struct {
	*terminal.Streams
	option.Values
	files    *workspace.Workspace
	read     *project.Project // zis.yml; nil until it is asked for
	Getenv   func(string) string
	Environ  func() []string
	workflow *workflow // what a step of a workflow has beside; nil on the command line

	named      *project.Target // the target of zis.yml that is worked on; nil: options say all
	keys       *keyring.Keys   // the credentials of targets; nil until they are asked for
	found      keyring.Found   // those of named
	matrixText string          // that targets has printed
	// branchHolds tells whether a release is on a branch, "" for the main one;
	// nil: nobody can tell.
	branchHolds func(ctx context.Context, branch string, r fleet.Release) (on bool, called string, err error)
	offline     bool // nothing is uploaded: values of secret variables aren't needed

	client    *registry.Client // once an account is spoken to
	started   bool             // a verb has begun: its errors are no usage errors
	uploads   bool             // the run may upload
	around    bool             // the account's other integrations are looked at
	begun     *report.Report   // of a verb that could not go on: it has findings already
	told      string           // by a verb that has no report
	published bool
}

// workflow is what a step of a GitHub workflow has beside the streams.
type workflow struct {
	publish   func(report.Report) // tells a report to the workflow
	mask      func(secret string) // keeps it out of the log of the job
	keep      func(secret string) // takes what token mints
	debug     func(text string)   // shown when a run is repeated for debugging; nil: not at all
	noSecrets string              // why GitHub gives this run no secrets; "" if it does
	planFile  string              // that was written
}

func newProgram(env Env) *program {
	environ := env.Environ
	if environ == nil {
		environ = func() []string { return nil }
	}
	streams := terminal.Open(env.Stdout, env.Stderr, env.Getenv)
	streams.Listen(env.Stdin, env.Stderr, env.Getenv)
	return &program{files: &workspace.Workspace{}, Streams: streams, Getenv: env.Getenv, Environ: environ}
}

// safely makes an error of a fault of ours: what ends so is told like any
// other failure.
func (p *program) safely(run func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			p.started = true
			p.Progress.Clear()
			fmt.Fprintf(p.Stderr, "%s", debug.Stack())
			err = verdict.Errorf(verdict.Internal, "please report it with the lines above and the bundle, if that is possible; a deploy that was running is finished by the next one",
				"a fault of zis itself: %v", fault)
		}
	}()
	return run()
}

// tell is the result of a verb that has no report.
func (p *program) tell(format string, args ...any) {
	p.told = fmt.Sprintf(format, args...)
	fmt.Fprintln(p.Stdout, report.Plain(p.told))
}
