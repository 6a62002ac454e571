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

// BuiltInNames are the ARNs of all built-in actions.
func BuiltInNames() []string {
	names := make([]string, len(BuiltIns))
	for i, b := range BuiltIns {
		names[i] = b.ARN
	}
	return names
}

// Short is the action's name without the rest of its ARN: LoadConfig.
func (b *BuiltIn) Short() string { return b.ARN[strings.LastIndexByte(b.ARN, ':')+1:] }
