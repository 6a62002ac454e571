package option

// Init is how a repository begins.
type Init struct {
	Origin     string // account, the name of a template, or a bundle file
	Repository string // the folder
	Action     string // the release of the action that workflows use
	By         string // who deploys: api or app; "" is api
}

var inits = []string{"init"}

func initRows() []Row {
	return []Row{
		{
			Name: "from", Typed: true, Verbs: inits, Value: func(v *Values) any { return &v.Origin },
			Help: "what the repository begins with: `WHAT` is account (what the integration runs there), a bundle file, or a template: ticket-event, inbound-webhook, custom-object",
		},
		{
			Name: "into", Default: ".", Typed: true, Verbs: inits, Value: func(v *Values) any { return &v.Repository },
			Help: "the `FOLDER` of the repository",
		},
		{
			Name: "via", Typed: true, Verbs: inits, Value: func(v *Values) any { return &v.By }, OneOf: []string{"api", "app"},
			Help: "how the workflow deploys: api (if left out), with an API token; app, for accounts without one: an admin applies it in a private Zendesk app",
		},
		{
			Name: "action", Default: "v1", Typed: true, Verbs: inits, Value: func(v *Values) any { return &v.Action },
			Help: "the `SHA` of the release of zisdeploy/zis-deploy that the workflows use",
		},
	}
}
