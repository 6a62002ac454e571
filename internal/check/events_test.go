package check_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// payload is what the documentation shows of the events of one object: the
// wrapper in $.input, the object in it, and the object's members.
type payload struct {
	source  string
	events  string
	wrapper string
	object  string
	members string
	others  string // what people take for members, and are none
}

// payloads are written from the samples of the documentation's event pages.
var payloads = []payload{
	{
		"support", `ticket.TicketCreated ticket.AgentAssignmentChanged ticket.AttachmentLinkedToComment ticket.AttachmentRedactedFromComment
		ticket.BrandChanged ticket.CcsChanged ticket.CommentAdded ticket.CommentMadePrivate ticket.CommentRedacted ticket.CustomFieldChanged
		ticket.DescriptionChanged ticket.ExternalIdChanged ticket.FollowersChanged ticket.GroupAssignmentChanged ticket.MarkedAsSpam
		ticket.OrganizationChanged ticket.PriorityChanged ticket.ProblemLinkChanged ticket.RequesterChanged ticket.StatusChanged
		ticket.SubjectChanged ticket.SubmitterChanged ticket.TagsChanged ticket.TaskDueAtChanged ticket.TicketFormChanged ticket.TicketMerged
		ticket.TicketPermanentlyDeleted ticket.TicketSoftDeleted ticket.TicketTypeChanged ticket.TicketUndeleted`,
		"ticket_event", "ticket",
		"assignee_id brand_id created_at external_id form_id group_id id organization_id priority requester_id status submitter_id tags type updated_at via via.channel",
		"subject description custom_fields comment comments requester assignee group custom_status_id url fields followers raw_subject satisfaction_rating tag ticket_form_id recipient",
	},
	{
		"support", `user.UserCreated user.CustomFieldChanged user.CustomRoleChanged user.ExternalIdChanged user.LastLoginChanged
		user.OnlyPrivateCommentsChanged user.TagsChanged user.TimeZoneChanged user.UserAliasChanged user.UserDefaultGroupChanged user.UserDetailsChanged
		user.UserGroupAdded user.UserGroupRemoved user.UserIdentityChanged user.UserIdentityCreated user.UserIdentityRemoved user.UserIsActiveChanged
		user.UserMerged user.UserNameChanged user.UserNotesChanged user.UserOrganizationAdded user.UserOrganizationRemoved user.UserPhotoChanged user.UserRoleChanged`,
		"user_event", "user",
		"id external_id role email created_at updated_at organization_id default_group_id",
		"name phone tags user_fields alias notes locale time_zone organization photo",
	},
	{
		"support", `organization.OrganizationCreated organization.OrganizationDeleted organization.OrganizationNameChanged
		organization.CustomFieldChanged organization.ExternalIdChanged organization.TagsChanged`,
		"organization_event", "organization",
		"id external_id name created_at updated_at shared_tickets shared_comments group_id",
		"tags domain_names details notes organization_fields url",
	},
	{
		"support", "customobject.CustomObjectRecordCreated customobject.CustomObjectRecordChanged customobject.CustomObjectRecordDeleted",
		"custom_object_event", "custom_object_record",
		"account_id custom_object_key external_id id name custom_object_fields created_at created_by_user_id updated_at updated_by_user_id custom_object_fields.colour",
		"attributes object_type fields key created_by",
	},
	{
		"sunshine", "customobject.CustomObjectChanged", "custom_object_event", "custom_object",
		"account_id object_type id external_id attributes created_at updated_at attributes.colour",
		"custom_object_fields name key custom_object_key",
	},
	{
		"sunshine", "activity.UserActivityCreated", "activity_event", "user_activity",
		"created_at description id namespace profile_id properties source type user_id properties.page",
		"user name event email",
	},
}

// reads says which of the paths that a flow reads are found fault with when an
// event starts it.
func reads(t *testing.T, source, event string, paths []string) (wrong []string) {
	t.Helper()
	base, err := os.ReadFile("testdata/kinds/base.json")
	if err != nil {
		t.Fatal(err)
	}
	k := &kind{t: t}
	if err := json.Unmarshal(base, &k.bundle); err != nil {
		t.Fatal(err)
	}
	k.line(fmt.Sprintf("set spec/event_source %q", source))
	k.line(fmt.Sprintf("set spec/event_type %q", event))
	for _, line := range []string{"drop /resources/get_ticket", "drop /resources/post", `set /resources/f/properties/definition/StartAt "P"`, "drop States/Load", "drop States/Get", "drop States/Pick", "drop States/Send", "drop States/Failed", "drop States/Done"} {
		k.line(line)
	}
	parameters := map[string]any{"expr": ".", "data": "{}"}
	for i, p := range paths {
		parameters[fmt.Sprintf("p%d.$", i)] = p
	}
	text, _ := json.Marshal(map[string]any{"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": parameters, "End": true})
	k.line("set States/P " + string(text))
	src, _ := json.Marshal(k.bundle)
	for _, d := range check.Files([]*diag.File{diag.NewFile("bundle.json", src)}, check.Options{Unresolved: diag.Warning}).Files[0].Findings {
		for i, p := range paths {
			if strings.HasSuffix(d.Rule, "unset-path") && strings.HasSuffix(d.Pointer, fmt.Sprintf("/p%d.$", i)) {
				wrong = append(wrong, p)
			}
		}
		if !strings.Contains(d.Pointer, "/Parameters/p") && d.Severity != diag.Note {
			t.Errorf("%s from %s: %s at %s: %s", event, source, d.Rule, d.Pointer, d.Message)
		}
	}
	return wrong
}

// TestEventsAndMembers reads every documented member in every documented event,
// and what is no member of it.
func TestEventsAndMembers(t *testing.T) {
	events := 0
	for _, p := range payloads {
		at := "$.input." + p.wrapper
		right := []string{"$.input", at, at + ".meta", at + ".meta.version", at + ".meta.occurred_at", at + ".meta.ref", at + ".type", at + "." + p.object}
		for m := range strings.FieldsSeq(p.members) {
			right = append(right, at+"."+p.object+"."+m)
		}
		wrong := []string{"$." + p.object, "$.input." + p.object, "$.input.event", "$.input.detail", "$." + p.wrapper}
		for m := range strings.FieldsSeq(p.others) {
			wrong = append(wrong, at+"."+p.object+"."+m)
		}
		for _, other := range payloads {
			if path := "$.input." + other.wrapper; other.wrapper != p.wrapper && !slices.Contains(wrong, path) {
				wrong = append(wrong, path)
			}
		}
		for event := range strings.FieldsSeq(p.events) {
			events++
			if got := reads(t, p.source, event, right); len(got) > 0 {
				t.Errorf("%s: %q are documented, and found fault with", event, got)
			}
			got := reads(t, p.source, event, wrong)
			for _, path := range wrong {
				if !slices.Contains(got, path) {
					t.Errorf("%s: %s doesn't exist, and isn't found", event, path)
				}
			}
		}
	}
	if events != 65 {
		t.Errorf("%d events were tried, want 65", events)
	}
}
