package zis

// Mark says how well a fact about the platform is known.
type Mark string

// The marks. Only what is documented without contradiction, or was seen
// rejected, may stop anybody.
const (
	Documented Mark = "documented" // Zendesk's documentation says so
	Observed   Mark = "observed"   // seen in public code, or in a project's notes of a live account
	Inferred   Mark = "inferred"   // concluded, mostly from Amazon States Language
)

// Fact is where a row of a table comes from. Pages are cited as
// docs/platform.md names them: DG/choice-state, API/trigger-events, ….
type Fact struct {
	Source string
	Mark   Mark
}
