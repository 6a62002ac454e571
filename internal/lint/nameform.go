package lint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

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
		if !r.Name.Given() || r.Kind() == "" || flow.FilledIn(name) {
			continue
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
		return 20
	}
	return 50
}
