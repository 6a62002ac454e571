package sentences

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// told orders the sentences, joins those that say the same of several, and
// keeps to what is read.
func (w *world) told() Told {
	drafts := joinFlows(join(w.drafts))
	slices.SortStableFunc(drafts, func(a, b draft) int {
		return cmp.Or(cmp.Compare(a.kind.order(), b.kind.order()), first(a.alarm, b.alarm), first(b.inside, a.inside))
	})
	out := w.out
	if len(drafts) > 0 && !slices.ContainsFunc(drafts, func(d draft) bool { return !d.kind.idle() }) {
		drafts = slices.Insert(drafts, 0, draft{kind: None, text: say("Nothing changes in what the integration does.")})
	}
	shown, rest := limit(drafts)
	for _, d := range shown {
		out.Sentences = append(out.Sentences, d.sentence())
	}
	for _, d := range rest {
		out.Smaller = append(out.Smaller, d.sentence())
	}
	if len(rest) > 0 {
		out.Sentences = append(out.Sentences, counted(rest))
	}
	if n := len(w.normal); n > 0 {
		out.Sentences = append(out.Sentences, normal(n))
	}
	return out
}

// first orders what is true before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (d draft) sentence() Sentence {
	parts := setApart(slices.Concat(d.occasion(), d.before, d.subject, d.text))
	pointers := unique(d.pointers)
	if pointers == nil {
		pointers = []string{}
	}
	return Sentence{Text: parts.plain(), Kind: d.kind, Alarm: d.alarm, Bundle: d.bundle, Pointers: pointers, Parts: parts}
}

// setApart writes as escapes what a value could be taken for the former one
// by.
func setApart(parts phrase) phrase {
	for i, p := range parts {
		if p.Style != Former {
			continue
		}
		for j := range i {
			if parts[j].Style == Value {
				parts[i].Text, parts[j].Text = diag.Apart(parts[i].Text, parts[j].Text)
			}
		}
	}
	return parts
}

// counted is the sentence for those that are not shown.
func counted(rest []draft) Sentence {
	d := draft{kind: Rest, text: say("and %s.", english.Plural(len(rest), "smaller change"))}
	for _, r := range rest {
		d.pointers = append(d.pointers, r.pointers...)
		d.bundle = r.bundle
	}
	return d.sentence()
}

// normal is the sentence for what every upload brings with it.
func normal(n int) Sentence {
	subject := "1 job spec is"
	if n > 1 {
		subject = itoa(n) + " job specs are"
	}
	return draft{kind: Normal, text: say("%s installed again after the upload, as always; events in the seconds between are missed.", subject)}.sentence()
}

// occasion names the flows that a draft is about.
func (d draft) occasion() phrase {
	switch {
	case len(d.when) == 0:
		return nil
	case d.whens > 1:
		return say("%s, and in %s: ", d.when, english.Plural(d.whens-1, "other flow"))
	}
	return say("%s: ", d.when)
}

// joinFlows makes one draft of those that say the same of several flows.
func joinFlows(drafts []draft) []draft {
	place := map[string]int{}
	var out []draft
	for _, d := range drafts {
		said := slices.Concat(d.before, d.subject, d.text).plain()
		k := string(d.kind) + "\x00" + d.bundle + "\x00" + said
		i, seen := place[k]
		if !seen || len(d.when) == 0 || len(out[i].when) == 0 {
			place[k] = len(out)
			d.whens = 1
			out = append(out, d)
			continue
		}
		if out[i].flow != d.flow {
			out[i].whens++
		}
		out[i].alarm = out[i].alarm || d.alarm
		out[i].pointers = append(out[i].pointers, d.pointers...)
	}
	return out
}

// join makes one draft of those that say the same of several subjects.
func join(drafts []draft) []draft {
	type key struct {
		kind               Kind
		bundle, when, text string
	}
	place := map[key]int{}
	subjects := map[int][]phrase{}
	seenSubject := map[string]bool{}
	var out []draft
	for _, d := range drafts {
		k := key{d.kind, d.bundle, d.when.plain() + d.before.plain(), d.text.plain()}
		i, seen := place[k]
		if !seen || len(d.subject) == 0 {
			place[k] = len(out)
			subjects[len(out)] = []phrase{d.subject}
			seenSubject[itoa(len(out))+d.subject.plain()] = true
			out = append(out, d)
			continue
		}
		out[i].alarm = out[i].alarm || d.alarm
		out[i].pointers = append(out[i].pointers, d.pointers...)
		if one := itoa(i) + d.subject.plain(); !seenSubject[one] {
			seenSubject[one] = true
			subjects[i] = append(subjects[i], d.subject)
		}
	}
	for i := range out {
		if len(out[i].subject) > 0 {
			word := "and"
			if out[i].or {
				word = "or"
			}
			out[i].subject = few(word, 4, subjects[i])
			out[i].short = orElse(out[i].short, out[i].subject)
		}
	}
	return out
}

