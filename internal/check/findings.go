package check

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Findings are what was found in files.
type Findings struct {
	Files    []File // in the order given
	Disabled int    // findings of rules that are switched off
}

// File is one bundle file and what was found in it, sorted.
type File struct {
	Path     string
	Findings []diag.Diagnostic
}

// Add puts findings to their files, sorted and without repetitions. Of very
// many the gravest are kept, and the others counted.
func (f *Findings) Add(found []diag.Diagnostic) {
	for _, d := range gravest(diag.Sort(found)) {
		for i := range f.Files {
			if f.Files[i].Path == d.File.Path {
				f.Files[i].Findings = append(f.Files[i].Findings, d)
			}
		}
	}
}

// gravest keeps of many findings the gravest, at least one of each severity,
// in their order.
func gravest(sorted []diag.Diagnostic) []diag.Diagnostic {
	if len(sorted) <= diag.MostFindings {
		return sorted
	}
	room, keeps := diag.MostFindings-2, map[diag.Severity]int{}
	count := map[diag.Severity]int{}
	for _, d := range sorted {
		count[d.Severity]++
	}
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		keeps[s] = min(count[s], max(room, 1))
		room -= keeps[s]
	}
	var kept []diag.Diagnostic
	last := map[diag.Severity]int{}
	for _, d := range sorted {
		if keeps[d.Severity] == 0 {
			kept[last[d.Severity]].More += 1 + d.More
			continue
		}
		keeps[d.Severity]--
		last[d.Severity] = len(kept)
		kept = append(kept, d)
	}
	return kept
}

// Settle replaces the findings of each file.
func (f *Findings) Settle(by func([]diag.Diagnostic) []diag.Diagnostic) {
	for i := range f.Files {
		f.Files[i].Findings = by(f.Files[i].Findings)
	}
}

// Count tells how many findings have the severity s.
func (f Findings) Count(s diag.Severity) int {
	n := 0
	for _, file := range f.Files {
		for _, d := range file.Findings {
			if d.Severity == s {
				n += 1 + d.More
			}
		}
	}
	return n
}

// Tally names findings in words: "2 errors and 1 warning", "no findings".
func (f Findings) Tally() string {
	var parts []string
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		if n := f.Count(s); n > 0 {
			parts = append(parts, english.Plural(n, s.String()))
		}
	}
	tally := "no findings"
	if len(parts) > 0 {
		tally = english.Join(parts)
	}
	if f.Disabled > 0 {
		tally += fmt.Sprintf(", %s by rules switched off", english.Plural(f.Disabled, "more"))
	}
	return tally
}

// Paths names the files: the path of one, the number of several.
func (f Findings) Paths() string {
	if len(f.Files) == 1 {
		return f.Files[0].Path
	}
	return english.Plural(len(f.Files), "file")
}

// shownMessage is how many characters of the first error's message its summary has.
const shownMessage = 200

// Err is the error of a run that ends because of findings: it names the first
// error and what to do about it. Nil if no finding is an error.
func (f Findings) Err() error {
	errs := f.Count(diag.Error)
	if errs == 0 {
		return nil
	}
	first := f.firstError()
	place, next := fmt.Sprintf("%d:%d", first.Start().Line, first.Start().Column), first.Help
	if len(f.Files) > 1 {
		place = first.File.Path + ":" + place
	}
	if errs > 1 {
		next = "correct the errors that are listed"
	}
	at := "at"
	if f.Tally() != "1 error" {
		at = "the first error at"
	}
	return verdict.At(verdict.Validate, verdict.Errorf(verdict.InvalidBundle, next,
		"%s in %s, %s %s: %s", f.Tally(), f.Paths(), at, place, english.Cut(first.Message, shownMessage)))
}

func (f Findings) firstError() diag.Diagnostic {
	for _, file := range f.Files {
		for _, d := range file.Findings {
			if d.Severity == diag.Error {
				return d
			}
		}
	}
	return diag.Diagnostic{}
}
