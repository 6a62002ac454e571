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

// lineWith is the line with a mark in front that holds a word; "" if none does.
func lineWith(text, mark, word string) string {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(l), mark+" ") && strings.Contains(l, word) {
			return l
		}
	}
	return ""
}
