package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// RuleSecret finds credentials; what stands at its findings must not be shown.
const RuleSecret = "secret"

var secretRules = []Rule{
	{
		ID: RuleSecret, Severity: diag.Warning, Evidence: Observed,
		Source:  "public repositories hold bundles with their customers' Basic credentials in clear; DG/zis-custom-actions: connectionName keeps them apart",
		Summary: "a credential stands in the file",
		Text:    secrets,
		Number:  secrets,
	},
}

// secretHelp says what to do about a secret in the file.
func secretHelp() string {
	return "revoke it, then use a connection (connectionName), or write {{NAME}} and give " + diag.Option("secret-var", "NAME")
}

// secrets looks at one string or number. What a secret variable filled in is
// none: it isn't in the file. The messages never hold the secret.
func secrets(p *Pass, n *source.Node) {
	f, ok := credential.At(n)
	_, isText := n.Text()
	switch {
	case !ok || !f.Sure || n.Secret:
	case isText:
		p.Inside(n, f.Start, f.End, secretHelp(), "this looks like %s", f.What)
	default:
		p.At(n, secretHelp(), "this looks like %s", f.What)
	}
}

// variable tells whether a value is filled in later, by anybody.
func variable(s string) bool {
	return strings.HasPrefix(s, "$") || strings.Contains(s, "{{") || len(expr.PlaceholdersInName(s)) > 0
}

var invisibleRules = []Rule{
	{
		ID: "invisible-character", Severity: diag.Warning, Evidence: Inferred,
		Source:  "two texts that look alike and differ hide a change from whoever reviews it (Unicode TR36; Trojan Source, CVE-2021-42574)",
		Summary: "a text has characters that can't be seen, or that look like others",
		Bundle:  invisible,
	},
	{
		ID: "look-alike-host", Severity: diag.Warning, Evidence: Inferred,
		Source:  "a host with letters of several scripts is another than the one that it looks like (Unicode TR39)",
		Summary: "an action's host has letters that look like others",
		Action:  lookAlikeHost,
	},
}

// invisible looks at names and values. What a language needs is let pass:
// joiners between letters that aren't Latin, or inside a picture, the no-break
// spaces of French, and all of Comment and description.
func invisible(p *Pass, b *zis.Bundle) {
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		if at := suspicious(n.Name); at != "" && n.Parent != nil && !n.Parent.IsArray() {
			p.AtKey(n, "write the name without it", "the name has %s", at)
		}
		if s, ok := n.Text(); ok && !n.Secret && !isRemark(n) {
			if at := suspicious(s); at != "" {
				p.At(n, "remove it; if it is meant, write it as the escape \\uXXXX, so that it is seen", "the text has %s", at)
			}
		}
		for _, m := range n.Members {
			walk(m)
		}
	}
	walk(b.Doc.Root)
}

// suspicious names the first character of a text that hides or poses; "" if
// there is none.
func suspicious(s string) string {
	if !strings.ContainsFunc(s, beyondASCII) {
		return ""
	}
	for i, r := range s {
		if !beyondASCII(r) || expected(s, i) {
			continue
		}
		if shown := diag.Visible(string(r)); shown != string(r) {
			return shown + ", which can't be seen"
		}
	}
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if diag.Mixed(word) {
			return diag.Visible(word) + ", which has letters that look like others"
		}
	}
	return ""
}

// beyondASCII tells whether a character isn't one that everybody knows.
func beyondASCII(r rune) bool {
	return r >= 0x7f || r < ' ' && r != '\n' && r != '\t' && r != '\r'
}

// expected tells whether the character at i that can't be seen is one that
// writing needs where it stands.
func expected(s string, i int) bool {
	r, size := utf8.DecodeRuneInString(s[i:])
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+size:])
	around := func(is func(rune) bool) bool { return is(before) && is(after) }
	switch r {
	case '\u00a0', '\u202f', '\u3000', '\u00ad': // no-break spaces, the ideographic space, a hyphen where a word may part
		return true
	case '\u200c', '\u200d': // joiners
		return around(func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) ||
			around(func(r rune) bool { return unicode.In(r, unicode.So, unicode.Sk, unicode.Variation_Selector) })
	case '\ufe0f':
		return unicode.In(before, unicode.So, unicode.Sm) || '0' <= before && before <= '9' || before == '#' || before == '*'
	}
	return false
}

// lookAlikeHost looks at the host of a url.
func lookAlikeHost(p *Pass, a *zis.Action) {
	n := a.Definition.Get("url")
	s, _ := n.Text()
	_, rest, ok := strings.Cut(s, "://")
	if !ok || n.Secret {
		return
	}
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	if diag.Mixed(host) {
		p.At(n, "write the host in one script; of a domain that is meant, give the name that the DNS has (xn--…)", "the host %s has letters that look like others", diag.Visible(host))
	}
}
