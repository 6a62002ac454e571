// Package workspace is where the program's files are: those that it is told to
// read and write. In the action they are inside the workspace, or the runner's
// folder for temporary files, whatever links and dots a path has: the workspace
// holds files of strangers, and the program is root there.
package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Workspace opens files. The zero Workspace opens them anywhere, as the user
// may: that is the command line.
type Workspace struct {
	Dir string // that relative paths start from; "": the current directory

	inside *place // nil: anywhere
	temp   *place // nil: there is none
}

// place is a directory that nothing leads out of.
type place struct {
	dir  string // absolute
	root *os.Root
}

// Confine keeps a Workspace inside dir and, for absolute paths, inside temp,
// unless that is empty.
func Confine(dir, temp string) (*Workspace, error) {
	inside, err := enter(dir)
	if err != nil {
		return nil, err
	}
	w := &Workspace{Dir: dir, inside: inside}
	if temp != "" {
		if w.temp, err = enter(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(err, inside.root.Close())
		}
	}
	return w, nil
}

func enter(dir string) (*place, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	return &place{abs, root}, nil
}

// Close lets the directories go.
func (w *Workspace) Close() error {
	var errs []error
	for _, p := range []*place{w.inside, w.temp} {
		if p != nil {
			errs = append(errs, p.root.Close())
		}
	}
	return errors.Join(errs...)
}

// Confined tells whether files are kept inside a directory.
func (w *Workspace) Confined() bool { return w.inside != nil }

// find is the place of a path, and the path in it.
func (w *Workspace) find(path string) (*place, string, error) {
	if !filepath.IsAbs(path) {
		return w.inside, path, nil
	}
	for _, p := range []*place{w.inside, w.temp} {
		if p == nil {
			continue
		}
		if rel, err := filepath.Rel(p.dir, path); err == nil && filepath.IsLocal(rel) {
			return p, rel, nil
		}
	}
	return nil, "", &fs.PathError{Op: "open", Path: path, Err: errOutside}
}

// Inside refuses a path that leads out of the directories, by dots or by
// links, whether anything stands there yet or not.
func (w *Workspace) Inside(path string) error {
	if w.inside == nil {
		return nil
	}
	p, name, err := w.find(path)
	if err != nil {
		return err
	}
	for name = filepath.Clean(name); ; name = filepath.Dir(name) {
		if _, err := p.root.Stat(name); name == "." || !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

var (
	errOutside = errors.New("the path leads out of the workspace")
	errSpecial = errors.New("it is no regular file")
)

// Open opens a file for reading. Inside a directory only a regular file is
// opened: a pipe would never end.
func (w *Workspace) Open(path string) (*os.File, error) {
	if w.inside == nil {
		return os.Open(path)
	}
	p, name, err := w.find(path)
	if err != nil {
		return nil, err
	}
	return p.open(name, os.O_RDONLY, 0)
}

// open opens a regular file, and nothing that has taken its place meanwhile.
func (p *place) open(name string, flags int, perm fs.FileMode) (*os.File, error) {
	if info, err := p.root.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errSpecial}
	}
	f, err := p.root.OpenFile(name, flags|nonblock, perm)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errSpecial}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Read reads a file of at most limit bytes; of a longer one it gives a byte
// more, so that whoever asks can tell.
func (w *Workspace) Read(path string, limit int64) ([]byte, error) {
	f, err := w.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// Make makes a directory and those that it is in.
func (w *Workspace) Make(path string) error {
	if w.inside == nil {
		return os.MkdirAll(path, 0o755)
	}
	p, name, err := w.find(path)
	if err != nil {
		return err
	}
	return p.root.MkdirAll(name, 0o755)
}

// FS is where files are read by name, such as zis.yml and what it names.
func (w *Workspace) FS() fs.FS {
	if w.inside == nil {
		return os.DirFS(cmp.Or(w.Dir, "."))
	}
	return confined{w}
}

// confined reads no pipes either, which the file system of a root would.
type confined struct{ *Workspace }

// Open makes confined an fs.FS.
func (c confined) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return c.Workspace.Open(filepath.FromSlash(name))
}

// StateDir is where the program keeps files of its own.
func (w *Workspace) StateDir() string { return filepath.Join(w.Dir, ".zis") }

// KeepState makes the state directory, and has git ignore all in it: journals
// hold bundles whole, credentials in them included. Files that stand there
// under one of the names must be regular ones.
func (w *Workspace) KeepState(names ...string) error {
	if w.inside == nil {
		return keep(w.StateDir())
	}
	dir := ".zis"
	if err := w.inside.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if info, err := w.inside.root.Lstat(dir); err != nil || !info.IsDir() {
		return cmp.Or(err, fmt.Errorf("%s: %w", dir, errors.New("it is no directory")))
	}
	for _, name := range names {
		if info, err := w.inside.root.Lstat(filepath.Join(dir, name)); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s: %w", filepath.Join(dir, name), errSpecial)
		}
	}
	name := filepath.Join(dir, ignore)
	if info, err := w.inside.root.Lstat(name); err == nil && info.Size() > 0 {
		return nil
	}
	f, err := w.inside.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|nonblock, 0o600)
	return fill(f, err, func() error { return w.inside.root.Remove(name) })
}

const ignore = ".gitignore"

func keep(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	name := filepath.Join(dir, ignore)
	if info, err := os.Lstat(name); err == nil && info.Size() > 0 {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|nonblock, 0o600)
	return fill(f, err, func() error { return os.Remove(name) })
}

// fill writes the file that keeps git away, or none: an empty one, which a
// full disk may leave, would let journals be committed.
func fill(f *os.File, err error, remove func() error) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(f, strings.NewReader("*\n"))
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, remove())
	}
	return nil
}
