package start

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/scaffold"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// check refuses bundles that zis validate would refuse, and records a case for
// those that have none.
func (b *beginning) check(ctx context.Context) error {
	values := render.Values{Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{}}
	for _, v := range b.start.Vars {
		values.Set(v.Name, v.Value)
	}
	for _, name := range b.start.Secrets {
		values.Secrets[name] = "local-" + name
	}
	checked := check.Files(b.checked, check.Options{Integration: b.Integration, Values: values, Unresolved: diag.Error})
	if err := checked.Err(); err != nil {
		for _, f := range checked.Files {
			for _, d := range f.Findings {
				if d.Severity == diag.Error {
					at := d.Start()
					b.Note("%s:%d:%d: %s [%s]", f.Path, at.Line, at.Column, d.Message, d.Rule)
				}
			}
		}
		return &verdict.Error{
			Reason: verdict.InvalidBundle, Err: fmt.Errorf("the bundle is not valid, and nothing was written: %w", err),
			Next: "mend the bundle first; zis validate shows each place",
		}
	}
	if needs := deploy.Needs(checked.Bundles()); len(needs) > 0 && !b.runs {
		var list []string
		for _, n := range needs {
			list = append(list, n.String())
		}
		b.notes = append(b.notes, fmt.Sprintf("its flows need %s of the account: zis doctor --target %s tells what is missing", english.Join(list), b.start.Target()))
	}
	if b.start.ViaApp && len(b.start.Secrets) > 0 {
		b.notes = append(b.notes, fmt.Sprintf("a release in an app holds no secret, so that a deploy is refused until %s is kept in a connection of the account", english.Join(b.start.Secrets)))
	}
	if !b.start.Tested {
		b.record(ctx, checked)
	}
	return nil
}

// recording bounds the look for a case: a large bundle has many ways.
const recording = 15 * time.Second

// record makes a case of what one of the flows does on an event, unless there
// are cases already.
func (b *beginning) record(ctx context.Context, checked check.Result) {
	dir := path.Join(path.Dir(b.start.Bundles[0]), "tests")
	if found, err := flowtest.Find(b.Workspace.FS(), []string{path.Join(b.Repository, dir)}, nil); err == nil && len(found.Cases()) > 0 {
		b.start.Tested = true
		return
	}
	ctx, cancel := context.WithTimeout(ctx, recording)
	defer cancel()
	suite := &flowtest.Suite{Bundles: checked.Bundles(), Account: interp.Account{Integration: b.Integration}}
	for g := range suite.Generated(ctx) {
		if len(g.Cases) == 0 || ctx.Err() != nil {
			continue
		}
		g.Cases = g.Cases[:1]
		if outcome := suite.Run(ctx, g.Cases)[0]; !outcome.Passed() {
			continue // it hangs on what differs from run to run
		}
		b.start.Tested = true
		b.files = append(b.files, scaffold.File{Path: path.Join(dir, flowtest.FileName(g.Flow)+".recorded.yml"), Text: []byte(g.YAML())})
		return
	}
}

// tell says what was written, and the three steps that remain.
func (b *beginning) tell(written []string) {
	if b.Tell("wrote %s", strings.Join(written, ", ")); path.Clean(b.Repository) != "." {
		b.Note("all in %s: what follows is done there", b.Repository)
	}
	for _, note := range b.notes {
		b.Note("note: %s", note)
	}
	if b.start.Subdomain == local {
		b.Note("note: %s: write the subdomain of your account in the place of %s", scaffold.Config, local)
	}
	for _, v := range b.start.Vars {
		if v.Open {
			b.Note("note: %s: nobody knows the value of %s; write it in the place of %v", scaffold.Config, v.Name, v.Value)
		}
	}
	steps := scaffold.Steps(b.start, b.runs, written)
	b.Told += "\n" + strings.Join(steps, "\n")
	for _, line := range steps {
		fmt.Fprintln(b.Stdout, report.Plain(line))
	}
	for _, s := range b.secrets.List() {
		b.Note("{{%s}} stands for %s at %s", s.Name, s.What, s.Pointer)
	}
	switch found := len(b.secrets.List()); {
	case found > 0 && b.SecretsOut != "":
		b.Note("%s holds %s: set them, and delete the file", b.SecretsOut, english.Plural(found, "value"))
	case found > 0:
		b.Note("the values were not kept: --secrets-out FILE would have taken them")
	}
}
