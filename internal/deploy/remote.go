// Package deploy is the core: it reads what one account runs, plans what would
// change (a pure function of two values), carries the plan out and proves the
// result by reading it back. It knows no GitHub, no terminal and no rules.
package deploy

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/registry"
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
	Doc  *bundle.Document // Body, parsed
}

// Read lists the bundles and job specs of the integration, all pages, and
// fetches the body of every bundle: the list says neither what a bundle holds
// nor which bundle a job spec belongs to.
func Read(ctx context.Context, reg *registry.Client, integration string) (Remote, error) {
	return read(ctx, reg, integration, func(string) bool { return true })
}

// readBack reads what verifying needs: of the bodies only those of the named
// bundles.
func readBack(ctx context.Context, reg *registry.Client, integration string, names []string) (Remote, error) {
	return read(ctx, reg, integration, func(name string) bool { return slices.Contains(names, name) })
}

func read(ctx context.Context, reg *registry.Client, integration string, body func(name string) bool) (Remote, error) {
	r := Remote{Integration: integration}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		r.JobSpecs, err = reg.JobSpecs(ctx, integration)
		return err
	})
	g.Go(func() (err error) {
		r.Bundles, err = readBundles(ctx, reg, integration, body)
		return err
	})
	return r, g.Wait()
}

// reread reads the account again. The bodies of bundles that were there are
// asked for beside the lists, not after them: that saves a round trip in front
// of the upload.
func reread(ctx context.Context, reg *registry.Client, before Remote) (Remote, error) {
	now := Remote{Integration: before.Integration, Bundles: make([]Stored, len(before.Bundles))}
	var list []registry.BundleInfo
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		now.JobSpecs, err = reg.JobSpecs(ctx, before.Integration)
		return err
	})
	g.Go(func() (err error) {
		list, err = reg.Bundles(ctx, before.Integration)
		return err
	})
	for i, b := range before.Bundles {
		g.Go(func() (err error) {
			now.Bundles[i], err = readBundle(ctx, reg, before.Integration, b.BundleInfo)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return now, err
	}
	for _, info := range list {
		if !slices.ContainsFunc(before.Bundles, func(b Stored) bool { return b.UUID == info.UUID }) {
			return Read(ctx, reg, before.Integration)
		}
	}
	return now, nil
}

func readBundles(ctx context.Context, reg *registry.Client, integration string, body func(name string) bool) ([]Stored, error) {
	list, err := reg.Bundles(ctx, integration)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(info registry.BundleInfo) bool { return !body(info.Name) })
	stored := make([]Stored, len(list))
	g, ctx := errgroup.WithContext(ctx)
	for i, info := range list {
		g.Go(func() (err error) {
			stored[i], err = readBundle(ctx, reg, integration, info)
			return err
		})
	}
	return stored, g.Wait()
}

func readBundle(ctx context.Context, reg *registry.Client, integration string, info registry.BundleInfo) (Stored, error) {
	body, err := reg.Bundle(ctx, integration, info.UUID)
	if err != nil {
		return Stored{}, err
	}
	doc, err := bundle.Stored(info.Name, body)
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
