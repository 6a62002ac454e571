package zis

import (
	"slices"
	"strings"
)

// Names of built-in actions that more than their table row is known of.
const (
	LoadConfig  = "zis:common:action:LoadConfig"
	PatchConfig = "zis:common:action:PatchConfig"
	LoadLinks   = "zis:common:action:LoadLinks"
	CreateLink  = "zis:common:action:CreateLink"
	PatchLink   = "zis:common:action:PatchLink"
	DeleteLink  = "zis:common:action:DeleteLink"
	Jq          = "zis:common:transform:Jq"
)

// BuiltIn is an action of zis:common.
type BuiltIn struct {
	ARN        string
	Parameters []Parameter
	Silent     bool   // it gives nothing, also with a ResultPath
	Result     *Shape // nil where nothing is known
	Fact              // of the parameters
}

// Parameter is one that a built-in action takes.
type Parameter struct {
	Name     string
	Required bool
	Type     DataType // zero for any
}

// BuiltIns are all built-in actions; there are no others (documented:
// DG/zis-built-in-actions and DG/using-zis-links).
var BuiltIns = []BuiltIn{
	{
		ARN: LoadConfig, Fact: Fact{"DG/zis-built-in-actions; that the result is the config itself: DG/pass-state, succeed, fail and choice samples", Documented},
		Parameters: []Parameter{{"scope", true, Text}},
	},
	{
		ARN: PatchConfig, Silent: true, Fact: Fact{"DG/zis-built-in-actions: no response from this action", Documented},
		Parameters: []Parameter{{"scope", true, Text}, {"config", true, Object}},
	},
	{
		ARN: LoadLinks, Fact: Fact{"DG/zis-built-in-actions", Documented},
		Parameters: []Parameter{
			{"link_type", true, Text},
			{"left_object_name", false, Text},
			{"right_object_name", false, Text},
			{"page_size", false, Number},
			{"page_after_cursor", false, Text},
			{"page_before_cursor", false, Text},
		},
	},
	{
		ARN: CreateLink, Result: LinkShape, Fact: Fact{"DG/zis-links", Documented},
		Parameters: []Parameter{{"link_type", true, Text}, {"left_object", true, Object}, {"right_object", true, Object}},
	},
	{
		ARN: PatchLink, Fact: Fact{"a public validator", Observed},
		Parameters: []Parameter{
			{"link_type", true, Text},
			{"left_object_name", true, Text},
			{"right_object_name", false, Text},
			{"left_object", false, Object},
			{"right_object", false, Object},
		},
	},
	{
		ARN: DeleteLink, Silent: true, Fact: Fact{"a public validator", Observed},
		Parameters: []Parameter{{"link_type", true, Text}, {"left_object_name", true, Text}, {"right_object_name", true, Text}},
	},
	{
		ARN: Jq, Fact: Fact{"DG/zis-built-in-actions", Documented},
		Parameters: []Parameter{{"expr", true, Text}, {"data", true, 0}},
	},
}

// BuiltInOf is the built-in action of that ARN; nil if there is none.
func BuiltInOf(arn string) *BuiltIn {
	if !strings.HasPrefix(arn, "zis:common:") {
		return nil
	}
	i := slices.IndexFunc(BuiltIns, func(b BuiltIn) bool { return b.ARN == arn })
	if i < 0 {
		return nil
	}
	return &BuiltIns[i]
}

// BuiltInNamed is the built-in action that a word means: its short name in any
// letters, or another word for what it does; nil if there is none.
func BuiltInNamed(word string) *BuiltIn {
	verb, object := splitName(word)
	for i, b := range BuiltIns {
		if of, on := splitName(b.Short()); strings.EqualFold(word, b.Short()) || object != "" && object == on && (verb == of || slices.Contains(otherVerbs[of], verb)) {
			return &BuiltIns[i]
		}
	}
	if slices.Contains(otherVerbs["jq"], strings.ToLower(word)) {
		return BuiltInOf(Jq)
	}
	return nil
}

// otherVerbs are words that people use for what built-in actions do.
var otherVerbs = map[string][]string{
	"load": {"get", "fetch", "read", "find", "search", "list", "show"}, "patch": {"update", "save", "set", "store", "put", "write", "change"},
	"create": {"add", "make", "new", "insert", "post"}, "delete": {"remove", "destroy", "unlink"},
	"jq": {"transform", "jsonpath", "jsonata", "template", "map", "json", "jqtransform", "script"},
}

// splitName takes LoadLinks apart: load, link.
func splitName(name string) (verb, object string) {
	name = strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(name))
	for _, object := range []string{"configs", "config", "links", "link"} {
		if verb, ok := strings.CutSuffix(name, object); ok && verb != "" {
			return verb, strings.TrimSuffix(object, "s")
		}
	}
	return name, ""
}

// BuiltInNames are the ARNs of all built-in actions.
func BuiltInNames() []string {
	names := make([]string, len(BuiltIns))
	for i, b := range BuiltIns {
		names[i] = b.ARN
	}
	return names
}

// Takes is the type of a parameter; zero for any, and of one that isn't known.
func (b *BuiltIn) Takes(parameter string) DataType {
	if b == nil {
		return 0
	}
	i := slices.IndexFunc(b.Parameters, func(p Parameter) bool { return p.Name == parameter })
	if i < 0 {
		return 0
	}
	return b.Parameters[i].Type
}

// Short is the action's name without the rest of its ARN: LoadConfig.
func (b *BuiltIn) Short() string { return b.ARN[strings.LastIndexByte(b.ARN, ':')+1:] }
