// Package option is the one table of what a person can choose: the flags of the
// command line, the inputs of the action and the documentation come from it. A
// group of options and its rows stand in one file.
package option

import (
	"slices"
	"strings"
	"sync"
)

// Values are what was chosen.
type Values struct {
	Files
	Account
	Change
	Output
	Setup
	Fleet
	Pull
	Init
	Test
}

// Row is one option.
type Row struct {
	Name    string            // of the flag and of the input
	Help    string            // for both; values in back quotes
	Verbs   []string          // that have it as a flag
	Value   func(*Values) any // where a flag's value goes; nil: no flag
	Default string
	OneOf   []string // allowed values, if the set is closed
	Env     string   // a credential: comes from this variable, never from a flag
	Typed   bool     // a flag that is no input of the action
	Lines   bool     // a value of several lines; the flag may be repeated instead
}

// The verbs that share options.
var (
	offline = []string{"validate", "render"}
	online  = []string{"plan", "deploy", "app build", "app push", "verify"}
	apps    = []string{"app build", "app push"}
	every   = slices.Concat(offline, online)
	tests   = []string{"test", "run"}

	// setup prepares an account, and has no bundle.
	setup = []string{"register", "token"}
	// reaching has flags for the account and for how it is spoken to.
	reaching = slices.Concat(online, setup, switches, doctor, pulls, inits)
	doctor   = []string{"doctor"}
	// switches change what is on, or go back; they have no bundle either.
	switches = []string{"install", "uninstall", "restore"}
)

// Writing are the verbs that change an account: for a protected target that
// must be said.
var Writing = []string{"deploy", "app push", "install", "uninstall", "restore", "register", "token", "promote"}

// Playing are the verbs that run flows on this machine.
var Playing = tests

// WithBundles are the verbs whose arguments are bundle files.
var WithBundles = slices.Concat(every, doctor)

// Commands are the verbs that the action has.
var Commands = []string{"validate", "test", "plan", "deploy", "install", "uninstall", "restore", "verify", "pull", "doctor", "register", "token", "promote", "status", "drift", "targets"}

// reading are the commands that change nothing in an account.
var reading = []string{"validate", "test", "plan", "verify", "pull", "doctor", "status", "drift", "targets"}

// Writes tells whether a command changes something in an account. One that is
// not known does.
func Writes(command string) bool { return !slices.Contains(reading, command) }

// Table has all options, group after group. It is made once, since every verb
// takes its flags from it; nobody may change it.
func Table() []Row { return table() }

var table = sync.OnceValue(func() []Row {
	return slices.Concat(
		[]Row{{Name: "command", Default: "validate", OneOf: Commands, Help: "what to do"}},
		fileRows(), accountRows(), changeRows(), fleetRows(), outputRows(), setupRows(), pullRows(), initRows(), testRows(), workflowRows(), credentialRows(),
	)
})

// Find is the row with this name; the name must be in the table.
func Find(name string) Row {
	table := Table()
	return table[slices.IndexFunc(table, func(r Row) bool { return r.Name == name })]
}

// Lines splits a value of several lines; empty lines and # comments don't
// count.
func Lines(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}
