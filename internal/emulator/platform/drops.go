package platform

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
	aboutApps        = "How private apps are answered"
	aboutServices    = "How connections, configs and webhooks are answered"
)

// dropDispositions vary the fact that an upload switches off the job specs of
// its bundle, which is observed in one project; the documentation's own
// sequence of test and update implies that it doesn't.
func dropDispositions() []Disposition {
	row := func(name, varies string, mark Mark, effect Effect, d Drop) Disposition {
		return Disposition{"drop-" + name, aboutDrops, varies, mark, effect, func(p *Rules) { p.Drop = d }}
	}
	spec := func(name, varies string, effect Effect, set func(*SpecRules)) Disposition {
		return Disposition{"drop-" + name, aboutDrops, varies, Unknown, effect, func(p *Rules) { set(&p.Specs) }}
	}
	list := []Disposition{
		row("nothing", "an upload switches nothing off", Inferred, Kept, Drop{What: DropNothing}),
		row("integration", "an upload switches off all job specs of the integration, other bundles' too", Unknown, Kept, Drop{What: DropIntegration}),
		row("other-bundles", "an upload switches off the other bundles' job specs only", Unknown, Kept, Drop{What: DropOthers}),
		row("if-changed", "an upload of what is there already switches nothing off", Unknown, Kept, Drop{What: DropIfChanged}),
		row("changed-job-specs", "only job specs whose own definition changed are switched off", Unknown, Kept, Drop{What: DropChangedSpec}),
		row("changed-flows", "only job specs whose flow changed are switched off", Unknown, Kept, Drop{What: DropChangedFlow}),
		row("removed", "only job specs that the bundle has no longer are switched off", Unknown, Kept, Drop{What: DropStale}),
		row("with-removed", "job specs that the bundle has no longer are switched off as well", Unknown, Kept, Drop{What: DropWithStale}),
		row("first", "only the first job spec is switched off", Unknown, Kept, Drop{What: DropFirst}),
		row("last", "only the last job spec is switched off", Unknown, Kept, Drop{What: DropLast}),
		row("half", "every other job spec is switched off", Unknown, Kept, Drop{What: DropHalf}),
		row("at-first-install", "job specs go off with the first install after the upload", Unknown, Kept, Drop{When: WhenInstalled}),
		row("after-all-installs", "job specs go off once all of them are installed again", Unknown, Kept, Drop{When: WhenAllInstalled}),
		row("1s-after-all-installs", "job specs go off one second after all of them are installed again", Unknown, Late, Drop{When: WhenAllInstalled, After: time.Second}),
		row("at-first-look", "job specs go off when they are first listed after the upload", Unknown, Kept, Drop{When: WhenRead}),
		row("500ms-spares-installed", "job specs go off 500 ms after the upload, unless they were installed meanwhile", Unknown, Kept, Drop{After: 500 * time.Millisecond, Spare: true}),
		row("3s-spares-installed", "job specs go off 3 s after the upload, unless they were installed meanwhile", Unknown, Kept, Drop{After: 3 * time.Second, Spare: true}),
		spec("new-uuids", "an upload gives the bundle and its job specs new uuids", Kept, func(r *SpecRules) { r.NewUUIDs = true }),
		spec("unlists", "a job spec that is not installed is not listed", Kept, func(r *SpecRules) { r.Vanish = true }),
		spec("keeps-removed", "a job spec that no bundle has any more stays in the list when it is uninstalled", Kept, func(r *SpecRules) { r.KeepStale = true }),
		{"drop-never-installs-all", aboutDrops, "an upload leaves all job specs of its bundle installed, new ones too", Unknown, Kept, func(p *Rules) {
			p.Drop.What, p.Specs.Installs = DropNothing, true
		}},
	}
	for _, after := range []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 20 * time.Second, time.Minute} {
		list = append(list, row(fmt.Sprintf("after-%v", after), fmt.Sprintf("job specs go off %v after the upload, installed again or not", after), Unknown, Late, Drop{After: after}))
	}
	for _, after := range []time.Duration{500 * time.Millisecond, 5 * time.Second} {
		list = append(list,
			row(fmt.Sprintf("integration-after-%v", after), fmt.Sprintf("all job specs of the integration go off %v after an upload", after), Unknown, Late, Drop{What: DropIntegration, After: after}),
			row(fmt.Sprintf("half-after-%v", after), fmt.Sprintf("every other job spec goes off %v after the upload", after), Unknown, Late, Drop{What: DropHalf, After: after}),
			row(fmt.Sprintf("if-changed-after-%v", after), fmt.Sprintf("job specs go off %v after an upload that changed the bundle", after), Unknown, Late, Drop{What: DropIfChanged, After: after}),
		)
	}
	return list
}
