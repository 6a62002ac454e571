package zis

import (
	"slices"
	"strings"
)

// RootNames are what a flow finds in its data when it starts. Nothing else is
// there.
var RootNames = terms("API/trigger-events/introduction", Documented, "account_id input integration_key subdomain")

// RootShape is the form of what a flow finds beside the event.
var RootShape = objectOf("account_id:number integration_key subdomain").with("input", nil)

// SampleNames are names that samples or Zendesk's demo read at the root of the
// data, though no page says where they come from.
var SampleNames = terms("Zendesk's demo of 2021", Observed, "connections zendeskHost")

// PassedNames are what an action's definition can read although no state
// passes it. What reads $.connections has a rule of its own.
var PassedNames = terms("Zendesk's demo of 2021", Observed, "subdomain zendeskHost connections")

// ErrorNames are what a Catch can be for: everything.
var ErrorNames = terms("DG/state-retry-error-handling", Documented, "States.ALL")

// ErrorFields are what a Catch puts at its ResultPath.
var ErrorFields = slices.Concat(
	terms("DG/state-retry-error-handling", Documented, "Cause"),
	terms("Amazon States Language", Inferred, "Error"),
)

// objectOf is the shape of an object with the members "name:type"; without a
// type a member is a text.
func objectOf(members string) *Shape {
	s := &Shape{Type: Object, Members: map[string]*Shape{}}
	for m := range strings.FieldsSeq(members) {
		name, of, _ := strings.Cut(m, ":")
		s.Members[name] = simple(of)
	}
	return s
}

func simple(of string) *Shape {
	switch of {
	case "":
		return &Shape{Type: Text}
	case "number":
		return &Shape{Type: Number}
	case "boolean":
		return &Shape{Type: Boolean}
	case "scalar":
		return &Shape{Type: Scalar}
	case "texts":
		return &Shape{Type: List, Items: &Shape{Type: Text}}
	}
	return nil // anything
}

func (s *Shape) with(name string, below *Shape) *Shape {
	s.Members[name] = below
	return s
}

// Shapes of the objects in events (documented: the samples of
// API/trigger-events' pages, and API/amazon-eventbridge, which has the same
// objects). All members are there, with null where they are empty.
var (
	metaShape       = objectOf("version:scalar occurred_at ref").with("sequence", objectOf("id:scalar position:number total:number"))
	recordMetaShape = objectOf("version:scalar occurred_at ref")
	legacyMetaShape = recordMetaShape

	ticketShape = objectOf("assignee_id:number brand_id:number created_at external_id form_id:number group_id:number id:number "+
		"organization_id:number priority requester_id:number status submitter_id:number tags:texts type updated_at").
		with("via", objectOf("channel:scalar"))
	userShape = objectOf("id:number external_id role email created_at updated_at organization_id:number default_group_id:number")

	organizationShape = objectOf("id:number external_id name created_at updated_at shared_tickets:boolean shared_comments:boolean group_id:number")

	recordShape = objectOf("account_id:scalar custom_object_key external_id id:scalar name custom_object_fields:any created_at " +
		"created_by_user_id:scalar updated_at updated_by_user_id:scalar")
	legacyObjectShape = objectOf("account_id:scalar object_type id:scalar external_id attributes:any created_at updated_at")
	activityShape     = objectOf("created_at description id:scalar namespace profile_id:scalar properties:any source type user_id:scalar")
)

// LinkShape is the result of CreateLink (documented: DG/zis-links).
var LinkShape = objectOf("").
	with("link", objectOf("account_id:scalar integration link_type uuid left_object:any right_object:any"))

// ErrorShape is what a Catch gets. It may have more members; those written in
// other letters aren't there.
var ErrorShape = &Shape{Type: Object, Open: true, Members: map[string]*Shape{
	"Cause": {Type: Text}, "Error": {Type: Text},
	"cause": {Type: Nothing}, "error": {Type: Nothing}, "CAUSE": {Type: Nothing}, "ERROR": {Type: Nothing},
}}
