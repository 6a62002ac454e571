package deploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Journal is the file in which a deploy keeps what it found and how far it
// got: JSON lines, each on disk before the next request is sent. The first
// line holds the former state, bodies whole, credentials in them included;
// that is why nobody but its owner may read the file. Each run has a file of
// its own: those of earlier runs stand beside it until a run has succeeded.
type Journal struct {
	mu   sync.Mutex
	path string
	file *os.File // nil: kept nowhere
}

// journalBegin is the first line.
type journalBegin struct {
	Version  int           `json:"version"`
	Time     time.Time     `json:"time"`
	Target   string        `json:"target"` // base URL of the account
	Plan     string        `json:"plan"`   // digest
	Steps    []Step        `json:"steps"`
	Bundles  []journalGoal `json:"bundles"` // what the run was about to do
	Snapshot snapshot      `json:"snapshot"`
}

// journalGoal is one bundle of the run, by digests of its content.
type journalGoal struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after"`
}

// journalLine is every other line: a step's state, or the end.
type journalLine struct {
	Step     int      `json:"step"` // index into steps; those of a rollback follow; -1 for the end
	What     string   `json:"what"`
	State    State    `json:"state"`
	Error    string   `json:"error,omitempty"`
	Time     string   `json:"time,omitempty"`     // at the end: RFC 3339
	Rollback Rollback `json:"rollback,omitempty"` // at the end
	Accepted bool     `json:"accepted,omitempty"` // at the end: every write was, though the proof is missing
	Seen     []Seen   `json:"seen,omitempty"`     // at the end: what was read back
}

// beginJournal begins the journal of a deploy: the former state is on disk
// when it returns, in the backup file as well. A journal that stands there
// already goes aside; a file that is none is left alone.
func beginJournal(set Settings, p Prepared) (*Journal, error) {
	first, err := firstLine(set.Target, p)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	begin, err := json.Marshal(first)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if set.Backup != "" {
		if err := writeBackup(set.Backup, begin); err != nil {
			return nil, err
		}
	}
	if set.Journal == "" {
		return &Journal{}, nil
	}
	if err := setAside(set.Journal); err != nil {
		return nil, err
	}
	return newJournal(set.Journal, begin)
}

func newJournal(path string, begin []byte) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file, path: path}
	if err := j.write(begin); err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path)) // no half of one stays
	}
	return j, syncDir(filepath.Dir(path))
}

func firstLine(target string, p Prepared) (journalBegin, error) {
	found, err := takeSnapshot(p.before)
	b := journalBegin{Version: 1, Time: time.Now().UTC(), Target: target, Plan: p.Digest, Steps: p.Steps, Snapshot: found}
	for i, bp := range p.Bundles {
		b.Bundles = append(b.Bundles, journalGoal{bp.Name, p.storedDigest(i), p.want[i].Doc.Digest()})
	}
	return b, err
}

// setAside renames the journal of an earlier run. It refuses what is no
// journal: the path may name a bundle, or a device.
func setAside(path string) error {
	past, err := ReadJournal(path)
	if err != nil {
		return err
	}
	if past == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err // what was cut off before anything was sent
		}
		return nil
	}
	for n := 0; ; n++ {
		aside := fmt.Sprintf("%s.%s-%d", path, past.Time.UTC().Format("20060102T150405Z"), n)
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			return os.Rename(path, aside)
		}
	}
}

// writeBackup writes the former state to a file of its own, whole or not at
// all. Like a journal it replaces nothing that is none.
func writeBackup(path string, begin []byte) error {
	if _, err := ReadJournal(path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".zis-backup-*") // 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(append(begin, '\n'))
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (j *Journal) write(line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

func (j *Journal) line(l journalLine) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return j.write(text)
}

// mark notes a step's state.
func (j *Journal) mark(i int, step Step, s State, cause error) error {
	l := journalLine{Step: i, What: step.String(), State: s}
	if cause != nil {
		l.Error = cause.Error()
	}
	return j.line(l)
}

// end notes that the deploy is over and closes the file. After a success the
// journals of earlier runs are of no use any more.
func (j *Journal) end(cause error, back Rollback, seen []Seen) error {
	l := journalLine{Step: -1, What: "end", State: Done, Time: time.Now().UTC().Format(time.RFC3339), Rollback: back, Seen: seen}
	if cause != nil {
		l.State, l.Error, l.Accepted = Failed, cause.Error(), errors.Is(cause, errUnproven)
	}
	err := j.line(l)
	if j.file == nil {
		return err
	}
	if err = errors.Join(err, j.file.Close()); err != nil || cause != nil {
		return err
	}
	for _, aside := range asides(j.path) {
		err = errors.Join(err, os.Remove(aside))
	}
	return err
}

// asides are the journals of earlier runs beside one, the oldest first.
func asides(path string) []string {
	list, err := filepath.Glob(globbed(path) + ".*Z-*")
	if err != nil {
		return nil
	}
	return list // sorted by name, which begins with the time
}

// globbed is a path as a pattern that matches it alone.
func globbed(path string) string {
	var b []byte
	for i := range len(path) {
		switch path[i] {
		case '*', '?', '[', '\\':
			b = append(b, '\\')
		}
		b = append(b, path[i])
	}
	return string(b)
}
