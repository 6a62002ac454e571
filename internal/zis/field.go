package zis

import (
	"slices"
	"strings"
	"sync"
)

// Term is a word of the bundle language: a field, a type, a method, a name in
// the data.
type Term struct {
	Name     string
	Required bool // of a field: without it, or what stands in its place, the object is refused
	Fact
}

// Terms are the words that can stand in one place.
type Terms []Term

// Has tells whether a word is one of them.
func (t Terms) Has(name string) bool {
	return slices.ContainsFunc(t, func(w Term) bool { return w.Name == name })
}

// Requires tells whether a word is one that can't be missing.
func (t Terms) Requires(name string) bool {
	return slices.ContainsFunc(t, func(w Term) bool { return w.Name == name && w.Required })
}

// Names are the words, in the order of the table.
func (t Terms) Names() []string {
	names := make([]string, len(t))
	for i, w := range t {
		names[i] = w.Name
	}
	return names
}

// terms makes rows of one source: a word with "!" behind it is required.
func terms(source string, mark Mark, words string) (list Terms) {
	for w := range strings.FieldsSeq(words) {
		name, required := strings.CutSuffix(w, "!")
		list = append(list, Term{name, required, Fact{source, mark}})
	}
	return list
}

// Fields by the object they stand in. Of those ending in ".$" the value is
// looked up when the flow runs.
var (
	BundleFields = slices.Concat(
		terms("registry/bundles", Documented, "zis_template_version! name! description resources!"),
		terms("registry/bundles: of reads alone", Documented, "uuid integration zendesk_account_id"),
		terms("editors; never uploaded", Inferred, "$schema"),
	)
	ResourceFields = terms("registry/bundles", Documented, "type! properties!")
	NamedFields    = slices.Concat( // of a flow's and an action's properties
		terms("registry/bundles", Documented, "name! definition!"),
		terms("public bundles", Observed, "description"),
	)
	SpecFields = slices.Concat(
		terms("registry/bundles", Documented, "name! event_source! event_type! flow_name!"),
		terms("public bundles", Observed, "description"),
	)
	RequestFields = slices.Concat(
		terms("DG/zis-custom-actions", Documented, "method! url! url.$ path! path.$ headers queryParams requestBody connectionName"),
		terms("two public bundles", Observed, "requestBody.$"),
		terms("the oldest tutorial", Documented, "query"),
		terms("a project's notes: not taken, one action for each connection is needed", Observed, "connectionName.$"),
	)
	PairFields    = terms("DG/zis-custom-actions", Documented, "key! value! value.$") // of a header or query parameter
	MachineFields = slices.Concat(
		terms("DG/understanding-flow-states", Documented, "StartAt! States!"),
		terms("Amazon States Language", Inferred, "Comment"),
	)
	CatchFields = slices.Concat(
		terms("DG/state-retry-error-handling", Documented, "ErrorEquals! Next! ResultPath"),
		terms("Amazon States Language", Inferred, "Comment"),
	)
	// ConditionFields are the members of a condition that are no operator.
	ConditionFields = slices.Concat(
		terms("DG/choice-state", Documented, "Variable! Next!"),
		terms("Amazon States Language", Inferred, "Comment"),
	)
)

// StateType is a type of states and its fields.
type StateType struct {
	Term
	Fields Terms
}

// StateTypes are the seven types; there are no others (documented:
// DG/understanding-flow-states).
var StateTypes = []StateType{
	stateType(StateAction, "DG/action-state", "Next! End! ActionName! Parameters ResultPath Catch TimeoutSeconds"),
	stateType(StateChoice, "DG/choice-state", "Choices! Default"),
	stateType(StateMap, "DG/map-state", "Next! End! ItemsPath! Iterator! ResultPath! Catch"),
	stateType(StatePass, "DG/pass-state", "Next! End! Result ResultPath"),
	stateType(StateWait, "DG/wait-state", "Next! End! Seconds! SecondsPath"),
	stateType(StateSucceed, "DG/succeed-state", "Message"),
	stateType(StateFail, "DG/fail-state", "Error! Cause!"),
}

func stateType(name, page, fields string) StateType {
	const common = "DG/understanding-flow-states"
	return StateType{
		Term{name, false, Fact{common, Documented}},
		slices.Concat(terms(common, Documented, "Type! Comment"), terms(page, Documented, fields)),
	}
}

// StateTypeNames are the names of the seven types.
func StateTypeNames() []string {
	names := make([]string, len(StateTypes))
	for i, t := range StateTypes {
		names[i] = t.Name
	}
	return names
}

// StateFields are the fields of a state of that type; nil for an unknown type.
func StateFields(stateType string) Terms {
	i := slices.IndexFunc(StateTypes, func(t StateType) bool { return t.Name == stateType })
	if i < 0 {
		return nil
	}
	return StateTypes[i].Fields
}

// ResourceTypes are the three types of resources; no other is documented.
var ResourceTypes = terms("registry/bundles", Documented, TypeFlow+" "+TypeAction+" "+TypeJobSpec)

// Methods are those of an action.
var Methods = terms("DG/zis-custom-actions", Documented, "GET HEAD PUT POST DELETE OPTIONS PATCH TRACE")

// IsField tells whether any object has a field of that name.
func IsField(name string) bool { return allFields()[name] }

var allFields = sync.OnceValue(func() map[string]bool {
	lists := []Terms{BundleFields, ResourceFields, NamedFields, SpecFields, RequestFields, PairFields, MachineFields, CatchFields, ConditionFields, Logical}
	for _, t := range StateTypes {
		lists = append(lists, t.Fields)
	}
	fields := map[string]bool{}
	for _, t := range slices.Concat(lists...) {
		fields[t.Name] = true
	}
	for _, o := range Operators {
		fields[o.Name] = true
	}
	return fields
})

// otherWords are names that people give to a field: those of other tools and
// APIs, or half of its own. They are written in small letters, without _ and -.
var otherWords = map[string]string{
	"requestBody": "body data payload json content", "headers": "header", "queryParams": "params parameters querystring",
	"connectionName": "connection conn auth authentication credential credentials", "method": "verb httpmethod", "url": "uri endpoint address link",
	"key": "name header field", "value": "val",
	"event_source": "source sourcesystem", "event_type": "event type trigger", "flow_name": "flow flowarn target targetflow",
	"zis_template_version": "version templateversion schemaversion", "resources": "resource",
	"StartAt": "start startstate initial begin", "States": "state steps", "Iterator": "states",
	"ActionName": "action actionarn", "Parameters": "params input inputs args arguments", "ResultPath": "result resultto",
	"Next": "goto to then nextstate target", "Default": "else otherwise", "Choices": "choice rules conditions cases", "Variable": "var path field",
	"ErrorEquals": "error errors", "Catch": "onerror catches", "ItemsPath": "items path list", "Seconds": "second duration", "Cause": "message reason", "Error": "name code",
	"Message": "text", "TimeoutSeconds": "timeout",
}

// MeansField tells whether a name is another word for a field.
func MeansField(name, field string) bool {
	words := otherWords[field]
	if words == "" { // many names are asked for: what follows makes texts
		return false
	}
	name = strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, "_", ""), "-", ""))
	for word := range strings.FieldsSeq(words) {
		if word == name {
			return true
		}
	}
	return false
}
