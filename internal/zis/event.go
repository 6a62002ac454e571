package zis

import (
	"slices"
	"strings"
	"sync"
)

// Sources of the events that Zendesk makes. Any other source is the
// source_system of an inbound webhook, and its events are free (documented:
// API/trigger-events).
const (
	SourceSupport  = "support"
	SourceSunshine = "sunshine" // legacy custom objects and activities
)

// EventSources are the sources whose events are listed.
var EventSources = terms("API/trigger-events", Documented, SourceSupport+" "+SourceSunshine)

// Event is a kind of event that can start a flow.
type Event struct {
	Source, Type string // as in a job spec
	Shown        string // the name by which the documentation and the payload call it
	Webhook      string // the name of the same thing among the events of webhooks, after "zen:event-type:"; "" if it isn't known
	Payload      *Shape // of $.input
	Fact
}

// EventOf is the event of that source and type; nil if none is known.
func EventOf(source, eventType string) *Event {
	all := Events()
	i := slices.IndexFunc(all, func(e Event) bool { return e.Source == source && e.Type == eventType })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// UnlistedPayload is what an event brings that is in no list but is one of
// organizations, whose list is lost in every copy of the documentation: the
// wrapper and the object are the same in all of them. It is nil for any other.
func UnlistedPayload(source, eventType string) *Shape {
	kind, name, _ := strings.Cut(eventType, ".")
	if source != SourceSupport || kind != "organization" || name == "" || name[0] < 'A' || name[0] > 'Z' {
		return nil
	}
	for _, t := range eventTables {
		if t.source == source && t.kind == kind {
			return t.event(eventRow{name: name, brings: "? custom_field tags_added tags_removed " + changed}).Payload
		}
	}
	return nil
}

// EventsOf are the types of events of a source, sorted; nil of a free source.
func EventsOf(source string) (types []string) {
	for _, e := range Events() {
		if e.Source == source {
			types = append(types, e.Type)
		}
	}
	slices.Sort(types)
	return types
}

// Events are those of API/trigger-events and its pages, by source and kind.
var Events = sync.OnceValue(func() []Event {
	var list []Event
	for _, t := range eventTables {
		for _, row := range t.rows {
			list = append(list, t.event(row))
		}
	}
	return list
})

// eventTable is the events of one kind of object.
type eventTable struct {
	source, kind string // ticket, user, …
	wrapper      string // the member of $.input
	object       string // the member of the wrapper that holds the object
	shape        *Shape // of the object
	meta         *Shape
	rows         []eventRow
	Fact
}

// eventRow is one event: its name after the kind, the name shown, its name
// among the events of webhooks, and what stands beside meta, type and the
// object: names, "…" if there may be more.
type eventRow struct{ name, shown, webhook, brings string }

func (t eventTable) event(row eventRow) Event {
	members := map[string]*Shape{"meta": t.meta, "type": {Type: Text}}
	open := strings.Contains(row.brings, "…")
	for _, name := range besides {
		members[name] = &Shape{Type: Nothing}
	}
	members[t.object] = t.shape
	for name := range strings.FieldsSeq(strings.ReplaceAll(row.brings, "…", "")) {
		members[name] = nil // of unknown form
	}
	fact := t.Fact
	if strings.HasPrefix(row.brings, "?") {
		delete(members, "?")
		fact = Fact{"an application of a Zendesk engineer whose list otherwise equals the documented one", Observed}
	}
	return Event{
		Source: t.source, Type: t.kind + "." + row.name, Shown: row.shown, Webhook: row.webhook, Fact: fact,
		Payload: &Shape{Type: Object, Members: map[string]*Shape{t.wrapper: {Type: Object, Members: members, Open: open}}},
	}
}

// besides are the members that some events have beside meta and type: where an
// event isn't known to have one, it hasn't (documented: the samples of
// API/ticket-events, user-events and organization-events).
var besides = []string{
	"previous", "current", "comment", "attachment", "custom_field", "tags_added", "tags_removed", "custom_object", "custom_object_record", "user_activity",
}

const changed = "previous current …"

var eventTables = []eventTable{
	{
		source: SourceSupport, kind: "ticket", wrapper: "ticket_event", object: "ticket", shape: ticketShape, meta: metaShape,
		Fact: Fact{"API/trigger-events, ticket-events", Documented},
		rows: []eventRow{
			{"AgentAssignmentChanged", "Agent Assignment Changed", "ticket.agent_assignment_changed", changed},
			{"AttachmentLinkedToComment", "Attachment Linked to Comment", "ticket.attachment_linked_to_comment", "attachment comment …"},
			{"AttachmentRedactedFromComment", "Attachment Redacted from Comment", "ticket.attachment_redacted_from_comment", "attachment comment …"},
			{"BrandChanged", "Brand Changed", "ticket.brand_changed", changed},
			{"CcsChanged", "Email CCs Changed", "ticket.email_ccs_changed", changed},
			{"CommentAdded", "Comment Created", "ticket.comment_added", "comment …"},
			{"CommentMadePrivate", "Comment Made Private", "ticket.comment_made_private", "comment …"},
			{"CommentRedacted", "Comment Redacted", "ticket.comment_redacted", "comment …"},
			{"CustomFieldChanged", "Custom Field Changed", "ticket.custom_field_changed", "custom_field " + changed},
			{"DescriptionChanged", "Description Changed", "ticket.description_changed", changed},
			{"ExternalIdChanged", "External ID Changed", "ticket.external_id_changed", changed},
			{"FollowersChanged", "Followers Changed", "ticket.followers_changed", changed},
			{"GroupAssignmentChanged", "Group Assignment Changed", "ticket.group_assignment_changed", changed},
			{"MarkedAsSpam", "Ticket Marked as Spam", "ticket.marked_as_spam", ""},
			{"OrganizationChanged", "Organization Changed", "ticket.organization_changed", changed},
			{"PriorityChanged", "Priority Changed", "ticket.priority_changed", changed},
			{"ProblemLinkChanged", "Problem Link Changed", "ticket.problem_link_changed", changed},
			{"RequesterChanged", "Requester Changed", "ticket.requester_changed", changed},
			{"StatusChanged", "Status Changed", "ticket.status_changed", changed},
			{"SubjectChanged", "Subject Changed", "ticket.subject_changed", changed},
			{"SubmitterChanged", "Submitter Changed", "ticket.submitter_changed", changed},
			{"TagsChanged", "Tags Changed", "ticket.tags_changed", "tags_added tags_removed …"},
			{"TaskDueAtChanged", "Task Due At Changed", "ticket.task_due_at_changed", changed},
			{"TicketCreated", "Ticket Created", "ticket.created", ""},
			{"TicketFormChanged", "Form Changed", "ticket.form_changed", changed},
			{"TicketMerged", "Ticket Merged", "ticket.merged", "…"},
			{"TicketPermanentlyDeleted", "Ticket Permanently Deleted", "ticket.permanently_deleted", ""},
			{"TicketSoftDeleted", "Ticket Soft Deleted", "ticket.soft_deleted", ""},
			{"TicketTypeChanged", "Ticket Type Changed", "ticket.type_changed", changed},
			{"TicketUndeleted", "Ticket Undeleted", "ticket.undeleted", ""},
		},
	},
	{
		source: SourceSupport, kind: "user", wrapper: "user_event", object: "user", shape: userShape, meta: metaShape,
		Fact: Fact{"API/trigger-events, user-events", Documented},
		rows: []eventRow{
			{"CustomFieldChanged", "Custom Field Changed", "user.custom_field_changed", "custom_field " + changed},
			{"CustomRoleChanged", "Custom Role Changed", "user.custom_role_changed", changed},
			{"ExternalIdChanged", "External ID Changed", "user.external_id_changed", changed},
			{"LastLoginChanged", "Last Login Changed", "user.last_login_changed", changed},
			{"OnlyPrivateCommentsChanged", "Only Private Comments Changed", "user.only_private_comments_changed", changed},
			{"TagsChanged", "Tags Changed", "user.tags_changed", "tags_added tags_removed " + changed},
			{"TimeZoneChanged", "Time Zone Changed", "user.time_zone_changed", changed},
			{"UserAliasChanged", "Alias Changed", "user.alias_changed", changed},
			{"UserCreated", "User Created", "user.created", ""},
			{"UserDefaultGroupChanged", "Default Group Changed", "user.default_group_changed", changed},
			{"UserDetailsChanged", "Details Changed", "user.details_changed", changed},
			{"UserGroupAdded", "Group Membership Created", "user.group_membership_created", changed},
			{"UserGroupRemoved", "Group Membership Deleted", "user.group_membership_deleted", changed},
			{"UserIdentityChanged", "Identity Changed", "user.identity_changed", changed},
			{"UserIdentityCreated", "Identity Created", "user.identity_created", changed},
			{"UserIdentityRemoved", "Identity Deleted", "user.identity_deleted", changed},
			{"UserIsActiveChanged", "Active Changed", "user.active_changed", changed},
			{"UserMerged", "User Merged", "user.merged", changed},
			{"UserNameChanged", "Name Changed", "user.name_changed", changed},
			{"UserNotesChanged", "Notes Changed", "user.notes_changed", changed},
			{"UserOrganizationAdded", "Organization Membership Created", "user.organization_membership_created", changed},
			{"UserOrganizationRemoved", "Organization Membership Deleted", "user.organization_membership_deleted", changed},
			{"UserPhotoChanged", "Photo Changed", "user.photo_changed", changed},
			{"UserRoleChanged", "Role Changed", "user.role_changed", changed},
		},
	},
	{
		source: SourceSupport, kind: "organization", wrapper: "organization_event", object: "organization", shape: organizationShape, meta: metaShape,
		Fact: Fact{"API/trigger-events, organization-events", Documented},
		rows: []eventRow{
			{"CustomFieldChanged", "Custom Field Changed", "organization.custom_field_changed", "? custom_field " + changed},
			{"ExternalIdChanged", "External ID Changed", "organization.external_id_changed", "? " + changed},
			{"OrganizationCreated", "Organization Created", "organization.created", "?"},
			{"TagsChanged", "Tags Changed", "organization.tags_changed", "? tags_added tags_removed " + changed},
		},
	},
	{
		source: SourceSupport, kind: "customobject", wrapper: "custom_object_event", object: "custom_object_record", shape: recordShape, meta: recordMetaShape,
		Fact: Fact{"API/trigger-events, custom-object-events", Documented},
		rows: []eventRow{
			{"CustomObjectRecordChanged", "Custom Object Record Changed", "custom_object_record.changed", changed},
			{"CustomObjectRecordCreated", "Custom Object Record Created", "custom_object_record.created", ""},
			{"CustomObjectRecordDeleted", "Custom Object Record Deleted", "custom_object_record.deleted", "…"},
		},
	},
	{
		source: SourceSunshine, kind: "customobject", wrapper: "custom_object_event", object: "custom_object", shape: legacyObjectShape, meta: legacyMetaShape,
		Fact: Fact{"API/trigger-events, legacy-custom-object-events", Documented},
		rows: []eventRow{{"CustomObjectChanged", "Custom Object Changed", "", changed}},
	},
	{
		source: SourceSunshine, kind: "customobject", wrapper: "custom_object_event", object: "object_id", shape: &Shape{Type: Scalar}, meta: legacyMetaShape,
		Fact: Fact{"API/trigger-events, legacy-custom-object-events", Documented},
		rows: []eventRow{{"CustomObjectDeleted", "Custom Object Deleted", "", ""}},
	},
	{
		source: SourceSunshine, kind: "activity", wrapper: "activity_event", object: "user_activity", shape: activityShape, meta: legacyMetaShape,
		Fact: Fact{"API/trigger-events, activity-events", Documented},
		rows: []eventRow{{"UserActivityCreated", "User Activity Created", "", ""}},
	},
}
