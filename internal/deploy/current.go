package deploy

import (
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Seen is what an earlier run read back after an upload of its own. It tells
// later runs on the same machine what the account made of the content; what
// they must not get wrong doesn't depend on it.
type Seen struct {
	Bundle  string   `json:"bundle"`  // its name
	Sent    string   `json:"sent"`    // digest of what was uploaded
	Shown   string   `json:"shown"`   // digest of what was read back
	UUID    string   `json:"uuid"`    // of the entry that was read
	UUIDs   []string `json:"uuids"`   // of all entries of that name then
	Altered bool     `json:"altered"` // something that counts was not as it was sent
	// Sure says that this is the registry's doing: it only shows less than was
	// sent, or has shown the very same after two uploads. Else it may be what
	// somebody else has uploaded in between.
	Sure bool `json:"sure,omitempty"`
}

// current finds which of the stored bundles of a name is the one that runs,
// and says so if that was not certain. Most registries have one of a name. If
// there are more, their dates tell, or what an earlier run knows, or that they
// are all the same; else one that is ours already and stands where the newest
// may stand, and else the last of the list.
func (r Remote) current(name string, want *source.Document, seen []Seen) (stored *Stored, note string) {
	list := r.named(name)
	switch len(list) {
	case 0:
		return nil, ""
	case 1:
		return list[0], ""
	}
	if s := newest(list); s != nil {
		return s, ""
	}
	if s := known(list, name, seen); s != nil {
		return s, ""
	}
	last := list[len(list)-1]
	if allSame(list) {
		return last, ""
	}
	note = fmt.Sprintf("the account lists %d bundles %q and doesn't tell which of them runs", len(list), name)
	if want != nil {
		for _, s := range []*Stored{last, list[0]} {
			if compare.Bundles(want, s.Doc, r.Integration, true).Same() {
				return s, note + "; the one that is taken for it is as the file"
			}
		}
	}
	return last, note + "; the last one is taken for it"
}

// newest is the entry that came last, if the registry says so.
func newest(list []*Stored) *Stored {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b *Stored) int { return b.Changed.Compare(a.Changed) })
	if sorted[0].Changed.After(sorted[1].Changed) {
		return sorted[0]
	}
	return nil
}

// known is the entry that an earlier run uploaded, or the one that came since.
func known(list []*Stored, name string, seen []Seen) *Stored {
	for _, s := range seen { // the latest first
		if s.Bundle != name || len(s.UUIDs) == 0 {
			continue
		}
		var came []*Stored
		var ours *Stored
		for _, stored := range list {
			if stored.UUID == s.UUID {
				ours = stored
			}
			if !slices.Contains(s.UUIDs, stored.UUID) {
				came = append(came, stored)
			}
		}
		switch {
		case len(came) == 1:
			return came[0]
		case len(came) > 1:
			return nil
		}
		return ours
	}
	return nil
}

func allSame(list []*Stored) bool {
	first := list[0].Doc.Digest()
	return !slices.ContainsFunc(list, func(s *Stored) bool { return s.Doc.Digest() != first })
}

// Current are the bundles as the account runs them, one of each name, in the
// order of the list, and what was not certain about that.
func (r Remote) Current() (list []*Stored, notes []string) {
	told := map[string]bool{}
	for _, b := range r.Bundles {
		if told[b.Name] {
			continue
		}
		told[b.Name] = true
		stored, note := r.current(b.Name, nil, nil)
		list = append(list, stored)
		if note != "" {
			notes = append(notes, note)
		}
	}
	return list, notes
}
