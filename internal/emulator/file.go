package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Open loads the state file, so that a broken one is known before anything is
// served. Without a file the account is empty.
func (s *Server) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load()
}

// load reads the state file once. A file that can't be read is tried again
// with the next request, and never written over.
func (s *Server) load() error {
	if s.loaded {
		return nil
	}
	state, torn, err := readState(s.StateFile)
	if err != nil {
		return fmt.Errorf("emulator state %s: %w; move the file away to begin anew", s.StateFile, err)
	}
	for _, i := range state.Integrations {
		if !s.names.take(i.Name, s) {
			return fmt.Errorf("emulator state %s: the integration %q belongs to another account of this emulator", s.StateFile, i.Name)
		}
	}
	s.state, s.loaded = state, true
	s.disk = disk{anew: torn || s.StateFile == ""}
	if info, err := os.Stat(s.StateFile); err == nil && !torn {
		s.disk.whole = info.Size()
		s.disk.changes(&s.state)
	} else {
		s.disk.anew = true
	}
	return nil
}

func readState(path string) (st State, torn bool, err error) {
	if path == "" {
		return newState(), false, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newState(), false, nil
	}
	if err != nil {
		return State{}, false, err
	}
	if st, torn, err = decodeLog(text); err != nil {
		return State{}, false, err
	}
	return st, torn, st.repair()
}

// repair makes what was read fit to be used: bodies on one line again, as they
// were before the file was indented. What no emulator has written is refused.
func (st *State) repair() error {
	if st.NextID < firstID || slices.Contains(st.Integrations, nil) {
		return errors.New("this is no state of the emulator")
	}
	st.whole()
	for _, i := range st.Integrations {
		if slices.Contains(i.Bundles, nil) || slices.Contains(i.JobSpecs, nil) {
			return fmt.Errorf("integration %q: an entry is null", i.Name)
		}
		for _, b := range i.Bundles {
			var line bytes.Buffer
			if err := json.Compact(&line, b.Body); err != nil {
				return fmt.Errorf("integration %q: bundle %q: %w", i.Name, b.Name, err)
			}
			b.Body = line.Bytes()
		}
	}
	return nil
}

// commit makes a change last before it is answered.
func (s *Server) commit(a wire.Answer) wire.Answer {
	if err := s.save(); err != nil {
		return wire.Broken(err)
	}
	s.remember()
	return a
}

// disk is what is known of the state file.
type disk struct {
	saved
	anew   bool  // it must be written whole
	whole  int64 // bytes of it when it was last written whole, or read
	behind int64 // bytes of changes since then
	apps   bool  // apps have changed
}

// save writes what has changed to the state file. If it can't, the change is
// taken back: what counts is the file, which is read again.
func (s *Server) save() error {
	if s.StateFile == "" {
		return nil
	}
	list, whole := s.disk.changes(&s.state)
	if s.disk.apps {
		list = append(list, change{Apps: &s.state.Apps})
	}
	var err error
	switch {
	case whole || s.disk.anew || s.disk.behind > max(1<<20, 2*s.disk.whole):
		err = s.writeWhole()
	case len(list) > 0:
		err = s.appendChanges(list)
	}
	s.disk.apps = false
	if err != nil {
		s.loaded = false
		return fmt.Errorf("emulator state %s: %w", s.StateFile, err)
	}
	return nil
}

func (s *Server) writeWhole() error {
	text, err := wire.Encode(s.state)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if err := replaceFile(s.StateFile, text); err != nil {
		return err
	}
	s.disk = disk{whole: int64(len(text))}
	s.disk.changes(&s.state)
	return nil
}

// appendChanges adds a line. A power cut may take the last lines with it, and
// leaves the file whole all the same.
func (s *Server) appendChanges(list []change) error {
	text, err := wire.Encode(list)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(s.StateFile, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	n, err := f.Write(append(text, '\n'))
	s.disk.behind += int64(n)
	return errors.Join(err, f.Close())
}

// replaceFile writes a file whole or leaves the former one, through a power
// cut too. Mode 0600: the state holds tokens.
func replaceFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".emulator-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	syncDir(dir)
	return nil
}

// syncDir makes a rename last. Not every system can do that, and the file is
// whole without it.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
