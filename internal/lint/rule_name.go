package lint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var nameRules = []Rule{
	{
		ID: "duplicate-name", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/fixing-common-zis-errors: names of actions, flows and job specs must be unique within an integration",
		Summary: "two resources of the integration have the same name",
		Bundles: duplicateNames,
	},
	{
		ID: "duplicate-bundle-name", Severity: diag.Error, Evidence: Inferred,
		Source:  "a bundle is told apart by its name: uploading a second one of the same name replaces the first",
		Summary: "two files are bundles of the same name",
		Bundles: duplicateBundles,
	},
	{
		ID: "key-name", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/zis-custom-actions: an action's name must match its key; deployed bundles and the documentation's own example break it (observed)",
		Summary: "a resource's name differs from its key",
		Bundle:  keyNames,
	},
	{
		ID: "arn-integration", Severity: diag.Warning, Evidence: Observed,
		Source:  "projects' notes: ARNs left with another integration's name after copying a bundle",
		Summary: "an ARN names another integration than the rest of the bundle",
		Bundles: arnIntegrations,
	},
}

func duplicateNames(p *Pass, all []*zis.Bundle) {
	for _, b := range all {
		for _, r := range b.Resources {
			first := p.facts.Named(r.Kind(), r.Name.Value)
			if !r.Name.Given() || r.Kind() == "" || first == r {
				continue
			}
			p.At(r.Name.Node, "rename one of them: names are unique over all bundles of an integration",
				"the %s %q is there already", kind(r.Kind()), r.Name.Value)
			p.Related(first.Name.Node, "first here")
		}
	}
}

func kind(k string) string { return strings.ReplaceAll(k, "_", " ") }

func duplicateBundles(p *Pass, all []*zis.Bundle) {
	first := map[string]*zis.Bundle{}
	for _, b := range all {
		if before := first[b.Name.Value]; before != nil && b.Name.Given() {
			p.At(b.Name.Node, "rename one of them", "another file is the bundle %q as well", b.Name.Value)
			p.Related(before.Name.Node, "first here")
			continue
		}
		first[b.Name.Value] = b
	}
}

func keyNames(p *Pass, b *zis.Bundle) {
	for _, r := range b.Resources {
		if duplicate := p.facts.Named(r.Kind(), r.Name.Value) != r; r.Kind() != "" && r.Name.Given() && r.Name.Value != r.Key && !duplicate {
			p.At(r.Name.Node, fmt.Sprintf("name the key %q as well: everything refers to the name", diag.Cut(r.Name.Value, diag.Quoted)),
				"the %s %q has another key: %q", kind(r.Kind()), r.Name.Value, r.Key)
			if r.Kind() != zis.KindAction {
				p.Only(diag.Note) // the registry's own example breaks it for the others
			}
		}
	}
}

// arnIntegrations: a deploy writes the target's name into every ARN, so one
// name throughout is no mistake, whatever it is. Two are.
func arnIntegrations(p *Pass, all []*zis.Bundle) {
	var arns []*source.Node
	count := map[string]int{}
	open := "" // a placeholder, which nobody's advice names as the right one
	for _, b := range all {
		for s := range b.ARNs {
			arn, ok := zis.ParseARN(s.Value)
			switch {
			case !ok || strings.EqualFold(arn.Integration, zis.Common):
			case len(expr.PlaceholdersInName(arn.Integration)) > 0:
				open = arn.Integration
			default:
				arns = append(arns, s.Node)
				count[arn.Integration]++
			}
		}
		readBack(p, b)
	}
	if len(count) == 1 && open != "" && count[p.Options.Integration] == 0 {
		for _, n := range arns {
			s, _ := n.Text()
			arn, _ := zis.ParseARN(s)
			p.At(n, "write all of them alike; a deploy puts the target's name there in any case", "the ARN names the integration %q, the others leave it open: %s", arn.Integration, open)
		}
	}
	if len(count) < 2 {
		return
	}
	right := mostFrequent(count, p.Options.Integration)
	for _, n := range arns {
		s, _ := n.Text()
		if arn, _ := zis.ParseARN(s); arn.Integration != right {
			p.At(n, fmt.Sprintf("write zis:%s:%s:%s; a deploy puts the target's name there in any case", diag.Cut(right, diag.Quoted), arn.Kind, diag.Cut(arn.Name, diag.Quoted)),
				"the ARN names the integration %q, the others name %q", arn.Integration, right)
		}
	}
}

