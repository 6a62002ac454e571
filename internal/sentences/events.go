package sentences

import (
	"strings"
)

// clause says when an event happens: "a ticket is created". An event without
// words of its own is named.
func clause(source, event string) phrase {
	if words := eventWords[event]; words != "" && (source == "support" || source == "sunshine") {
		return phrase{{words, Value}}
	}
	if source == "support" || source == "sunshine" {
		return say("the event %s happens", value(event))
	}
	return say("%s sends the event %s", value(source), value(event))
}

// subjectOf is whose data an event brings: "Ticket data".
func subjectOf(event string) string {
	kind, _, _ := strings.Cut(event, ".")
	switch kind {
	case "ticket", "user", "organization":
		return strings.ToUpper(kind[:1]) + kind[1:] + " data"
	case "customobject":
		return "Data of custom objects"
	}
	return "Data"
}

// eventWords are the listed events (docs/platform.md) as clauses.
var eventWords = map[string]string{
	"activity.UserActivityCreated":           "a user's activity is recorded",
	"customobject.CustomObjectChanged":       "a custom object is created or changes",
	"customobject.CustomObjectDeleted":       "a custom object is deleted",
	"customobject.CustomObjectRecordChanged": "a custom object's record changes",
	"customobject.CustomObjectRecordCreated": "a custom object's record is created",
	"customobject.CustomObjectRecordDeleted": "a custom object's record is deleted",
	"organization.CustomFieldChanged":        "an organization's custom field changes",
	"organization.ExternalIdChanged":         "an organization's external id changes",
	"organization.OrganizationCreated":       "an organization is created",
	"organization.TagsChanged":               "an organization's tags change",
	"ticket.AgentAssignmentChanged":          "a ticket is assigned to another agent",
	"ticket.AttachmentLinkedToComment":       "a comment gets an attachment",
	"ticket.AttachmentRedactedFromComment":   "an attachment is redacted",
	"ticket.BrandChanged":                    "a ticket's brand changes",
	"ticket.CcsChanged":                      "a ticket's CCs change",
	"ticket.CommentAdded":                    "a comment is added",
	"ticket.CommentMadePrivate":              "a comment is made private",
	"ticket.CommentRedacted":                 "a comment is redacted",
	"ticket.CustomFieldChanged":              "a ticket's custom field changes",
	"ticket.DescriptionChanged":              "a ticket's description changes",
	"ticket.ExternalIdChanged":               "a ticket's external id changes",
	"ticket.FollowersChanged":                "a ticket's followers change",
	"ticket.GroupAssignmentChanged":          "a ticket is assigned to another group",
	"ticket.MarkedAsSpam":                    "a ticket is marked as spam",
	"ticket.OrganizationChanged":             "a ticket's organization changes",
	"ticket.PriorityChanged":                 "a ticket's priority changes",
	"ticket.ProblemLinkChanged":              "a ticket's problem changes",
	"ticket.RequesterChanged":                "a ticket's requester changes",
	"ticket.StatusChanged":                   "a ticket's status changes",
	"ticket.SubjectChanged":                  "a ticket's subject changes",
	"ticket.SubmitterChanged":                "a ticket's submitter changes",
	"ticket.TagsChanged":                     "a ticket's tags change",
	"ticket.TaskDueAtChanged":                "a task's due date changes",
	"ticket.TicketCreated":                   "a ticket is created",
	"ticket.TicketFormChanged":               "a ticket's form changes",
	"ticket.TicketMerged":                    "a ticket is merged",
	"ticket.TicketPermanentlyDeleted":        "a ticket is deleted for good",
	"ticket.TicketSoftDeleted":               "a ticket is deleted",
	"ticket.TicketTypeChanged":               "a ticket's type changes",
	"ticket.TicketUndeleted":                 "a ticket is restored",
	"user.CustomFieldChanged":                "a user's custom field changes",
	"user.CustomRoleChanged":                 "a user's custom role changes",
	"user.ExternalIdChanged":                 "a user's external id changes",
	"user.LastLoginChanged":                  "a user logs in",
	"user.OnlyPrivateCommentsChanged":        "a user may or may no longer write public comments",
	"user.TagsChanged":                       "a user's tags change",
	"user.TimeZoneChanged":                   "a user's time zone changes",
	"user.UserAliasChanged":                  "a user's alias changes",
	"user.UserCreated":                       "a user is created",
	"user.UserDefaultGroupChanged":           "a user's default group changes",
	"user.UserDetailsChanged":                "a user's details change",
	"user.UserGroupAdded":                    "a user joins a group",
	"user.UserGroupRemoved":                  "a user leaves a group",
	"user.UserIdentityChanged":               "a user's identity changes",
	"user.UserIdentityCreated":               "a user gets an identity",
	"user.UserIdentityRemoved":               "a user loses an identity",
	"user.UserIsActiveChanged":               "a user is activated or deactivated",
	"user.UserMerged":                        "a user is merged",
	"user.UserNameChanged":                   "a user's name changes",
	"user.UserNotesChanged":                  "a user's notes change",
	"user.UserOrganizationAdded":             "a user joins an organization",
	"user.UserOrganizationRemoved":           "a user leaves an organization",
	"user.UserPhotoChanged":                  "a user's photo changes",
	"user.UserRoleChanged":                   "a user's role changes",
}

// Event says in words when an event happens that a plan writes as source/type.
func Event(event string) string { return clauseOf(event).plain() }

// clauseOf is clause of an event as a plan writes it, source/type.
func clauseOf(event string) phrase {
	source, kind, _ := strings.Cut(event, "/")
	return clause(source, kind)
}
