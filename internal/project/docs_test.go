package project_test

import (
	"os"
	"strings"
	"testing"
)

func TestTheExampleOfTheDocumentIsRead(t *testing.T) {
	page, err := os.ReadFile("../../docs/targets.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	text, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/targets.md has no example")
	}
	p, err := read(t, text, "targets/more.yml", "targets:\n  initech: {subdomain: initech, integration: acme_initech, ring: canary}\n")
	if err != nil || len(p.Targets) != 3 || p.Rings[2].Parallel != 16 {
		t.Errorf("%v", err)
	}
}
