// Package start has the verb that begins a repository.
package start

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/pull"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/scaffold"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// InitVerb makes the verb init.
func InitVerb(p *program.Program) *cobra.Command {
	return p.Alone("init", "Begin a repository, from an account, a bundle file or a template: bundle, zis.yml, workflows, a test", runInit)
}

// fromAccount is the origin that pulls what an account runs.
const fromAccount = "account"

// defaultBundle is where a bundle goes that has no place in the repository.
const defaultBundle = "zis/bundle.json"

// beginning is a repository on its way.
type beginning struct {
	*program.Program
	start   scaffold.Start
	files   []scaffold.File   // bundles and tests, by paths in the repository
	checked []*diag.File      // the bundles as they will stand there
	known   map[string]string // values of variables, the name of the integration and the account's among them
	typed   map[string]string // those that are no texts
	secrets pull.Secrets      // that were found, with their values
	notes   []string
	runs    bool // the account runs the integration already
}

func runInit(ctx context.Context, p *program.Program) error {
	b := &beginning{Program: p}
	if err := b.ask(ctx); err != nil {
		return err
	}
	if err := b.choose(ctx); err != nil {
		return err
	}
	if err := b.check(ctx); err != nil {
		return err
	}
	written, err := b.write()
	if err != nil {
		return err
	}
	b.tell(written)
	return nil
}

// choose makes bundles and tests of what the repository begins with.
func (b *beginning) choose(ctx context.Context) error {
	b.start = scaffold.Start{Integration: b.Integration, Subdomain: b.Subdomain, BaseURL: b.BaseURL, ViaApp: b.By == "app", Action: b.Action}
	if b.BaseURL != "" {
		b.start.Subdomain = ""
	}
	texts, others, err := b.Files.Plain()
	if err != nil {
		return err
	}
	b.known = map[string]string{"integration": b.Integration, "subdomain": b.Subdomain}
	maps.Copy(b.known, texts)
	maps.Copy(b.known, others)
	b.typed = others
	for name, value := range others {
		if _, ok := render.Typed(value); !ok {
			return program.Usagef("the variable %q is %q, which is no number, true or false: a text is given as %s=VALUE", name, value, name)
		}
	}
	if b.Origin == fromAccount {
		return b.pulled(ctx)
	}
	if t, ok := template(b.Origin); ok {
		return b.templated(ctx, t)
	}
	return b.given(ctx)
}

func template(name string) (scaffold.Template, bool) {
	all := scaffold.Templates()
	i := slices.IndexFunc(all, func(t scaffold.Template) bool { return t.Name == name })
	if i < 0 {
		return scaffold.Template{}, false
	}
	return all[i], true
}

func (b *beginning) templated(ctx context.Context, t scaffold.Template) error {
	vars := slices.Clone(t.Vars)
	for i, v := range vars {
		if given, ok := b.known[v.Name]; ok {
			vars[i].Value = given
		}
	}
	b.start.Tested = true
	if !b.start.ViaApp {
		b.start.Secrets = t.Secrets
	}
	b.add(defaultBundle, t.Bundle(b.Integration, b.start.ViaApp))
	b.files = append(b.files, scaffold.File{Path: "zis/tests/" + strings.ReplaceAll(t.Name, "-", "_") + ".yml", Text: t.Test()})
	return b.askVars(ctx, vars)
}

// add puts a bundle among the files.
func (b *beginning) add(name string, text []byte) {
	b.start.Bundles = append(b.start.Bundles, name)
	b.checked = append(b.checked, diag.NewFile(name, text))
	b.files = append(b.files, scaffold.File{Path: name, Text: text})
}

