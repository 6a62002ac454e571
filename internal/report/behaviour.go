package report

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

// Behaviour is what the change does to recorded events: those of the tests
// were run through what the account holds and through what it will hold, on
// this machine and with HTTP mocked.
type Behaviour struct {
	Sentence string           `json:"sentence"` // "of 14 events, 2 send another body to slack.com"
	Events   int              `json:"events"`   // that were run
	Changed  []BehaviourEvent `json:"changed,omitempty"`
}

// BehaviourEvent is an event that will do something else.
type BehaviourEvent struct {
	Name  string   `json:"name"`  // of the test
	Place string   `json:"place"` // path:line:column
	Lines []string `json:"lines"` // what differs; secrets are taken out
}

// maxLines bounds what is shown of one event.
const maxLines = 40

func (b *text) behaviour(r *Behaviour) {
	if r == nil {
		return
	}
	fmt.Fprintf(b, "recorded events: %s\n", Plain(r.Sentence))
	for _, e := range r.Changed {
		fmt.Fprintf(b, "  ~ %s (%s)\n", Plain(e.Name), Plain(e.Place))
		for _, line := range shownLines(e.Lines) {
			fmt.Fprintf(b, "      %s\n", Plain(line))
		}
	}
}

func shownLines(lines []string) []string {
	if len(lines) <= maxLines {
		return lines
	}
	return append(lines[:maxLines:maxLines], english.Plural(len(lines)-maxLines, "more"))
}

// markdownBehaviour is a sentence, and below it each event that will do
// something else.
func markdownBehaviour(r *Behaviour) []section {
	if r == nil {
		return nil
	}
	var folds []piece
	for _, e := range r.Changed {
		var items []item
		for _, line := range shownLines(e.Lines) {
			items = append(items, item{text: Plain(line) + "\n"})
		}
		folds = append(folds, fold(e.Name+" ("+e.Place+")", "", items))
	}
	return []section{
		{ofSentences, "sentence", plain(fmt.Sprintf("**Recorded events:** %s\n\n", Inline(r.Sentence)))},
		{ofFolds, "recorded line", folds},
	}
}

// fold is a code block behind a title.
func fold(title, language string, items []item) piece {
	return fenced(fmt.Sprintf("<details><summary>%s</summary>\n\n", HTML(title)), language, items, "\n</details>\n\n")
}