// readBack compares the integration that a bundle was read from with its ARNs.
func readBack(p *Pass, b *zis.Bundle) {
	from := b.Doc.Root.Get("integration")
	name, ok := from.Text()
	if !ok {
		return
	}
	for s := range b.ARNs {
		if arn, ok := zis.ParseARN(s.Value); ok && arn.Integration != zis.Common && arn.Integration != name && len(expr.PlaceholdersInName(arn.Integration)) == 0 {
			p.At(s.Node, fmt.Sprintf("write zis:%s:%s:%s; a deploy puts the target's name there in any case", diag.Cut(name, diag.Quoted), arn.Kind, diag.Cut(arn.Name, diag.Quoted)),
				"the bundle was read from the integration %q, and the ARN names %q", name, arn.Integration)
			p.Only(diag.Note)
			p.Related(from, "the integration")
			return // the others are alike
		}
	}
}

// mostFrequent is the target if it occurs, else the name most often used; of
// two equally often used ones the first in the alphabet.
func mostFrequent(count map[string]int, target string) string {
	if count[target] > 0 {
		return target
	}
	best := ""
	for n, c := range count {
		if c > count[best] || c == count[best] && n < best {
			best = n
		}
	}
	return best
}

var nameFormRules = []Rule{
	{
		ID: "name-alphabet", Severity: diag.Warning, Evidence: Inferred,
		Source:  "ARNs are parts with colons between them; every name in the documentation and in public bundles is made of letters, digits, _, - and .",
		Summary: "a resource's name holds characters that no known name has",
		Bundle:  nameAlphabets,
	},
	{
		ID: "name-length", Severity: diag.Note, Evidence: Documented,
		Source:  "DG/zis-custom-actions: up to 20 characters for an action; the platform takes longer ones (observed). 50 for flows, job specs and bundles is what a public validator holds (observed)",
		Summary: "a name is longer than documented",
		Bundle:  nameLengths,
	},
}

const nameAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

func nameAlphabets(p *Pass, b *zis.Bundle) {
	for _, r := range b.Resources {
		name := r.Name.Value
		if !r.Name.Given() || r.Kind() == "" || flow.FilledIn(name) || len(expr.PlaceholdersInName(name)) > 0 {
			continue // rendering tells of placeholders
		}
		if name == "" {
			p.At(r.Name.Node, "give it a name: everything refers to it by that", "the %s has an empty name", kind(r.Kind()))
		} else if strange := strings.Trim(name, nameAlphabet); strange != "" {
			first, _ := utf8.DecodeRuneInString(strange)
			p.At(r.Name.Node, "use letters, digits, _, - and .", "the name of the %s %q holds %+q, which no ARN is known to have", kind(r.Kind()), name, first)
		}
	}
}

// nameLengths tells once of each kind: the platform is known to take such
// names.
func nameLengths(p *Pass, b *zis.Bundle) {
	long := map[string][]zis.String{}
	note := func(kind string, name zis.String) {
		if utf8.RuneCountInString(name.Value) > longestName(kind) && !flow.FilledIn(name.Value) {
			long[kind] = append(long[kind], name)
		}
	}
	note("bundle", b.Name)
	for _, r := range b.Resources {
		if r.Kind() != "" {
			note(r.Kind(), r.Name)
		}
	}
	for _, k := range []string{"bundle", zis.KindAction, zis.KindFlow, zis.KindJobSpec} {
		if len(long[k]) == 0 {
			continue
		}
		names := "the name of the " + kind(k) + " is"
		if n := len(long[k]); n > 1 {
			names = fmt.Sprintf("the names of %d %ss are", n, kind(k))
		}
		p.At(long[k][0].Node, "shorten it to be safe; the platform has taken such names", "%s longer than %d characters", names, longestName(k))
	}
}

func longestName(kind string) int {
	if kind == zis.KindAction {
		return zis.ActionName.Most
	}
	return zis.OtherName.Most
}