func orElse(a, b phrase) phrase {
	if len(a) > 0 {
		return a
	}
	return b
}

// limit chooses what is shown. Only small things are left to be counted; of
// the others, those of a kind for which there is no room are told in one
// sentence that names each.
func limit(drafts []draft) (shown, rest []draft) {
	big := slices.IndexFunc(drafts, func(d draft) bool { return d.kind.small() })
	if big < 0 {
		big = len(drafts)
	}
	if len(drafts) <= Most {
		return drafts, nil
	}
	if big <= Most {
		return drafts[:Most], drafts[Most:]
	}
	return narrow(drafts[:big]), drafts[big:]
}

// narrow tells many drafts in Most sentences: each kind keeps as many of its
// own as there is room for, and the others of it are named in one more.
func narrow(drafts []draft) []draft {
	var groups [][]draft
	for _, d := range drafts {
		if n := len(groups); n == 0 || groups[n-1][0].kind != d.kind {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], d)
	}
	room := make([]int, len(groups))
	left := Most - len(groups)
	for i := range room {
		room[i] = 1
	}
	for i := 0; left > 0; i = (i + 1) % len(groups) {
		if room[i] < len(groups[i]) {
			room[i]++
			left--
		}
	}
	var out []draft
	for i, g := range groups {
		if len(g) > room[i] {
			g = append(g[:room[i]-1:room[i]-1], together(g[room[i]-1:]))
		}
		out = append(out, g...)
	}
	return out
}

var manyWords = map[Kind]string{
	Destination: "%s more about what is sent, to %s.", Start: "%s more about what starts: %s.",
	Decision: "%s more decisions: %s.", Message: "%s more texts: %s.", Unknown: "%s more changes that this tool has no words for: %s.",
}

// mostNamed is how many steps and texts are named in one sentence; hosts and
// events all are.
const mostNamed = 12

// together names many drafts in one.
func together(list_ []draft) draft {
	d := draft{kind: list_[0].kind, bundle: list_[0].bundle}
	var names []phrase
	seen := map[string]bool{}
	for _, each := range list_ {
		d.alarm = d.alarm || each.alarm
		d.pointers = append(d.pointers, each.pointers...)
		short := each.short
		if len(short) == 0 {
			short = each.text
		}
		short = trimmed(short)
		if d.kind != Destination && d.kind != Start && len(each.when) > 0 {
			short = say("%s in %s", short, value(each.flow))
		}
		if key := short.plain(); !seen[key] {
			seen[key] = true
			names = append(names, short)
		}
	}
	named := few("and", mostNamed, names)
	if d.kind == Destination || d.kind == Start {
		named = list("and", names)
	}
	d.text = say(manyWords[d.kind], itoa(len(list_)), named)
	return d
}

// trimmed is a phrase without the full stop at its end.
func trimmed(p phrase) phrase {
	p = slices.Clone(p)
	if n := len(p) - 1; n >= 0 && p[n].Style == Words {
		p[n].Text = strings.TrimSuffix(p[n].Text, ".")
	}
	return p
}

// mostWithin is how many differences within one value are told each for itself.
const mostWithin = 1000

// most are the differences within a value that are told each for itself, those
// that data is filled into or that hold a secret first. Where there are more,
// one sentence counts them all: about where data goes, if one of those that
// aren't told is filled in.
func (b *pair) most(k Kind, p pairing, list []pairing, what phrase) []pairing {
	if len(list) <= mostWithin {
		return list
	}
	var matter, rest []pairing
	for _, l := range list {
		if len(fills(l.old))+len(fills(l.new)) > 0 || hides(l.old) || hides(l.new) {
			matter = append(matter, l)
		} else {
			rest = append(rest, l)
		}
	}
	if len(matter) > mostWithin {
		k = Destination
	}
	b.tell(k, p.at(), say("%s: %s values differ.", what, itoa(len(list))))
	return append(matter, rest...)[:mostWithin]
}
