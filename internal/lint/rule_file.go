package lint

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// fileRules are found while a file is read and rendered, by packages source and render.
var fileRules = []Rule{
	{ID: source.RuleSyntax, Severity: diag.Error, Evidence: Documented, Source: "registry/bundles: the body is JSON; RFC 8259", Summary: "the file is not a JSON object"},
	{ID: source.RuleEncoding, Severity: diag.Error, Evidence: Documented, Source: "RFC 8259 section 8.1: JSON is UTF-8 without byte order mark", Summary: "the file is not UTF-8"},
	{ID: source.RuleDuplicateKey, Severity: diag.Error, Evidence: Inferred, Source: "RFC 8259 section 4: names should be unique; which one the platform takes is not documented", Summary: "an object has a key twice"},
	{ID: source.RuleLimit, Severity: diag.Error, Evidence: Inferred, Source: "limits of this tool: 16 MiB, 100 levels, 400,000 values, 1 MiB of one text, 4096 bytes of names on the way to a value", Summary: "the file is larger or deeper than this tool reads"},
	{ID: source.RuleNumber, Severity: diag.Error, Evidence: Inferred, Source: "RFC 8259 section 6: numbers beyond float64 are not portable", Summary: "a number is too large"},
	{ID: render.RulePlaceholder, Severity: diag.Warning, Evidence: Observed, Source: "public repositories keep {{NAME}} in bundles and fill it in before the upload", Summary: "a placeholder has no value"},
	{ID: render.RuleUnusedValue, Severity: diag.Warning, Evidence: Inferred, Source: "a value that nothing asks for is a misspelt name", Summary: "a value has no placeholder"},
	{ID: render.RuleSecretInName, Severity: diag.Error, Evidence: Inferred, Source: "names and events are shown in plans, logs and lists", Summary: "a secret stands in a name"},
}

const ruleNotABundle = "not-a-bundle"

// wholeForm is a bundle as small as it can be.
const wholeForm = `{"zis_template_version": "2019-10-14", "name": "NAME", "resources": {"KEY": {"type": "ZIS::Flow", "properties": {"name": "KEY", "definition": {…}}}}}`

func notABundle(p *Pass, b *zis.Bundle) {
	if what, help := looksLike(b.Doc.Root); what != "" {
		p.At(b.Doc.Root, help, "this looks like %s, not like a bundle", what)
	}
}

// looksLike says what an object is that has no resources, and how it becomes a
// bundle; "" if that isn't known.
func looksLike(root *source.Node) (what, help string) {
	kind, _ := root.Get("type").Text()
	switch {
	case root.Get("resources") != nil:
		return "", ""
	case root.Get("StartAt") != nil || root.Get("States") != nil:
		return "the definition of a flow", "put it into a bundle: " + wholeForm
	case root.Get("definition").Get("StartAt") != nil:
		return "the properties of a flow", "put them into a resource of a bundle: " + wholeForm
	case strings.HasPrefix(kind, "ZIS::"):
		return "one resource", `put it below "resources" of a bundle: {"zis_template_version": "2019-10-14", "name": "NAME", "resources": {"KEY": {"type": "` + diag.Cut(kind, diag.Quoted) + `", "properties": {…}}}}`
	case isResourceMap(root):
		return `what stands below "resources"`, `put it there: {"zis_template_version": "2019-10-14", "name": "NAME", "resources": {…}}`
	case root.Get("bundles").IsArray():
		return "the registry's list of bundles, which has no resources", "ask for one bundle by its uuid: zis pull, or GET …/bundles/UUID"
	case root.Get("bundle").IsObject():
		return "a bundle inside another object", `keep only what stands at "bundle"`
	case root.Get("job_specs").IsArray():
		return "the registry's list of job specs", "a bundle has them below resources, each of the type ZIS::JobSpec"
	case root.Get("input").IsObject() || root.Get("ticket_event").IsObject():
		return "an event", "use it with zis run or zis test; a bundle is " + wholeForm
	case root.Get("event_source") != nil && root.Get("event_type") != nil:
		return "a job spec", "put it below resources of a bundle, with the type ZIS::JobSpec: " + wholeForm
	case root.Get("Type") != nil && (root.Get("Next") != nil || root.Get("End") != nil):
		return "one state of a flow", "put it into the States of a flow's definition: " + wholeForm
	}
	return looksForeign(root)
}

// looksForeign says the same of objects that no part of a bundle is like.
func looksForeign(root *source.Node) (what, help string) {
	switch {
	case root.Get("error") != nil || root.Get("errors").IsArray():
		return "an error that Zendesk answered", "read what it says; then ask again for the bundle"
	case root.Get("openapi") != nil || root.Get("swagger") != nil:
		return "a description of an API", "a bundle is " + wholeForm
	case root.Get("AWSTemplateFormatVersion") != nil || root.Get("Resources").Get("Type") != nil:
		return "a template of AWS", "a bundle is " + wholeForm
	case root.Get("dependencies") != nil || root.Get("devDependencies") != nil || root.Get("scripts") != nil:
		return "a package.json", "a bundle is " + wholeForm
	case root.Get("defaultLocale") != nil || root.Get("frameworkVersion") != nil:
		return "the manifest.json of a Zendesk app", "a bundle is " + wholeForm
	case root.Get("ticket").IsObject() || root.Get("detail").IsObject():
		return "an answer of the API or the body of a webhook", "use it in a test of the flow; a bundle is " + wholeForm
	case root.Get("url") != nil && root.Get("method") != nil || root.Get("path") != nil && root.Get("method") != nil:
		return "the definition of an action", `put it into a bundle: {"zis_template_version": "2019-10-14", "name": "NAME", "resources": {"KEY": {"type": "ZIS::Action::Http", "properties": {"name": "KEY", "definition": {…}}}}}`
	}
	return "", ""
}

// isResourceMap tells whether all members are resources.
func isResourceMap(root *source.Node) bool {
	for _, m := range root.Members {
		if kind, _ := m.Get("type").Text(); !strings.HasPrefix(kind, "ZIS::") {
			return false
		}
	}
	return len(root.Members) > 0
}
