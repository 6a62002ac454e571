package project

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// check finds what is wrong between the parts of the project.
func (p *Project) check(r *reader) {
	p.checkRings(r)
	if over := p.Targets[min(len(p.Targets), MaxTargets):]; len(over) > 0 {
		r.reportText(over[0].Name, "", "there are more than %d targets", MaxTargets)
		return
	}
	for i := range p.Targets {
		p.checkTarget(r, &p.Targets[i])
	}
	p.checkUnique(r)
	once(r, p.Bundles, "the bundle")
}

func (p *Project) checkRings(r *reader) {
	var names []Text
	for i, ring := range p.Rings {
		names = append(names, ring.Name)
		if i == 0 && ring.AfterAt.Given() {
			r.report(ring.AfterAt, 1, "leave it out: no ring comes before", "after is given for the first ring")
		}
		if ring.Soak > 0 && !p.Records() {
			r.report(ring.SoakAt, 1, "give record: config: the record in the account says since when a release runs there", "a soak can't be known without a record")
		}
	}
	once(r, names, "the ring")
}

// once refuses a text that comes twice.
func once(r *reader, list []Text, what string) {
	seen := map[string]Place{}
	for _, t := range list {
		if first, twice := seen[t.Value]; twice && t.Value != "" {
			r.reportText(t, "first at "+first.String(), "%s %q comes twice", what, cut(t.Value))
			continue
		}
		seen[t.Value] = t.At
	}
}

func (p *Project) checkTarget(r *reader, t *Target) {
	name := t.Name
	switch {
	case name.Value == "local":
		r.reportText(name, "give it another name", "the target local is built in: the emulator")
	case name.Value == "":
		return // told already
	}
	switch {
	case t.Subdomain.At.Given() && t.BaseURL.At.Given():
		r.reportText(t.BaseURL, "an account has a subdomain; base-url is for emulators", "the target %q has both a subdomain and a base-url", name.Value)
	case t.whole && !t.Subdomain.At.Given() && !t.BaseURL.At.Given():
		r.reportText(name, "give subdomain: the part before .zendesk.com", "the target %q has no subdomain", name.Value)
	}
	if t.whole && !t.Integration.At.Given() {
		r.reportText(name, "give integration: NAME, which no other account in the world may have", "the target %q has no integration", name.Value)
	}
	p.checkRing(r, t)
	p.checkVars(r, t)
	once(r, t.JobSpecs, "the job spec")
	if len(t.JobSpecs) > 1 && slices.ContainsFunc(t.JobSpecs, func(s Text) bool { return s.Value == "all" || s.Value == "none" }) {
		r.reportText(t.JobSpecs[0], "give all, none, or names", "job-specs mixes names with all or none")
	}
}

func (p *Project) checkRing(r *reader, t *Target) {
	known := make([]string, len(p.Rings))
	for i, ring := range p.Rings {
		known[i] = ring.Name.Value
	}
	switch {
	case t.Ring.Value != "" && !slices.Contains(known, t.Ring.Value):
		help := didYouMean(t.Ring.Value, known)
		if len(known) == 0 {
			help = "declare it: rings: [" + t.Ring.Value + "]"
		}
		r.reportText(t.Ring, help, "no ring is called %q", t.Ring.Value)
	case t.whole && !t.Ring.At.Given() && len(known) > 0:
		r.reportText(t.Name, "give ring: one of "+strings.Join(known, ", "), "the target %q is in no ring", t.Name.Value)
	}
}

func (p *Project) checkVars(r *reader, t *Target) {
	once(r, t.SecretVars, "the secret variable")
	if len(t.Vars) == 0 {
		return
	}
	for _, s := range t.SecretVars {
		if i := slices.IndexFunc(t.Vars, func(v Var) bool { return v.Name.Value == s.Value }); i >= 0 {
			r.reportText(s, "also at "+t.Vars[i].Name.At.String(), "%q is a variable and a secret variable", cut(s.Value))
		}
	}
}

