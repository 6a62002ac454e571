package fleet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Scope is that of the integration's config that holds the record.
const Scope = "zis_deploy"

// readRecord reads the record of an integration. That there is none, or that
// it can't be read, is no error: why says what is known.
func readRecord(ctx context.Context, reg *registry.Client, integration string) (r *Record, account int64, why string) {
	if !mayReadConfigs(reg.Credentials) {
		return nil, 0, "only a ZIS OAuth token can read the record, and none is given"
	}
	c, err := zendesk.ReadConfig(ctx, reg, integration, Scope)
	switch {
	case err != nil:
		return nil, 0, fmt.Sprintf("the record can't be read: %v", err)
	case c == nil:
		return nil, 0, "no record is in the account"
	}
	r = &Record{}
	if err := json.Unmarshal(c.Value, r); err != nil || r.Digest == "" {
		return nil, c.AccountID, "the account's record is not one of this tool"
	}
	return r, c.AccountID, ""
}

func mayReadConfigs(c registry.Credentials) bool {
	return c.ZISToken != "" || c.OAuthToken != "" || c.ClientSecret != ""
}

// digest is what a record says of the content: over the stored bundles of the
// names, without the values that credentials hides and without those at the
// places of secret variables.
func digest(have deploy.Remote, names, hidden []string) string {
	sum := sha256.New()
	names = slices.Sorted(slices.Values(names))
	for _, name := range names {
		for _, b := range have.Bundles {
			if b.Name == name && b.Doc != nil {
				fmt.Fprintf(sum, "%q %s\n", name, skeleton(name, b.Doc, hidden).Digest())
			}
		}
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

func skeleton(bundle string, d *source.Document, hidden []string) *source.Document {
	return d.Edited(nil, func(n *source.Node) source.Edit {
		e := n.Same()
		if _, ok := n.Text(); !ok {
			return e
		}
		if _, secret := credential.At(n); secret || slices.Contains(hidden, bundle+n.Pointer()) {
			e.Value = credential.Hidden
		}
		return e
	})
}

// secretPlaces are where secret variables stand: the bundle's name and a
// pointer.
func secretPlaces(want []*zis.Bundle) []string {
	var places []string
	var walk func(bundle string, n *source.Node)
	walk = func(bundle string, n *source.Node) {
		if n.Secret && len(n.Members) == 0 {
			places = append(places, bundle+n.Pointer())
		}
		for _, m := range n.Members {
			walk(bundle, m)
		}
	}
	for _, b := range want {
		walk(b.Name.Value, b.Doc.Root)
	}
	return places
}

// accountIDs are Zendesk's ids of the account, as the bundles that were read
// from it say.
func accountIDs(have deploy.Remote) []int64 {
	var ids []int64
	for _, b := range have.Bundles {
		if b.Doc == nil {
			continue
		}
		if n := b.Doc.Root.Get("zendesk_account_id"); n != nil {
			if number, ok := n.Value.(json.Number); ok {
				id, _ := number.Int64()
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// accountID is Zendesk's id of the account; 0 if nothing says it.
func accountID(have deploy.Remote) int64 {
	for _, id := range accountIDs(have) {
		if id != 0 {
			return id
		}
	}
	return 0
}

// sameAccount refuses an account that is not the one of the last record, or
// whose bundles are not all of one account: the credential, or the address, is
// another's. answers is the id that the account says of itself, 0 if it wasn't
// asked.
func sameAccount(r *Record, answers int64, have deploy.Remote) error {
	ids := append([]int64{answers}, accountIDs(have)...)
	whose, expected := "the last record says", int64(0)
	if r != nil {
		expected = r.Account
	}
	for _, id := range ids {
		switch {
		case id == 0 || id == expected:
		case expected == 0:
			whose, expected = "another part of it says", id
		default:
			return verdict.Errorf(verdict.WrongAccount, "nothing was written; check the target's subdomain and whose credential this is",
				"the account has the id %d, and %s %d: this is another account", id, whose, expected)
		}
	}
	return nil
}

// SameAccount refuses, before the first write, an account that is not the one
// of its last record. That there is no record is no error, nor that it can't be
// read.
func SameAccount(ctx context.Context, reg *registry.Client, integration string, have deploy.Remote) error {
	r, answers, _ := readRecord(ctx, reg, integration)
	return verdict.At(verdict.Read, sameAccount(r, answers, have))
}

// names are those of the bundles that a plan is about.
func names(p deploy.Plan) []string {
	var list []string
	for _, b := range p.Bundles {
		list = append(list, b.Name)
	}
	return list
}

// Keeper writes records.
type Keeper struct {
	Release Release
	Run     string // address of the workflow run; may be empty
}

// Keep writes the record of a target that runs the release, as it was read
// back; former is what was recorded before. It returns the record, and whether
// it had to be written.
func (k Keeper) Keep(ctx context.Context, reg *registry.Client, integration string, p deploy.Prepared, former *Record) (*Record, bool, error) {
	if !mayReadConfigs(reg.Credentials) {
		return nil, false, verdict.Errorf(verdict.MissingCredentials, "give the target's ZIS OAuth token as well", "the record takes a ZIS OAuth token, and none is given")
	}
	have, err := deploy.Read(ctx, reg, integration)
	if err != nil {
		return nil, false, err
	}
	now := time.Now().UTC().Truncate(time.Second)
	r := Record{
		Release: k.Release.Name, Commit: k.Release.Commit, Run: k.Run, Time: now, Since: now, Account: accountID(have),
		Bundles: names(p.Plan), Hidden: secretPlaces(p.Want()), On: onNames(have),
	}
	r.Digest = digest(have, r.Bundles, r.Hidden)
	if former.Same(r) {
		return former, false, nil
	}
	r = former.Next(r)
	return &r, true, zendesk.WriteConfig(ctx, reg, integration, Scope, r, former != nil)
}

// onNames are the job specs that are on.
func onNames(have deploy.Remote) []string {
	var on []string
	for _, s := range have.JobSpecs {
		if s.Installed {
			on = append(on, short(s.Name))
		}
	}
	slices.Sort(on)
	return slices.Compact(on)
}

func short(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

// AfterDeploy writes the record of one target after a deploy of its own, and
// says in words if it could not: the deploy stands.
func (k Keeper) AfterDeploy(ctx context.Context, reg *registry.Client, integration string, p deploy.Prepared) (note string) {
	former, _, _ := readRecord(ctx, reg, integration)
	if _, _, err := k.Keep(ctx, reg, integration, p, former); err != nil {
		return fmt.Sprintf("the record was not written: %v", err)
	}
	return ""
}
