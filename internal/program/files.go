package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Project reads zis.yml, once, in the directory of the run or else at the root
// of its files; without the file nothing is configured.
func (p *Program) Project() (*project.Project, error) {
	if p.read != nil {
		return p.read, nil
	}
	z, err := project.Read(p.Workspace.FS(), p.ProjectFile())
	if project.Missing(err) {
		z, err = &project.Project{}, nil
	}
	if err != nil {
		return nil, Usage(err)
	}
	p.read = z
	return z, nil
}

// ProjectFile is the path of zis.yml, whether it is there or not.
func (p *Program) ProjectFile() string {
	own := path.Join(p.Directory, project.File)
	if _, err := fs.Stat(p.Workspace.FS(), own); errors.Is(err, fs.ErrNotExist) {
		return project.File
	}
	return own
}

// Bundles reads the bundle files.
func (p *Program) Bundles(paths []string) ([]*diag.File, error) {
	var files []*diag.File
	seen := map[string]bool{}
	for _, path := range paths {
		if seen[path] {
			return nil, Usagef("%s is given twice", path)
		}
		seen[path] = true
		file, err := p.bundle(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// bundle reads a file of bounded size: one byte more than is allowed is enough
// for the parser to refuse it.
func (p *Program) bundle(path string) (*diag.File, error) {
	src, err := p.Workspace.Read(path, source.MaxBytes)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, Usagef("read %s%s: %w", path, p.placeOf(path), err)
	}
	return diag.NewFile(path, src), nil
}

// Parse reads bundle files that are checked for one target after the other.
func (p *Program) Parse(files []*diag.File) check.Parsed {
	parsed := check.Parse(files)
	parsed.Words = p.given
	return parsed
}

// JournalPath is one file for each integration of each account: on a runner
// outside the workspace, so that no later step publishes the bodies in it.
func (p *Program) JournalPath(s *account.Session) string {
	if p.Journal != "" {
		return p.OnDisk(p.Journal)
	}
	dir := p.Workspace.StateDir()
	if temp := p.Getenv("RUNNER_TEMP"); p.Workflow != nil && temp != "" {
		dir = temp
	}
	return filepath.Join(dir, account.JournalName(s.Target.Where, s.Target.Integration))
}

// placeOf is where zis.yml names a bundle file, in brackets; "" if it doesn't.
func (p *Program) placeOf(path string) string {
	if p.read != nil {
		for _, b := range p.read.Bundles {
			if b.Value == path {
				return fmt.Sprintf(" (bundles, %s)", b.At)
			}
		}
	}
	return ""
}

// secretFile takes a secret, for its owner's eyes alone. Its methods do
// nothing on nil.
type secretFile struct{ file *os.File }

// NewSecretFile makes the file before anything is asked of the account: what
// can't be kept must not be minted. Nil without a path.
func (p *Program) NewSecretFile(path string) (*secretFile, error) {
	if path == "" {
		return nil, nil
	}
	if err := p.Workspace.Inside(path); err != nil {
		return nil, Usagef("%s: %w", filepath.Clean(path), err)
	}
	f, err := os.OpenFile(p.OnDisk(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, Usagef("%s is there already, and is not overwritten: name another file", filepath.Clean(path))
	}
	if err != nil {
		return nil, Usage(err)
	}
	return &secretFile{f}, nil
}

func (s *secretFile) Keep(text []byte) error {
	if s == nil {
		return nil
	}
	_, err := s.file.Write(text)
	return errors.Join(err, s.file.Sync(), s.file.Close())
}

func (s *secretFile) Discard() error {
	if s == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