// checkUnique refuses what two targets can't share. Integration names are
// global: the second account would be refused its name, or get another's.
func (p *Project) checkUnique(r *reader) {
	names := make(map[string]*Target, len(p.Targets))
	integrations := make(map[string]*Target, len(p.Targets))
	suffixes := make(map[string]*Target, len(p.Targets))
	for i := range p.Targets {
		t := &p.Targets[i]
		if first := names[t.Name.Value]; first != nil && t.Name.Value != "" {
			r.reportText(t.Name, "first at "+first.Name.At.String(), "the target %q comes twice", t.Name.Value)
			continue
		}
		names[t.Name.Value] = t
		if first := integrations[t.Integration.Value]; first != nil && t.Integration.Value != "" {
			r.reportText(t.Integration, "names of integrations are global: each account needs one of its own",
				"the integration %q is that of the target %q too, at %s", t.Integration.Value, first.Name.Value, first.Integration.At)
		}
		suffix := Suffix(t.Name.Value)
		if first := suffixes[suffix]; first != nil && t.Name.Value != "" {
			r.reportText(t.Name, "rename one of them", "the target %q has the same names of credentials as %q, which end in %s", t.Name.Value, first.Name.Value, suffix)
		}
		integrations[t.Integration.Value], suffixes[suffix] = t, t
	}
}

// Suffix is what the names of a target's credentials end in: "__" and its name
// in capitals, with _ for everything but letters and digits.
//
//	globex   ZENDESK_API_TOKEN__GLOBEX
//	acme-eu  ZENDESK_API_TOKEN__ACME_EU
func Suffix(target string) string {
	return "__" + strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			return c
		}
		return '_'
	}, target)
}

// Declared are the names of a target's variables, secret ones included.
func (t *Target) Declared() []string {
	var names []string
	for _, v := range t.Vars {
		names = append(names, v.Name.Value)
	}
	for _, s := range t.SecretVars {
		names = append(names, s.Value)
	}
	return names
}

// Unknown are the job specs and bundles that a target names and no bundle of
// the project has, as findings in zis.yml.
func (t *Target) Unknown(bundles, specs []string) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, s := range t.JobSpecs {
		short := strings.TrimPrefix(s.Value, "zis:"+t.Integration.Value+":job_spec:")
		if s.Value != "all" && s.Value != "none" && !slices.Contains(specs, short) {
			found = append(found, s.At.Report(diag.Error, Rule, fmt.Sprintf("no bundle has a job spec %q", cut(s.Value)), didYouMean(short, specs), len(s.Value)))
		}
	}
	for _, a := range t.Accept {
		if name := a.Bundle; name.Value != "" && !slices.Contains(bundles, name.Value) {
			found = append(found, name.At.Report(diag.Error, Rule, fmt.Sprintf("no bundle is called %q", cut(name.Value)), didYouMean(name.Value, bundles), len(name.Value)))
		}
	}
	return found
}

// Refused are the secret variables of a target whose releases an admin
// applies: they are refused there, as findings in zis.yml.
func (t *Target) Refused() []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, s := range t.SecretVars {
		if t.Via == App {
			found = append(found, s.At.Report(diag.Warning, Rule, "a release in an app (via: app) holds no secret: it will be refused", "keep it in a connection of the account; what an app carries can be read by everybody", len(s.Value)))
		}
	}
	return found
}

// Unused are the variables of a target that no bundle asks for, as findings in
// zis.yml; used tells which names are asked for.
func (t *Target) Unused(used func(name string) bool) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, v := range t.Vars {
		if !used(v.Name.Value) {
			found = append(found, v.Name.unused())
		}
	}
	for _, s := range t.SecretVars {
		if !used(s.Value) {
			found = append(found, s.unused())
		}
	}
	return found
}

func (t Text) unused() diag.Diagnostic {
	return t.At.Report(diag.Error, "unused-variable", "a value is given for \""+cut(t.Value)+"\", but no {{"+cut(t.Value)+"}} is in the bundle", "remove the value, or correct its name", len(t.Value))
}
