package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is a file to be written: its path and all of its text.
type File struct {
	Path string
	Text []byte
}

// Write writes a whole file that everybody may read, or nothing: one that is
// cut short, as on a full disk, would be taken for what it is not. Inside a
// directory it belongs to whom the directory belongs to, not to root.
func (w *Workspace) Write(path string, text []byte) error {
	s, err := w.stage(File{path, text})
	if err != nil {
		return err
	}
	return errors.Join(s.place(), s.drop())
}

// WriteAll writes files, and the directories that they are in: all of them, or
// none as far as that can be. Where there is no room or no right to write, that
// is found before the first is put into its place; so is that a file can't
// be. A process that is killed on the way leaves each of them old or new.
func (w *Workspace) WriteAll(files []File) (err error) {
	var ready []*staged
	var made []func() error
	defer func() {
		for _, s := range ready {
			err = errors.Join(err, s.drop())
		}
		for i := len(made) - 1; i >= 0 && err != nil; i-- {
			_ = made[i]() // what has got a file meanwhile stays
		}
	}()
	for _, f := range files {
		undo, err := w.makeFor(f.Path)
		made = append(made, undo...)
		if err != nil {
			return fmt.Errorf("nothing was written: %s: %w", f.Path, err)
		}
		s, err := w.stage(f)
		if err != nil {
			return fmt.Errorf("nothing was written: %s: %w", f.Path, err)
		}
		ready = append(ready, s)
	}
	for i, s := range ready {
		if err := s.place(); err != nil {
			return fmt.Errorf("%d of %d files were written: %s: %w", i, len(ready), s.to, err)
		}
	}
	return nil
}

// makeFor makes the directories that a file is in, and says how those that
// were missing are removed again.
func (w *Workspace) makeFor(path string) (undo []func() error, err error) {
	dir := filepath.Dir(path)
	var missing []string
	for at := dir; at != "." && at != filepath.Dir(at); at = filepath.Dir(at) {
		d, name, err := w.disk(at)
		if err != nil {
			return nil, err
		}
		if _, err := d.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		missing = append([]string{at}, missing...)
	}
	for _, at := range missing {
		d, name, err := w.disk(at)
		if err == nil {
			err = d.Mkdir(name, 0o755)
		}
		if err != nil {
			return undo, err
		}
		undo = append(undo, func() error { return d.Remove(name) })
	}
	return undo, nil
}

// disk is where files are: a directory that nothing leads out of, or all there
// is.
type disk interface {
	Lstat(name string) (fs.FileInfo, error)
	Mkdir(name string, perm fs.FileMode) error
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	Rename(from, to string) error
	Remove(name string) error
}

// everywhere is the disk without bounds.
type everywhere struct{}

func (everywhere) Lstat(name string) (fs.FileInfo, error)    { return os.Lstat(name) }
func (everywhere) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }
func (everywhere) Rename(from, to string) error              { return os.Rename(from, to) }
func (everywhere) Remove(name string) error                  { return os.Remove(name) }

func (everywhere) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// disk is the one that a path is on, and the path there.
func (w *Workspace) disk(path string) (disk, string, error) {
	if w.inside == nil {
		return everywhere{}, path, nil
	}
	p, name, err := w.find(path)
	if err != nil {
		return nil, "", err
	}
	return p.root, name, nil
}

// staged is a file that is written whole beside its place.
type staged struct {
	disk     disk
	temp, to string
	placed   bool
}

// stage writes a file beside its place. What stands there and is no regular
// file, such as /dev/stdout, is written to as it stands; inside a directory it
// is refused.
func (w *Workspace) stage(f File) (*staged, error) {
	d, name, err := w.disk(f.Path)
	if err != nil {
		return nil, err
	}
	give := func(*os.File) error { return nil }
	if w.inside == nil {
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
			return &staged{placed: true}, os.WriteFile(name, f.Text, 0o644)
		}
		if to, err := filepath.EvalSymlinks(name); err == nil {
			name = to
		}
	} else {
		p, _, _ := w.find(f.Path)
		if there, err := p.open(name, os.O_WRONLY, 0); err == nil { // what stands there must be a file
			_ = there.Close()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		give = p.give
	}
	s := &staged{disk: d, to: name}
	return s, s.write(f.Text, give)
}

// write fills the file beside the place; if it can't, nothing is left of it.
func (s *staged) write(text []byte, give func(*os.File) error) error {
	s.temp = filepath.Join(filepath.Dir(s.to), fmt.Sprintf(".%s.%d.tmp", filepath.Base(s.to), os.Getpid()))
	_ = s.disk.Remove(s.temp) // of a process of this number that was killed
	file, err := s.disk.OpenFile(s.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "write", Path: s.to, Err: e.Err} // nobody knows the name of the one beside it
	} else if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Chmod(0o644), give(file), file.Sync(), file.Close())
	if err != nil {
		return errors.Join(err, s.disk.Remove(s.temp))
	}
	return nil
}

// place puts the file where it belongs.
func (s *staged) place() error {
	if s.placed {
		return nil
	}
	err := s.disk.Rename(s.temp, s.to)
	s.placed = err == nil
	return err
}

// drop removes the file if it has not got its place.
func (s *staged) drop() error {
	if s.placed {
		return nil
	}
	s.placed = true
	return s.disk.Remove(s.temp)
}
