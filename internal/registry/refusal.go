package registry

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// refusal is an answer that was seen or documented: what it means, and the way
// out.
type refusal struct {
	text    string         // occurs in the answer, in any case of letters
	status  int            // 0: any
	reason  verdict.Reason // "": by the status and the call
	meaning string
	hint    verdict.Code
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

// refusals are those of docs/platform.md 2.4 and 7. A function, so that start-up doesn't
// pay for it.
func refusals() []refusal {
	return slices.Concat(grantRefusals(), credentialRefusals(), bundleRefusals())
}

func credentialRefusals() []refusal {
	return []refusal{{
		text: "OAuth being disabled", status: http.StatusUnauthorized, // observed, 2026-07
		meaning: "this call takes no OAuth token, and one was sent",
		hint:    verdict.UploadNeedsAPIToken,
	}, {
		text: "integration mismatch", status: http.StatusUnauthorized, // documented: DG/fixing-common-zis-errors
		meaning: "the token is not of this integration, or no integration has exactly this name",
		hint:    verdict.OtherIntegration,
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
		hint:    verdict.NeedsZISToken,
	}, {
		text: "Only admin user is allowed", status: http.StatusForbidden, // documented, observed
		meaning: "the user of this credential is no admin",
		hint:    verdict.NeedsAdmin,
	}}
}

// grantRefusals are those of POST /oauth/tokens with client credentials
// (observed in public code; the codes are OAuth's own).
func grantRefusals() []refusal {
	return []refusal{{
		text: "unauthorized_client", reason: verdict.AuthFailed,
		meaning: "the OAuth client may not be used without a person: its kind is Public",
		hint:    verdict.ConfidentialClient,
	}, {
		text: "invalid_client", reason: verdict.AuthFailed,
		meaning: "the account doesn't know this pair of identifier and secret",
		hint:    verdict.CheckClientSecret,
	}, {
		text: "invalid_scope", reason: verdict.AuthFailed,
		meaning: "the OAuth client isn't allowed the scopes read and write",
		hint:    verdict.ClientScopes,
	}, {
		text: "unsupported_grant_type", reason: verdict.AuthFailed,
		meaning: "the account gives no tokens for client credentials",
		hint:    verdict.GiveCredentials,
	}}
}

func bundleRefusals() []refusal {
	return []refusal{{
		text: "not available for upsert", status: http.StatusBadRequest, reason: verdict.InvalidInput, // observed
		meaning: "the name belongs to another Zendesk account",
		hint:    verdict.ChooseName,
	}, {
		text: "invalid integration key", reason: verdict.InvalidInput, // documented: DG/fixing-common-zis-errors
		meaning: "the integration's name is not valid",
		hint:    verdict.IntegrationName,
	}, {
		text:    "duplicated resources", // documented: DG/fixing-common-zis-errors
		meaning: "a flow, action or job spec has a name that another of the integration has",
		hint:    verdict.UniqueNames,
	}, {
		text:    "one or more requested job specs is invalid", // observed
		meaning: "no uploaded bundle of the integration has this job spec",
		hint:    verdict.UploadFirst,
	}, {
		text:    "And is required", // observed
		meaning: "a Choice rule has an operator that ZIS doesn't know: the server then names And",
		hint:    verdict.ChoiceOperators,
	}, {
		text:    "BundleValidationError", // observed
		meaning: "the bundle breaks the bundle language; the server's words can mislead",
		hint:    verdict.ValidateTheFiles,
	}}
}
