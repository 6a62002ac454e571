package deploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

func (f Former) installed(name string) bool {
	return slices.ContainsFunc(f.Installed, func(n string) bool { return one(n) == one(name) })
}

// bundle is the former bundle of that name, or nil.
func (f Former) bundle(name string) *Stored {
	for i := range f.Bundles {
		if one(f.Bundles[i].Name) == one(name) {
			return &f.Bundles[i]
		}
	}
	return nil
}

// snapshot is a former state in a journal: a member for each kind, and the name
// of the integration.
type snapshot map[string]json.RawMessage

const integrationMember = "integration"

func takeSnapshot(r Remote) (snapshot, error) {
	s := snapshot{}
	members := map[string]any{integrationMember: r.Integration}
	for _, k := range kinds {
		members[k.member()] = k.save(r)
	}
	for name, value := range members {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		s[name] = text
	}
	return s, nil
}

// integration is the name, "" if there is none.
func (s snapshot) integration() string {
	var name string
	_ = json.Unmarshal(s[integrationMember], &name)
	return name
}

// former reads the snapshot back.
func (s snapshot) former() (Former, error) {
	f := Former{Integration: s.integration()}
	for _, k := range kinds {
		if text, ok := s[k.member()]; ok {
			if err := k.load(text, &f); err != nil {
				return Former{}, err
			}
		}
	}
	return f, nil
}

// Past is what the journal of an earlier deploy tells.
type Past struct {
	Time        time.Time
	Target      string
	Integration string
	Ended       bool // false: killed half-way
	Settled     bool // all of it was accepted, nothing was written, or everything brought back
	Steps       []StepResult

	goals []journalGoal
	found snapshot
	seen  []Seen
	end   time.Time // when it ended; zero: not known
}

// ReadJournal reads the journal, or backup file, at path; nil without an error
// if there is none. A last line that was cut off by a kill doesn't count. What
// is no journal is an error, and no file is read that is none.
func ReadJournal(path string) (*Past, error) {
	data, err := readRegular(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	first, rest, whole := bytes.Cut(data, []byte("\n"))
	var begin journalBegin
	if err := json.Unmarshal(first, &begin); err != nil || begin.Version != 1 || begin.Snapshot.integration() == "" {
		if !whole && bytes.HasPrefix(first, []byte(`{"version":1,`)) {
			return nil, nil // killed before the first line was whole: nothing was sent
		}
		return nil, fmt.Errorf("%s is no journal of this tool", path)
	}
	p := &Past{Time: begin.Time, Target: begin.Target, Integration: begin.Snapshot.integration(), goals: begin.Bundles, found: begin.Snapshot}
	for _, s := range begin.Steps {
		p.Steps = append(p.Steps, StepResult{Step: s, State: NotRun})
	}
	for text := range bytes.SplitSeq(rest, []byte("\n")) {
		p.take(text)
	}
	return p, nil
}

// readRegular reads a file, and no directory, device or pipe. An empty path is
// no file.
func readRegular(path string) ([]byte, error) {
	if path == "" {
		return nil, fs.ErrNotExist
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func (p *Past) take(text []byte) {
	var l journalLine
	if json.Unmarshal(text, &l) != nil {
		return
	}
	if l.Step < 0 {
		p.Ended, p.seen = true, l.Seen
		p.end, _ = time.Parse(time.RFC3339, l.Time)
		p.Settled = l.State == Done || l.Accepted || l.Rollback == Restored || l.Rollback == NotNeeded && !p.wrote()
	} else if l.Step < len(p.Steps) {
		p.Steps[l.Step].State = l.State
	}
}

// wrote tells whether a write may have taken effect.
func (p *Past) wrote() bool {
	return slices.ContainsFunc(p.Steps, func(s StepResult) bool {
		return s.Kind.writes() && (s.State == Done || s.State == Unknown || s.State == InFlight)
	})
}

// Standing says in words how far the deploy had got.
func (p *Past) Standing() string {
	count := map[State]int{}
	for _, s := range p.Steps {
		count[s.State]++
	}
	return fmt.Sprintf("%d of %d steps done, %d of unknown outcome", count[Done], len(p.Steps), count[InFlight]+count[Unknown])
}

// History is what earlier runs on this machine have left of one integration:
// where the last ones ended, and what they read back. Nothing that must not be
// wrong depends on it.
type History struct {
	Runs []*Past // the oldest first
}

// ReadHistory reads the journal at path and those beside it, of the account
// and the integration. What can't be read is passed over.
func ReadHistory(path, target, integration string) History {
	var h History
	for _, p := range append(asides(path), path) {
		past, err := ReadJournal(p)
		if err == nil && past != nil && past.Target == target && past.Integration == integration {
			h.Runs = append(h.Runs, past)
		}
	}
	slices.SortStableFunc(h.Runs, func(a, b *Past) int { return a.Time.Compare(b.Time) })
	return h
}

// Unfinished is the last run if it has not settled, or nil.
func (h History) Unfinished() *Past {
	if n := len(h.Runs); n > 0 && !h.Runs[n-1].Settled {
		return h.Runs[n-1]
	}
	return nil
}

// Deployed is what the last run that proved it read back of each bundle, by its
// name, and when that run began.
func (h History) Deployed() (last map[string]Seen, when map[string]time.Time) {
	last, when = map[string]Seen{}, map[string]time.Time{}
	for _, run := range h.Runs {
		for _, s := range run.seen {
			last[s.Bundle], when[s.Bundle] = s, run.Time
		}
	}
	return last, when
}

// seen is what the runs read back, the latest first.
func (h History) seen() []Seen {
	var list []Seen
	for _, run := range slices.Backward(h.Runs) {
		list = append(list, run.seen...)
	}
	return list
}

// former is what the oldest of the unfinished runs found, if it still is the
// way back: what the account holds must come from those runs. If somebody else
// has deployed since, it is nil: then what is there now is the former state.
func (h History) former(p Prepared) *Former {
	var unfinished []*Past
	for _, run := range slices.Backward(h.Runs) {
		if run.Settled {
			break
		}
		unfinished = append(unfinished, run)
	}
	if len(unfinished) == 0 {
		return nil
	}
	known := digestsOf(unfinished)
	for i := range p.Bundles {
		if now := p.storedDigest(i); now != "" && !known[now] {
			return nil
		}
	}
	f, err := unfinished[len(unfinished)-1].found.former()
	if err != nil {
		return nil
	}
	return &f
}

// digestsOf are those of all that the runs found, sent or read back.
func digestsOf(runs []*Past) map[string]bool {
	known := map[string]bool{}
	for _, run := range runs {
		for _, g := range run.goals {
			known[g.Before], known[g.After] = true, true
		}
		for _, s := range run.seen {
			known[s.Shown] = true
		}
	}
	return known
}