// pulled takes what the account runs.
func (b *beginning) pulled(ctx context.Context) error {
	if err := b.unusedVars(nil); err != nil {
		return err
	}
	s := b.Session()
	if err := b.Connect(s); err != nil {
		return err
	}
	defer s.Close(ctx)
	have, err := deploy.Read(ctx, s.Client(), b.Integration)
	if err != nil {
		return verdict.At(verdict.Read, err)
	}
	nothing := func(string) ([]byte, error) { return nil, nil } // what is there is found where it would be written
	found, err := pull.Integration(have, pull.Options{Dir: path.Dir(defaultBundle), Read: nothing})
	b.found(found.Secrets)
	if err != nil {
		return err
	}
	for _, one := range found.Bundles {
		b.add(one.Path, one.Text)
	}
	b.start.JobSpecs, b.notes, b.runs = found.JobSpecs, found.Notes, b.Account.Target != local
	return nil
}

// found keeps secrets that stood in bundles out of all that is shown.
func (b *beginning) found(secrets pull.Secrets) {
	b.secrets = secrets
	for _, s := range secrets.List() {
		b.Hide(s.Value)
		if s.Number {
			b.start.Numbers = append(b.start.Numbers, s.Name)
		}
		if !slices.Contains(b.start.Secrets, s.Name) {
			b.start.Secrets = append(b.start.Secrets, s.Name)
		}
	}
}

// given takes a bundle file. One that is in the repository and needs no change
// stays where it is.
func (b *beginning) given(ctx context.Context) error {
	text, err := b.Workspace.Read(b.Origin, source.MaxBytes)
	if err != nil {
		return program.Usagef("--from is %q, which is no template and no file that can be read (%w): it can be account, a bundle file, %s", b.Origin, err, names())
	}
	doc, err := parsed(b.Origin, text)
	if err != nil {
		return err
	}
	taken := scaffold.Take(doc, b.known)
	b.start.Secrets = taken.Secrets
	b.found(taken.Found)
	b.notes = taken.Notes
	place := b.placeOf(b.Origin)
	switch {
	case place != "" && !taken.Changed:
		b.start.Bundles = []string{place}
		b.checked = []*diag.File{diag.NewFile(place, taken.Text)}
	case place == defaultBundle:
		return program.Usagef("%s holds placeholders of another style, or secrets, and would have to be changed: move it away, such as to template.json, and give that file", b.Origin)
	default:
		b.add(defaultBundle, taken.Text)
	}
	return b.askVars(ctx, taken.Vars)
}

// placeOf is a file's path in the repository; "" if it is outside.
func (b *beginning) placeOf(file string) string {
	abs, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	root, err := filepath.Abs(b.Repository)
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// parsed is a file that is a bundle, whatever else may be wrong with it.
func parsed(name string, text []byte) (*source.Document, error) {
	doc, found := source.Parse(diag.NewFile(name, text))
	for _, d := range found {
		if d.Severity == diag.Error {
			at := d.File.Position(d.Span.Start)
			return nil, verdict.Errorf(verdict.InvalidBundle, d.Help, "%s:%d:%d: %s", name, at.Line, at.Column, d.Message)
		}
	}
	if doc == nil || !doc.Root.Get("resources").IsObject() {
		return nil, verdict.Errorf(verdict.InvalidBundle, "a bundle is an object with name, zis_template_version and resources", "%s is no bundle: it has no object resources", name)
	}
	return doc, nil
}

// checkNames refuses an account, an integration or a release that can't be one.
func (b *beginning) checkNames() error {
	if b.Action == "" || strings.ContainsFunc(b.Action, func(r rune) bool { return !strings.ContainsRune(refs, r) }) {
		return program.Usagef("--action is %q, which is no commit and no tag of the action", b.Action)
	}
	if b.Subdomain == "" && b.BaseURL == "" {
		return program.Missing("subdomain", "zis.yml needs the account that is deployed to")
	}
	if b.BaseURL == "" {
		if _, _, err := account.Address(b.Subdomain, ""); err != nil {
			return program.Usage(err)
		}
	}
	if b.Integration == "" {
		return program.Missing("integration", "zis.yml needs the name of the integration")
	}
	return account.CheckIntegration(b.Integration)
}

// refs are the characters of commits and tags.
const refs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

func names() string {
	var list []string
	for _, t := range scaffold.Templates() {
		list = append(list, t.Name)
	}
	return fmt.Sprintf("or one of %s", strings.Join(list, ", "))
}
