package deploy

import (
	"bytes"
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
// that is why nobody but its owner may read the file.
type Journal struct {
	mu   sync.Mutex
	file *os.File // nil: kept nowhere, for a plan that writes nothing
}

// journalBegin is the first line.
type journalBegin struct {
	Version  int       `json:"version"`
	Time     time.Time `json:"time"`
	Target   string    `json:"target"` // base URL of the account
	Plan     string    `json:"plan"`   // digest
	Steps    []Step    `json:"steps"`
	Owned    []string  `json:"owned"` // job specs that our bundles have or had
	Snapshot snapshot  `json:"snapshot"`
}

// journalLine is every other line: a step's state, or the end.
type journalLine struct {
	Step  int    `json:"step"` // index into steps; those of a rollback follow; -1 for the end
	What  string `json:"what"`
	State State  `json:"state"`
	Error string `json:"error,omitempty"`
}

// snapshot is the state before the first write.
type snapshot struct {
	Integration string           `json:"integration"`
	Bundles     []snapshotBundle `json:"bundles"`
	Installed   []string         `json:"installed"` // ARNs
}

type snapshotBundle struct {
	Name string          `json:"name"`
	UUID string          `json:"uuid"`
	Body json.RawMessage `json:"body"`
}

func takeSnapshot(r Remote) snapshot {
	s := snapshot{Integration: r.Integration}
	for _, b := range r.Bundles {
		s.Bundles = append(s.Bundles, snapshotBundle{Name: b.Name, UUID: b.UUID, Body: b.Body})
	}
	for _, spec := range r.JobSpecs {
		if spec.Installed {
			s.Installed = append(s.Installed, specARN(r.Integration, spec.Name))
		}
	}
	return s
}

// Begin starts the journal of a deploy at path: the former state is on disk
// when it returns. A journal that stands there already is kept as path.old.
func beginJournal(path, target string, p Prepared) (*Journal, error) {
	if path == "" {
		return &Journal{}, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	begin, err := json.Marshal(journalBegin{Version: 1, Time: time.Now().UTC(), Target: target, Plan: p.Digest, Steps: p.Steps, Owned: p.owned, Snapshot: takeSnapshot(p.before)})
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := os.Rename(path, path+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file}
	if err := j.write(begin); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, syncDir(filepath.Dir(path))
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

// mark notes a step's state.
func (j *Journal) mark(i int, step Step, s State, cause error) error {
	l := journalLine{Step: i, What: step.String(), State: s}
	if cause != nil {
		l.Error = cause.Error()
	}
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return j.write(line)
}

// end notes that the deploy is over and closes the file.
func (j *Journal) end(cause error) error {
	s := Done
	if cause != nil {
		s = Failed
	}
	err := j.mark(-1, Step{Kind: "end"}, s, cause)
	if j.file == nil {
		return err
	}
	return errors.Join(err, j.file.Close())
}

// Past is what the journal of an earlier deploy tells.
type Past struct {
	Time        time.Time
	Target      string
	Integration string
	Ended       bool // false: killed half-way
	Steps       []StepResult
	Owned       []string // job specs that our bundles had then
}

// ReadJournal reads the journal at path; nil without an error if there is
// none. A last line that was cut off by a kill doesn't count.
func ReadJournal(path string) (*Past, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.ContainsRune(data, '\n') {
		return nil, nil // killed before the first line was whole: nothing was sent
	}
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(data[:bytes.LastIndexByte(data, '\n')], []byte("\n"))
	var begin journalBegin
	if err := json.Unmarshal(lines[0], &begin); err != nil || begin.Version != 1 {
		return nil, fmt.Errorf("%s is no journal of this tool", path)
	}
	p := &Past{Time: begin.Time, Target: begin.Target, Integration: begin.Snapshot.Integration, Owned: begin.Owned}
	for _, s := range begin.Steps {
		p.Steps = append(p.Steps, StepResult{Step: s, State: NotRun})
	}
	for _, text := range lines[1:] {
		p.take(text)
	}
	return p, nil
}

func (p *Past) take(text []byte) {
	var l journalLine
	if json.Unmarshal(text, &l) != nil {
		return
	}
	if l.Step < 0 {
		p.Ended = true
	} else if l.Step < len(p.Steps) {
		p.Steps[l.Step].State = l.State
	}
}

// Standing says in words how far the deploy had got.
func (p *Past) Standing() string {
	count := map[State]int{}
	for _, s := range p.Steps {
		count[s.State]++
	}
	return fmt.Sprintf("%d of %d steps done, %d of unknown outcome", count[Done], len(p.Steps), count[InFlight]+count[Unknown])
}
