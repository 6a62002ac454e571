package platform

import (
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/apps"
	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// appDispositions vary the Apps API, of which statuses and restrictions are
// little known.
func appDispositions() []Disposition {
	rules := func(name, varies string, mark Mark, r apps.Rules) Disposition {
		return Disposition{"apps-" + name, aboutApps, varies, mark, Kept, func(p *Rules) { p.Apps = r }}
	}
	instead := func(name, varies string, mark Mark, effect Effect, d Detour) Disposition {
		return Disposition{"apps-" + name, aboutApps, varies, mark, effect, func(p *Rules) { p.detours = append(p.detours, d) }}
	}
	status := func(from, to int) func(wire.Answer) wire.Answer {
		return func(a wire.Answer) wire.Answer {
			if a.Status == from {
				a.Status = to
			}
			return a
		}
	}
	shapes := func(name, varies string, mark Mark, on Endpoint, c shape.Change) Disposition {
		return Disposition{"apps-" + name, aboutApps, varies, mark, Kept, func(p *Rules) { p.forms = append(p.forms, form{on: on, change: c}) }}
	}
	job := func(to string) shape.Change {
		return shape.Chain(shape.At(constant(to), "status"), shape.At(constant(nil), "app_id"), shape.At(constant("something went wrong"), "message"))
	}
	return []Disposition{
		rules("slow-jobs", "a build takes 40 s", Unknown, apps.Rules{JobTime: 40 * time.Second}),
		rules("upload-replicates", "for 2 s after an upload, a build doesn't know it", Observed, apps.Rules{Replicates: 2 * time.Second}),
		rules("same-address", "an update doesn't change the address of files", Observed, apps.Rules{SameStamp: true}),
		rules("restrictions-ignored", "restrictions of an installation are taken and not kept", Unknown, apps.Rules{Restricts: apps.Ignored}),
		rules("restrictions-refused", "restrictions of an installation are refused", Unknown, apps.Rules{Restricts: apps.Refused}),
		instead("upload-200", "an upload is answered with 200", Documented, Kept, Detour{on: AppUpload, Real: status(201, 200)}),
		instead("create-200", "a creation is answered with 200", Unknown, Kept, Detour{on: AppCreate, Real: status(202, 200)}),
		instead("update-200", "an update is answered with 200", Unknown, Kept, Detour{on: AppUpdate, Real: status(202, 200)}),
		instead("install-200", "an installation is answered with 200", Observed, Kept, Detour{on: AppInstall, Real: status(201, 200)}),
		instead("create-refused", "a creation is refused: the plan has no private apps", Documented, Refused, Detour{on: AppCreate, With: given(wire.Reply(403, map[string]string{"error": "Forbidden"}))}),
		instead("job-500-once", "the first look at a job is answered 500", Unknown, Kept, Detour{on: AppJob, times: 1, With: given(wire.Reply(500, map[string]string{"error": "InternalError"}))}),
		instead("job-killed", "the first job is killed", Documented, Refused, Detour{on: AppJob, times: 1, Real: changedBody(job("killed"))}),
		shapes("job-failed", "every job fails", Documented, AppJob, job("failed")),
		shapes("ids-as-text", "ids of apps are texts", Unknown, Apps, shape.At(shape.AsText, "apps", "*", "id")),
		shapes("wrapped", `an app is wrapped: {"app": …}`, Unknown, App, func(v any) any { return map[string]any{"app": v} }),
	}
}
