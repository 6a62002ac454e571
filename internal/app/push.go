package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// How long the account may take.
const (
	buildTime = 3 * time.Minute // of a job; others give up after 2 (observed)
	lookEvery = time.Second
	settle    = 2 * time.Second // an upload may not be known at once (observed)
)

// Pushed is what a push did.
type Pushed struct {
	AppID      zendesk.ID
	Version    string
	New        bool   // the app was not there before
	Current    bool   // the account had this version already: nothing was sent
	Restricted bool   // read back: only administrators see it
	Note       string // what a person has to do; may be empty
}

// Push brings the release's app into the account: it is created or updated,
// built, installed if it isn't, and read back. Settings of installations are
// left alone.
func Push(ctx context.Context, api zendesk.Apps, r Release) (Pushed, error) {
	pack, err := r.Package()
	if err != nil {
		return Pushed{}, err
	}
	found, err := find(ctx, api, r.Name())
	if err != nil {
		return Pushed{}, err
	}
	done := Pushed{Version: r.Version, New: found == nil}
	if found != nil && found.Version == r.Version {
		done.AppID, done.Current = found.ID, true
	} else if done.AppID, err = build(ctx, api, r, found, pack); err != nil {
		return done, err
	}
	return done, install(ctx, api, r, &done)
}

// find is the app of this name, or nil.
func find(ctx context.Context, api zendesk.Apps, name string) (*zendesk.App, error) {
	owned, err := api.Owned(ctx)
	if err != nil {
		return nil, err
	}
	same := slices.DeleteFunc(owned, func(a zendesk.App) bool { return a.Name != name })
	switch len(same) {
	case 0:
		return nil, nil
	case 1:
		return &same[0], nil
	}
	return nil, verdict.Errorf(verdict.InvalidInput, "delete all but one of them in Admin Center > Apps and integrations > Apps > Zendesk Support apps",
		"the account has %d private apps named %q", len(same), name)
}

// build makes the app of the package, and waits until the account shows it.
func build(ctx context.Context, api zendesk.Apps, r Release, old *zendesk.App, pack []byte) (zendesk.ID, error) {
	upload, err := api.Upload(ctx, pack)
	if err != nil {
		return 0, err
	}
	send := func() (string, error) { return api.Create(ctx, upload, r.Name()) }
	if old != nil {
		send = func() (string, error) { return api.Update(ctx, old.ID, upload) }
	}
	job, err := send()
	if err != nil && !registry.Unknown(err) && verdict.ReasonOf(err) == verdict.InvalidInput && pause(ctx, settle) == nil {
		job, err = send() // the upload was not known yet
	}
	id := zendesk.ID(0)
	switch {
	case registry.Unknown(err):
		// The account may be building it: whether it is shown decides.
	case err != nil:
		return 0, err
	default:
		if id, err = wait(ctx, api, job); err != nil {
			return 0, err
		}
	}
	if old != nil {
		id = old.ID
	}
	return shown(ctx, api, r, id, err)
}

// wait follows the job to its end.
func wait(ctx context.Context, api zendesk.Apps, id string) (app zendesk.ID, err error) {
	for start := time.Now(); time.Since(start) < buildTime; {
		job, err := api.Job(ctx, id)
		if err != nil {
			return 0, err
		}
		switch job.Status {
		case "completed":
			return job.AppID, nil
		case "failed", "killed":
			return 0, verdict.Errorf(verdict.UploadRejected, "", "the account could not build the app (%s): %q", job.Status, oneLine(job.Message))
		}
		if err := pause(ctx, lookEvery); err != nil {
			return 0, err
		}
	}
	return 0, verdict.Errorf(verdict.Timeout, "push again: it goes on from what is there", "the account has not built the app after %s", buildTime)
}

// shown reads back until the account shows this version of the app. cause is
// why it may not have been sent.
func shown(ctx context.Context, api zendesk.Apps, r Release, id zendesk.ID, cause error) (zendesk.ID, error) {
	const readings = 15
	for range readings {
		have, err := read(ctx, api, r, id)
		if err != nil {
			return 0, err
		}
		if have != nil && have.Version == r.Version {
			return have.ID, nil
		}
		if err := pause(ctx, lookEvery); err != nil {
			return 0, err
		}
	}
	if cause != nil {
		return 0, cause
	}
	return 0, verdict.Errorf(verdict.VerifyFailed, "push again", "the account does not show the version %s of the app that it has built", r.Version)
}

func read(ctx context.Context, api zendesk.Apps, r Release, id zendesk.ID) (*zendesk.App, error) {
	if id == 0 {
		return find(ctx, api, r.Name())
	}
	have, err := api.Show(ctx, id)
	return &have, err
}

// install installs the app where it is not, and tries to have administrators
// alone see it. An installation that is there is somebody's: it stays.
func install(ctx context.Context, api zendesk.Apps, r Release, done *Pushed) error {
	have, err := installation(ctx, api, done.AppID)
	if err != nil {
		return err
	}
	if have == nil {
		if have, err = installNew(ctx, api, r, done.AppID); err != nil {
			return err
		}
	}
	done.Restricted = restricted(*have)
	switch {
	case !have.Enabled:
		done.Note = "the app is switched off in this account: switch it on in Admin Center > Apps and integrations > Apps > Zendesk Support apps"
	case !done.Restricted:
		done.Note = "every agent sees the app, though only an administrator can apply a release: to hide it from the others, Admin Center > Apps and integrations > Apps > Zendesk Support apps > " + r.Name() + " > Change settings > Enable role restrictions: Admin"
	}
	return nil
}

// installNew installs the app, and reads back what the account lists.
func installNew(ctx context.Context, api zendesk.Apps, r Release, app zendesk.ID) (*zendesk.Installation, error) {
	made, err := api.Install(ctx, app, r.Name())
	if err != nil && !registry.Unknown(err) {
		return nil, err
	}
	restrict(ctx, api, made.ID)
	have, readErr := installation(ctx, api, app)
	switch {
	case readErr != nil:
		return nil, readErr
	case have == nil && err != nil:
		return nil, err
	case have == nil:
		return nil, verdict.Errorf(verdict.VerifyFailed, "push again", "the account does not list the app as installed")
	}
	return have, nil
}

func installation(ctx context.Context, api zendesk.Apps, app zendesk.ID) (*zendesk.Installation, error) {
	list, err := api.Installations(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(i zendesk.Installation) bool { return i.AppID == app })
	if i < 0 {
		return nil, nil
	}
	return &list[i], nil
}

// restrict tries to hide a new installation from all but the role of the
// credential's user, an admin. Only the account's own number of that role is
// tried: another one could hide the app from everybody. That it does nothing
// is no failure, and what came of it is read back.
func restrict(ctx context.Context, api zendesk.Apps, installation zendesk.ID) {
	if role, err := api.Role(ctx); err == nil && role != 0 && installation != 0 {
		_ = api.Restrict(ctx, installation, role)
	}
}

func restricted(i zendesk.Installation) bool {
	roles := strings.Join(strings.Fields(string(i.Roles)), "")
	return roles != "" && roles != "null" && roles != "[]"
}

// oneLine makes text of the account fit for an error.
func oneLine(text string) string {
	const most = 300
	words := []rune(strings.Join(strings.Fields(text), " "))
	return string(words[:min(len(words), most)])
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("while the app was pushed: %w", context.Cause(ctx))
	case <-time.After(d):
		return nil
	}
}
