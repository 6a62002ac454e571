// Package check is the way of every bundle file, the same for the command line,
// the action and tests: bytes are parsed, placeholders filled in, the rules
// asked, and what rules that are switched off have found is taken away.
package check

import (
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Options are the choices of one target.
type Options struct {
	Integration string // its name goes into the ARNs; "" leaves them
	Values      render.Values
	Unresolved  diag.Severity // of a placeholder without a value, and of a value without a placeholder
	Disable     []string      // ids of rules that are not to be reported
	Words       Words
}

// Words are what a medium calls an option that a help text speaks of, with the
// value to give; nil: the flag.
type Words func(option, value string) string

// Result is what became of the files.
type Result struct {
	Findings
	Documents []*source.Document // rendered; a file that is no JSON object has none
	Notes     []string           // what goes up although a rule would have reported it
}

// Files checks bundle files that make up one integration.
func Files(files []*diag.File, o Options) Result {
	p := Parse(files)
	p.Words = o.Words
	return p.For(o)
}

// Parsed are bundle files that were read once, for any number of targets.
type Parsed struct {
	Words Words // of what For finds

	paths []string
	docs  []*source.Document
	found []diag.Diagnostic
}

// Parse reads bundle files. What is wrong with them is found by For.
func Parse(files []*diag.File) Parsed {
	var p Parsed
	for _, f := range files {
		p.paths = append(p.paths, f.Path)
		doc, findings := source.Parse(f)
		if doc != nil {
			p.docs = append(p.docs, doc)
		}
		p.found = append(p.found, findings...)
	}
	return p
}

// Documents are the files as they stand; one that is no JSON object has none.
func (p Parsed) Documents() []*source.Document { return p.docs }

// For checks the files for one target.
func (p Parsed) For(o Options) Result {
	var r Result
	for _, path := range p.paths {
		r.Files = append(r.Files, File{Path: path})
	}
	o.Values.Integration = o.Integration
	rendered, more := render.Documents(p.docs, o.Values, o.Unresolved)
	found := slices.Concat(p.found, more)
	r.Notes = unfilled(found, o.Disable)
	found, r.Disabled = lint.Filter(found, o.Disable)
	readable := rendered
	if len(o.Values.Secrets) > 0 { // what a rule quotes must be no secret
		readable, _ = render.Documents(p.docs, o.Values.Dummies(), o.Unresolved)
	}
	linted, disabled := lint.Run(readable, lint.Options{Integration: o.Integration, Disable: o.Disable})
	r.Disabled += disabled
	r.Add(p.inWords(append(found, linted...)))
	r.Documents = retargeted(rendered, o.Integration)
	return r
}

// inWords has the help of findings name options as the medium does.
func (p Parsed) inWords(found []diag.Diagnostic) []diag.Diagnostic {
	words := p.Words
	if words == nil {
		words = diag.Flag
	}
	for i := range found {
		found[i].Help = diag.InWords(found[i].Help, words)
	}
	return found
}

func retargeted(docs []*source.Document, integration string) []*source.Document {
	if integration == "" {
		return docs
	}
	for i, d := range docs {
		docs[i] = render.Retarget(d, integration)
	}
	return docs
}

// unfilled tells of placeholders that go up as they stand because their rule
// is switched off.
func unfilled(found []diag.Diagnostic, disable []string) []string {
	if !slices.Contains(disable, render.RulePlaceholder) {
		return nil
	}
	var notes []string
	for _, d := range found {
		if d.Rule == render.RulePlaceholder {
			at := d.Start()
			notes = append(notes, fmt.Sprintf("%s:%d:%d: %s: its text goes up as it stands, because the rule %s is switched off", d.File.Path, at.Line, at.Column, d.Message, d.Rule))
		}
	}
	return notes
}

// Bundles are the documents as the bundle language reads them.
func (r Result) Bundles() []*zis.Bundle {
	list := make([]*zis.Bundle, len(r.Documents))
	for i, d := range r.Documents {
		list[i] = zis.Read(d)
	}
	return list
}
