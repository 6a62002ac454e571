package program

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// HintWords are the words for the codes of the floors below. In braces stand
// the names that a medium has its own form for: an option, a verb, a
// credential; {of} is what the hint is about.
var HintWords = map[verdict.Code]string{
	verdict.GiveAccount:  "give {--subdomain}, or local as {--target} for the built-in emulator",
	verdict.GiveOption:   "give {--of}",
	verdict.CheckOption:  "is {--of} right?",
	verdict.RaiseOption:  "if that is meant, give {--of} a larger value",
	verdict.SwitchOn:     "if that is meant, say so with {--of}",
	verdict.Prune:        "{--prune} uninstalls what is in no file",
	verdict.PruneOrphans: "{--prune} with {--prune-orphans} uninstalls what is in no file",
	verdict.PlanAgain:    "nothing was written; plan again",
	verdict.PlanFileForm: "give the file that {zis plan} wrote with {--plan-file}",

	verdict.CheckAddress:        "is {--subdomain} right, and is the account's own address used (not a host-mapped one)?",
	verdict.NoSuchHost:          "is {--subdomain} right? It is the part before .zendesk.com",
	verdict.NotTheRegistry:      "the answer is not the registry's: check {--subdomain} or {--base-url}, and a proxy in between",
	verdict.UntrustedHost:       "the host's certificate is not trusted: behind a proxy that opens TLS, name its certificates in SSL_CERT_FILE",
	verdict.MoreTime:            "give more time with {--request-timeout}, or look at https://status.zendesk.com",
	verdict.ReadBack:            "the request may have taken effect: read the account back before repeating it",
	verdict.SentNoAnswer:        "the request was sent and got no answer, so it may have taken effect: read the account back before repeating it",
	verdict.Later:               "the trouble is the service's: run it again later, see https://status.zendesk.com",
	verdict.Slower:              "run it again later, or with a smaller {--concurrency}",
	verdict.Register:            "is the integration registered under exactly this name, {of}? {zis register} does that",
	verdict.CheckAPIToken:       "check {ZENDESK_EMAIL} and {ZENDESK_API_TOKEN}: the token must be active (one that isn't used for 30 days is switched off) and of an admin of this account",
	verdict.CheckZISToken:       "check {ZIS_OAUTH_TOKEN}: {zis token} mints one, from the OAuth client zis_{of}",
	verdict.CheckOAuthToken:     "check {ZENDESK_OAUTH_TOKEN}: OAuth tokens may live only 30 minutes, and must be of an admin",
	verdict.CheckClient:         "check the OAuth client of {ZENDESK_CLIENT_ID}: an admin of this account must have made it, and its tokens need the scopes read and write",
	verdict.CheckClientSecret:   "check {ZENDESK_CLIENT_ID} (the client's identifier, neither its name nor its number) and {ZENDESK_CLIENT_SECRET} (shown once; a new one ends the old one at once)",
	verdict.ConfidentialClient:  "make a new OAuth client of the kind Confidential (Admin Center > Apps and integrations > APIs > OAuth clients); to change the kind afterwards doesn't help, as the secret is then shown cut off",
	verdict.OwnClient:           "make an OAuth client of your own, of the kind Confidential (Admin Center > Apps and integrations > APIs > OAuth clients): it mints the integration's token by itself",
	verdict.ClientScopes:        "allow the OAuth client of {ZENDESK_CLIENT_ID} the scopes read and write",
	verdict.UploadNeedsAPIToken: "set {ZENDESK_EMAIL} and {ZENDESK_API_TOKEN} of an admin: an upload takes nothing else (no new API token can be made since 2026-10-27, all stop on 2027-04-30)",
	verdict.NeedsZISToken:       "set {ZIS_OAUTH_TOKEN}, minted from the OAuth client zis_{of} ({zis token} does that)",
	verdict.NeedsAdmin:          "use the credential of an admin: no other role is let in, whatever its permissions",
	verdict.MayUseZIS:           "is ZIS enabled in this account? Not every account has it. If it is, check that the credential is of an admin and active",
	verdict.OtherIntegration:    "use a token minted from the OAuth client zis_{of} ({zis token} does that); if {of} is misspelt, capitals count; if it is new, register it ({zis register})",
	verdict.GiveCredentials:     "set {ZENDESK_CLIENT_ID} and {ZENDESK_CLIENT_SECRET}, or {ZENDESK_EMAIL} and {ZENDESK_API_TOKEN} (an upload takes nothing else), or {ZIS_OAUTH_TOKEN} for a plan; in a workflow, secrets are missing on pull requests of forks and of Dependabot",

	verdict.ChooseName:       "choose another name, for instance one that begins with the company's: names are shared by all accounts and never become free",
	verdict.IntegrationName:  "use 1 to 64 characters of a-z, 0-9, _ and -",
	verdict.UniqueNames:      "names must be unique over all bundles of the integration; {zis plan} shows what the account holds",
	verdict.UploadFirst:      "upload the bundle that has it first; in its full name, capitals and the integration count",
	verdict.ChoiceOperators:  "{zis validate} names the rule and the operators that exist",
	verdict.ValidateTheFiles: "{zis validate} names the place",
}

// Say puts a hint into words: flags and verbs on the command line, inputs and
// commands in the action.
func (p *Program) Say(h verdict.Hint) string {
	text := p.words(strings.ReplaceAll(HintWords[h.Code], "{--of}", "{--"+h.Of+"}"), h.Of)
	if p.Workflow != nil && slices.Contains([]verdict.Code{verdict.GiveOption, verdict.GiveAccount, verdict.GiveCredentials}, h.Code) {
		text += "; if the workflow gives it, the secret or variable that it is taken from does not exist in this environment"
	}
	return text
}

// words replaces the names in braces by what they are called in the medium.
func (p *Program) words(text, of string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(p.called(name, of))
		text = after
	}
}

func (p *Program) called(name, of string) string {
	option, isOption := strings.CutPrefix(name, "--")
	verb, isVerb := strings.CutPrefix(name, "zis ")
	switch {
	case name == "of":
		return of
	case p.Workflow == nil:
		return name
	case isOption:
		return "the input " + option
	case isVerb:
		return "the command " + verb
	}
	return "the input " + strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// Option is what an option is called in the medium.
func (p *Program) Option(name string) string { return p.called("--"+name, "") }

// given is an option with the value to give, as the help of a finding names it
// after "give".
func (p *Program) given(name, value string) string {
	if p.Workflow == nil {
		return diag.Flag(name, value)
	}
	inputs := map[string]string{"var": "variables", "secret-var": "secret-variables"}
	return value + " in the input " + cmp.Or(inputs[name], name)
}
