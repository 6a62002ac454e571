package verdict

// Hint is what to do next, as a code and what the code is about. A floor that
// speaks to people has the words: it names flags on the command line, inputs
// in the action, keys of a file for many accounts.
type Hint struct {
	Code Code
	Of   string // the option, integration or file that the code is about; may be empty
}

// Words are the words of one medium for hints; "" where it has none.
type Words func(Hint) string

// Code names a hint.
type Code string

// Codes about what the caller gave. Of is the name of an option, as in the
// table of inputs.
const (
	GiveAccount  Code = "give-account"   // which account? name its subdomain
	GiveOption   Code = "give-option"    // give the option Of
	CheckOption  Code = "check-option"   // is the value of the option Of right?
	RaiseOption  Code = "raise-option"   // give the option Of a larger value
	SwitchOn     Code = "switch-on"      // if that is meant, say so with the option Of
	PlanAgain    Code = "plan-again"     // nothing was written; make the plan again
	Prune        Code = "prune"          // the option uninstalls job specs that are in no file
	PruneOrphans Code = "prune-orphans"  // it takes both options to uninstall them
	PlanFileForm Code = "plan-file-form" // give a file that a plan wrote
)

// Codes about the account and its credentials. Of is the integration.
const (
	CheckAddress        Code = "check-address"          // is the account's own address used?
	NoSuchHost          Code = "no-such-host"           // the host is not found
	NotTheRegistry      Code = "not-the-registry"       // something else answered
	UntrustedHost       Code = "untrusted-host"         // the certificate is not trusted
	MoreTime            Code = "more-time"              // a request took too long
	ReadBack            Code = "read-back"              // the write may have taken effect
	SentNoAnswer        Code = "sent-no-answer"         // the write was sent and not answered
	Later               Code = "later"                  // the service has trouble
	Slower              Code = "slower"                 // fewer requests at a time, or later
	Register            Code = "register"               // is the integration registered?
	CheckAPIToken       Code = "check-api-token"        // the API token was refused
	CheckZISToken       Code = "check-zis-token"        // the ZIS OAuth token was refused
	CheckOAuthToken     Code = "check-oauth-token"      // another OAuth token was refused
	CheckClient         Code = "check-client"           // a token of the OAuth client was refused
	CheckClientSecret   Code = "check-client-secret"    // the OAuth client's identifier or secret was refused
	ConfidentialClient  Code = "confidential-client"    // the OAuth client is Public
	OwnClient           Code = "own-client"             // a client zis_{integration} was given
	ClientScopes        Code = "client-scopes"          // the OAuth client lacks scopes
	UploadNeedsAPIToken Code = "upload-needs-api-token" // an upload takes nothing else
	NeedsZISToken       Code = "needs-zis-token"        // the call takes a ZIS OAuth token only
	NeedsAdmin          Code = "needs-admin"            // the user is no admin
	MayUseZIS           Code = "may-use-zis"            // the account may not have ZIS, or the user may be no admin
	OtherIntegration    Code = "other-integration"      // the token is of another integration
	GiveCredentials     Code = "give-credentials"       // none is given
)

// Codes about what the registry said to a bundle.
const (
	ChooseName       Code = "choose-name"        // the name belongs to another account
	IntegrationName  Code = "integration-name"   // the form of a name
	UniqueNames      Code = "unique-names"       // names are shared by all bundles of an integration
	UploadFirst      Code = "upload-first"       // no uploaded bundle has this job spec
	ChoiceOperators  Code = "choice-operators"   // validate names the operator
	ValidateTheFiles Code = "validate-the-files" // validate names the place
)
