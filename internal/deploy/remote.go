package deploy

import (
	"fmt"
	"slices"

	"golang.org/x/text/unicode/norm"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Stored is one bundle as the registry keeps it.
type Stored struct {
	registry.BundleInfo
	Body []byte           // as it was returned
	Doc  *source.Document // Body, parsed
}

// doc is nil if nothing is stored.
func (s *Stored) doc() *source.Document {
	if s == nil {
		return nil
	}
	return s.Doc
}

// Unread is a bundle or job spec that is listed and could not be read. What is
// ours must be readable; what is somebody else's is only told.
type Unread struct {
	Kind string // bundle or job spec
	Name string // "" if not even that is known
	UUID string
	Err  error
}

// String is `the bundle "b": the answer is longer than 64 MiB`.
func (u Unread) String() string {
	if u.Name == "" {
		return fmt.Sprintf("a %s of the list: %v", u.Kind, u.Err)
	}
	return fmt.Sprintf("the %s %q: %v", u.Kind, u.Name, u.Err)
}

// note tells of what is not ours, or has no name to tell whose it is.
func (u Unread) note() string {
	if u.Name == "" {
		return "whose it is can't be told, and not understood: " + u.String()
	}
	return "somebody else's, and not understood: " + u.String()
}

// cause is why what is ours can't be judged: the error of the request that got
// no body, or what is odd in the list or in the body, and of what.
func (u Unread) cause() error {
	if verdict.ReasonOf(u.Err) != verdict.Internal {
		return u.Err
	}
	return verdict.Errorf(verdict.Network, "the registry answered in a form that isn't known: try again, and look at its answers in the debug log if it stays so", "%s", u)
}

// one is the form in which names are compared: whether the registry keeps the
// Unicode form of what it is sent is not known.
func one(name string) string { return norm.NFC.String(name) }

// named are the stored bundles of that name, in the order of the list. Several
// are its history: which of them the registry keeps is not documented.
func (r Remote) named(name string) []*Stored {
	var list []*Stored
	for i := range r.Bundles {
		if one(r.Bundles[i].Name) == one(name) {
			list = append(list, &r.Bundles[i])
		}
	}
	return list
}

// others are the bundles that none of names is the name of.
func (r Remote) others(names []string) []Stored {
	return slices.DeleteFunc(slices.Clone(r.Bundles), func(s Stored) bool {
		return slices.ContainsFunc(names, func(name string) bool { return one(name) == one(s.Name) })
	})
}

// installed are the names of the job specs that are switched on, in the form
// in which names are compared. Of several entries of one name, its history,
// one that is on is enough to fire.
func (r Remote) installed() map[string]bool {
	on := make(map[string]bool)
	for _, s := range r.JobSpecs {
		if s.Installed {
			on[one(s.Name)] = true
		}
	}
	return on
}

// on tells whether a job spec is installed.
func (r Remote) on(name string) bool {
	return slices.ContainsFunc(r.JobSpecs, func(s registry.JobSpec) bool { return s.Installed && one(s.Name) == one(name) })
}

// unreadable is why something of these names can't be judged, or nil. A former
// entry of a bundle that has no body any more counts only if there is no other
// of its name. An entry with an id and without a name may be any that isn't
// listed: an upload would replace it unseen and unsaved.
func (r Remote) unreadable(kind string, names []string) error {
	for _, u := range r.Unread {
		if kind == bundleKind && registry.Gone(u.Err) && len(r.named(u.Name)) > 0 {
			continue
		}
		nameless := u.Kind == bundleKind && u.Name == "" && u.UUID != ""
		if u.Kind == kind && slices.ContainsFunc(names, func(name string) bool {
			return u.Name != "" && one(name) == one(u.Name) || nameless && len(r.named(name)) == 0
		}) {
			return u.cause()
		}
	}
	return nil
}

// unreadBundles tells whether a bundle is listed whose content is not known:
// then job specs that are in no bundle may be in that one.
func (r Remote) unreadBundles() bool {
	return slices.ContainsFunc(r.Unread, func(u Unread) bool { return u.Kind == bundleKind })
}

// The kinds of what may be unread.
const (
	bundleKind  = "bundle"
	jobSpecKind = "job spec"
)
