package zis

// Limit is a number that the platform holds, or advises.
type Limit struct {
	Most  int
	Unit  string
	Least int // 0 where there is none
	Usual int // what holds if nothing is said; 0 where there is no such thing
	Fact
}

// The limits that a bundle or a run can be held to.
var (
	MapItems       = Limit{Most: 100, Unit: "objects of a Map", Fact: Fact{"DG/map-state", Documented}}
	FlowSeconds    = Limit{Most: 100, Unit: "seconds, Waits included", Fact: Fact{"DG/flow-state-limitations; newer pages don't name the number", Documented}}
	Transitions    = Limit{Most: 250, Unit: "state transitions of a flow with a Map inside a Map", Fact: Fact{"DG/flow-state-limitations", Documented}}
	FlowRuns       = Limit{Most: 4, Unit: "runs of one event, repetitions included", Fact: Fact{"DG/state-retry-error-handling; an older text has 3", Documented}}
	ActionPayload  = Limit{Most: 2 << 20, Unit: "bytes of one answer", Fact: Fact{"a public app: \"payload is larger than 2MB\"", Observed}}
	WebhookPayload = Limit{Most: 200 << 10, Unit: "bytes advised for an inbound webhook", Fact: Fact{"API/inbound-webhooks", Documented}}
	PageSize       = Limit{Most: 100, Unit: "links on a page", Least: 1, Usual: 20, Fact: Fact{"DG/zis-built-in-actions", Documented}}

	IntegrationName = Limit{Most: 64, Unit: "characters of a-z, 0-9, _ and -", Least: 1, Fact: Fact{"registry/integrations", Documented}}
	ActionName      = Limit{Most: 20, Unit: "characters of an action's name; longer ones are taken", Fact: Fact{"DG/zis-custom-actions", Documented}}
	OtherName       = Limit{Most: 50, Unit: "characters of a flow's, job spec's or bundle's name", Fact: Fact{"a public validator", Observed}}
	ConnectionName  = Limit{Most: 64, Unit: "characters of A-Z, a-z, 0-9, _ and -", Least: 3, Fact: Fact{"DG/understanding-connections", Documented}}
	LinkName        = Limit{Most: 256, Unit: "characters of a link's name or type", Least: 3, Fact: Fact{"DG/using-zis-links", Documented}}
)
