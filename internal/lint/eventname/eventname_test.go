package eventname

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
		"ticket.PriorityUpdated": "ticket.PriorityChanged", "ticket.TagsUpdated": "ticket.TagsChanged", "ticket.TagAdded": "ticket.TagsChanged", "ticket.FollowerRemoved": "ticket.FollowersChanged", "user.Created": "user.UserCreated",
		"user.NameChanged": "user.UserNameChanged", "user.EmailChanged": "user.UserIdentityChanged", "organization.created": "organization.OrganizationCreated",
		"organization.Created": "organization.OrganizationCreated", "organization.TagsUpdated": "organization.TagsChanged", "ticket.FormChanged": "ticket.TicketFormChanged",
		"ticket.TicketRestored": "ticket.TicketUndeleted", "ticket.TicketUpdated": "", "zen:event-type:agent.unified_state_changed": "",
		"comment.created": "ticket.CommentAdded", "ticket.FieldChanged": "ticket.CustomFieldChanged", "user.UserUpdated": "",
		"Ticket Created": "ticket.TicketCreated", "user.UserDeleted": "", "ticket.FollowerChanged": "ticket.FollowersChanged",
		"": "", "ticket.": "", "zen:event-type:": "",
	} {
		if got := strings.Join(Meant(event), " "); got != want {
			t.Errorf("%s means %q, want %q", event, got, want)
		}
	}
}

func TestSpellingIsNoMeaning(t *testing.T) {
	for pair, want := range map[string]bool{
		"ticket.StatusChangd ticket.StatusChanged": true, "ticket.TiketCreated ticket.TicketCreated": true, "tickt.TicketCreated ticket.TicketCreated": true,
		"ticket.commentadded ticket.CommentAdded": true, "TICKET.TAGSCHANGED ticket.TagsChanged": true,
		"user.UserRemoved user.UserMerged": false, "organization.NameChanged organization.TagsChanged": false, "ticket.TicketUpdated ticket.TicketCreated": false,
	} {
		a, b, _ := strings.Cut(pair, " ")
		if got := Slip(a, b); got != want {
			t.Errorf("%s: %v, want %v", pair, got, want)
		}
	}
}
