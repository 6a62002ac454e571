package cli

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// load reads and checks the bundle files.
func (c *command) load(s *account.Session, args []string, unresolved diag.Severity) error {
	src, err := c.source(args, unresolved)
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	return s.Load(src)
}

// check is load without an account.
func (c *command) check(args []string, unresolved diag.Severity) (check.Result, error) {
	s := &account.Session{Target: account.Target{Integration: c.integration}}
	err := c.load(s, args, unresolved)
	return s.Checked, err
}

// source is what the options name: files, values, rules that are switched off.
func (c *command) source(args []string, unresolved diag.Severity) (account.Source, error) {
	src := account.Source{Unresolved: unresolved}
	paths := append(lines(c.bundle), args...)
	if len(paths) == 0 {
		return src, usagef("no bundle file is given")
	}
	if err := account.CheckIntegration(c.integration); err != nil {
		return src, err
	}
	var err error
	if src.Values, err = c.renderValues(); err != nil {
		return src, err
	}
	if src.Files, err = c.readBundles(paths); err != nil {
		return src, err
	}
	src.Disable, err = c.disabledRules()
	return src, err
}

func (c *command) renderValues() (render.Values, error) {
	vars, err := c.values()
	if err != nil {
		return render.Values{}, err
	}
	secrets, err := c.secrets(vars)
	c.redact(slices.Collect(maps.Values(secrets))...)
	return render.Values{Variables: vars, Secrets: secrets}, err
}

func (c *command) readBundles(paths []string) ([]*diag.File, error) {
	var files []*diag.File
	seen := map[string]bool{}
	for _, path := range paths {
		if seen[path] {
			return nil, usagef("%s is given twice", path)
		}
		seen[path] = true
		file, err := c.readBundle(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// readBundle reads a file of bounded size: one byte more than is allowed is
// enough for Parse to refuse it.
func (c *command) readBundle(path string) (*diag.File, error) {
	f, err := c.open(path)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, usagef("read %s: %w", path, err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, source.MaxBytes+1))
	if err != nil {
		return nil, usagef("read %s: %w", path, err)
	}
	return diag.NewFile(path, src), nil
}

// open opens a file; in the action only one inside the workspace, whatever
// links and dots the path has.
func (c *command) open(path string) (*os.File, error) {
	if c.root == nil {
		return os.Open(path)
	}
	if rel, err := filepath.Rel(c.rootDir, path); err == nil && filepath.IsAbs(path) {
		path = rel
	}
	return c.root.Open(path)
}
