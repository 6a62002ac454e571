// Package app builds the private Zendesk app in which an admin applies a
// release, and pushes it to the account: on the admin's own session an upload
// is allowed that no OAuth token may make.
//
// An app's files can be read by anybody who has their address, so a release
// holds no secret: neither of the bundles that are to run nor of those that
// run now.
package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Release is what the page carries: all that it needs to tell what the account
// runs and to make it run this. In the page it stands in #release.
type Release struct {
	Version     string   `json:"version"` // of the app: over all of it
	Subdomain   string   `json:"subdomain"`
	Integration string   `json:"integration"`
	Tag         string   `json:"tag,omitempty"`
	Commit      string   `json:"commit,omitempty"`
	Sentences   []Line   `json:"sentences"` // the plan in words
	Bundles     []Bundle `json:"bundles"`   // in the order of their uploads
	Before      Before   `json:"before"`
	Install     []string `json:"install"` // ARNs of the job specs that are to be on
	Prune       []string `json:"prune"`   // ARNs of those that are to be off
	Touched     []string `json:"touched"` // names of all job specs that may be either on the way
}

// Line is a sentence of the plan.
type Line struct {
	Text  string `json:"text"`
	Alarm bool   `json:"alarm"` // somebody should decide whether this is meant

	Parts []sentences.Part `json:"-"` // Text, piece by piece
}

// Bundle is one that is to run.
type Bundle struct {
	Name    string   `json:"name"`
	Body    string   `json:"body"`    // JSON as it is uploaded; text, so that no reader can change a number
	Digest  string   `json:"digest"`  // of its canonical form
	Install []string `json:"install"` // those of Release.Install that stand in it
}

// Before is what the account ran when the plan was made.
type Before struct {
	Bundles   []Former `json:"bundles"`   // all of the integration
	Installed []string `json:"installed"` // names of the job specs that were on
}

// Former is a bundle as it was: its digest with null for what may be secret.
type Former struct {
	Name    string   `json:"name"`
	UUID    string   `json:"uuid"`
	Digest  string   `json:"digest"`
	Blanked []string `json:"blanked"` // JSON pointers
}

// About says where a release is for and where it came from.
type About struct {
	Subdomain string
	Tag       string // may be empty
	Commit    string // may be empty
}

// NewRelease makes the release of a plan. It refuses bundles that hold a
// secret. The plan's own digest stays out: it is over the former bundles as
// they are, so a secret in them could be guessed at. Errors are of type
// *verdict.Error.
func NewRelease(p deploy.Prepared, about About) (Release, error) {
	r := Release{
		Subdomain: about.Subdomain, Integration: p.Integration, Tag: about.Tag, Commit: about.Commit,
		Sentences: lines(sentences.Of(p)), Install: []string{}, Prune: []string{}, Bundles: []Bundle{},
		Before: before(p),
	}
	for _, b := range p.Want() {
		if err := public(b.Doc); err != nil {
			return Release{}, err
		}
		r.Bundles = append(r.Bundles, Bundle{Name: b.Name.Value, Body: string(b.Doc.JSON()), Digest: b.Doc.Digest(), Install: []string{}})
	}
	for _, s := range p.JobSpecs {
		switch s.Action {
		case deploy.SpecInstall, deploy.SpecKeep:
			r.Install = append(r.Install, s.ARN)
			i := slices.IndexFunc(r.Bundles, func(b Bundle) bool { return b.Name == s.Bundle })
			r.Bundles[i].Install = append(r.Bundles[i].Install, s.ARN)
		case deploy.SpecUninstall:
			r.Prune = append(r.Prune, s.ARN)
		}
	}
	r.Touched = touched(p)
	r.Version = r.version()
	return r, nil
}

// lines are all sentences: a page has room for those that other places only
// count.
func lines(told sentences.Told) []Line {
	list := []Line{}
	for _, s := range told.All() {
		list = append(list, Line{s.Text, s.Alarm, s.Parts})
	}
	return list
}

// public refuses a document with a secret in it.
func public(doc *source.Document) error {
	const next = "keep it in a connection of the integration (connectionName), which the app does not hold"
	found := len(doc.Secrets()) > 0
	place := ""
	walk(doc.Root, func(n *source.Node) {
		if f, ok := credential.At(n); place == "" && (n.Secret || ok && f.Sure) {
			found, place = true, n.Pointer()
		}
	})
	if !found {
		return nil
	}
	return verdict.Errorf(verdict.InvalidBundle, next,
		"%s holds a secret at %q: what an app carries can be read by everybody who has its address", doc.File.Path, place)
}

func before(p deploy.Prepared) Before {
	have := p.Before()
	b := Before{Bundles: []Former{}, Installed: []string{}}
	for _, stored := range have.Bundles {
		digest, blanked := p.Blanked(&stored)
		b.Bundles = append(b.Bundles, Former{Name: stored.Name, UUID: stored.UUID, Digest: digest, Blanked: orEmpty(blanked)})
	}
	for _, s := range have.JobSpecs {
		if s.Installed {
			b.Installed = append(b.Installed, s.Name)
		}
	}
	return b
}

// touched are the names of the job specs that are switched on the way: those
// of our bundles as they are and as they will be, and those that are pruned.
func touched(p deploy.Prepared) []string {
	names := []string{}
	ours := map[string]bool{}
	for _, b := range p.Want() {
		ours[b.Name.Value] = true
		names = append(names, specNames(b)...)
	}
	for _, stored := range p.Before().Bundles {
		if ours[stored.Name] {
			names = append(names, specNames(zis.Read(stored.Doc))...)
		}
	}
	for _, s := range p.JobSpecs {
		if s.Action == deploy.SpecUninstall {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func specNames(b *zis.Bundle) []string {
	var names []string
	for _, s := range b.JobSpecs {
		names = append(names, s.Name.Value)
	}
	return names
}

// version tells this release from every other one: its tag and a digest over
// the whole page.
func (r Release) version() string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("release: %v", err)) // strings only
	}
	sum := sha256.New()
	sum.Write(text)
	for _, name := range pageFiles() {
		sum.Write(pageFile(name))
	}
	short := hex.EncodeToString(sum.Sum(nil))[:12]
	if r.Tag == "" {
		return short
	}
	return r.Tag + "+" + short
}

func walk(n *source.Node, visit func(*source.Node)) {
	visit(n)
	for _, m := range n.Members {
		walk(m, visit)
	}
}

// orEmpty is a list that is [] in JSON, never null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
