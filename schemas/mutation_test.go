package schemas_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	states  = "/resources/flow/properties/definition/States"
	flowDef = "/resources/flow/properties/definition"
	specs   = "/resources/spec/properties"
	byURL   = "/resources/by_url/properties/definition"
	byPath  = "/resources/by_path/properties/definition"
)

// mutations break the bundle of testdata/full.json in one way. Edits are
// applied at the place: "-key" takes a key away, "key=json" sets it. Wanted are
// the errors' places, from there on, their types and keys.
var mutations = []struct {
	at, edit string
	want     []string
}{
	// The bundle
	{"", "-zis_template_version", []string{" required zis_template_version"}},
	{"", `zis_template_version="2019-02-28"`, []string{"/zis_template_version enum"}},
	{"", "zis_template_version=20191014", []string{"/zis_template_version invalid_type"}},
	{"", "-name", []string{" required name"}},
	{"", "name=null", []string{"/name invalid_type"}},
	{"", "-description", nil},
	{"", "description=[]", []string{"/description invalid_type"}},
	{"", "-resources", []string{" required resources"}},
	{"", "resources=[]", []string{"/resources invalid_type"}},
	{"", "resources={}", nil},
	{"", "$schema=1", []string{"/$schema invalid_type"}},
	{"", `uuid="u"`, nil},
	{"", "zendesk_account_id=1", nil},

	// A resource
	{"/resources", "spec=null", []string{"/spec invalid_type"}},
	{"/resources/spec", "-type", []string{" required type"}},
	{"/resources/spec", "-properties", []string{" required properties"}},
	{"/resources/spec", "properties=[]", []string{"/properties invalid_type"}},
	{"/resources/spec", `type="ZIS::Job"`, []string{"/type enum"}},
	{"/resources/spec", `type="ZIS::Action"`, []string{"/type enum"}},
	{"/resources/spec", `type=1e999`, []string{"/type invalid_type"}},
	{"/resources/by_url", `type="ZIS::Action::HttpS"`, []string{"/type enum"}},
	{"/resources/flow", `type="zis::flow"`, []string{"/type enum"}},

	// A job spec
	{specs, "-name", []string{" required name"}},
	{specs, "-event_source", []string{" required event_source"}},
	{specs, "-event_type", []string{" required event_type"}},
	{specs, "-flow_name", []string{" required flow_name"}},
	{specs, "flow_name=3", []string{"/flow_name invalid_type"}},
	{specs, `event_type="ticket.Created"`, nil},
	{specs, `event_source="my_system"`, nil},

	// A custom action
	{"/resources/by_url/properties", "-name", []string{" required name"}},
	{"/resources/by_url/properties", `name="a name.that-is longer than the documented twenty characters"`, nil},
	{"/resources/by_url/properties", "-definition", []string{" required definition"}},
	{"/resources/by_url/properties", "definition=[]", []string{"/definition invalid_type"}},
	{byURL, "-method", []string{" required method"}},
	{byURL, `method="FETCH"`, []string{"/method enum"}},
	{byURL, `method="post"`, nil},
	{byURL, `method="{{METHOD}}"`, nil},
	{byURL, "method=1e999", []string{"/method invalid_type"}},
	{byURL, "-url", []string{" required url"}},
	{byURL, `path="/api"`, []string{"/path false"}},
	{byURL, `path.$="$.p"`, []string{"/path.$ false"}},
	{byPath, "-path", []string{" required url"}},
	{byPath, `url.$="$.u"`, []string{"/path false"}},
	{byPath, `path="https://example.com"`, nil},
	{byPath, "-connectionName", nil},
	{byURL, "connectionName=[]", []string{"/connectionName invalid_type"}},
	{byURL, `headers={"X-Plain":"plain"}`, []string{"/headers invalid_type"}},
	{byURL, `headers=["X-Plain"]`, []string{"/headers/0 invalid_type"}},
	{byURL + "/headers/0", "-key", []string{" required key"}},
	{byURL + "/headers/0", "-value", []string{" required value"}},
	{byURL + "/headers/1", "-value.$", []string{" required value"}},
	{byURL + "/headers/1", "value.$=1", []string{"/value.$ invalid_type"}},
	{byURL + "/queryParams/0", "-key", []string{" required key"}},
	{byURL, "requestBody=[]", []string{"/requestBody invalid_type"}},
	{byURL, "-requestBody", nil},
	{"/resources/by_url_from_data/properties/definition", "requestBody.$={}", []string{"/requestBody.$ invalid_type"}},

	// A flow
	{"/resources/flow/properties", "-name", []string{" required name"}},
	{"/resources/flow/properties", "-definition", []string{" required definition"}},
	{flowDef, "-StartAt", []string{" required StartAt"}},
	{flowDef, "StartAt=1", []string{"/StartAt invalid_type"}},
	{flowDef, "-States", []string{" required States"}},
	{flowDef, "States=[]", []string{"/States invalid_type"}},
	{flowDef, "States={}", []string{"/States array_min_properties"}},
	{states, `Call="Action"`, []string{"/Call invalid_type"}},

	// Any state
	{states + "/Call", "-Type", []string{" required Type"}},
	{states + "/Call", "Type=1e999", []string{"/Type invalid_type"}},
	{states + "/Call", `Type="Task"`, []string{"/Type enum"}},
	{states + "/Call", `Type="Parallel"`, []string{"/Type enum"}},
	{states + "/Call", `Type="action"`, []string{"/Type enum"}},
	{states + "/Call", `Type="Action "`, []string{"/Type enum"}},
	{states + "/Call", "Comment=1", []string{"/Comment invalid_type"}},
	{states + "/Call", `Retry=[]`, nil},

	// Next and End
	{states + "/Call", "-Next", []string{" required End"}},
	{states + "/Call", "Next=1", []string{"/Next invalid_type"}},
	{states + "/Call", "End=true", []string{"/End false"}},
	{states + "/Call", "End=false", []string{"/End false"}},
	{states + "/Last", "End=false", []string{"/End const"}},
	{states + "/Last", `End="true"`, []string{"/End invalid_type"}},
	{states + "/Each", "-Next", []string{" required End"}},
	{states + "/Each", "End=true", []string{"/End false"}},
	{states + "/Hold", "-Next", []string{" required End"}},
	{states + "/Hold", "End=true", []string{"/End false"}},
	{states + "/Note", "-Next", []string{" required End"}},
	{states + "/Note", "End=true", []string{"/End false"}},
	{states + "/Decide", `Next="Done"`, []string{"/Next false"}},
	{states + "/Decide", "End=true", []string{"/End false"}},
	{states + "/Done", `Next="Broken"`, []string{"/Next false"}},
	{states + "/Done", "End=true", []string{"/End false"}},
	{states + "/Broken", `Next="Done"`, []string{"/Next false"}},
	{states + "/Broken", "End=true", []string{"/End false"}},

	// Action
	{states + "/Call", "-ActionName", []string{" required ActionName"}},
	{states + "/Call", "ActionName={}", []string{"/ActionName invalid_type"}},
	{states + "/Call", `ActionName="zis:common:action:FetchLink"`, nil},
	{states + "/Call", "-Parameters", nil},
	{states + "/Call", `Parameters="$.input"`, []string{"/Parameters invalid_type"}},
	{states + "/Call", "-ResultPath", nil},
	{states + "/Call", "ResultPath=null", []string{"/ResultPath invalid_type"}},
	{states + "/Call", "TimeoutSeconds=0", []string{"/TimeoutSeconds number_gte"}},
	{states + "/Call", "TimeoutSeconds=1.5", []string{"/TimeoutSeconds invalid_type"}},
	{states + "/Call", `TimeoutSeconds="10"`, []string{"/TimeoutSeconds invalid_type"}},
	{states + "/Call", "-Catch", nil},
	{states + "/Call", "Catch={}", []string{"/Catch invalid_type"}},
	{states + "/Call", "Catch=[1]", []string{"/Catch/0 invalid_type"}},
	{states + "/Call/Catch/0", "-ErrorEquals", []string{" required ErrorEquals"}},
	{states + "/Call/Catch/0", `ErrorEquals="States.ALL"`, []string{"/ErrorEquals invalid_type"}},
	{states + "/Call/Catch/0", `ErrorEquals=["States.Timeout"]`, []string{"/ErrorEquals/0 enum"}},
	{states + "/Call/Catch/0", "-Next", []string{" required Next"}},
	{states + "/Call/Catch/0", "Next=2", []string{"/Next invalid_type"}},
	{states + "/Call/Catch/0", "-ResultPath", nil},
	{states + "/Call/Catch/0", "ResultPath=2", []string{"/ResultPath invalid_type"}},

	// Choice
	{states + "/Decide", "-Choices", []string{" required Choices"}},
	{states + "/Decide", "Choices={}", []string{"/Choices invalid_type"}},
	{states + "/Decide", "Choices=[]", []string{"/Choices array_min_items"}},
	{states + "/Decide", "Choices=[null]", []string{"/Choices/0 invalid_type"}},
	{states + "/Decide", "-Default", nil},
	{states + "/Decide", "Default=1", []string{"/Default invalid_type"}},
	{states + "/Decide/Choices/0", "-Next", []string{" required Next"}},
	{states + "/Decide/Choices/0", "Next=1", []string{"/Next invalid_type"}},
	{states + "/Decide/Choices/0", "-Variable", []string{" required Variable"}},
	{states + "/Decide/Choices/0", "Variable=1", []string{"/Variable invalid_type"}},
	{states + "/Decide/Choices/0", "-StringEquals", []string{" array_min_properties"}},
	{states + "/Decide/Choices/0", "StringEquals=1", nil},
	{states + "/Decide/Choices/0", "IsPresent=true", []string{" array_max_properties"}},
	{states + "/Decide/Choices/0", `stringEquals="a"`, []string{" additional_property_not_allowed stringEquals", " array_max_properties"}},
	{states + "/Decide/Choices/0", "And=[]", []string{
		" additional_property_not_allowed StringEquals", " additional_property_not_allowed Variable",
	}},
	{states + "/Decide/Choices", `0={"Next":"Done"}`, []string{"/0 required Variable"}},
	{states + "/Decide/Choices", `0={}`, []string{"/0 required Next", "/0 required Variable"}},
	{states + "/Decide/Choices", `0={"Variable":"$.a","StringMatches":"*","Next":"Done"}`, []string{
		"/0 additional_property_not_allowed StringMatches",
	}},
	{states + "/Decide/Choices", `0={"Variable":"$.a","StringMatches":"*","Comment":"","Next":"Done"}`, []string{
		"/0 additional_property_not_allowed StringMatches",
	}},
	{states + "/Decide/Choices", `0={"Variable":"$.a","IsNumeric":true,"Next":"Done"}`, []string{
		"/0 additional_property_not_allowed IsNumeric",
	}},
	{states + "/Decide/Choices", `0={"Variable":"$.a","And":[],"Next":"Done"}`, []string{
		"/0 additional_property_not_allowed And",
	}},
	{states + "/Decide/Choices/1", "-NumericGreaterThan", []string{" array_min_properties"}},
	{states + "/Decide/Choices/1", "IsNull=true", []string{" array_max_properties"}},
	{states + "/Decide/Choices/2", "-Next", []string{" required Next"}},
	{states + "/Decide/Choices/2", "And={}", []string{"/And invalid_type"}},
	{states + "/Decide/Choices/2", "And=[]", nil},
	{states + "/Decide/Choices/2", "Or=[]", []string{" additional_property_not_allowed Or"}},
	{states + "/Decide/Choices/2/And/0", "-Variable", []string{" required Variable"}},
	{states + "/Decide/Choices/2/And/0", "-IsPresent", []string{" array_min_properties"}},
	{states + "/Decide/Choices/2/And/0", "IsNull=true", []string{" array_max_properties"}},
	{states + "/Decide/Choices/2/And/0", `Next="Done"`, []string{"/Next false"}},
	{states + "/Decide/Choices/2/And/0", `IsString=true`, []string{
		" additional_property_not_allowed IsString", " array_max_properties",
	}},
	{states + "/Decide/Choices/2/And/1/Or/1/Not", `Next="Done"`, []string{"/Next false"}},
	{states + "/Decide/Choices/2/And/1/Or/1/Not", "-NumericEquals", []string{" array_min_properties"}},
	{states + "/Decide/Choices/3", "Or=1", []string{"/Or invalid_type"}},
	{states + "/Decide/Choices/3/Or/0", "-IsNull", []string{" array_min_properties"}},
	{states + "/Decide/Choices/4", "Not=[]", []string{"/Not invalid_type"}},
	{states + "/Decide/Choices/4", "Not={}", []string{"/Not required Variable"}},
	{states + "/Decide/Choices/4", `Not={"StringEquals":""}`, []string{"/Not required Variable"}},

	// Map
	{states + "/Each", "-ItemsPath", []string{" required ItemsPath"}},
	{states + "/Each", "ItemsPath=[]", []string{"/ItemsPath invalid_type"}},
	{states + "/Each", "-Iterator", []string{" required Iterator"}},
	{states + "/Each", "Iterator=null", []string{"/Iterator invalid_type"}},
	{states + "/Each/Iterator", "-StartAt", []string{" required StartAt"}},
	{states + "/Each/Iterator/States/One", `Type="Task"`, []string{"/Type enum"}},
	{states + "/Each", "-ResultPath", []string{" required ResultPath"}},
	{states + "/Each", "ResultPath=1", []string{"/ResultPath invalid_type"}},
	{states + "/Each/Catch/0", `ErrorEquals=[""]`, []string{"/ErrorEquals/0 enum"}},
	{states + "/Each", "MaxConcurrency=1", nil},

	// Pass, Wait, Succeed, Fail
	{states + "/Note", `Result="Hello World!"`, nil},
	{states + "/Note", "-Result", nil},
	{states + "/Note", "ResultPath={}", []string{"/ResultPath invalid_type"}},
	{states + "/Hold", "Seconds=0", []string{"/Seconds number_gt"}},
	{states + "/Hold", "Seconds=-1", []string{"/Seconds number_gt"}},
	{states + "/Hold", "Seconds=1000", nil},
	{states + "/Hold", `Seconds="3"`, []string{"/Seconds invalid_type"}},
	{states + "/Hold", "-Seconds", []string{" required Seconds"}},
	{states + "/Hold", `SecondsPath="$.s"`, []string{"/SecondsPath false"}},
	{states + "/HoldAgain", "SecondsPath=3", []string{"/SecondsPath invalid_type"}},
	{states + "/Done", "-Message", nil},
	{states + "/Done", "Message={}", []string{"/Message invalid_type"}},
	{states + "/Done", "Comment={}", []string{"/Comment invalid_type"}},
	{states + "/Broken", "-Error", []string{" required Error"}},
	{states + "/Broken", "Error=1", []string{"/Error invalid_type"}},
	{states + "/Broken", "-Cause", []string{" required Cause"}},
	{states + "/Broken", "Cause=1", []string{"/Cause invalid_type"}},
}

func TestMutations(t *testing.T) {
	for _, m := range mutations {
		t.Run(m.at+" "+m.edit, func(t *testing.T) {
			bundle := full(t)
			edit(t, find(t, bundle, m.at), m.edit)
			var want []string
			for _, w := range m.want {
				want = append(want, m.at+w)
			}
			if diff := cmp.Diff(want, check(t, bundle)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
