package zis

import "strings"

// Effect is a request to the account's own API and the events that it causes in
// any case. In Path, ID stands for one segment that names an object.
type Effect struct {
	Method, Path string // the path behind /api/v2/, without .json
	Events       []string
	Body         string // the member of the body whose members cause events of their own; "" for none
	Many         string // the member that holds a list of such objects; "" for none
	Fields       map[string]string
}

// Fields of objects and the events that tell of their change.
var (
	ticketFields = map[string]string{
		"comment": "ticket.CommentAdded", "custom_fields": "ticket.CustomFieldChanged", "fields": "ticket.CustomFieldChanged",
		"tags": "ticket.TagsChanged", "additional_tags": "ticket.TagsChanged", "remove_tags": "ticket.TagsChanged",
		"subject": "ticket.SubjectChanged", "status": "ticket.StatusChanged", "custom_status_id": "ticket.StatusChanged", "priority": "ticket.PriorityChanged",
		"external_id": "ticket.ExternalIdChanged", "assignee_id": "ticket.AgentAssignmentChanged", "assignee_email": "ticket.AgentAssignmentChanged",
		"group_id": "ticket.GroupAssignmentChanged", "type": "ticket.TicketTypeChanged", "brand_id": "ticket.BrandChanged", "due_at": "ticket.TaskDueAtChanged",
		"organization_id": "ticket.OrganizationChanged", "requester_id": "ticket.RequesterChanged", "requester": "ticket.RequesterChanged", "submitter_id": "ticket.SubmitterChanged",
		"problem_id": "ticket.ProblemLinkChanged", "ticket_form_id": "ticket.TicketFormChanged", "email_ccs": "ticket.CcsChanged", "followers": "ticket.FollowersChanged",
	}
	userFields = map[string]string{
		"user_fields": "user.CustomFieldChanged", "tags": "user.TagsChanged", "name": "user.UserNameChanged", "notes": "user.UserNotesChanged",
		"details": "user.UserDetailsChanged", "alias": "user.UserAliasChanged", "external_id": "user.ExternalIdChanged", "role": "user.UserRoleChanged",
		"custom_role_id": "user.CustomRoleChanged", "time_zone": "user.TimeZoneChanged", "default_group_id": "user.UserDefaultGroupChanged",
		"only_private_comments": "user.OnlyPrivateCommentsChanged", "email": "user.UserIdentityChanged", "phone": "user.UserIdentityChanged",
	}
	organizationFields = map[string]string{
		"organization_fields": "organization.CustomFieldChanged", "tags": "organization.TagsChanged", "external_id": "organization.ExternalIdChanged",
	}
)

