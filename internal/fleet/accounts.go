package fleet

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/keyring"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Accounts is the Worker on real accounts: each target is a session.
type Accounts struct {
	Bundles check.Parsed
	Keys    *keyring.Keys
	Keeper  Keeper
	Records bool     // a record is kept in the accounts
	Disable []string // ids of rules that are not to be reported

	// Session makes the session of a target: its address and credentials, and
	// how it is spoken to. It makes no request.
	Session func(t *project.Target, c registry.Credentials) (*account.Session, error)
	// Options are the choices of a target's plan.
	Options func(t *project.Target) deploy.Options
	// Hide is told values that were found in an account and must not be shown.
	Hide func(secrets ...string)
}

// open makes a target's session ready to ask its account.
func (a *Accounts) open(t *project.Target) (*account.Session, error) {
	found, err := a.Keys.Of(t)
	if err != nil {
		return nil, err
	}
	if !found.Any() || found.Complete() != nil {
		return nil, a.Keys.Missing(t)
	}
	s, err := a.Session(t, found.Credentials)
	if err != nil {
		return nil, err
	}
	return s, s.Connect()
}

// reading is what an account was found to hold.
type reading struct {
	have    deploy.Remote
	record  *Record
	account int64 // that the config service says
	noWord  string
}

// read reads the account and, beside it, its record.
func (a *Accounts) read(ctx context.Context, s *account.Session) (reading, error) {
	var r reading
	recorded := make(chan struct{})
	go func() {
		defer close(recorded)
		if a.Records {
			r.record, r.account, r.noWord = readRecord(ctx, s.Client(), s.Target.Integration)
		}
	}()
	have, err := deploy.Read(ctx, s.Client(), s.Target.Integration)
	<-recorded
	r.have = have
	if err != nil {
		return r, verdict.At(verdict.Read, err)
	}
	if r.record != nil {
		r.record.Current = len(r.record.Bundles) > 0 && digest(have, r.record.Bundles, r.record.Hidden) == r.record.Digest
	}
	return r, sameAccount(r.record, r.account, accountID(have))
}

// Observe reads what a target runs.
func (a *Accounts) Observe(ctx context.Context, t *project.Target) (Standing, error) {
	s, err := a.open(t)
	if err != nil {
		return Standing{}, err
	}
	defer s.Close(ctx)
	r, err := a.read(ctx, s)
	if err != nil {
		return Standing{Account: s.Where()}, err
	}
	o := observation{a, t, r}
	standing, err := o.standing()
	standing.Account = s.Where()
	return standing, err
}

// observation compares a reading with the release.
type observation struct {
	*Accounts
	target *project.Target
	reading
}

func (o observation) standing() (Standing, error) {
	s := Standing{Record: o.record, NoRecord: o.noWord}
	secrets, missing, err := o.Keys.Secrets(o.target)
	if err != nil {
		return s, err
	}
	known := values(o.target)
	known.Secrets = secrets
	s.Wildcards = o.fill(known, missing)
	p, err := o.plan(known, o.options())
	if err != nil {
		return s, err
	}
	s.Specs, s.Others, s.Changes, s.Difference = specsOf(p.Plan), othersOf(p.Plan), p.Changes(), differences(p.Plan)
	s.Content = o.content(p.Plan, known)
	if s.Content == Recorded {
		s.Specs = o.record.specs(onNames(o.have))
	}
	if !s.Runs() {
		o.tell(&s, known)
	}
	return s, nil
}

// fill puts the values that only the account knows into those of secret
// variables, and counts their places.
func (o observation) fill(known render.Values, missing []string) int {
	if len(missing) == 0 {
		return 0
	}
	found := o.learn(known, missing)
	for _, name := range missing {
		if value, ok := found.values[name].(string); ok {
			known.Secrets[name] = value
			o.hide(value)
		} else {
			known.Secrets[name] = wild(name) // equals nothing
		}
	}
	return found.places
}

func (o observation) hide(secrets ...string) {
	if o.Hide != nil {
		o.Hide(secrets...)
	}
}

