// Package deploy is the core: it reads what one account runs, plans what would
// change (a pure function of two values), carries the plan out and proves the
// result by reading it back. It knows no GitHub, no terminal and no rules.
package deploy

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Remote is what an account holds of one integration.
type Remote struct {
	Integration string
	Bundles     []Stored // in the order of the registry's list
	JobSpecs    []registry.JobSpec
}

// Stored is one bundle as the registry keeps it.
type Stored struct {
	registry.BundleInfo
	Body []byte           // as it was returned
	Doc  *source.Document // Body, parsed
}

// Read lists the bundles and job specs of the integration, all pages, and
// fetches the body of every bundle: the list says neither what a bundle holds
// nor which bundle a job spec belongs to.
func Read(ctx context.Context, reg *registry.Client, integration string) (Remote, error) {
	return read(ctx, reg, Remote{Integration: integration}, everyBundle)
}

func everyBundle(string) bool { return true }

// read reads what the account holds now: of the bodies those that are wanted.
// Bodies of bundles that were there before are asked for beside the lists, not
// after them, which saves a round trip before the upload and one after.
func read(ctx context.Context, reg *registry.Client, before Remote, wanted func(name string) bool) (Remote, error) {
	now := Remote{Integration: before.Integration}
	guessed := slices.DeleteFunc(before.infos(), func(i registry.BundleInfo) bool { return !wanted(i.Name) })
	var list []registry.BundleInfo
	var early []answered
	g, run := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		now.JobSpecs, err = reg.JobSpecs(run, before.Integration)
		return err
	})
	g.Go(func() (err error) {
		list, err = reg.Bundles(run, before.Integration)
		return err
	})
	g.Go(func() error {
		early = bodies(run, reg, before.Integration, guessed)
		return nil
	})
	if err := g.Wait(); err != nil {
		return now, err
	}
	list = slices.DeleteFunc(list, func(i registry.BundleInfo) bool { return !wanted(i.Name) })
	var err error
	now.Bundles, err = listedBodies(ctx, reg, before.Integration, list, early)
	return now, err
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
func bodies(ctx context.Context, reg *registry.Client, integration string, list []registry.BundleInfo) []answered {
	got := make([]answered, len(list))
	var wg sync.WaitGroup
	for i, info := range list {
		wg.Go(func() {
			got[i].Stored, got[i].err = readBundle(ctx, reg, integration, info)
			got[i].UUID = info.UUID
		})
	}
	wg.Wait()
	return got
}

// listedBodies are the bundles of the list: those that were read early, and
// the others. One that is no longer listed doesn't count, nor why it could not
// be read.
func listedBodies(ctx context.Context, reg *registry.Client, integration string, list []registry.BundleInfo, early []answered) ([]Stored, error) {
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
	for _, a := range bodies(ctx, reg, integration, late) {
		have[a.UUID] = a
	}
	stored := make([]Stored, len(list))
	for i, info := range list {
		a := have[info.UUID]
		if a.err != nil {
			return nil, a.err
		}
		stored[i] = a.Stored
		stored[i].BundleInfo = info
	}
	return stored, nil
}

func readBundle(ctx context.Context, reg *registry.Client, integration string, info registry.BundleInfo) (Stored, error) {
	body, err := reg.Bundle(ctx, integration, info.UUID)
	if err != nil {
		return Stored{}, err
	}
	doc, err := source.Stored(info.Name, body)
	if err != nil {
		return Stored{}, err
	}
	return Stored{BundleInfo: info, Body: body, Doc: doc}, nil
}

// find returns the stored bundle of that name. The name is what makes a bundle
// ours inside its integration (inferred from repeated uploads), so two of one
// name can't be told apart.
func (r Remote) find(name string) (*Stored, error) {
	var found *Stored
	for i := range r.Bundles {
		if r.Bundles[i].Name != name {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("the integration %q holds two bundles named %q (%s and %s)", r.Integration, name, found.UUID, r.Bundles[i].UUID)
		}
		found = &r.Bundles[i]
	}
	return found, nil
}

// installed returns the names of the job specs that are switched on.
func (r Remote) installed() map[string]bool {
	on := make(map[string]bool)
	for _, s := range r.JobSpecs {
		if s.Installed {
			on[s.Name] = true
		}
	}
	return on
}

// others are the bundles that none of names is the name of.
func (r Remote) others(names []string) []Stored {
	return slices.DeleteFunc(slices.Clone(r.Bundles), func(s Stored) bool { return slices.Contains(names, s.Name) })
}
