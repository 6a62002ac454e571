package account

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// maxAround is how many other integrations are looked at: each takes two
// requests, and what is looked for is advice.
const maxAround = 20

// around is what the API token tells of the account's other integrations.
type around struct {
	twins  []lint.Twin
	failed error // of the API token: the integrations could not be listed
	note   string
}

// lookAround begins to ask what only an API token can: which integrations the
// account has and, if the session wants it, whether another one runs the same
// bundle. It returns a function that waits for the answer.
func (s *Session) lookAround(ctx context.Context) func() around {
	var events []string
	if s.Around {
		events = hears(s.Checked.Bundles())
	}
	all, wants := s.Target.Credentials, len(events) > 0
	alone := registry.Credentials{Email: all.Email, APIToken: all.APIToken}
	switch {
	case wants && !alone.Any():
		return func() around { return around{note: unlooked("only an API token can list the integrations")} }
	case !wants && !s.triesAPIToken():
		return func() around { return around{} }
	}
	to := s.Target
	to.Credentials = alone
	ctx, cancel := context.WithTimeout(ctx, supplyTime)
	found := make(chan around, 1)
	go func() {
		defer cancel()
		reach, err := Dial(to, Watch{Request: s.Watch.Request, Hide: s.Watch.Hide})
		if err != nil {
			found <- around{failed: err}
			return
		}
		defer reach.Close(ctx)
		list, err := reach.Client.Integrations(ctx)
		a := around{failed: err}
		if wants {
			a.twins, a.note = s.twins(ctx, reach.Client, events, list, err)
		}
		found <- a
	}()
	return func() around { return <-found }
}

// twins are the other integrations of the list, with what they hear and hold.
// note says what was not looked at.
func (s *Session) twins(ctx context.Context, reg *registry.Client, events []string, list []registry.Integration, err error) (twins []lint.Twin, note string) {
	list = slices.DeleteFunc(list, func(i registry.Integration) bool { return i.Name == s.Target.Integration })
	switch {
	case err != nil:
		return nil, unlooked(err.Error())
	case len(list) > maxAround:
		return nil, unlooked(fmt.Sprintf("there are %d others, and at most %d are looked at", len(list), maxAround))
	}
	each, failed := make([]lint.Twin, len(list)), make([]error, len(list))
	var g errgroup.Group
	for i, other := range list {
		g.Go(func() error { each[i], failed[i] = twin(ctx, reg, other.Name, events); return nil })
	}
	_ = g.Wait() // the errors are kept apart
	for i, err := range failed {
		if err != nil && note == "" {
			note = unlooked(fmt.Sprintf("%q could not be read: %v", list[i].Name, err))
		}
	}
	return each, note
}

// twin is which of the events an integration hears, and if it hears one, the
// names of its bundles.
func twin(ctx context.Context, reg *registry.Client, name string, events []string) (lint.Twin, error) {
	t := lint.Twin{Integration: name}
	specs, err := reg.JobSpecs(ctx, name)
	for _, spec := range specs {
		if event := spec.EventSource + "/" + spec.EventType; spec.Installed && slices.Contains(events, event) {
			t.Events = append(t.Events, event)
		}
	}
	if err != nil || len(t.Events) == 0 {
		return t, err
	}
	bundles, err := reg.Bundles(ctx, name)
	for _, b := range bundles {
		t.Bundles = append(t.Bundles, b.Name)
	}
	return t, err
}

// hears are the events of Zendesk that job specs of the bundles name. Custom
// events are of one integration's webhooks.
func hears(bundles []*zis.Bundle) (events []string) {
	for _, b := range bundles {
		for _, s := range b.JobSpecs {
			if zis.EventSources.Has(s.EventSource.Value) {
				events = append(events, s.Event())
			}
		}
	}
	return events
}

func unlooked(why string) string {
	return "not looked at: whether another integration of the account runs the same bundle (" + why + ")"
}

// TellUnlooked adds to the notes of a session that doesn't look around that
// another integration may run the same bundle. A deploy asks the account for
// nothing that it doesn't need.
func (s *Session) TellUnlooked() {
	if !s.Around && len(hears(s.Checked.Bundles())) > 0 {
		s.Notes = append(s.Notes, unlooked("a plan looks, a deploy doesn't"))
	}
}

// tellAround puts beside the other findings the job specs that the plan has
// fire and that another integration's bundle of the same name doubles.
func (s *Session) tellAround(a around) {
	if a.note != "" {
		s.Notes = append(s.Notes, a.note)
	}
	fires := func(name string) bool {
		return slices.ContainsFunc(s.Prepared.JobSpecs, func(p deploy.SpecPlan) bool {
			return p.Name == name && (p.Action == deploy.SpecInstall || p.Action == deploy.SpecKeep)
		})
	}
	kept, disabled := lint.Filter(lint.Twins(s.Checked.Bundles(), a.twins, fires), s.source.Disable)
	s.Checked.Add(kept)
	s.Checked.Disabled += disabled
}
