package lint

import (
	"strings"
	"testing"
)

func TestEventsAreSuggestedByMeaning(t *testing.T) {
	for event, want := range map[string]string{
		"ticket.CommentCreated": "ticket.CommentAdded", "ticket.AssigneeChanged": "ticket.AgentAssignmentChanged", "ticket.TicketAssigned": "ticket.AgentAssignmentChanged",
		"ticket.TicketDeleted": "ticket.TicketPermanentlyDeleted ticket.TicketSoftDeleted", "Comment Created": "ticket.CommentAdded",
		"zen:event-type:ticket.created": "ticket.TicketCreated", "ticket.Created": "ticket.TicketCreated", "ticket.created": "ticket.TicketCreated",
		"ticket.comment_added": "ticket.CommentAdded", "ticket.StatusUpdated": "ticket.StatusChanged", "ticket.TicketSolved": "ticket.StatusChanged",
		"ticket.PriorityUpdated": "ticket.PriorityChanged", "ticket.TagsUpdated": "ticket.TagsChanged", "ticket.TagAdded": "", "user.Created": "user.UserCreated",
		"user.NameChanged": "user.UserNameChanged", "user.EmailChanged": "user.UserIdentityChanged", "organization.created": "organization.OrganizationCreated",
		"organization.Created": "organization.OrganizationCreated", "organization.TagsUpdated": "organization.TagsChanged", "ticket.FormChanged": "ticket.TicketFormChanged",
		"ticket.TicketRestored": "ticket.TicketUndeleted", "ticket.TicketUpdated": "", "zen:event-type:agent.unified_state_changed": "",
		"comment.created": "ticket.CommentAdded", "ticket.FieldChanged": "ticket.CustomFieldChanged", "user.UserUpdated": "",
		"Ticket Created": "ticket.TicketCreated", "user.UserDeleted": "", "ticket.FollowerChanged": "ticket.FollowersChanged",
	} {
		if got := strings.Join(meantEvents(event), " "); got != want {
			t.Errorf("%s means %q, want %q", event, got, want)
		}
	}
}
