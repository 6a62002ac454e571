package zis

import (
	"slices"
	"sync"
)

// Fields by the object they stand in (documented: registry/bundles,
// DG/zis-custom-actions and DG/understanding-flow-states with its pages). Of
// those ending in ".$" the value is looked up when the flow runs.
var (
	BundleFields   = []string{"zis_template_version", "name", "description", "resources", "uuid", "integration", "zendesk_account_id", "$schema"}
	ResourceFields = []string{"type", "properties"}
	NamedFields    = []string{"name", "definition", "description"} // of a flow's and an action's properties
	SpecFields     = []string{"name", "event_source", "event_type", "flow_name", "description"}
	RequestFields  = []string{
		"method", "url", "url.$", "path", "path.$", "headers", "queryParams", "query", "requestBody", "requestBody.$", "connectionName", "connectionName.$",
	}
	PairFields    = []string{"key", "value", "value.$"} // of a header or query parameter
	MachineFields = []string{"StartAt", "States", "Comment"}
	CatchFields   = []string{"ErrorEquals", "Next", "ResultPath", "Comment"}
)

// StateTypes are the seven types of states; there are no others (documented:
// DG/understanding-flow-states).
var StateTypes = []string{StateAction, StateChoice, StateMap, StatePass, StateWait, StateSucceed, StateFail}

// ResourceTypes are the three types of resources; no other is documented
// (registry/bundles).
var ResourceTypes = []string{TypeFlow, TypeAction, TypeJobSpec}

// Methods are those of an action (documented: DG/zis-custom-actions).
var Methods = []string{"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"}

// StateFields are the fields of a state of that type; nil for an unknown type.
func StateFields(stateType string) []string {
	switch stateType {
	case StateAction:
		return []string{"Type", "Comment", "Next", "End", "ActionName", "Parameters", "ResultPath", "Catch", "TimeoutSeconds"}
	case StateChoice:
		return []string{"Type", "Comment", "Choices", "Default"}
	case StateMap:
		return []string{"Type", "Comment", "Next", "End", "ItemsPath", "Iterator", "ResultPath", "Catch"}
	case StatePass:
		return []string{"Type", "Comment", "Next", "End", "Result", "ResultPath"}
	case StateWait:
		return []string{"Type", "Comment", "Next", "End", "Seconds", "SecondsPath"}
	case StateSucceed:
		return []string{"Type", "Comment", "Message"}
	case StateFail:
		return []string{"Type", "Comment", "Error", "Cause"}
	}
	return nil
}

// Required are the fields without which an object is refused.
var Required = []string{
	"zis_template_version", "name", "resources", "type", "properties", "definition", "event_source", "event_type", "flow_name",
	"method", "key", "value", "StartAt", "States", "Type", "ActionName", "Choices", "ItemsPath", "Iterator", "Error", "Cause",
	"ErrorEquals", "Next", "End", "Variable", "Seconds", "url", "path",
}

// IsField tells whether any object has a field of that name.
func IsField(name string) bool { return allFields()[name] }

var allFields = sync.OnceValue(func() map[string]bool {
	lists := [][]string{
		BundleFields, ResourceFields, NamedFields, SpecFields, RequestFields, PairFields, MachineFields, CatchFields,
		ConditionFields, Logical, OperatorNames(),
	}
	for _, t := range StateTypes {
		lists = append(lists, StateFields(t))
	}
	fields := map[string]bool{}
	for _, name := range slices.Concat(lists...) {
		fields[name] = true
	}
	return fields
})