func (o observation) learn(known render.Values, names []string) learned {
	with := known
	with.Variables, with.Typed, with.Secrets = maps.Clone(known.Variables), maps.Clone(known.Typed), maps.Clone(known.Secrets)
	for _, name := range names {
		delete(with.Variables, name)
		delete(with.Typed, name)
		with.Secrets[name] = wild(name)
	}
	docs, _ := render.Documents(o.Bundles.Documents(), with, diag.Error)
	for i, d := range docs {
		docs[i] = render.Retarget(d, o.target.Integration.Value)
	}
	return learn(docs, o.have, names)
}

// plan is what a deploy of the release with these values would change.
func (o observation) plan(values render.Values, opt deploy.Options) (deploy.Prepared, error) {
	docs, _ := render.Documents(o.Bundles.Documents(), values, diag.Error)
	bundles := make([]*zis.Bundle, len(docs))
	for i, d := range docs {
		bundles[i] = zis.Read(render.Retarget(d, o.target.Integration.Value))
	}
	return deploy.NewPlan(bundles, o.have, opt)
}

func (o observation) options() deploy.Options {
	opt := o.Options(o.target)
	opt.Prune, opt.PruneOrphans = false, false // what is on is told, not planned away
	return opt
}

// content says what bundles the account holds.
func (o observation) content(p deploy.Plan, known render.Values) Content {
	kept, added := 0, 0
	for _, b := range p.Bundles {
		switch b.Action {
		case compare.Keep:
			kept++
		case compare.Add:
			added++
		}
	}
	switch {
	case kept == len(p.Bundles) && p.Unproven():
		return Foreign // since our own upload, the account shows something else
	case kept == len(p.Bundles):
		return This
	case added == len(p.Bundles):
		return Nothing
	case added == 0 && o.otherSettings(known):
		return Settings
	case o.record != nil && o.record.Current:
		return Recorded
	}
	return Foreign
}

// otherSettings tells whether the account holds the files with other values in
// their placeholders.
func (o observation) otherSettings(known render.Values) bool {
	names := slices.Concat(slices.Collect(maps.Keys(known.Given())), slices.Collect(maps.Keys(known.Secrets)))
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return false
	}
	found := o.learn(known, names)
	with := render.Values{Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{}, Integration: known.Integration}
	for _, name := range names {
		value, ok := found.values[name]
		if !ok {
			value = wild(name) // equals nothing
		}
		if _, secret := known.Secrets[name]; secret {
			with.Secrets[name] = fmt.Sprint(value)
			o.hide(with.Secrets[name])
		} else {
			with.Set(name, value)
		}
	}
	p, err := o.plan(with, o.options())
	return err == nil && !slices.ContainsFunc(p.Bundles, func(b deploy.BundlePlan) bool { return b.Action != compare.Keep })
}

// specs compares the job specs that are on with those that were.
func (r *Record) specs(on []string) Specs {
	var s Specs
	for _, name := range r.On {
		if slices.Contains(on, name) {
			s.On++
		} else {
			s.Off = append(s.Off, name)
		}
	}
	for _, name := range on {
		if !slices.Contains(r.On, name) {
			s.More = append(s.More, name)
		}
	}
	return s
}

func specsOf(p deploy.Plan) Specs {
	var s Specs
	for _, spec := range p.JobSpecs {
		wanted := spec.Action == deploy.SpecInstall || spec.Action == deploy.SpecKeep
		switch {
		case wanted && spec.Installed:
			s.On++
		case wanted:
			s.Off = append(s.Off, spec.Name)
		case spec.Installed:
			s.More = append(s.More, spec.Name)
		}
	}
	return s
}

func othersOf(p deploy.Plan) []Other {
	var list []Other
	for _, o := range p.Others {
		other := Other{Name: o.Name}
		for _, spec := range o.JobSpecs {
			if spec.Installed {
				other.Firing++
			}
		}
		list = append(list, other)
	}
	return list
}

// mostDifferences bounds what is kept of one target.
const mostDifferences = 50

