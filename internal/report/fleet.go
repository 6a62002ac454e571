package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// FleetText writes what was found and done on many targets as a table, the
// worst first, and below it what needs more than a line.
func FleetText(w io.Writer, r fleet.Report) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "TARGET\tRING\tVERDICT\tJOB SPECS\tOTHER BUNDLES\tRECORD")
	rows := fleet.Worst(r.Rows)
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(cells(row, Plain), "\t"))
	}
	_ = table.Flush() // into memory
	for _, row := range append(fleet.Worst(r.Before), rows...) {
		if remarkable(row) {
			fmt.Fprintf(&b, "%s: %s\n", Plain(row.Name), Plain(row.Sentence))
			for _, line := range remarks(row) {
				fmt.Fprintf(&b, "  %s\n", Plain(line))
			}
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", Plain(n))
	}
	fmt.Fprintln(&b, Plain(r.Sentence))
	if r.Next != "" {
		fmt.Fprintf(&b, "next: %s\n", Plain(r.Next))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cells are a row of the table.
func cells(r fleet.Row, shown func(string) string) []string {
	word := string(r.Verdict)
	if r.Drift {
		word += ", drift"
	}
	return []string{shown(r.Name), shown(r.Ring), word, specCell(r.Specs), otherCell(r.Others), shown(recordCell(r.Record))}
}

func specCell(s *fleet.Specs) string {
	if s == nil {
		return ""
	}
	text := fmt.Sprintf("%d on", s.On)
	if n := len(s.Off); n > 0 {
		text += fmt.Sprintf(", %d off", n)
	}
	if n := len(s.More); n > 0 {
		text += fmt.Sprintf(", %d more on", n)
	}
	return text
}

func otherCell(list []fleet.Other) string {
	firing := 0
	for _, o := range list {
		firing += o.Firing
	}
	switch {
	case len(list) == 0:
		return ""
	case firing > 0:
		return fmt.Sprintf("%d, %s on", len(list), english.Plural(firing, "job spec"))
	}
	return fmt.Sprint(len(list))
}

func recordCell(r *fleet.Record) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%s, %s", r.Name(), r.Time.UTC().Format(time.DateOnly))
}

// remarkable tells whether there is more to say of a target than its line.
func remarkable(r fleet.Row) bool {
	switch r.Verdict {
	case fleet.NotStarted:
		return false // why is the run's verdict
	case fleet.Succeeded, fleet.NoChanges, fleet.Verdict(fleet.This):
		return r.Drift || len(r.Notes) > 0 || r.Specs != nil && len(r.Specs.Off)+len(r.Specs.More) > 0
	}
	return true
}

// shownDifferences is how many differences of a target are shown.
const shownDifferences = 10

func remarks(r fleet.Row) []string {
	lines := told(r.Sentences)
	for i, d := range r.Differences {
		if i == shownDifferences {
			lines = append(lines, fmt.Sprintf("and %s more", english.Plural(len(r.Differences)-i, "difference")))
			break
		}
		lines = append(lines, fmt.Sprintf("%s %s: has %s, the files say %s", d.Bundle, d.Pointer, orNothing(d.Have), orNothing(d.Want)))
	}
	for _, a := range r.Accepted {
		lines = append(lines, fmt.Sprintf("accepted until %s: %s %s: %s", a.Until, a.Bundle, a.Pointer, a.Reason))
	}
	for _, n := range r.Notes {
		lines = append(lines, "note: "+n)
	}
	if r.Next != "" {
		lines = append(lines, "next: "+r.Next)
	}
	return lines
}

// shownSentences is how many sentences of a target are shown: the report file
// has all.
const shownSentences = 3

// told are the sentences that matter most of what a deploy would change. What
// every upload brings with it is not worth a line of many targets.
func told(list []sentences.Sentence) []string {
	var lines []string
	more := 0
	for _, s := range list {
		switch {
		case s.Kind == sentences.Normal:
		case len(lines) == shownSentences:
			more++
		case s.Alarm:
			lines = append(lines, "with the release: ⚠️ "+s.Text)
		default:
			lines = append(lines, "with the release: "+s.Text)
		}
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("with the release: and %s", english.Plural(more, "more change")))
	}
	return lines
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return english.Cut(s, differenceWidth)
}

// markdownFleet is the table for a GitHub page.
func markdownFleet(r fleet.Report) []section {
	rows := fleet.Worst(r.Rows)
	var lines, more []string
	for _, row := range rows {
		lines = append(lines, fmt.Sprintf("| %s |\n", strings.Join(cells(row, Inline), " | ")))
	}
	for _, row := range append(fleet.Worst(r.Before), rows...) {
		if !remarkable(row) {
			continue
		}
		var text strings.Builder
		text.WriteString(fmt.Sprintf("- **%s**: %s\n", Inline(row.Name), Inline(row.Sentence)))
		for _, line := range remarks(row) {
			text.WriteString(fmt.Sprintf("  - %s\n", Inline(line)))
		}
		more = append(more, text.String())
	}
	const head = "| Target | Ring | Verdict | Job specs | Other bundles | Record |\n|---|---|---|---|---|---|\n"
	table := inLines(head, lines, "\n")
	if len(lines) == 0 {
		table = plain(head + "\n")
	}
	return []section{{ofOutcome, "target", table}, {ofTables, "remark", inLines("", more, "")}}
}

// FleetTarget is what is said of one target, as Markdown.
func FleetTarget(r fleet.Row) string {
	var text strings.Builder
	text.WriteString(fmt.Sprintf("**%s** (%s, integration %s) %s\n", Inline(r.Name), Inline(r.Account), Inline(r.Integration), Inline(r.Sentence)))
	for _, line := range remarks(r) {
		text.WriteString(fmt.Sprintf("- %s\n", Inline(line)))
	}
	return text.String()
}

// fleetSymbol marks a verdict on a page.
func fleetSymbol(o verdict.Outcome) string {
	return map[verdict.Outcome]string{verdict.Failed: "✗", verdict.Unproven: "?", verdict.Pending: "…", verdict.Changes: "≠"}[o]
}
