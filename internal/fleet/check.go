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
	r.Documents = nil // of thousands of targets: the findings are enough
	for i := range r.Files {
		r.Files[i].Findings = slices.DeleteFunc(r.Files[i].Findings, func(d diag.Diagnostic) bool {
			return d.Rule == render.RuleUnusedValue || d.Rule == render.RulePlaceholder && secretOf(t, d)
		})
		for j, d := range r.Files[i].Findings {
			if d.Rule == render.RulePlaceholder {
				r.Files[i].Findings[j].Help = fmt.Sprintf("give %s a value in vars, or name it in secret-vars, of the target at %s", placeholder(d), t.Name.At)
			}
		}
	}
	if !slices.Contains(disable, render.RuleUnusedValue) {
		for _, d := range t.Unused(func(name string) bool { return asked[name] }) {
			if len(r.Files) == 0 || r.Files[len(r.Files)-1].Path != d.File.Path {
				r.Files = append(r.Files, check.File{Path: d.File.Path})
			}
			last := &r.Files[len(r.Files)-1]
			last.Findings = append(last.Findings, d)
		}
	}
	return r
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
