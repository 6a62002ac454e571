package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/pull"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/workspace"
)

func pullVerb(p *program.Program) *cobra.Command {
	return p.Alone("pull", "Write what an integration runs as bundle files, without its secrets", runPull)
}

func runPull(ctx context.Context, p *program.Program) error {
	r := &report.Report{Command: "pull"}
	if p.Theirs && p.Mine {
		return program.Usagef("%s and %s exclude each other", p.Option("theirs"), p.Option("mine"))
	}
	s, err := connected(p)
	if err != nil {
		return p.Conclude(ctx, r, err)
	}
	defer s.Close(ctx)
	r.Of(s)
	have, err := deploy.Read(ctx, s.Client(), p.Integration)
	if err != nil {
		return p.Conclude(ctx, r, verdict.At(verdict.Read, err))
	}
	last := lastPull(p, s)
	places, err := places(p)
	if err != nil {
		return p.Conclude(ctx, r, err)
	}
	found, err := pull.Integration(have, pull.Options{
		Dir: p.Into, Paths: places, Prefer: prefer(p), Given: p.TargetVars(), Bases: last.bases(p, s),
		Read: func(path string) ([]byte, error) { return present(p, path) },
	})
	for _, secret := range found.Secrets.List() {
		p.Hide(secret.Value)
	}
	if err == nil {
		err = writePulled(p, found)
		if verdict.ExitCode(err) == verdict.ExitDone {
			last.keep(p, found)
		}
	}
	for _, note := range found.Notes {
		p.Note("note: %s", note)
	}
	return p.Conclude(ctx, r, err)
}

// prefer: in a workflow the checkout is what git holds, so that the account's
// word can be seen, and refused, as a change.
func prefer(p *program.Program) pull.Prefer {
	switch {
	case p.Mine:
		return pull.Mine
	case p.Theirs || p.Workflow != nil:
		return pull.Theirs
	}
	return pull.Neither
}

// places are the files of zis.yml, by the names of their bundles: where they
// are, they are pulled. --into names another folder for all.
func places(p *program.Program) (map[string]string, error) {
	z, err := p.Project()
	if err != nil || p.Into != option.Find("into").Default {
		return nil, err
	}
	found := map[string]string{}
	for _, at := range program.Texts(z.Bundles) {
		text, err := p.Workspace.Read(at, source.MaxBytes)
		if err != nil {
			continue // it isn't there yet
		}
		doc, _ := source.Parse(diag.NewFile(at, text))
		if doc == nil {
			continue // told where it would be written
		}
		name, _ := doc.Root.Get("name").Text()
		vars := p.TargetVars()
		name = expr.Substitute(name, func(h expr.Placeholder) (string, bool) {
			value, ok := vars[h.Name]
			return fmt.Sprint(value), ok
		})
		found[name] = at
	}
	return found, nil
}

// present is the text of a file that is there; nil if there is none.
func present(p *program.Program, path string) ([]byte, error) {
	text, err := p.Workspace.Read(path, source.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, verdict.Errorf(verdict.InvalidInput, "move away what is there, or name another folder with "+p.Option("into"), "nothing was written: %w", err)
	}
	return text, nil
}

// writePulled writes the files that change, all or none as far as the disk
// lets it: each is replaced whole. How it ended is a Pass.
func writePulled(p *program.Program, r pull.Result) error {
	if differing := r.Differing(); len(differing) > 0 {
		return undecided(p, differing)
	}
	secrets, err := p.NewSecretFile(p.SecretsOut)
	if err != nil {
		return err
	}
	var changed []string
	var files []workspace.File
	for _, b := range r.Bundles {
		if b.Changed() {
			changed = append(changed, b.Path)
			files = append(files, workspace.File{Path: b.Path, Text: b.Text})
		}
	}
	if err := p.Workspace.WriteAll(files); err != nil {
		return errors.Join(program.Usage(err), secrets.Discard())
	}
	if err := secrets.Keep(r.Secrets.Lines()); err != nil {
		return err
	}
	for _, s := range r.Secrets.List() {
		given := "a secret variable"
		if s.Number {
			given = fmt.Sprintf("the secret variable %s:=, a number", s.Name)
		}
		p.Note("{{%s}} stands for %s at %s: give it as %s", s.Name, s.What, s.Pointer, given)
	}
	if len(changed) == 0 {
		return &verdict.Pass{Outcome: verdict.NoChanges, Why: fmt.Sprintf("pulled %q: the files say what the account holds", p.Integration)}
	}
	return &verdict.Pass{
		Outcome: verdict.Changes,
		Why:     fmt.Sprintf("pulled %q: wrote %s", p.Integration, english.Join(changed)),
		Next:    "look at the change, and plan it: it has none for the account",
	}
}

// undecided tells where files and account differ, and what each says.
func undecided(p *program.Program, bundles []pull.Bundle) error {
	const most = 10 // places told of each file
	for _, b := range bundles {
		for i, d := range b.Differs {
			if i == most {
				p.Note("  and %d more", len(b.Differs)-most)
				break
			}
			p.Note("%s at %s: the account has %s, the file %s", b.Path, cmp.Or(d.Pointer, "/"), shownSide(d.Old), shownSide(d.New))
		}
	}
	var paths []string
	for _, b := range bundles {
		paths = append(paths, fmt.Sprintf("%s (%s)", b.Path, english.Plural(len(b.Differs), "place")))
	}
	return verdict.At(verdict.Plan, &verdict.Error{
		Reason: verdict.InvalidInput,
		Err:    fmt.Errorf("files and account differ, and nothing was written: %s", english.Join(paths)),
		Next:   fmt.Sprintf("%s takes the account's side into the files, %s leaves the files; a plan says what a deploy of them would change", p.Option("theirs"), p.Option("mine")),
	})
}

// shownSide is one side of a difference, in a line.
func shownSide(text string) string {
	const longest = 120 // characters
	if text == "" {
		return "nothing"
	}
	return english.Cut(text, longest)
}
