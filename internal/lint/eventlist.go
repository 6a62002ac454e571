package lint

// eventsOf are the documented events of a source (API/trigger-events), and
// those an application of one of Zendesk's engineers lists beside them
// (observed: activity, and the spelling of organization). Nil for any other
// source.
func eventsOf(source string) []string {
	switch source {
	case "support":
		return supportEvents
	case "sunshine":
		return sunshineEvents
	}
	return nil
}

// sunshineEvents are those of legacy custom objects.
var sunshineEvents = []string{"customobject.CustomObjectChanged", "customobject.CustomObjectDeleted"}

var supportEvents = []string{
	"activity.UserActivityCreated",
	"customobject.CustomObjectRecordChanged",
	"customobject.CustomObjectRecordCreated",
	"customobject.CustomObjectRecordDeleted",
	"organization.CustomFieldChanged",
	"organization.ExternalIdChanged",
	"organization.OrganizationCreated",
	"organization.TagsChanged",
	"ticket.AgentAssignmentChanged",
	"ticket.AttachmentLinkedToComment",
	"ticket.AttachmentRedactedFromComment",
	"ticket.BrandChanged",
	"ticket.CcsChanged",
	"ticket.CommentAdded",
	"ticket.CommentMadePrivate",
	"ticket.CommentRedacted",
	"ticket.CustomFieldChanged",
	"ticket.DescriptionChanged",
	"ticket.ExternalIdChanged",
	"ticket.FollowersChanged",
	"ticket.GroupAssignmentChanged",
	"ticket.MarkedAsSpam",
	"ticket.OrganizationChanged",
	"ticket.PriorityChanged",
	"ticket.ProblemLinkChanged",
	"ticket.RequesterChanged",
	"ticket.StatusChanged",
	"ticket.SubjectChanged",
	"ticket.SubmitterChanged",
	"ticket.TagsChanged",
	"ticket.TaskDueAtChanged",
	"ticket.TicketCreated",
	"ticket.TicketFormChanged",
	"ticket.TicketMerged",
	"ticket.TicketPermanentlyDeleted",
	"ticket.TicketSoftDeleted",
	"ticket.TicketTypeChanged",
	"ticket.TicketUndeleted",
	"user.CustomFieldChanged",
	"user.CustomRoleChanged",
	"user.ExternalIdChanged",
	"user.LastLoginChanged",
	"user.OnlyPrivateCommentsChanged",
	"user.TagsChanged",
	"user.TimeZoneChanged",
	"user.UserAliasChanged",
	"user.UserCreated",
	"user.UserDefaultGroupChanged",
	"user.UserDetailsChanged",
	"user.UserGroupAdded",
	"user.UserGroupRemoved",
	"user.UserIdentityChanged",
	"user.UserIdentityCreated",
	"user.UserIdentityRemoved",
	"user.UserIsActiveChanged",
	"user.UserMerged",
	"user.UserNameChanged",
	"user.UserNotesChanged",
	"user.UserOrganizationAdded",
	"user.UserOrganizationRemoved",
	"user.UserPhotoChanged",
	"user.UserRoleChanged",
}
