package platform

import (
	"fmt"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// lagDispositions make readings late. How consistent the registry is isn't
// documented; that a deployer polls until its flags settle is observed.
func lagDispositions() []Disposition {
	var list []Disposition
	for _, side := range []struct {
		word string
		what Side
	}{
		{"bundles", SeeBundles}, {"body", SeeBody}, {"job-specs", SeeSpecs}, {"installed", SeeInstalled}, {"uploads", SeeUploads},
	} {
		for _, by := range []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second, 10 * time.Second} {
			list = append(list, lagging(fmt.Sprintf("lag-%s-%v", side.word, by), side.what, Lag{By: by}))
		}
		list = append(list, lagging("lag-"+side.word+"-every-other", side.what, Lag{By: 2 * time.Second, Turns: true}))
	}
	all := Disposition{"lag-everything-2s", aboutLags, "every reading is 2 s behind", Unknown, Kept, func(p *Rules) {
		for _, what := range []Side{SeeBundles, SeeBody, SeeSpecs, SeeInstalled, SeeUploads} {
			p.lags(what, Lag{By: 2 * time.Second})
		}
	}}
	return append(list, all, processed(500*time.Millisecond), processed(5*time.Second))
}

func lagging(name string, what Side, l Lag) Disposition {
	varies := fmt.Sprintf("%s is %v behind", what, l.By)
	if l.Turns {
		varies = fmt.Sprintf("every other reading of %s is %v behind, as of two copies of which one lags", strings.TrimPrefix(string(what), "that "), l.By)
	}
	return Disposition{name, aboutLags, varies, Unknown, Kept, func(p *Rules) { p.lags(what, l) }}
}

func (p *Rules) lags(what Side, l Lag) {
	if p.Lags == nil {
		p.Lags = map[Side]Lag{}
	}
	p.Lags[what] = l
}

// processed uploads are accepted at once and take effect later.
func processed(after time.Duration) Disposition {
	return Disposition{
		fmt.Sprintf("lag-upload-processed-%v", after), aboutLags, fmt.Sprintf("an upload is accepted and takes effect %v later", after), Unknown, Kept,
		func(p *Rules) {
			p.detours = append(p.detours, Detour{on: Upload, Lands: after, With: given(wire.Plain(200, ""))})
		},
	}
}

func given(a wire.Answer) func(Request) wire.Answer { return func(Request) wire.Answer { return a } }

// historyDispositions keep former entries in the lists.
func historyDispositions() []Disposition {
	row := func(name, varies string, h History) Disposition {
		return Disposition{"history-" + name, aboutHistory, varies, Unknown, Kept, func(p *Rules) { p.History = h }}
	}
	specs := func(name, varies string, r SpecRules) Disposition {
		return Disposition{"history-" + name, aboutHistory, varies, Unknown, Kept, func(p *Rules) { p.Specs = r }}
	}
	const many = 100
	return []Disposition{
		row("oldest-first", "each upload adds an entry to the list of bundles, oldest first", History{Keeps: many, Bodies: true}),
		row("newest-first", "each upload adds an entry to the list of bundles, newest first", History{Keeps: many, Bodies: true, First: true}),
		row("mixed", "each upload adds an entry to the list of bundles, in no order that tells", History{Keeps: many, Bodies: true, Mixed: true}),
		row("one", "the entry before the last upload stays in the list of bundles", History{Keeps: 1, Bodies: true}),
		row("one-newest-first", "the entry before the last upload stays in the list of bundles, behind the new one", History{Keeps: 1, Bodies: true, First: true}),
		row("of-changes", "each upload of something new adds an entry, oldest first", History{Keeps: many, Bodies: true, Skips: true}),
		row("of-changes-newest-first", "each upload of something new adds an entry, newest first", History{Keeps: many, Bodies: true, Skips: true, First: true}),
		row("without-bodies", "former entries stay in the list of bundles and can't be read: 404", History{Keeps: many}),
		row("without-bodies-newest-first", "the same, newest first", History{Keeps: many, First: true}),
		specs("job-specs", "each upload adds entries to the list of job specs; former ones stay, off", SpecRules{History: true}),
		specs("job-specs-newest-first", "the same, newest first", SpecRules{History: true, NewFirst: true}),
		specs("job-specs-on", "each upload adds entries to the list of job specs; former ones stay, shown as installed for ever", SpecRules{Ghosts: true}),
		specs("job-specs-on-newest-first", "the same, newest first", SpecRules{Ghosts: true, NewFirst: true}),
	}
}
