package scaffold

import (
	"embed"
	"path"
	"strings"
)

//go:embed templates workflows
var files embed.FS

// Template is an integration to begin with.
type Template struct {
	Name, Title string
	Vars        []Var
	Secrets     []string // names of secret variables
}

// Templates are all there are.
func Templates() []Template {
	return []Template{
		{
			Name: "ticket-event", Title: "a new ticket calls a webhook",
			Vars:    []Var{{Name: "WEBHOOK_URL", Value: "https://example.com/tickets", What: "what is called"}},
			Secrets: []string{"WEBHOOK_TOKEN"},
		},
		{Name: "inbound-webhook", Title: "what is posted to an inbound webhook becomes a ticket"},
		{
			Name: "custom-object", Title: "a changed record of a custom object comments on its ticket",
			Vars: []Var{{Name: "OBJECT_KEY", Value: "parcel", What: "the key of the custom object"}},
		},
	}
}

// itself is the name that the templates have where an integration's stands.
const itself = "my_integration"

// Bundle is the text of the template's bundle for an integration. With a
// connection in the place of its secret: where an admin applies releases, they
// hold none.
func (t Template) Bundle(integration string, connection bool) []byte {
	text := strings.ReplaceAll(t.text("bundle.json"), itself, integration)
	if connection {
		text = strings.NewReplacer(secretHeader, "", webhookURL, webhookURL+"          \"connectionName\": \"webhook\",\n").Replace(text)
	}
	return []byte(text)
}

// Parts of the template ticket-event.
const (
	webhookURL   = "          \"url\": \"{{WEBHOOK_URL}}\",\n"
	secretHeader = `,
            {
              "key": "Authorization",
              "value": "Bearer {{WEBHOOK_TOKEN}}"
            }`
)

// Test is the text of its file of cases.
func (t Template) Test() []byte { return []byte(t.text("test.yml")) }

func (t Template) text(name string) string { return embedded(path.Join("templates", t.Name, name)) }

func embedded(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}
