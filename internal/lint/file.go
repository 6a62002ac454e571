package lint

import (
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// fileRules are found while a file is read and rendered, by packages source and render.
var fileRules = []Rule{
	{ID: source.RuleSyntax, Severity: diag.Error, Evidence: Documented, Source: "registry/bundles: the body is JSON; RFC 8259", Summary: "the file is not a JSON object"},
	{ID: source.RuleEncoding, Severity: diag.Error, Evidence: Documented, Source: "RFC 8259 section 8.1: JSON is UTF-8 without byte order mark", Summary: "the file is not UTF-8"},
	{ID: source.RuleDuplicateKey, Severity: diag.Error, Evidence: Inferred, Source: "RFC 8259 section 4: names should be unique; which one the platform takes is not documented", Summary: "an object has a key twice"},
	{ID: source.RuleLimit, Severity: diag.Error, Evidence: Inferred, Source: "limits of this tool: 16 MiB, 100 levels, 400,000 values, 4096 bytes of names on the way to one", Summary: "the file is larger or deeper than this tool reads"},
	{ID: source.RuleNumber, Severity: diag.Error, Evidence: Inferred, Source: "RFC 8259 section 6: numbers beyond float64 are not portable", Summary: "a number is too large"},
	{ID: render.RulePlaceholder, Severity: diag.Warning, Evidence: Observed, Source: "public repositories keep {{NAME}} in bundles and fill it in before the upload", Summary: "a placeholder has no value"},
	{ID: render.RuleUnusedValue, Severity: diag.Warning, Evidence: Inferred, Source: "a value that nothing asks for is a misspelt name", Summary: "a value has no placeholder"},
	{ID: render.RuleSecretInName, Severity: diag.Error, Evidence: Inferred, Source: "names and events are shown in plans, logs and lists", Summary: "a secret stands in a name"},
}
