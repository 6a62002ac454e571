// Package program is one run of zis, whatever its verb: what all verbs share.
// It has the streams, the options, the files and the words of the medium, makes
// sessions on accounts, and turns an error into a report and an exit code.
package program

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

// Program is one run, whatever the verb.
type Program struct {
	*terminal.Streams
	option.Values
	Workspace *workspace.Workspace
	Directory string           // of the run, below that of its files, with slashes; "": the same
	read      *project.Project // zis.yml; nil until it is asked for
	Getenv    func(string) string
	Environ   func() []string
	Workflow  *Workflow // what a step of a workflow has beside; nil on the command line

	Named      *project.Target // the target of zis.yml that is worked on; nil: options say all
	only       *project.Target // the only one of zis.yml, whose values count where no account is named
	keys       *keyring.Keys   // the credentials of targets; nil until they are asked for
	found      keyring.Found   // those of Named
	MatrixText string          // that targets has printed
	// BranchHolds tells whether a release is on a branch, "" for the main one;
	// nil: nobody can tell.
	BranchHolds func(ctx context.Context, branch string, r fleet.Release) (on bool, called string, err error)
	Offline     bool // nothing is uploaded: values of secret variables aren't needed

	client    *registry.Client // once an account is spoken to
	Started   bool             // a verb has begun: its errors are no usage errors
	Uploads   bool             // the run may upload
	Around    bool             // the account's other integrations are looked at
	begun     *report.Report   // of a verb that could not go on: it has findings already
	Told      string           // by a verb that has no report
	Published bool
}

// Workflow is what a step of a GitHub workflow has beside the streams.
type Workflow struct {
	Publish   func(report.Report) // tells a report to the workflow
	Mask      func(secret string) // keeps it out of the log of the job
	Keep      func(secret string) // takes what token mints
	Debug     func(text string)   // shown when a run is repeated for debugging; nil: not at all
	NoSecrets string              // why GitHub gives this run no secrets; "" if it does
	PlanFile  string              // that was written
}

// New is a run that no verb has begun yet.
func New(env Env) *Program {
	environ := env.Environ
	if environ == nil {
		environ = func() []string { return nil }
	}
	streams := terminal.Open(env.Stdout, env.Stderr, env.Getenv)
	streams.Listen(env.Stdin, env.Stderr, env.Getenv)
	return &Program{Workspace: &workspace.Workspace{}, Streams: streams, Getenv: env.Getenv, Environ: environ}
}

// Safely makes an error of a fault of ours: what ends so is told like any
// other failure.
func (p *Program) Safely(run func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			p.Started = true
			p.Progress.Clear()
			fmt.Fprintf(p.Stderr, "%s", debug.Stack())
			err = verdict.Errorf(verdict.Internal, "please report it with the lines above and the bundle, if that is possible; a deploy that was running is finished by the next one",
				"a fault of zis itself: %v", fault)
		}
	}()
	return run()
}

// Tell is the result of a verb that has no report.
func (p *Program) Tell(format string, args ...any) {
	p.Told = fmt.Sprintf(format, args...)
	fmt.Fprintln(p.Stdout, report.Plain(p.Told))
}
