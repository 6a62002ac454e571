package github

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// What the runner takes: 10 annotations of a level from one step, 4,096
// characters of a message (actions/runner ExecutionContext).
const (
	maxAnnotations = 10
	maxMessage     = 4000
)

// annotate marks the findings in the files. The first finding of each rule
// goes before repetitions, and what there is no room for is counted.
func (a *Action) annotate(r report.Report) {
	left := 0
	for _, level := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		list := byUse(findings(r, level))
		room := maxAnnotations
		if level == diag.Error && r.Outcome == verdict.Failed {
			room-- // the verdict takes one
		}
		if level == diag.Note {
			room -= 2 // the count takes one, and a run that was passed over another
		}
		for _, d := range list[:min(room, len(list))] {
			a.annotation(d)
		}
		left += max(0, len(list)-room)
	}
	if r.Outcome == verdict.Failed {
		a.gh.Errorf("%s", clip(sentence(r)))
	}
	if r.Outcome == verdict.Skipped || r.Outcome == verdict.PassedOver {
		a.Notice(sentence(r))
	}
	if left > 0 {
		a.gh.Noticef("%s", english.Plural(left, "more finding")+" in the job summary")
	}
}

func sentence(r report.Report) string {
	if r.Next == "" {
		return r.Sentence
	}
	return r.Sentence + "\nnext: " + r.Next
}

// Notice tells something that is no mistake on the page of the run.
func (a *Action) Notice(text string) { a.gh.Noticef("%s", clip(text)) }

// Debug tells something that is shown when a run is repeated for debugging.
func (a *Action) Debug(text string) {
	if a.getenv("RUNNER_DEBUG") == "1" {
		a.gh.Debugf("%s", report.Plain(text))
	}
}

func (a *Action) annotation(d diag.Diagnostic) {
	start, end := d.Start(), d.End()
	fields := map[string]string{
		"file": report.Plain(a.path(d.File.Path)), "title": d.Rule,
		"line": strconv.Itoa(start.Line), "endLine": strconv.Itoa(end.Line),
	}
	if start.Line == end.Line { // columns of a span over lines are dropped by the runner
		fields["col"], fields["endColumn"] = strconv.Itoa(start.Column), strconv.Itoa(end.Column)
	}
	text := d.Message
	if d.Help != "" {
		text += "\n" + d.Help
	}
	marked := a.gh.WithFieldsMap(fields)
	switch d.Severity {
	case diag.Error:
		marked.Errorf("%s", clip(text))
	case diag.Warning:
		marked.Warningf("%s", clip(text))
	default:
		marked.Noticef("%s", clip(text))
	}
}

// clip is text as an annotation takes it: each line without what can't be seen,
// and not too long.
func clip(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		text, end := strings.CutSuffix(line, "\r")
		if lines[i] = report.Plain(text); end {
			lines[i] += "\r"
		}
	}
	s = strings.Join(lines, "\n")
	if runes := []rune(s); len(runes) > maxMessage {
		return fmt.Sprintf("%s… (cut)", string(runes[:maxMessage]))
	}
	return s
}

func findings(r report.Report, level diag.Severity) []diag.Diagnostic {
	var list []diag.Diagnostic
	for _, f := range r.Files {
		for _, d := range f.Findings {
			if d.Severity == level {
				list = append(list, d)
			}
		}
	}
	return list
}

// byUse orders findings so that each rule is seen once before any is seen
// again.
func byUse(list []diag.Diagnostic) []diag.Diagnostic {
	rounds := map[int][]diag.Diagnostic{}
	seen := map[string]int{}
	for _, d := range list {
		rounds[seen[d.Rule]] = append(rounds[seen[d.Rule]], d)
		seen[d.Rule]++
	}
	var ordered []diag.Diagnostic
	for _, round := range slices.Sorted(maps.Keys(rounds)) {
		ordered = append(ordered, rounds[round]...)
	}
	return ordered
}
