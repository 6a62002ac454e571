package emulator

import (
	"fmt"
	"strings"
	"time"
)

// lagDispositions make readings late. How consistent the registry is isn't
// documented; that a deployer polls until its flags settle is observed.
func lagDispositions() []Disposition {
	var list []Disposition
	for _, side := range []struct{ word, what string }{
		{"bundles", seeBundles}, {"body", seeBody}, {"job-specs", seeSpecs}, {"installed", seeInstalled}, {"uploads", seeUploads},
	} {
		for _, by := range []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second, 10 * time.Second} {
			list = append(list, lagging(fmt.Sprintf("lag-%s-%v", side.word, by), side.what, lag{by: by}))
		}
		list = append(list, lagging("lag-"+side.word+"-every-other", side.what, lag{by: 2 * time.Second, turns: true}))
	}
	all := Disposition{"lag-everything-2s", aboutLags, "every reading is 2 s behind", Unknown, Kept, func(p *platform) {
		for _, what := range []string{seeBundles, seeBody, seeSpecs, seeInstalled, seeUploads} {
			p.lags(what, lag{by: 2 * time.Second})
		}
	}}
	return append(list, all, processed(500*time.Millisecond), processed(5*time.Second))
}

func lagging(name, what string, l lag) Disposition {
	varies := fmt.Sprintf("%s is %v behind", what, l.by)
	if l.turns {
		varies = fmt.Sprintf("every other reading of %s is %v behind, as of two copies of which one lags", strings.TrimPrefix(what, "that "), l.by)
	}
	return Disposition{name, aboutLags, varies, Unknown, Kept, func(p *platform) { p.lags(what, l) }}
}

func (p *platform) lags(what string, l lag) {
	if p.lag == nil {
		p.lag = map[string]lag{}
	}
	p.lag[what] = l
}

// processed uploads are accepted at once and take effect later.
func processed(after time.Duration) Disposition {
	return Disposition{
		fmt.Sprintf("lag-upload-processed-%v", after), aboutLags, fmt.Sprintf("an upload is accepted and takes effect %v later", after), Unknown, Kept,
		func(p *platform) {
			p.detours = append(p.detours, detour{on: atUpload, lands: after, with: given(plain(200, ""))})
		},
	}
}

func given(a answer) func(*request) answer { return func(*request) answer { return a } }

// historyDispositions keep former entries in the lists.
func historyDispositions() []Disposition {
	row := func(name, varies string, h history) Disposition {
		return Disposition{"history-" + name, aboutHistory, varies, Unknown, Kept, func(p *platform) { p.history = h }}
	}
	specs := func(name, varies string, r specRules) Disposition {
		return Disposition{"history-" + name, aboutHistory, varies, Unknown, Kept, func(p *platform) { p.specs = r }}
	}
	const many = 100
	return []Disposition{
		row("oldest-first", "each upload adds an entry to the list of bundles, oldest first", history{keeps: many, bodies: true}),
		row("newest-first", "each upload adds an entry to the list of bundles, newest first", history{keeps: many, bodies: true, first: true}),
		row("mixed", "each upload adds an entry to the list of bundles, in no order that tells", history{keeps: many, bodies: true, mixed: true}),
		row("one", "the entry before the last upload stays in the list of bundles", history{keeps: 1, bodies: true}),
		row("one-newest-first", "the entry before the last upload stays in the list of bundles, behind the new one", history{keeps: 1, bodies: true, first: true}),
		row("of-changes", "each upload of something new adds an entry, oldest first", history{keeps: many, bodies: true, skips: true}),
		row("of-changes-newest-first", "each upload of something new adds an entry, newest first", history{keeps: many, bodies: true, skips: true, first: true}),
		row("without-bodies", "former entries stay in the list of bundles and can't be read: 404", history{keeps: many}),
		row("without-bodies-newest-first", "the same, newest first", history{keeps: many, first: true}),
		specs("job-specs", "each upload adds entries to the list of job specs; former ones stay, off", specRules{history: true}),
		specs("job-specs-newest-first", "the same, newest first", specRules{history: true, oldestLast: true}),
		specs("job-specs-on", "each upload adds entries to the list of job specs; former ones stay, shown as installed for ever", specRules{ghosts: true}),
		specs("job-specs-on-newest-first", "the same, newest first", specRules{ghosts: true, oldestLast: true}),
	}
}
