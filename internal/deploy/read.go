package deploy

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Read lists the bundles and job specs of the integration, all pages, and
// fetches the body of every bundle: the list says neither what a bundle holds
// nor which bundle a job spec belongs to. A body that can't be had is in
// Unread. Where nothing of a name can be read, and an answer that is none, are
// asked for again: it may be too early, or a page of a proxy.
func Read(ctx context.Context, reg *registry.Client, integration string) (Remote, error) {
	before := Remote{Integration: integration}
	for i := 0; ; i++ {
		have, err := read(ctx, reg, before, everyBundle)
		again := registry.Odd(err) && i == 0 || err == nil && have.missing() && i < 2
		if !again || registry.Sleep(ctx, lookAgain(i)) != nil {
			return have, err
		}
	}
}

// missing tells whether a bundle is listed of which nothing is there.
func (r Remote) missing() bool {
	return slices.ContainsFunc(r.Unread, func(u Unread) bool {
		return u.Kind == bundleKind && registry.Gone(u.Err) && len(r.named(u.Name)) == 0
	})
}

func everyBundle(string) bool { return true }

// read reads what the account holds now, all kinds side by side: of the bodies
// of bundles those that are wanted.
func read(ctx context.Context, reg *registry.Client, before Remote, wanted func(name string) bool) (Remote, error) {
	puts := make([]func(*Remote), len(kinds))
	g, run := errgroup.WithContext(ctx)
	for i, k := range kinds {
		g.Go(func() (err error) {
			puts[i], err = k.read(run, reg, before, wanted)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return Remote{Integration: before.Integration}, err
	}
	now := Remote{Integration: before.Integration}
	for _, put := range puts {
		put(&now)
	}
	return now, context.Cause(ctx)
}

// read asks for the list. Bodies of bundles that were there before are asked
// for beside it, not after it, which saves a round trip before the upload and
// one after.
func (bundles) read(ctx context.Context, reg *registry.Client, before Remote, wanted func(name string) bool) (func(*Remote), error) {
	guessed := slices.DeleteFunc(before.infos(), func(i registry.BundleInfo) bool { return !wanted(i.Name) })
	var list []registry.BundleInfo
	var early []answered
	g, run := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		list, err = reg.Bundles(run, before.Integration)
		return err
	})
	g.Go(func() error {
		early = bodies(run, reg, before, guessed)
		return nil
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var now Remote
	early = append(early, now.nameByContent(list, func(nameless []registry.BundleInfo) []answered { return bodies(ctx, reg, before, nameless) })...)
	now.setAsideBundles(&list)
	for _, i := range list {
		now.listed = append(now.listed, i.Name+" "+i.UUID)
	}
	slices.Sort(now.listed)
	list = slices.DeleteFunc(list, func(i registry.BundleInfo) bool { return !wanted(i.Name) })
	now.take(list, early, func(late []registry.BundleInfo) []answered { return bodies(ctx, reg, before, late) })
	now.looked = time.Now()
	return func(r *Remote) {
		r.Bundles, r.listed, r.looked = now.Bundles, now.listed, now.looked
		r.Unread = append(r.Unread, now.Unread...)
	}, nil
}

// nameByContent gives entries of the list that have lost their name the one that their
// content says, and returns what was read for that: such an entry may be of any
// bundle. One under whose id nothing is stored is of none.
func (r *Remote) nameByContent(list []registry.BundleInfo, read func([]registry.BundleInfo) []answered) []answered {
	var nameless []*registry.BundleInfo
	var ids []registry.BundleInfo
	for i := range list {
		if list[i].Unread != "" && list[i].Name == "" && list[i].UUID != "" {
			nameless, ids = append(nameless, &list[i]), append(ids, list[i])
		}
	}
	got := read(ids)
	for i, a := range got {
		switch info := nameless[i]; {
		case a.err == nil:
			if name, ok := a.Doc.Root.Get("name").Text(); ok && name != "" {
				info.Name, info.Unread = name, ""
			}
		case registry.Gone(a.err):
			info.UUID, info.Unread = "", "lacks its name, and nothing is stored under its id"
		default:
			info.Unread = "lacks its name, and what it holds can't be read: " + a.err.Error()
		}
	}
	return got
}

// setAsideBundles moves the entries that can't be used out of the list.
func (r *Remote) setAsideBundles(list *[]registry.BundleInfo) {
	*list = slices.DeleteFunc(*list, func(i registry.BundleInfo) bool {
		if i.Unread != "" {
			r.Unread = append(r.Unread, Unread{bundleKind, i.Name, i.UUID, errors.New("its entry in the list " + i.Unread)})
		}
		return i.Unread != ""
	})
}

func (jobSpecs) read(ctx context.Context, reg *registry.Client, before Remote, _ func(string) bool) (func(*Remote), error) {
	list, err := reg.JobSpecs(ctx, before.Integration)
	if err != nil {
		return nil, err
	}
	list = withoutGhosts(before.JobSpecs, list)
	return func(r *Remote) {
		r.JobSpecs = slices.DeleteFunc(list, func(s registry.JobSpec) bool {
			if s.Unread != "" {
				r.Unread = append(r.Unread, Unread{jobSpecKind, s.Name, s.UUID, errors.New("its entry in the list " + s.Unread)})
			}
			return s.Unread != ""
		})
	}, nil
}

// withoutGhosts drops former entries of job specs from a list: a registry may
// keep them, and show them as installed for ever. Where a name is listed more
// than once, those that came or changed since the first reading count alone.
func withoutGhosts(before, now []registry.JobSpec) []registry.JobSpec {
	was := map[string]registry.JobSpec{}
	for _, s := range before {
		was[s.UUID] = s
	}
	count, fresh := map[string]int{}, map[string]bool{}
	isFresh := func(s registry.JobSpec) bool {
		old, ok := was[s.UUID]
		return !ok || old.Installed != s.Installed
	}
	for _, s := range now {
		count[one(s.Name)]++
		fresh[one(s.Name)] = fresh[one(s.Name)] || isFresh(s)
	}
	return slices.DeleteFunc(slices.Clone(now), func(s registry.JobSpec) bool {
		return len(before) > 0 && s.Name != "" && count[one(s.Name)] > 1 && fresh[one(s.Name)] && !isFresh(s)
	})
}

func (r Remote) infos() []registry.BundleInfo {
	var list []registry.BundleInfo
	for _, b := range r.Bundles {
		list = append(list, b.BundleInfo)
	}
	return list
}

// answered is a bundle, or why its body could not be read.
type answered struct {
	Stored
	err error
}

// bodies reads bundles side by side.
func bodies(ctx context.Context, reg *registry.Client, before Remote, list []registry.BundleInfo) []answered {
	got := make([]answered, len(list))
	var wg sync.WaitGroup
	for i, info := range list {
		wg.Go(func() {
			got[i].Stored, got[i].err = readBundle(ctx, reg, before, info)
			got[i].UUID = info.UUID
		})
	}
	wg.Wait()
	return got
}

// take puts together the bundles of the list: those that were read early, and
// the others. One that is no longer listed doesn't count, nor why it could not
// be read.
func (r *Remote) take(list []registry.BundleInfo, early []answered, read func([]registry.BundleInfo) []answered) {
	have := map[string]answered{}
	for _, a := range early {
		have[a.UUID] = a
	}
	var late []registry.BundleInfo
	for _, info := range list {
		if _, ok := have[info.UUID]; !ok {
			late = append(late, info)
		}
	}
	for _, a := range read(late) {
		have[a.UUID] = a
	}
	for _, info := range list {
		a := have[info.UUID]
		if a.err != nil {
			r.Unread = append(r.Unread, Unread{bundleKind, info.Name, info.UUID, a.err})
			continue
		}
		a.Stored.BundleInfo = info
		r.Bundles = append(r.Bundles, a.Stored)
	}
}

// readBundle reads one body. One that is what it was before isn't parsed
// again: that takes most of the memory.
func readBundle(ctx context.Context, reg *registry.Client, before Remote, info registry.BundleInfo) (Stored, error) {
	body, err := reg.Bundle(ctx, before.Integration, info.UUID)
	if err != nil {
		return Stored{}, err
	}
	for _, b := range before.Bundles {
		if b.UUID == info.UUID && bytes.Equal(b.Body, body) {
			return Stored{BundleInfo: info, Body: b.Body, Doc: b.Doc}, nil
		}
	}
	doc, err := source.Stored(info.Name, body)
	if err != nil {
		return Stored{}, err
	}
	return Stored{BundleInfo: info, Body: body, Doc: doc}, nil
}
