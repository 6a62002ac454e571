package report

import (
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Told is what the plan changes, in sentences. It is worked out once: Conclude
// keeps it.
func (r Report) Told() sentences.Told {
	switch {
	case r.told != nil:
		return *r.told
	case r.Plan == nil:
		return sentences.Told{}
	}
	return sentences.Of(*r.Plan)
}

// styled are the marks of a medium around the parts of a sentence.
type styled func(style sentences.Style, text string) string

// line is a sentence in the words of a medium.
func line(s sentences.Sentence, mark styled) string {
	var b strings.Builder
	if s.Alarm {
		b.WriteString("⚠️ ")
	}
	for _, p := range s.Parts {
		b.WriteString(mark(p.Style, p.Text))
	}
	return b.String()
}

// inMarkdown marks with HTML: words of a text that come and go stand inside
// others, where Markdown's own signs don't work.
func inMarkdown(style sentences.Style, text string) string {
	switch style {
	case sentences.Value:
		return "<strong>" + Inline(text) + "</strong>"
	case sentences.Inserted:
		return "<ins>" + Inline(text) + "</ins>"
	case sentences.Deleted:
		return "<del>" + Inline(text) + "</del>"
	}
	return Inline(text)
}

// markdownSentences are the sentences as a list, and below it what is normal.
func markdownSentences(told sentences.Told) []piece {
	var list, normal []string
	for _, s := range told.Sentences {
		if s.Kind == sentences.Normal {
			normal = append(normal, fmt.Sprintf("\n%s\n", line(s, inMarkdown)))
			continue
		}
		list = append(list, fmt.Sprintf("- %s\n", line(s, inMarkdown)))
	}
	all := append(list, normal...)
	if len(list) == 0 && len(all) > 0 {
		all[0] = strings.TrimPrefix(all[0], "\n")
	}
	return inLines("", all, "\n")
}

// markdownSmaller are the sentences that were only counted.
func markdownSmaller(told sentences.Told) []piece {
	var lines []string
	for _, s := range told.Smaller {
		lines = append(lines, fmt.Sprintf("- %s\n", line(s, inMarkdown)))
	}
	return inLines(fmt.Sprintf("<details><summary>%s</summary>\n\n", english.Plural(len(told.Smaller), "smaller change")), lines, "\n</details>\n\n")
}

// toHappen is the title of what a plan says, where the account doesn't do it;
// "" where it does, or is about to.
func (r Report) toHappen() string {
	switch {
	case r.Outcome != verdict.Failed:
		return ""
	case r.Command == "verify":
		return "What a deploy of these files would do"
	}
	return "What was to happen"
}

// sentences writes the sentences for a terminal.
func (b *text) sentences(told sentences.Told) {
	for _, s := range told.Sentences {
		sign := "• "
		if s.Kind == sentences.Normal || s.Kind == sentences.Rest {
			sign = "  "
		}
		fmt.Fprintf(b, "%s%s\n", sign, line(s, b.style))
	}
	if len(told.Sentences) > 0 {
		fmt.Fprintln(b)
	}
}

// style marks with colour, and with brackets what colour alone would tell.
func (b *text) style(style sentences.Style, text string) string {
	text = Plain(text)
	switch style {
	case sentences.Value:
		return b.in(bold, text)
	case sentences.Inserted:
		return b.in(green, "{+"+text+"+}")
	case sentences.Deleted:
		return b.in(red, "[-"+text+"-]")
	}
	return text
}

// rows are the resources to which something happens.
func rows(told sentences.Told) []sentences.Resource {
	var list []sentences.Resource
	for _, r := range told.Resources {
		if r.Change != sentences.Kept {
			list = append(list, r)
		}
	}
	return list
}

// resourceWords are what happens to a resource, for a table.
var resourceWords = map[sentences.Change]string{
	sentences.Added: "➕ added", sentences.Changed: "✏️ changed", sentences.Removed: "➖ removed",
	sentences.Renamed: "🏷️ renamed", sentences.Idle: "💬 only comments",
}

// happens says what happens to a resource.
func happens(r sentences.Resource) string {
	words := resourceWords[r.Change]
	switch {
	case r.Fires && r.Change == sentences.Removed:
		return "⚠️ no longer in the bundle, still fires"
	case r.WasName != "" && r.WasName != r.Name:
		words += ", before: " + Code(r.WasName)
	case r.WasKey != "":
		words += ", its key was " + Code(r.WasKey)
	}
	if r.Fires {
		words += "; ⚠️ the former still fires"
	}
	return words
}
