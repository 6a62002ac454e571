package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInitAsksOnATerminal(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	given := `{"name": "a", "zis_template_version": "2019-10-14", "resources": {
  "send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": "https://<YOUR_HOST>/in"}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
    "A": {"Type": "Action", "ActionName": "zis:acme_crm:action:send", "End": true}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme_crm:flow:f"}}}}`
	if err := os.WriteFile(filepath.Join(p.dir, "given.json"), []byte(given), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := p.person("init")
	cmd.Args = []string{"zis", "init"}
	cmd.Env = append(cmd.Env, "ZENDESK_SUBDOMAIN=", "ZENDESK_API_TOKEN=", "ZENDESK_EMAIL=")
	y := onTTY(t, 100, cmd)
	for _, dialogue := range [][2]string{
		{"From [ticket-event]: ", "given.json\n"},
		{"Subdomain of the account (SUBDOMAIN.zendesk.com): ", "acme\n"},
		{"Name of the integration [acme_crm]: ", "\n"},
		{"an administrator in a Zendesk app [api]: ", "app\n"},
		{"Value of {{HOST}} [YOUR_HOST]: ", "api.example.com\n"},
	} {
		y.await(dialogue[0])
		y.keys(dialogue[1])
	}
	code, raw, _ := y.end()
	if code != 0 {
		t.Fatalf("exit %d:\n%s", code, raw)
	}
	text, err := os.ReadFile(filepath.Join(p.dir, "zis.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"  acme:\n", "    integration: acme_crm", "    via: app", "      HOST: api.example.com"} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
}

func TestInitEndsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	cmd := p.person("init")
	cmd.Args = []string{"zis", "init", "--subdomain", "acme"}
	y := onTTY(t, 100, cmd)
	y.await("From [account]: ")
	y.keys("\x03")
	if code, raw, _ := y.end(); code != 130 || !strings.Contains(raw, "nothing was written") {
		t.Errorf("exit %d:\n%s", code, raw)
	}
}
