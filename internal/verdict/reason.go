package verdict

// Reason is the word for why a run failed: the output failure-reason.
type Reason string

// The reasons, in the order in which a run can meet them. A test makes the
// table of README.md out of their comments.
const (
	InvalidInput       Reason = "invalid-input"       // an input or flag is missing or wrong, or the call can't be carried out as it was given
	InvalidBundle      Reason = "invalid-bundle"      // a bundle file has errors, or can't be deployed beside what the account holds
	MissingCredentials Reason = "missing-credentials" // no credential is given that the run needs
	AuthFailed         Reason = "auth-failed"         // the account refused the credential
	NotFound           Reason = "not-found"           // the account doesn't have what was asked for, such as the integration
	RateLimited        Reason = "rate-limited"        // the account allowed no more requests
	Network            Reason = "network"             // no answer, or one that is not the account's
	Timeout            Reason = "timeout"             // time ran out: of one request, or of the run
	Cancelled          Reason = "cancelled"           // a signal ended the run, or somebody who was asked said no
	Superseded         Reason = "superseded"          // something newer is to be deployed instead
	PlanChanged        Reason = "plan-changed"        // what would be done is no longer what was planned
	PruneLimit         Reason = "prune-limit"         // more would be switched off than is allowed
	NotPromotable      Reason = "not-promotable"      // the ring before is not proven to run the release
	ProtectedTarget    Reason = "protected-target"    // the target is protected, and writing to it was not allowed
	OffBranch          Reason = "off-branch"          // the release is not on the main branch
	WrongAccount       Reason = "wrong-account"       // the credential opens another account than the one that was there before
	Drifted            Reason = "drift"               // an account no longer runs what was brought there
	UploadRejected     Reason = "upload-rejected"     // the account refused the bundle
	InstallFailed      Reason = "install-failed"      // a job spec could not be installed
	UninstallFailed    Reason = "uninstall-failed"    // a job spec could not be uninstalled
	VerifyFailed       Reason = "verify-failed"       // what was read back is not what was deployed
	NotProven          Reason = "not-proven"          // everything was accepted, and what the account holds could not be seen or is shown otherwise
	TestFailed         Reason = "test-failed"         // a flow doesn't do what a test wants, or too little of it is tested
	Internal           Reason = "internal"            // a fault of zis itself, or of the machine it runs on
)
