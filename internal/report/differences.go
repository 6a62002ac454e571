package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// markdownTexts shows programs and long texts as what they are, word by word:
// in a bundle each is one line of JSON.
func markdownTexts(told sentences.Told) []piece {
	var list []piece
	for _, t := range told.Texts {
		title := "### " + Inline(t.Title)
		if t.Program {
			title += ` \(jq\)`
		}
		list = append(list, fenced(title+"\n\n", "diff", []item{{text: wordLines(t.Old, t.New)}}, "\n"))
	}
	return list
}

// runWidth bounds what is shown of words that both texts have, in runes.
const runWidth = 160

// textWidth bounds what comes or goes at one place of a text, in runes.
const textWidth = 20_000

// wordLines writes what two texts have in common, what goes and what comes,
// each on lines of its own with a mark in front of it.
func wordLines(old, new string) string {
	var b strings.Builder
	write := func(mark, text string) {
		for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			b.WriteString(strings.TrimRight(mark+Plain(l), " ") + "\n")
		}
	}
	parts := sentences.WordDiff(old, new)
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		switch {
		case p.Style == sentences.Deleted && i+1 < len(parts) && parts[i+1].Style == sentences.Inserted:
			gone, come := unlike([2]string{p.Text, parts[i+1].Text}, textWidth)
			write("- ", gone)
			write("+ ", come)
			i++
		case p.Style == sentences.Deleted:
			write("- ", english.Cut(p.Text, textWidth))
		case p.Style == sentences.Inserted:
			write("+ ", english.Cut(p.Text, textWidth))
		default:
			write("  ", inBetween(p.Text, i > 0, i < len(parts)-1))
		}
	}
	return b.String()
}

// inBetween is what both texts have, beside changes before or behind it, and
// no more of it than helps to find the place.
func inBetween(s string, behind, before bool) string {
	runes := []rune(s)
	if len(runes) <= runWidth {
		return s
	}
	half := runWidth / 2
	switch {
	case !behind:
		return "… " + string(runes[len(runes)-half:])
	case !before:
		return string(runes[:half]) + " …"
	}
	return string(runes[:half]) + " … " + string(runes[len(runes)-half:])
}

func markdownDifferences(p deploy.Plan) []piece {
	var list []piece
	for _, bp := range p.Bundles {
		if len(bp.Changes) > 0 {
			list = append(list, details("Changes in the bundle "+bp.Name, bp.Changes))
		}
		for _, r := range bp.Resources {
			if len(r.Changes) > 0 {
				list = append(list, details(fmt.Sprintf("Changes in the %s %s, as JSON", kind(r.Kind), r.Name), r.Changes))
			}
		}
	}
	return list
}

func details(title string, list []compare.Difference) piece {
	var items []item
	for _, d := range list {
		var b bytes.Buffer
		if d.More > 0 {
			items = append(items, item{fmt.Sprintf("@@ %s: %s @@\n", Plain(inDefinition(d.Pointer)), unlisted(d)), d.Pointer})
			continue
		}
		fmt.Fprintf(&b, "@@ %s @@\n", Plain(inDefinition(d.Pointer)))
		old, new := unlike(apart(d), jsonWidth)
		writeLines(&b, "- ", old)
		writeLines(&b, "+ ", new)
		items = append(items, item{b.String(), siblings(d.Pointer)})
	}
	return fold(title, "diff", items)
}

// unlisted counts the differences within a value that are not listed.
func unlisted(d compare.Difference) string {
	return english.Plural(d.More, "more difference") + " within it, not listed"
}

// siblings are what a pointer's value is one of: the items of a list, or the
// members of an object. Many of one kind must not hide one of another.
func siblings(pointer string) string {
	steps := strings.Split(pointer, "/")
	for i, step := range steps {
		if _, err := strconv.Atoi(step); err == nil {
			return strings.Join(steps[:i], "/") + "/0"
		}
	}
	return strings.Join(steps[:len(steps)-1], "/")
}

// inDefinition is a pointer without its beginning that leads to a resource's
// definition: the title says which.
func inDefinition(pointer string) string {
	if steps := strings.SplitN(pointer, "/", 6); len(steps) == 6 && steps[1] == "resources" && steps[4] == "definition" {
		return steps[5]
	}
	return pointer
}

// jsonWidth bounds a value as JSON, in runes.
const jsonWidth = 4000

// writeLines writes JSON with a mark before each line, one line if it is short.
func writeLines(b *bytes.Buffer, mark, text string) {
	const short = 100 // characters
	var indented bytes.Buffer
	if len(text) > short && json.Indent(&indented, []byte(text), "", "  ") == nil {
		text = indented.String()
	}
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(english.Cut(text, jsonWidth), "\n") {
		b.WriteString(mark + Plain(line) + "\n")
	}
}

// aroundWidth is how much is kept in front of a difference, in runes.
const aroundWidth = 60

// unlike shortens two texts to width runes each: of what both begin with, only
// the end is kept.
func unlike(both [2]string, width int) (string, string) {
	old, new := both[0], both[1]
	if len(old) <= width && len(new) <= width {
		return old, new
	}
	a, b := []rune(old), []rune(new)
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	from := max(0, same-aroundWidth)
	if old == "" || new == "" {
		from = 0
	}
	return window(a, from, width), window(b, from, width)
}

func window(runes []rune, from, width int) string {
	if from == 0 {
		return english.Cut(string(runes), width)
	}
	return fmt.Sprintf("… (%s before) ", english.Plural(from, "character")) + english.Cut(string(runes[min(from, len(runes)):]), width)
}

// apart is a value before and after, as it may be shown: what looks the same
// and isn't is an escape.
func apart(d compare.Difference) [2]string {
	old, new := diag.Apart(d.Old, d.New)
	return [2]string{old, new}
}
