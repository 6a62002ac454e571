package verdict

// Reason is the word for why a run failed: the output failure-reason.
type Reason string

// The reasons. Reasons lists them with their meaning.
const (
	InvalidInput       Reason = "invalid-input"
	InvalidBundle      Reason = "invalid-bundle"
	MissingCredentials Reason = "missing-credentials"
	AuthFailed         Reason = "auth-failed"
	NotFound           Reason = "not-found"
	RateLimited        Reason = "rate-limited"
	Network            Reason = "network"
	Timeout            Reason = "timeout"
	Cancelled          Reason = "cancelled"
	Superseded         Reason = "superseded"
	PlanChanged        Reason = "plan-changed"
	PruneLimit         Reason = "prune-limit"
	NotPromotable      Reason = "not-promotable"
	ProtectedTarget    Reason = "protected-target"
	OffBranch          Reason = "off-branch"
	WrongAccount       Reason = "wrong-account"
	Drifted            Reason = "drift"
	UploadRejected     Reason = "upload-rejected"
	InstallFailed      Reason = "install-failed"
	UninstallFailed    Reason = "uninstall-failed"
	VerifyFailed       Reason = "verify-failed"
	NotProven          Reason = "not-proven"
	TestFailed         Reason = "test-failed"
	Internal           Reason = "internal"
)

// ReasonRow is a reason and what it means, for documents.
type ReasonRow struct {
	Reason  Reason
	Meaning string // without a full stop
}

// Reasons are all reasons, in the order in which a run can meet them.
func Reasons() []ReasonRow {
	return []ReasonRow{
		{InvalidInput, "an input or flag is missing or wrong, or the call can't be carried out as it was given"},
		{InvalidBundle, "a bundle file has errors, or can't be deployed beside what the account holds"},
		{MissingCredentials, "no credential is given that the run needs"},
		{AuthFailed, "the account refused the credential"},
		{NotFound, "the account doesn't have what was asked for, such as the integration"},
		{RateLimited, "the account allowed no more requests"},
		{Network, "no answer, or one that is not the account's"},
		{Timeout, "time ran out: of one request, or of the run"},
		{Cancelled, "a signal ended the run, or somebody who was asked said no"},
		{Superseded, "something newer is to be deployed instead"},
		{PlanChanged, "what would be done is no longer what was planned"},
		{PruneLimit, "more would be switched off than is allowed"},
		{NotPromotable, "the ring before is not proven to run the release"},
		{ProtectedTarget, "the target is protected, and writing to it was not allowed"},
		{OffBranch, "the release is not on the main branch"},
		{WrongAccount, "the credential opens another account than the one that was there before"},
		{Drifted, "an account no longer runs what was brought there"},
		{UploadRejected, "the account refused the bundle"},
		{InstallFailed, "a job spec could not be installed"},
		{UninstallFailed, "a job spec could not be uninstalled"},
		{VerifyFailed, "what was read back is not what was deployed"},
		{NotProven, "everything was accepted, and what the account holds could not be seen or is shown otherwise"},
		{TestFailed, "a flow doesn't do what a test wants, or too little of it is tested"},
		{Internal, "a fault of zis itself, or of the machine it runs on"},
	}
}
