package lint

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
)

var pathRules = []Rule{
	{
		ID: "path-syntax", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/understanding-flow-states: Variable, ItemsPath, ResultPath and the values of keys that end in .$ are reference paths, which begin with $",
		Summary: "a path can't be read",
		Reading: pathSyntax,
	},
	{
		ID: "path-undocumented", Severity: diag.Warning, Evidence: Inferred,
		Source:  "the documentation shows names with dots and [0], no wildcards, filters, slices or intrinsic functions (DG/flow-state-limitations)",
		Summary: "a path uses more of JSONPath than is documented",
		Reading: pathUndocumented,
	},
	{
		ID: "placeholder-syntax", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/zis-custom-actions: {{$.path}} in a text is replaced by the value",
		Summary: "a {{$.path}} can't be read, and would stay text",
		Reading: placeholderSyntax,
	},
	{
		ID: "literal-path", Severity: diag.Warning, Evidence: Documented,
		Source:  `DG/zis-custom-actions and DG/action-state: a key that ends in ".$" has its value looked up, any other is static`,
		Summary: "a path stands where it is taken for text",
		Reading: literalPath,
	},
	{
		ID: "static-path", Severity: diag.Warning, Evidence: Inferred,
		Source:  `DG/action-state: the value of a key that ends in ".$" is a path or a text with {{$.path}} in it`,
		Summary: "a key ends in .$, and its value has no path",
		Reading: staticPath,
	},
	{
		ID: "both-forms", Severity: diag.Warning, Evidence: Inferred,
		Source:  `DG/action-state: the suffix ".$" is dropped from the name; no page says which value a name has that stands there twice`,
		Summary: "a name stands in an object both plain and with .$",
		Reading: bothForms,
	},
}

// certain tells whether an error is one in any dialect of the language.
func certain(e expr.Error) bool { return e.Kind == expr.Syntax || e.Kind == expr.Unclosed }

func pathSyntax(p *Pass, r flow.Reading) {
	text, _ := r.Node.Text()
	if r.Kind != flow.PathField && (r.Kind != flow.Evaluated || strings.Contains(text, "{{")) {
		return
	}
	for _, e := range r.Errors {
		if certain(e) {
			p.Inside(r.Node, e.Start, e.End, e.Help, "%s", e.Message)
		}
	}
}

func placeholderSyntax(p *Pass, r flow.Reading) {
	text, _ := r.Node.Text()
	if r.Kind == flow.PathField || r.Kind == flow.Fixed || r.Kind == flow.ProgramText || !strings.Contains(text, "{{") {
		return
	}
	for _, e := range r.Errors {
		if certain(e) {
			p.Inside(r.Node, e.Start, e.End, e.Help, "%s", e.Message)
		}
	}
}

func pathUndocumented(p *Pass, r flow.Reading) {
	if r.Kind == flow.ProgramText || r.Kind == flow.Fixed {
		return
	}
	for _, e := range r.Errors {
		if e.Kind == expr.Undocumented {
			p.Inside(r.Node, e.Start, e.End, e.Help, "%s", e.Message)
		}
	}
	for _, read := range r.Paths {
		for _, s := range read.Path.Segments {
			switch {
			case s.Kind == expr.Index && r.Node.Name == "ResultPath":
				p.Inside(r.Node, read.Start, read.End, "store it under a name of its own: $.NAME", "no page shows a result that becomes an item of a list")
			case s.Kind == expr.Quoted:
				p.Inside(r.Node, read.Start, read.End, quotedHelp(s.Name), "no page shows a name in brackets and quotes in a path")
			case s.Kind == expr.Name && strings.Trim(s.Name, "0123456789") == "":
				p.Inside(r.Node, read.Start, read.End, "write ["+diag.Cut(s.Name, diag.Quoted)+"] for an item of a list", "the path has the member %q, as if a list were an object", s.Name)
			default:
				continue
			}
			return // the others of the text are alike
		}
	}
}

// quotedHelp says how to read a member without quotes in the path.
func quotedHelp(name string) string {
	if path, err := expr.ParsePath("$." + name); err == nil && len(path.Segments) == 1 {
		return "write ." + diag.Cut(name, diag.Quoted)
	}
	return "read the member with zis:common:transform:Jq"
}

// literalPath looks at Parameters, where nothing but keys with ".$" are
// evaluated, and at definitions, where {{$.path}} is evaluated everywhere.
func literalPath(p *Pass, r flow.Reading) {
	text, _ := r.Node.Text()
	named := r.Node.Name
	switch {
	case named == "" || strings.HasSuffix(named, ".$"):
	case (r.Kind == flow.Fixed || r.Kind == flow.Definition) && isPath(text), r.Kind == flow.Fixed && named == "data" && text == "$":
		p.At(r.Node, "name the key \""+named+".$\"", "%q is taken for text: the key doesn't end in .$", text)
	case (r.Kind == flow.Fixed || r.Kind == flow.ProgramText) && len(r.Paths) > 0:
		part := r.Paths[0]
		p.Inside(r.Node, part.Start, part.End, "name the key \""+named+".$\"", "%s is taken for text: the key doesn't end in .$", part.Text)
	}
}

// isPath tells whether a text was written as a path: "$.name", not "$.50".
func isPath(text string) bool {
	if !strings.HasPrefix(text, "$.") || len(text) < 3 || '0' <= text[2] && text[2] <= '9' {
		return false
	}
	path, err := expr.ParsePath(text)
	return err == nil && len(path.Segments) > 0
}

// bothForms looks at objects of a size that people write.
func bothForms(p *Pass, r flow.Reading) {
	const most = 500
	plain := strings.TrimSuffix(r.Node.Name, ".$")
	if r.Kind != flow.Evaluated || len(r.Node.Parent.Members) > most {
		return
	}
	if other := r.Node.Parent.Get(plain); other != nil {
		p.AtKey(r.Node, "remove one of them", "%q and %q give the same name two values", plain, r.Node.Name)
		p.Related(other, "the other")
	}
}

func staticPath(p *Pass, r flow.Reading) {
	if r.Kind != flow.Evaluated || len(r.Paths) > 0 || len(r.Errors) > 0 {
		return
	}
	text, ok := r.Node.Text()
	if flow.FilledIn(text) {
		return
	}
	help := "name the key \"" + strings.TrimSuffix(r.Node.Name, ".$") + "\", or write a path: $.name"
	if !ok {
		p.At(r.Node, help, "the key %q has its value looked up, and this is %s", r.Node.Name, typeOf(r.Node))
		return
	}
	p.At(r.Node, help, "the key %q has its value looked up, and %q is no path", r.Node.Name, text)
}
