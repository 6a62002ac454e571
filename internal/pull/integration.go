package pull

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Prefer says whose word counts where a file and the account differ.
type Prefer int

// The ways to end a difference.
const (
	Neither Prefer = iota // tell it, and write nothing
	Theirs                // the account's
	Mine                  // the file's, which stays as it is
)

// Base is where file and account were last known to say the same, by digests:
// after a deploy or a pull.
type Base struct {
	File    string `json:"file"`    // of the file as it was, or would be, uploaded
	Account string `json:"account"` // of what the account showed

	Deployed bool `json:"-"` // by a deploy, which may have been one of another file
}

// Bundle is what becomes of one bundle.
type Bundle struct {
	Name    string
	Path    string
	Text    []byte               // of the file
	Was     []byte               // of the file that is there; nil if there is none
	Differs []compare.Difference // between the account, old, and the file that is there, new
	Base    Base                 // for the next pull; zero where file and account differ
}

// Changed tells whether the file is to be written.
func (b Bundle) Changed() bool { return b.Was == nil || string(b.Text) != string(b.Was) }

// Result is an integration as files.
type Result struct {
	Bundles  []Bundle
	Secrets  Secrets
	JobSpecs []string // those of the bundles that are on, sorted; nil: all of them
	Notes    []string // what a person should know, with the command that deals with it

	values *Values
	kept   map[string]bool // paths of files that differ and stay
}

// Differing are the bundles whose files differ and were not decided on.
func (r Result) Differing() []Bundle {
	return slices.DeleteFunc(slices.Clone(r.Bundles), func(b Bundle) bool { return len(b.Differs) == 0 })
}

// Options say how files are made.
type Options struct {
	Dir    string            // of the files
	Paths  map[string]string // by the bundle's name: of those that have a place already
	Prefer Prefer
	Given  map[string]any                    // text, json.Number or bool: values of variables that may be shown
	Bases  map[string]Base                   // by the bundle's name, where one is known
	Read   func(path string) ([]byte, error) // the text of a file that is there already, nil if there is none
}

// Integration makes files of what the account holds. Nothing is written; what
// is returned was proven: a plan of it has no changes.
func Integration(have deploy.Remote, o Options) (Result, error) {
	r := Result{values: &Values{Given: o.Given}, kept: map[string]bool{}}
	if len(have.Unread) > 0 {
		return r, verdict.Errorf(verdict.VerifyFailed, "try again; a bundle that can't be read can't be pulled", "%s", have.Unread[0])
	}
	stored, notes := have.Current()
	if len(stored) == 0 {
		return r, verdict.Errorf(verdict.NotFound, "correct the name of the integration, or the account",
			"the integration %q has no bundle in this account", have.Integration)
	}
	r.Notes = notes
	paths, err := filesOf(stored, o)
	if err != nil {
		return r, err
	}
	for i, s := range stored {
		b, err := r.bundle(s, have.Integration, paths[i], o)
		if err != nil {
			return r, err
		}
		r.Bundles = append(r.Bundles, b)
	}
	r.switched(have, stored)
	r.Notes = append(r.Notes, r.Secrets.Left()...)
	r.Secrets.add(r.values.secrets)
	if len(r.Differing()) > 0 || o.Prefer == Mine {
		return r, nil
	}
	return r, r.prove(have)
}

func (r *Result) bundle(s *deploy.Stored, integration, path string, o Options) (Bundle, error) {
	b := Bundle{Name: s.Name, Path: path}
	var err error
	if b.Was, err = o.Read(path); err != nil {
		return b, err
	}
	if b.Was == nil {
		b.Text = File(s.Doc, &r.Secrets)
		b.Base = r.base(b, integration, s)
		return b, nil
	}
	ours, found := source.Parse(diag.NewFile(path, b.Was))
	if ours == nil || slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
		return b, verdict.Errorf(verdict.InvalidInput, "move the file away, or pull into another folder",
			"%s is there already and is no bundle: it is not replaced", path)
	}
	b.Text = b.Was
	both := newBeside(ours, s.Doc, integration, r.values)
	differs := both.differences()
	switch prefer := r.preferred(b, both, o); {
	case len(differs) == 0:
		b.Base = r.base(b, integration, s)
	case prefer == Mine:
	case prefer == Theirs:
		b.Text = both.merged(&r.Secrets)
		b.Base = r.base(b, integration, s)
	default:
		b.Differs = differs
	}
	return b, nil
}

// preferred is whose word counts. Where nobody says so, one side that is as it
// was when both were last the same gives way to the other.
func (r *Result) preferred(b Bundle, both *beside, o Options) Prefer {
	base, known := o.Bases[b.Name]
	if o.Prefer != Neither || !known {
		return o.Prefer
	}
	file, account := both.filled().Digest() == base.File, both.stored.Digest() == base.Account
	switch {
	case file && !account:
		return Theirs
	case account && !file && !base.Deployed:
		r.kept[b.Path] = true
		r.Notes = append(r.Notes, fmt.Sprintf("%s has changes that are not deployed, and the account has none since: the file stays", b.Path))
		return Mine
	}
	return Neither
}

// base is where the next pull begins: this file, and the account as it is.
func (r *Result) base(b Bundle, integration string, s *deploy.Stored) Base {
	doc, _ := source.Parse(diag.NewFile(b.Path, b.Text))
	if doc == nil {
		return Base{}
	}
	return Base{File: newBeside(doc, s.Doc, integration, r.values).filled().Digest(), Account: s.Doc.Digest()}
}

