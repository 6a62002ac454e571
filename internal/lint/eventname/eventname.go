// Package eventname finds the events that a misspelt or unknown name means, by
// its words.
package eventname

import (
	"slices"
	"strings"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Meant are the events that a name means, whatever words it says it in:
// the name that is shown, that of webhooks, or synonyms of the words of the
// right one. Sorted; nil if its words mean none.
func Meant(event string) []string {
	if found := eventsOfWords(event, func(words []string) []string { return words }); found != nil {
		return found
	}
	// of what there are several, nothing is created: they change
	return eventsOfWords(event, func(words []string) []string {
		return sortedSet(append(without(without(words, "created"), "deleted"), "changed"))
	})
}

func eventsOfWords(event string, as func([]string) []string) []string {
	plain := strings.TrimPrefix(event, WebhookPrefix)
	kind, name, both := strings.Cut(plain, ".")
	if !both {
		kind, name = "", plain
	}
	if name == "" {
		return nil
	}
	kind = strings.ToLower(kind)
	asked := as(wordsOf(name))
	var exact, wider []string
	for _, e := range zis.Events() {
		of, right, _ := strings.Cut(e.Type, ".")
		switch {
		case strings.EqualFold(plain, e.Webhook), strings.EqualFold(name, e.Shown) && (kind == "" || kind == of):
			exact = append(exact, e.Type)
			continue
		case kind != "" && kind != of && !(kind == "comment" && of == "ticket"):
			continue
		}
		have, want := without(wordsOf(right), of), without(asked, of)
		if kind == "comment" {
			want = sortedSet(append(want, "comment"))
		}
		switch {
		case sameWords(want, have), sameWords(want, without(wordsOf(e.Shown), of)):
			exact = append(exact, e.Type)
		case isWider(have, want):
			wider = append(wider, e.Type)
		}
	}
	if len(exact) > 0 {
		return sortedSet(exact)
	}
	return sortedSet(wider)
}

// WebhookPrefix begins the names of events that Zendesk's webhooks have.
const WebhookPrefix = "zen:event-type:"

// synonyms are words for the words of events. Several stand for one that
// people put together otherwise.
var synonyms = map[string]string{
	"create": "created", "new": "created", "added": "created", "add": "created", "opened": "created", "posted": "created", "linked": "created",
	"submitted": "created", "creation": "created",
	"update": "changed", "updated": "changed", "change": "changed", "modified": "changed", "edited": "changed", "set": "changed", "edit": "changed",
	"delete": "deleted", "removed": "deleted", "remove": "deleted", "destroyed": "deleted", "trashed": "deleted", "deletion": "deleted",
	"restored": "undeleted", "recovered": "undeleted",
	"assigned": "assignee changed", "reassigned": "assignee changed", "unassigned": "assignee changed", "assignment": "assignee", "agent": "assignee",
	"solved": "status changed", "closed": "status changed", "reopened": "status changed", "resolved": "status changed", "pending": "status changed",
	"escalated": "priority changed", "tagged": "tag changed", "merge": "merged", "merging": "merged", "spam": "spam", "spammed": "marked as spam",
	"due": "due", "date": "", "task": "", "at": "", "as": "", "the": "", "to": "", "from": "", "is": "", "email": "identity", "phone": "identity",
	"ccs": "cc", "redaction": "redacted", "redact": "redacted", "field": "custom field", "private": "private", "internal": "private",
	"fullname": "name", "replied": "comment created", "reply": "comment created", "commented": "comment created",
}

// wordsOf cuts a name into words in one spelling: CommentAdded, comment_added
// and "Comment Created" have the same.
func wordsOf(name string) []string {
	var words []string
	for _, w := range Words(name) {
		w = strings.ToLower(w)
		as, ok := synonyms[w]
		if !ok {
			w = strings.TrimSuffix(w, "s")
			as, ok = synonyms[w]
		}
		if !ok {
			as = w
		}
		for one := range strings.FieldsSeq(as) {
			words = append(words, strings.TrimSuffix(one, "s"))
		}
	}
	return sortedSet(words)
}

// Words cuts before capitals that follow small letters, and at everything
// that is no letter.
func Words(name string) (words []string) {
	start := -1
	before := rune(0)
	for i, r := range name {
		letter := unicode.IsLetter(r)
		if start >= 0 && (!letter || unicode.IsUpper(r) && unicode.IsLower(before)) {
			words = append(words, name[start:i])
			start = -1
		}
		if letter && start < 0 {
			start = i
		}
		before = r
	}
	if start >= 0 {
		words = append(words, name[start:])
	}
	return words
}

func sortedSet(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

func without(words []string, word string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == word })
}

func sameWords(a, b []string) bool { return len(a) > 0 && slices.Equal(a, b) }

// isWider tells whether the words of an event are those that were asked for and
// one more: the thing that changes, or how.
func isWider(have, want []string) bool {
	if len(want) == 0 || len(have) != len(want)+1 || slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(have, w) }) {
		return false
	}
	more := slices.DeleteFunc(slices.Clone(have), func(w string) bool { return slices.Contains(want, w) })[0]
	verbs := []string{"changed", "created", "deleted"}
	return len(want) > 1 || !slices.Contains(verbs, want[0]) || more == "soft" || more == "permanently"
}

// AnyChange tells whether a name means any change of an object, for which there
// is no event.
func AnyChange(event string) bool {
	kind, name, _ := strings.Cut(event, ".")
	return sameWords(without(wordsOf(name), strings.ToLower(kind)), []string{"changed"})
}

// Slip tells whether two names differ by slips of the hand alone, not by
// their words. Without capitals no words can be told apart.
func Slip(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	_, nameA, _ := strings.Cut(a, ".")
	_, nameB, _ := strings.Cut(b, ".")
	left, right := wordsOf(nameA), wordsOf(nameB)
	more := slices.DeleteFunc(slices.Clone(left), func(w string) bool { return slices.Contains(right, w) })
	other := slices.DeleteFunc(slices.Clone(right), func(w string) bool { return slices.Contains(left, w) })
	return !slices.ContainsFunc(more, func(w string) bool { return english.Nearest(w, other) == "" })
}
