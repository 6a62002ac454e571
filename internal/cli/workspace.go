package cli

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// workspace is where files are read. On the command line that is anywhere; in
// the action nothing outside the workspace, whatever links and dots a path has.
type workspace struct {
	dir    string           // "": the current directory
	inside *os.Root         // nil: anywhere
	read   *project.Project // zis.yml; nil until it is asked for
}

func (w *workspace) open(path string) (*os.File, error) {
	if w.inside == nil {
		return os.Open(path)
	}
	if rel, err := filepath.Rel(w.dir, path); err == nil && filepath.IsAbs(path) {
		path = rel
	}
	return w.inside.Open(path)
}

// files is where zis.yml and what it names may be.
func (w *workspace) files() fs.FS {
	if w.inside != nil {
		return w.inside.FS()
	}
	return os.DirFS(cmp.Or(w.dir, "."))
}

// project reads zis.yml, once; without the file nothing is configured.
func (w *workspace) project() (*project.Project, error) {
	if w.read != nil {
		return w.read, nil
	}
	p, err := project.Read(w.files(), project.File)
	if project.Missing(err) {
		p, err = &project.Project{}, nil
	}
	if err != nil {
		return nil, usage(err)
	}
	w.read = p
	return p, nil
}

// bundles reads the bundle files.
func (w *workspace) bundles(paths []string) ([]*diag.File, error) {
	var files []*diag.File
	seen := map[string]bool{}
	for _, path := range paths {
		if seen[path] {
			return nil, usagef("%s is given twice", path)
		}
		seen[path] = true
		file, err := w.bundle(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// bundle reads a file of bounded size: one byte more than is allowed is enough
// for the parser to refuse it.
func (w *workspace) bundle(path string) (*diag.File, error) {
	f, err := w.open(path)
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

// stateDir is where this tool keeps files of its own.
func (w *workspace) stateDir() string { return filepath.Join(w.dir, ".zis") }

// keepOutOfGit makes the state directory, and has git ignore all in it:
// journals hold bundles whole, credentials in them included.
func (w *workspace) keepOutOfGit() error {
	if err := os.MkdirAll(w.stateDir(), 0o700); err != nil {
		return usage(err)
	}
	f, err := os.OpenFile(filepath.Join(w.stateDir(), ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return usage(err)
	}
	_, err = f.WriteString("*\n")
	return errors.Join(err, f.Close())
}

// secretFile takes a secret, for its owner's eyes alone. Its methods do
// nothing on nil.
type secretFile struct{ file *os.File }

// newSecretFile makes the file before anything is asked of the account: what
// can't be kept must not be minted. Nil without a path.
func newSecretFile(path string) (*secretFile, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, usagef("%s is there already, and is not overwritten: name another file", filepath.Clean(path))
	}
	if err != nil {
		return nil, usage(err)
	}
	return &secretFile{f}, nil
}

func (s *secretFile) keep(text []byte) error {
	if s == nil {
		return nil
	}
	_, err := s.file.Write(text)
	return errors.Join(err, s.file.Sync(), s.file.Close())
}

func (s *secretFile) discard() error {
	if s == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
