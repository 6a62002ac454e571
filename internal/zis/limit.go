package zis

// Limit is a number that the platform holds, or advises.
type Limit struct {
	Most int
	Unit string
	Fact
}

// The limits that a bundle or a run can be held to.
var (
	MapItems       = Limit{100, "objects", Fact{"DG/map-state", Documented}}
	FlowSeconds    = Limit{100, "seconds, Waits included", Fact{"DG/flow-state-limitations; newer pages don't name the number", Documented}}
	Transitions    = Limit{250, "state transitions of a flow with a Map inside a Map", Fact{"DG/flow-state-limitations", Documented}}
	FlowRuns       = Limit{4, "runs of one event, repetitions included", Fact{"DG/state-retry-error-handling; an older text has 3", Documented}}
	ActionPayload  = Limit{2 << 20, "bytes of one answer", Fact{"a public app: \"payload is larger than 2MB\"", Observed}}
	WebhookPayload = Limit{200 << 10, "bytes advised for an inbound webhook", Fact{"API/inbound-webhooks", Documented}}
	PageSize       = Limit{100, "links on a page", Fact{"DG/zis-built-in-actions", Documented}}

	IntegrationName = Limit{64, "characters of a-z, 0-9, _ and -", Fact{"registry/integrations", Documented}}
	ActionName      = Limit{20, "characters; longer ones are taken", Fact{"DG/zis-custom-actions", Documented}}
	OtherName       = Limit{50, "characters of a flow's, job spec's or bundle's name", Fact{"a public validator", Observed}}
	ConnectionName  = Limit{64, "characters of A-Z, a-z, 0-9, _ and -, at least 3", Fact{"DG/understanding-connections", Documented}}
	LinkName        = Limit{256, "characters, at least 3", Fact{"DG/using-zis-links", Documented}}
)

// ShortestName is how many characters the names of connections and links have
// at least (documented: DG/understanding-connections, DG/using-zis-links).
const ShortestName = 3
