package fleet

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Check renders the bundles for every target, and asks the rules about each
// rendering. A finding that not all targets have names those that have it.
// Secret values are not needed.
func Check(bundles check.Parsed, targets []*project.Target, disable []string) check.Result {
	asked := placeholders(bundles.Documents())
	results := make([]check.Result, len(targets))
	var g sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() {
			for i := range next {
				results[i] = checkOne(bundles, targets[i], asked, disable)
			}
		})
	}
	for i := range targets {
		next <- i
	}
	close(next)
	g.Wait()
	return merge(results, targets)
}

func checkOne(bundles check.Parsed, t *project.Target, asked map[string]bool, disable []string) check.Result {
	r := bundles.For(check.Options{
		Integration: t.Integration.Value, Values: values(t), Unresolved: diag.Error, Disable: disable,
	})
	place(&r, t, asked, disable)
	r.Documents = nil // of thousands of targets: the findings are enough
	return r
}

// Place adds to the findings of a target's bundles what the bundles show to be
// wrong with its words in zis.yml, each at its place there.
func Place(r *check.Result, t *project.Target, bundles check.Parsed, disable []string) {
	place(r, t, placeholders(bundles.Documents()), disable)
}

func place(r *check.Result, t *project.Target, asked map[string]bool, disable []string) {
	for i := range r.Files {
		r.Files[i].Findings = slices.DeleteFunc(r.Files[i].Findings, func(d diag.Diagnostic) bool {
			return d.Rule == render.RulePlaceholder && secretOf(t, d)
		})
		for j, d := range r.Files[i].Findings {
			if d.Rule == render.RulePlaceholder {
				r.Files[i].Findings[j].Help = fmt.Sprintf("give %s a value in vars, or name it in secret-vars, of the target at %s", placeholder(d), t.Name.At)
			}
		}
	}
	found := t.Refused()
	if !slices.Contains(disable, render.RuleUnusedValue) {
		found = append(found, t.Unused(func(name string) bool { return asked[name] })...)
	}
	if len(r.Documents) == len(r.Files) { // of a file that is no bundle nobody knows what it has
		found = append(found, unknown(t, r.Bundles())...)
	}
	if len(found) > 0 {
		r.Files = append(r.Files, check.File{Path: found[0].File.Path, Findings: found})
	}
}

// unknown are the job specs and bundles that a target names and the files
// don't have.
func unknown(t *project.Target, have []*zis.Bundle) []diag.Diagnostic {
	var bundles, specs []string
	for _, b := range have {
		bundles = append(bundles, b.Name.Value)
		for _, s := range b.JobSpecs {
			specs = append(specs, s.Name.Value)
		}
	}
	return t.Unknown(bundles, specs)
}

// secretOf tells whether a placeholder without a value is a secret variable of
// the target: its value is a credential, which checking doesn't need.
func secretOf(t *project.Target, d diag.Diagnostic) bool {
	return slices.ContainsFunc(t.SecretVars, func(s project.Text) bool { return s.Value == placeholder(d) })
}

// placeholder is the name that stands where a finding is.
func placeholder(d diag.Diagnostic) string {
	return strings.TrimSpace(strings.Trim(string(d.File.Src[d.Span.Start:d.Span.End]), "{}"))
}

// same is what makes findings of two targets one.
type same struct {
	path          string
	span          diag.Span
	rule, message string
}

// merge puts the findings of all targets together.
func merge(results []check.Result, targets []*project.Target) check.Result {
	var all check.Result
	found := map[same]diag.Diagnostic{}
	whose := map[same][]string{}
	paths := map[string]bool{}
	notes := map[string]bool{}
	for i, r := range results {
		for _, f := range r.Files {
			if !paths[f.Path] {
				paths[f.Path] = true
				all.Files = append(all.Files, check.File{Path: f.Path})
			}
			for _, d := range f.Findings {
				key := same{f.Path, d.Span, d.Rule, d.Message}
				found[key] = d
				whose[key] = append(whose[key], targets[i].Name.Value)
			}
		}
		for _, n := range r.Notes {
			notes[n] = true
		}
		all.Disabled = max(all.Disabled, r.Disabled)
	}
	var list []diag.Diagnostic
	for key, d := range found {
		d.Message += naming(whose[key], len(targets))
		list = append(list, d)
	}
	all.Add(list)
	all.Notes = slices.Sorted(maps.Keys(notes))
	return all
}

// naming says for which targets something is so. What is so for all of many is
// the bundle's own.
func naming(names []string, all int) string {
	switch {
	case len(names) == all && all > 1:
		return ""
	case len(names) == 1:
		return fmt.Sprintf(" (target %q)", names[0])
	}
	return fmt.Sprintf(" (%s: %s)", english.Plural(len(names), "target"), some(names))
}
