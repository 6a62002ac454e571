package program

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// CheckFlags refuses values that no verb can do anything with, and two answers
// to the question which account is meant.
func (p *Program) CheckFlags(cmd *cobra.Command) error {
	flags := cmd.Flags()
	err := p.Values.CheckRange(func(name string) bool { return flags.Lookup(name) != nil }, p.Option)
	if err != nil || p.Target != "local" {
		return err
	}
	for _, name := range []string{"subdomain", "base-url"} {
		if f := flags.Lookup(name); f != nil && f.Changed && f.Value.String() != "" {
			return Usagef("%s is local, an account of its own, and %s names another: give one of them", p.Option("target"), p.Option(name))
		}
	}
	return nil
}

// output is a file that a run writes, and what may stand there before.
type output struct {
	option, path string
	mine         func(path string) error // says whether what stands there may be replaced
	makes        bool                    // the directory, if it is missing
}

// checkPaths refuses, before anything is read, to write where a bundle, a
// link, a device or a file of another kind is, and makes the directory that a
// file goes into.
func (p *Program) checkPaths(verb string, args []string) error {
	outputs := []output{
		{option: "report-file", path: p.ReportFile, mine: isReport},
		{option: "journal", path: p.Journal, mine: isJournal},
		{option: "sarif-file", path: p.SarifFile, mine: isSarif},
		{option: "save", path: p.Save, mine: isNothing},
	}
	if verb == "plan" {
		outputs = append(outputs, output{option: "plan-file", path: p.PlanFile, mine: isPlan})
	}
	if verb != "restore" {
		outputs = append(outputs, output{option: "backup-file", path: p.BackupFile, mine: isJournal})
	} else if err := p.Workspace.Inside(p.BackupFile); p.BackupFile != "" && err != nil {
		return Usagef("%s: %w", p.Option("backup-file"), err)
	}
	for _, o := range outputs {
		if o.path == "" {
			continue
		}
		o.makes = verb != "validate" // which has nothing to lose
		if err := p.checkOutput(o, args); err != nil {
			return Usagef("%s: %w", p.Option(o.option), err)
		}
	}
	return p.checkInputs(verb)
}

// checkInputs refuses a file to read that isn't there, before the account is
// asked anything.
func (p *Program) checkInputs(verb string) error {
	for _, in := range []struct{ verb, option, path string }{
		{"deploy", "plan-file", p.PlanFile},
		{"install", "from", p.From},
	} {
		if in.verb != verb || in.path == "" {
			continue
		}
		err := p.Workspace.Inside(in.path)
		if err == nil {
			_, err = os.Stat(p.OnDisk(in.path))
		}
		if missing, ok := errors.AsType[*fs.PathError](err); ok {
			err = fmt.Errorf("read %s: %w", in.path, missing.Err)
		}
		if err != nil {
			return Usagef("%s: %w", p.Option(in.option), err)
		}
	}
	return nil
}

func (p *Program) checkOutput(o output, args []string) error {
	for _, bundle := range p.Files.Paths(args) {
		if sameFile(p.OnDisk(o.path), p.OnDisk(bundle)) {
			return errors.New("it is the bundle that is to be read")
		}
	}
	if err := p.Workspace.Inside(o.path); err != nil {
		return err
	}
	path := p.OnDisk(o.path)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.makeParent(o)
	case err == nil && p.Workspace.Confined() && !info.Mode().IsRegular():
		return nil // the workspace lets nothing out, and says where a link leads
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("there is something that is no regular file, and it is not written to")
	case info.Size() == 0:
		return nil
	}
	return o.mine(path)
}

// OnDisk is a path of the options as the system finds it.
func (p *Program) OnDisk(path string) string {
	if path == "" || filepath.IsAbs(path) || !p.Workspace.Confined() {
		return path
	}
	return filepath.Join(p.Workspace.Dir, path)
}

// makeParent makes the directory of a file. Journals make their own, which
// others can't read.
func (p *Program) makeParent(o output) error {
	dir := filepath.Dir(o.path)
	if info, err := os.Stat(p.OnDisk(dir)); err == nil && info.IsDir() || !o.makes {
		return nil
	}
	return p.Workspace.Make(dir)
}

// sameFile tells whether two paths lead to one file.
func sameFile(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func isJournal(path string) error {
	_, err := deploy.ReadJournal(path)
	return err
}

func isNothing(string) error { return errors.New("it is there already, and is not overwritten") }

// isReport: a report of an earlier run begins with its verb.
func isReport(path string) error { return hasMembers(path, "a report", "command", "sentence") }

func isSarif(path string) error { return hasMembers(path, "a list of findings", "version", "runs") }

func isPlan(path string) error { return hasMembers(path, "a plan", "version", "plan", "seal") }

// hasMembers refuses a file that is no JSON object with these members.
func hasMembers(path, kind string, names ...string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) == nil {
		found := 0
		for _, name := range names {
			if members[name] != nil {
				found++
			}
		}
		if found == len(names) {
			return nil
		}
	}
	return errors.New("what stands there is not " + kind + " of an earlier run, and it is not overwritten")
}