// Effects are the requests whose events are known (inferred: API/trigger-events
// has an event for each change, and a change through the API is one like any
// other).
var Effects = []Effect{
	{Method: "POST", Path: "tickets", Events: []string{"ticket.TicketCreated"}},
	{Method: "POST", Path: "tickets/create_many", Events: []string{"ticket.TicketCreated"}},
	{Method: "POST", Path: "imports/tickets", Events: []string{"ticket.TicketCreated"}},
	{Method: "PUT", Path: "tickets/ID", Body: "ticket", Fields: ticketFields},
	{Method: "PUT", Path: "tickets/update_many", Body: "ticket", Many: "tickets", Fields: ticketFields},
	{Method: "POST", Path: "requests", Events: []string{"ticket.TicketCreated"}},
	{Method: "PUT", Path: "requests/ID", Body: "request", Fields: ticketFields},
	{Method: "DELETE", Path: "tickets/ID", Events: []string{"ticket.TicketSoftDeleted"}},
	{Method: "POST", Path: "tickets/ID/tags", Events: []string{"ticket.TagsChanged"}},
	{Method: "PUT", Path: "tickets/ID/tags", Events: []string{"ticket.TagsChanged"}},
	{Method: "DELETE", Path: "tickets/ID/tags", Events: []string{"ticket.TagsChanged"}},
	{Method: "POST", Path: "tickets/ID/merge", Events: []string{"ticket.TicketMerged"}},
	{Method: "PUT", Path: "tickets/ID/mark_as_spam", Events: []string{"ticket.MarkedAsSpam"}},
	{Method: "PUT", Path: "tickets/ID/comments/ID/make_private", Events: []string{"ticket.CommentMadePrivate"}},
	{Method: "PUT", Path: "tickets/ID/comments/ID/redact", Events: []string{"ticket.CommentRedacted"}},
	{Method: "PUT", Path: "comment_redactions/ID", Events: []string{"ticket.CommentRedacted"}},
	{Method: "PUT", Path: "tickets/ID/comments/ID/attachments/ID/redact", Events: []string{"ticket.AttachmentRedactedFromComment"}},
	{Method: "DELETE", Path: "deleted_tickets/ID", Events: []string{"ticket.TicketPermanentlyDeleted"}},
	{Method: "PUT", Path: "deleted_tickets/ID/restore", Events: []string{"ticket.TicketUndeleted"}},

	{Method: "POST", Path: "users", Events: []string{"user.UserCreated"}},
	{Method: "PUT", Path: "users/ID", Body: "user", Fields: userFields},
	{Method: "PUT", Path: "users/update_many", Body: "user", Many: "users", Fields: userFields},
	{Method: "POST", Path: "users/ID/tags", Events: []string{"user.TagsChanged"}},
	{Method: "PUT", Path: "users/ID/tags", Events: []string{"user.TagsChanged"}},
	{Method: "DELETE", Path: "users/ID/tags", Events: []string{"user.TagsChanged"}},
	{Method: "POST", Path: "users/ID/identities", Events: []string{"user.UserIdentityCreated"}},
	{Method: "PUT", Path: "users/ID/identities/ID", Events: []string{"user.UserIdentityChanged"}},
	{Method: "DELETE", Path: "users/ID/identities/ID", Events: []string{"user.UserIdentityRemoved"}},
	{Method: "PUT", Path: "users/ID/merge", Events: []string{"user.UserMerged"}},
	{Method: "POST", Path: "group_memberships", Events: []string{"user.UserGroupAdded"}},
	{Method: "DELETE", Path: "group_memberships/ID", Events: []string{"user.UserGroupRemoved"}},
	{Method: "POST", Path: "organization_memberships", Events: []string{"user.UserOrganizationAdded"}},
	{Method: "DELETE", Path: "organization_memberships/ID", Events: []string{"user.UserOrganizationRemoved"}},

	{Method: "POST", Path: "organizations", Events: []string{"organization.OrganizationCreated"}},
	{Method: "PUT", Path: "organizations/ID", Body: "organization", Fields: organizationFields},
	{Method: "PUT", Path: "organizations/update_many", Body: "organization", Many: "organizations", Fields: organizationFields},
	{Method: "POST", Path: "organizations/ID/tags", Events: []string{"organization.TagsChanged"}},
	{Method: "PUT", Path: "organizations/ID/tags", Events: []string{"organization.TagsChanged"}},
	{Method: "DELETE", Path: "organizations/ID/tags", Events: []string{"organization.TagsChanged"}},

	{Method: "POST", Path: "custom_objects/ID/records", Events: []string{"customobject.CustomObjectRecordCreated"}},
	{Method: "PATCH", Path: "custom_objects/ID/records", Events: []string{"customobject.CustomObjectRecordChanged"}},
	{Method: "PATCH", Path: "custom_objects/ID/records/ID", Events: []string{"customobject.CustomObjectRecordChanged"}},
	{Method: "DELETE", Path: "custom_objects/ID/records/ID", Events: []string{"customobject.CustomObjectRecordDeleted"}},
}

// EffectOf is that of a request to a path behind /api/v2/; nil if it isn't
// known. A query and .json don't matter.
func EffectOf(method, path string) *Effect {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(strings.TrimSuffix(path, ".json"), "/"), "/")
	for i, e := range Effects {
		if strings.EqualFold(e.Method, method) && samePath(strings.Split(e.Path, "/"), parts) {
			return &Effects[i]
		}
	}
	return nil
}

func samePath(pattern, parts []string) bool {
	if len(pattern) != len(parts) {
		return false
	}
	for i, p := range pattern {
		one := strings.TrimSuffix(parts[i], ".json")
		if p != one && (p != "ID" || one == "" || isWord(one) && !afterKey(pattern, i)) {
			return false
		}
	}
	return true
}

// isWord tells whether a segment is the name of an endpoint, such as
// update_many, and names no object.
func isWord(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// afterKey tells whether a segment is the key of a custom object, which is a
// word too.
func afterKey(pattern []string, i int) bool { return i == 1 && pattern[0] == "custom_objects" }