func differences(p deploy.Plan) []Difference {
	var list []Difference
	for _, b := range p.Bundles {
		if b.Action == compare.Add {
			continue // told as not deployed
		}
		add := func(d compare.Difference) {
			if len(list) < mostDifferences {
				list = append(list, Difference{b.Name, d.Pointer, cut(d.Old), cut(d.New)})
			}
		}
		for _, d := range slices.Concat(b.Changes, b.Unproven) {
			add(d)
		}
		for _, r := range b.Resources {
			if r.Action == compare.Add || r.Action == compare.Remove {
				add(compare.Difference{Pointer: "/resources/" + r.Key, Old: only(r.Action == compare.Remove, r.Name), New: only(r.Action == compare.Add, r.Name)})
			}
			for _, d := range r.Changes {
				add(d)
			}
		}
	}
	return list
}

func only(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

func cut(s string) string { return diag.Cut(s, diag.Quoted) }

// Deliver brings the release to a target.
func (a *Accounts) Deliver(ctx context.Context, t *project.Target) (Delivery, error) {
	s, err := a.open(t)
	if err != nil {
		return Delivery{}, err
	}
	defer s.Close(context.WithoutCancel(ctx))
	d := Delivery{Account: s.Where()}
	if err := a.load(s, t); err != nil {
		return d, err
	}
	recorded := a.recordOf(ctx, s)
	if err := s.Plan(ctx, a.Options(t)); err != nil {
		return d, err
	}
	former := recorded()
	if err := sameAccount(former.record, former.account, accountID(s.Prepared.Before())); err != nil {
		return d, err
	}
	d.Specs, d.Changes, d.Record, d.Notes = specsOf(s.Prepared.Plan), s.Prepared.Changes(), former.record, s.Notes
	if t.Via == project.App && !s.Prepared.Empty() {
		d.Pending = true
		d.Sentence = "an admin has to apply the release in the account's app"
		return d, nil
	}
	return d, a.apply(ctx, s, former, &d)
}

func (a *Accounts) apply(ctx context.Context, s *account.Session, former reading, d *Delivery) error {
	d.Sentence = "ran the release already"
	if !s.Prepared.Empty() || s.Prepared.Unproven() {
		how := deploy.Settings{Late: context.DeadlineExceeded}
		how.Until, _ = ctx.Deadline()
		if err := s.Apply(runOf(ctx), how); err != nil {
			return unproven(err)
		}
		d.Wrote = true
		d.Sentence = fmt.Sprintf("done and read back: %d changes", d.Changes)
		d.Specs.On, d.Specs.Off = len(s.Result.Installed), nil
	}
	if !a.Records {
		return nil
	}
	record, wrote, err := a.Keeper.Keep(ctx, s.Client(), s.Target.Integration, *s.Prepared, former.record)
	switch {
	case err != nil: // absent it is no error: the deploy stands
		d.Notes = append(d.Notes, fmt.Sprintf("the record was not written: %v", err))
	case wrote:
		d.Notes = append(d.Notes, "the record was written")
		fallthrough
	default:
		d.Record = record
	}
	return nil
}

// recordOf begins to read the record, and returns a function that waits for it.
func (a *Accounts) recordOf(ctx context.Context, s *account.Session) func() reading {
	if !a.Records {
		return func() reading { return reading{} }
	}
	found := make(chan reading, 1)
	go func() {
		var r reading
		r.record, r.account, r.noWord = readRecord(ctx, s.Client(), s.Target.Integration)
		found <- r
	}()
	return func() reading { return <-found }
}

// load renders the bundles for a target. All its values must be there.
func (a *Accounts) load(s *account.Session, t *project.Target) error {
	secrets, missing, err := a.Keys.Secrets(t)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return a.Keys.MissingSecret(t, missing[0])
	}
	given := values(t)
	given.Secrets = secrets
	s.Checked = a.Bundles.For(check.Options{
		Integration: t.Integration.Value, Unresolved: diag.Error, Disable: a.Disable,
		Values: given,
	})
	return verdict.At(verdict.Validate, s.Checked.Err())
}

// unproven marks a deploy that was written and could not be read back.
func unproven(err error) error {
	if verdict.ReasonOf(err) == verdict.NotProven {
		return &OutcomeError{Unproven, err}
	}
	return err
}
