package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// TestFarDifferencesAreShown: where two long texts differ behind all that is
// shown of a text, what is shown is the neighbourhood of the difference.
func TestFarDifferencesAreShown(t *testing.T) {
	const flow = `{"name": "a", "zis_template_version": "2019-10-14", "resources": {
	  "send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": "https://x.example/in", %s}}}}}`
	for place, member := range map[string]string{
		"header":      `"headers": [{"key": "X-Long", "value": "%s"}]`,
		"query":       `"queryParams": [{"key": "q", "value": "%s"}]`,
		"body, text":  `"requestBody": {"text": "%s"}`,
		"body, deep":  `"requestBody": {"blocks": [{"text": {"text": "%s"}}]}`,
		"description": `"description": "%s"`,
	} {
		for _, at := range []int{301, 900, 3_000, 20_000} {
			for unit, letters := range map[string]string{"words": "lorem ipsum ", "wide": "größe 漢字 "} {
				with := func(word string) string {
					before := strings.Repeat(letters, at/len([]rune(letters))+1)
					return fmt.Sprintf(flow, fmt.Sprintf(member, before+"just here "+word+" and then "+before))
				}
				t.Run(fmt.Sprintf("%s/%d/%s", place, at, unit), func(t *testing.T) {
					r := planned(t, running(t, with("monday")), with("tuesday"), deploy.Options{})
					var proposal, log bytes.Buffer
					if err := report.Proposal(&proposal, r, false); err != nil {
						t.Fatal(err)
					}
					if err := report.Text(&log, r, false); err != nil {
						t.Fatal(err)
					}
					for medium, text := range map[string]string{"terminal": proposal.String(), "log": log.String()} {
						old, new := lineWith(text, "-", "monday"), lineWith(text, "+", "tuesday")
						if old == "" || new == "" {
							t.Errorf("the %s doesn't show what differs:\n%s", medium, text)
						}
						if !strings.Contains(text, "just here") || !strings.Contains(text, "and then") {
							t.Errorf("the %s doesn't show where:\n%s", medium, text)
						}
					}
				})
			}
		}
	}
}

// One word of very many letters that differs far behind its beginning is shown
// around the difference, and not whole.
func TestLongWordsAreShownInPart(t *testing.T) {
	const flow = `{"name": "a", "zis_template_version": "2019-10-14", "resources": {
	  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
	    "A": {"Type": "Pass", "Result": {"text": "%s"}, "ResultPath": "$.a", "Next": "E"}, "E": {"Type": "Succeed"}}}}}}}`
	long := strings.Repeat("a", 300_000)
	r := planned(t, running(t, fmt.Sprintf(flow, "see "+long+"monday"+long)), fmt.Sprintf(flow, "see "+long+"tuesday"+long), deploy.Options{})
	var out bytes.Buffer
	if err := report.Text(&out, r, false); err != nil {
		t.Fatal(err)
	}
	if lineWith(out.String(), "-", "monday") == "" || lineWith(out.String(), "+", "tuesday") == "" {
		t.Errorf("the log doesn't show what differs:\n%.2000s", out.String())
	}
	if most := 100_000; out.Len() > most {
		t.Errorf("the log has %d bytes, want at most %d", out.Len(), most)
	}
}

// lineWith is the line with a mark in front that holds a word; "" if none does.
func lineWith(text, mark, word string) string {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(l), mark+" ") && strings.Contains(l, word) {
			return l
		}
	}
	return ""
}
