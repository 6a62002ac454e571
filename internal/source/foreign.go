package source

import (
	"bytes"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// otherFiles are files that people give in the place of a bundle, by what they
// begin with.
var otherFiles = []struct {
	rule, what, help string
	begins           []string
}{
	{RuleEncoding, "a zip archive", "unpack it, and give the bundle's file", []string{"PK\x03\x04", "PK\x05\x06"}},
	{RuleEncoding, "compressed", "unpack it, such as with gunzip", []string{"\x1f\x8b", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd"}},
	{RuleEncoding, "empty but for null bytes", "it was never written to the end: get it anew", []string{"\x00\x00\x00"}},
	{RuleSyntax, "a page of HTML or XML", "save the bundle itself; a page to sign in comes where a request had no credentials", []string{"<!", "<?xml", "<html", "<HTML", "<head", "<body"}},
	{RuleSyntax, "left by a merge, with its conflict marks", "keep one side, and remove the lines of <<<<<<<, ======= and >>>>>>>", []string{"<<<<<<< "}},
	{RuleSyntax, "JavaScript, and a bundle is JSON", "keep only the object: { … }; or write it by a program, with JSON.stringify", []string{
		"module.exports", "exports.", "export ", "const ", "let ", "var ", "import ", "function ", "({", "\"use strict\"", "'use strict'",
	}},
	{RuleSyntax, "a command, and a bundle is JSON", "keep only the JSON that it sends", []string{"curl ", "$ ", "http ", "#!/"}},
	{RuleSyntax, "a patch, and not the file that it changes", "apply it, such as with git apply, and give the file", []string{"diff --git ", "--- a/"}},
	{RuleEncoding, "a pointer of Git LFS", "git lfs pull brings the file; in a workflow, actions/checkout does with lfs: true", []string{"version https://git-lfs"}},
	{RuleEncoding, "encrypted, or a key", "decrypt it, such as with age --decrypt", []string{"-----BEGIN ", "age-encryption.org/"}},
	{RuleSyntax, "Markdown, and a bundle is JSON", "keep only the lines between the ``` marks", []string{"```", "~~~"}},
	{RuleSyntax, "an HTTP answer with its headers", "keep only the body: { … }", []string{"HTTP/1.", "HTTP/2"}},
}

// other says what a file is that can't be a bundle; false of any that can.
func (p *parser) other() (diag.Diagnostic, bool) {
	text := bytes.TrimLeft(p.file.Src, " \t\r\n")
	if len(text) == 0 || text[0] == '{' {
		return diag.Diagnostic{}, false
	}
	for _, o := range otherFiles {
		for _, begin := range o.begins {
			if bytes.HasPrefix(text, []byte(begin)) {
				start := int32(len(p.file.Src) - len(text))
				return p.finding(failure{span: diag.Span{Start: start, End: start + 1}, rule: o.rule, message: "the file is " + o.what, help: o.help}), true
			}
		}
	}
	return diag.Diagnostic{}, false
}

// notAnObject says of JSON that is no object what it may be.
func notAnObject(src []byte) string {
	text := bytes.TrimSpace(src)
	switch {
	case bytes.Contains(text, []byte(`zis_template_version`)) && text[0] == '[':
		return "keep only what stands between [ and ]; several bundles are several files"
	case bytes.Contains(text, []byte(`zis_template_version`)) && text[0] == '"':
		return "the bundle stands in a string: write it as an object, such as jq fromjson does"
	}
	return "a file holds one bundle: { … }"
}