// filesOf are the paths of the bundles' files. A name that can't be one, on
// any system, is refused.
func filesOf(stored []*deploy.Stored, o Options) ([]string, error) {
	taken := map[string]string{}
	var paths []string
	for _, s := range stored {
		at, err := fileOf(s.Name, len(stored) == 1, o)
		if err != nil {
			return nil, err
		}
		if other, ok := taken[strings.ToLower(at)]; ok {
			return nil, verdict.Errorf(verdict.InvalidBundle, "rename one of them, or write the files by hand",
				"the bundles %q and %q would be one file where upper and lower case are the same", other, s.Name)
		}
		taken[strings.ToLower(at)] = s.Name
		paths = append(paths, at)
	}
	return paths, nil
}

func fileOf(bundle string, alone bool, o Options) (string, error) {
	if at := o.Paths[bundle]; at != "" {
		return at, nil
	}
	file := bundle
	if alone {
		file = "bundle" // where everybody looks for it
	}
	if !isFileName(file) {
		return "", verdict.Errorf(verdict.InvalidBundle, "rename the bundle, or write the file by hand",
			"the bundle's name %q can't be the name of a file", bundle)
	}
	return path.Join(o.Dir, file+".json"), nil
}

// reserved are names of devices on Windows.
var reserved = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

func isFileName(s string) bool {
	const longest = 200 // bytes, with room for the ending
	if s == "" || len(s) > longest || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.TrimSpace(s) != s {
		return false
	}
	first, _, _ := strings.Cut(strings.ToLower(s), ".")
	return !slices.Contains(reserved, first) && !strings.ContainsFunc(s, func(c rune) bool {
		return c < ' ' || c == 0x7f || strings.ContainsRune(`/\:*?"<>|`, c)
	})
}

// switched tells of installed job specs that are in no bundle, and of those of
// the bundles that are off: a deploy of the files would change both.
func (r *Result) switched(have deploy.Remote, stored []*deploy.Stored) {
	ours := map[string]bool{} // and whether it is on
	for _, s := range stored {
		for _, spec := range zis.Read(s.Doc).JobSpecs {
			ours[spec.Name.Value] = false
		}
	}
	for _, s := range have.JobSpecs {
		name := s.Name
		if arn, ok := zis.ParseARN(name); ok {
			name = arn.Name
		}
		if !s.Installed {
			continue
		}
		if _, known := ours[name]; !known {
			r.Notes = append(r.Notes, fmt.Sprintf("the job spec %q fires and is in no bundle: zis uninstall %s switches it off", name, name))
			continue
		}
		ours[name] = true
	}
	var off []string
	on := []string{}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if ours[name] {
			on = append(on, name)
		} else {
			off = append(off, name)
		}
	}
	if len(off) > 0 {
		r.JobSpecs = on
		r.Notes = append(r.Notes, fmt.Sprintf("%s of the bundles are off in the account (%s): a deploy switches on what job-specs says: to keep it so, give it as job-specs: %s",
			english.Plural(len(off), "job spec"), strings.Join(off, ", "), cmp.Or(strings.Join(on, " "), "none")))
	}
}

// prove plans the files against the account that they were made of. A file
// with placeholders whose values nobody knows can't be proven.
func (r Result) prove(have deploy.Remote) error {
	values := render.Values{Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{}}
	for name, value := range r.values.Given {
		values.Set(name, value)
	}
	for name, value := range r.values.learned {
		if text, ok := value.(string); ok {
			values.Secrets[name] = text
		} else {
			values.Set(name, value)
		}
	}
	for _, s := range r.Secrets.List() {
		if values.Secrets[s.Name] = s.Value; s.Number {
			values.Numbers = append(values.Numbers, s.Name)
		}
	}
	var files []*diag.File
	for _, b := range r.Bundles {
		files = append(files, diag.NewFile(b.Path, b.Text))
	}
	checked := check.Files(files, check.Options{Integration: have.Integration, Values: values, Unresolved: diag.Warning})
	p, err := deploy.NewPlan(checked.Bundles(), have, deploy.Options{})
	if err != nil {
		return err
	}
	for i, b := range p.Bundles {
		if b.Action != compare.Keep && !r.kept[r.Bundles[i].Path] && !hasUnknown(checked.Documents[i], values) {
			return verdict.At(verdict.Verify, &verdict.Error{
				Reason: verdict.Internal, Next: "nothing was written; please report it with the bundle, if that is possible",
				Err: fmt.Errorf("%s would not be what the account holds: %w", r.Bundles[i].Path, errors.New(differing(b))),
			})
		}
	}
	return nil
}

// hasUnknown tells whether a rendered bundle has a placeholder that has no
// value.
func hasUnknown(doc *source.Document, values render.Values) bool {
	unknown := false
	eachHole(doc.Root, func(name string) { unknown = unknown || !values.Has(name) })
	return unknown
}

func differing(b deploy.BundlePlan) string {
	var list []string
	for _, c := range b.Changes {
		list = append(list, c.Pointer)
	}
	for _, res := range b.Resources {
		if res.Action != compare.Keep {
			list = append(list, "/resources/"+res.Key)
		}
	}
	return strings.Join(list, ", ")
}
