package emulator

import (
	"fmt"
	"time"
)

// The topics of dispositions.
const (
	aboutDrops       = "What an upload switches off"
	aboutLags        = "How late a reading is"
	aboutHistory     = "What becomes of former entries"
	aboutForms       = "How a body is read back: the same in another form"
	aboutAdditions   = "How a body is read back: with additions"
	aboutChanges     = "How a body is stored: changed"
	aboutLists       = "How lists are given"
	aboutRows        = "What stands in the rows of lists"
	aboutWrites      = "How writes are answered"
	aboutReads       = "How readings are answered"
	aboutCredentials = "What credentials may do"
)

// dropDispositions vary the fact that an upload switches off the job specs of
// its bundle, which is observed in one project; the documentation's own
// sequence of test and update implies that it doesn't.
func dropDispositions() []Disposition {
	row := func(name, varies string, mark Mark, effect Effect, d drop) Disposition {
		return Disposition{"drop-" + name, aboutDrops, varies, mark, effect, func(p *platform) { p.drop = d }}
	}
	spec := func(name, varies string, effect Effect, set func(*specRules)) Disposition {
		return Disposition{"drop-" + name, aboutDrops, varies, Unknown, effect, func(p *platform) { set(&p.specs) }}
	}
	list := []Disposition{
		row("nothing", "an upload switches nothing off", Inferred, Kept, drop{what: dropNothing}),
		row("integration", "an upload switches off all job specs of the integration, other bundles' too", Unknown, Kept, drop{what: dropIntegration}),
		row("other-bundles", "an upload switches off the other bundles' job specs only", Unknown, Kept, drop{what: dropOthers}),
		row("if-changed", "an upload of what is there already switches nothing off", Unknown, Kept, drop{what: dropIfChanged}),
		row("changed-job-specs", "only job specs whose own definition changed are switched off", Unknown, Kept, drop{what: dropChangedSpec}),
		row("changed-flows", "only job specs whose flow changed are switched off", Unknown, Kept, drop{what: dropChangedFlow}),
		row("removed", "only job specs that the bundle has no longer are switched off", Unknown, Kept, drop{what: dropStale}),
		row("with-removed", "job specs that the bundle has no longer are switched off as well", Unknown, Kept, drop{what: dropWithStale}),
		row("first", "only the first job spec is switched off", Unknown, Kept, drop{what: dropFirst}),
		row("last", "only the last job spec is switched off", Unknown, Kept, drop{what: dropLast}),
		row("half", "every other job spec is switched off", Unknown, Kept, drop{what: dropHalf}),
		row("at-first-install", "job specs go off with the first install after the upload", Unknown, Kept, drop{when: whenInstalled}),
		row("after-all-installs", "job specs go off once all of them are installed again", Unknown, Kept, drop{when: whenAllInstalled}),
		row("1s-after-all-installs", "job specs go off one second after all of them are installed again", Unknown, Late, drop{when: whenAllInstalled, after: time.Second}),
		row("at-first-look", "job specs go off when they are first listed after the upload", Unknown, Kept, drop{when: whenRead}),
		row("500ms-spares-installed", "job specs go off 500 ms after the upload, unless they were installed meanwhile", Unknown, Kept, drop{after: 500 * time.Millisecond, spare: true}),
		row("3s-spares-installed", "job specs go off 3 s after the upload, unless they were installed meanwhile", Unknown, Kept, drop{after: 3 * time.Second, spare: true}),
		spec("new-uuids", "an upload gives the bundle and its job specs new uuids", Kept, func(r *specRules) { r.newUUIDs = true }),
		spec("unlists", "a job spec that is not installed is not listed", Kept, func(r *specRules) { r.vanish = true }),
		spec("keeps-removed", "a job spec that no bundle has any more stays in the list when it is uninstalled", Kept, func(r *specRules) { r.keepStale = true }),
		{"drop-never-installs-all", aboutDrops, "an upload leaves all job specs of its bundle installed, new ones too", Unknown, Kept, func(p *platform) {
			p.drop.what, p.specs.installs = dropNothing, true
		}},
	}
	for _, after := range []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 20 * time.Second, time.Minute} {
		list = append(list, row(fmt.Sprintf("after-%v", after), fmt.Sprintf("job specs go off %v after the upload, installed again or not", after), Unknown, Late, drop{after: after}))
	}
	for _, after := range []time.Duration{500 * time.Millisecond, 5 * time.Second} {
		list = append(list,
			row(fmt.Sprintf("integration-after-%v", after), fmt.Sprintf("all job specs of the integration go off %v after an upload", after), Unknown, Late, drop{what: dropIntegration, after: after}),
			row(fmt.Sprintf("half-after-%v", after), fmt.Sprintf("every other job spec goes off %v after the upload", after), Unknown, Late, drop{what: dropHalf, after: after}),
			row(fmt.Sprintf("if-changed-after-%v", after), fmt.Sprintf("job specs go off %v after an upload that changed the bundle", after), Unknown, Late, drop{what: dropIfChanged, after: after}),
		)
	}
	return list
}
