package registry

import (
	"net/http"
	"strings"
)

// refusal is an answer that was seen or documented: what it means, and the way
// out.
type refusal struct {
	text    string // occurs in the answer, in any case of letters
	status  int    // 0: any
	reason  string // "": by the status and the call
	meaning string
	hint    string
	byKind  bool // the hint depends on the credential that was sent
}

// refusalFor finds what is known of an answer, or nil. The first row that
// fits counts.
func refusalFor(status int, said string) *refusal {
	said = strings.ToLower(said)
	for _, r := range refusals() {
		if (r.status == 0 || r.status == status) && strings.Contains(said, strings.ToLower(r.text)) {
			return &r
		}
	}
	return nil
}

// refusals are those of zis.md 2.4 and 7. A function, so that start-up doesn't
// pay for it.
func refusals() []refusal {
	return append(credentialRefusals(), bundleRefusals()...)
}

func credentialRefusals() []refusal {
	return []refusal{{
		text: "OAuth being disabled", status: http.StatusUnauthorized, // observed, 2026-07
		meaning: "this call takes no OAuth token, and one was sent",
		hint:    "set ZENDESK_EMAIL and ZENDESK_API_TOKEN of an admin: an upload takes nothing else (no new API token can be made since 2026-10-27, all stop on 2027-04-30)",
	}, {
		text: "integration mismatch", status: http.StatusUnauthorized, // documented: DG/fixing-common-zis-errors
		meaning: "the token is not of this integration, or no integration has exactly this name",
		hint:    "use a token minted from the OAuth client zis_{integration} (zis token does that); if {integration} is misspelt, capitals count; if it is new, register it (zis register)",
	}, {
		text: "Authentication failed", status: http.StatusUnauthorized, // observed
		meaning: "the token is missing, malformed or expired",
		byKind:  true,
	}, {
		text: "Couldn't authenticate you", status: http.StatusUnauthorized, // observed
		meaning: "the account doesn't know this credential",
		byKind:  true,
	}, {
		text: "API token is not supported", status: http.StatusForbidden, // observed
		meaning: "this call takes no API token, only a ZIS OAuth token",
		hint:    "set ZIS_OAUTH_TOKEN, minted from the OAuth client zis_{integration} (zis token does that)",
	}, {
		text: "Only admin user is allowed", status: http.StatusForbidden, // documented, observed
		meaning: "the user of this credential is no admin",
		hint:    "use the credential of an admin: no other role is let in, whatever its permissions",
	}}
}

func bundleRefusals() []refusal {
	return []refusal{{
		text: "not available for upsert", status: http.StatusBadRequest, reason: InvalidInput, // observed
		meaning: "the name belongs to another Zendesk account",
		hint:    "choose another name, for instance one that begins with the company's: names are shared by all accounts and never become free",
	}, {
		text: "invalid integration key", reason: InvalidInput, // documented: DG/fixing-common-zis-errors
		meaning: "the integration's name is not valid",
		hint:    "use 1 to 64 characters of a-z, 0-9, _ and -",
	}, {
		text:    "duplicated resources", // documented: DG/fixing-common-zis-errors
		meaning: "a flow, action or job spec has a name that another of the integration has",
		hint:    "names must be unique over all bundles of the integration; zis plan shows what the account holds",
	}, {
		text:    "one or more requested job specs is invalid", // observed
		meaning: "no uploaded bundle of the integration has this job spec",
		hint:    "upload the bundle that has it first; in its full name, capitals and the integration count",
	}, {
		text:    "And is required", // observed
		meaning: "a Choice rule has an operator that ZIS doesn't know: the server then names And",
		hint:    "zis validate names the rule and the operators that exist",
	}, {
		text:    "BundleValidationError", // observed
		meaning: "the bundle breaks the bundle language; the server's words can mislead",
		hint:    "zis validate names the place",
	}}
}
