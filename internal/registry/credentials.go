package registry

import (
	"cmp"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
)

// Kind names a credential as people call it.
type Kind string

// The kinds of credential. None is what a call has that finds no credential.
const (
	None       Kind = ""
	APIToken   Kind = "API token"
	ZISToken   Kind = "ZIS OAuth token"
	OAuthToken Kind = "OAuth token"

	// Minted for the run, by the Source of the Client, with ClientID and
	// ClientSecret.
	ClientToken    Kind = "OAuth token of the OAuth client"
	ClientZISToken Kind = "ZIS OAuth token minted with the OAuth client"
)

// Credentials are what a run was given, any subset. Which one travels is chosen
// for each call (docs/platform.md 1.2, 2.1, 5.1):
//
//	list, read, install, uninstall   ZIS token, API token, OAuth token
//	upload, register, OAuth          API token, OAuth token, ZIS token
//	connections, inbound webhooks    ZIS token, OAuth token, API token
//	apps                             OAuth token, API token
//
// One that is minted with the OAuth client comes after a given one of its kind.
// A reading, install or uninstall that is refused to one is tried with the
// next; any other write is not: what failed is said.
type Credentials struct {
	Email      string
	APIToken   Secret // of Email, an admin
	ZISToken   Secret // minted from the OAuth client zis_{integration}; for that integration alone
	OAuthToken Secret // any other OAuth access token of an admin

	ClientID     string // identifier of a confidential OAuth client that an admin made
	ClientSecret Secret
}

// Any says whether there is a credential at all.
func (c Credentials) Any() bool { return c.first(preferZIS) != None }

// Complete refuses a secret that lacks its user. The other way round it is no
// credential at all, as on a fork, which is given variables but no secrets.
func (c Credentials) Complete() error {
	switch {
	case trim(c.APIToken) != "" && strings.TrimSpace(c.Email) == "":
		return errors.New("an API token is given without the email of its user: set ZENDESK_EMAIL")
	case trim(c.ClientSecret) != "" && strings.TrimSpace(c.ClientID) == "":
		return errors.New("the secret of an OAuth client is given without the client's identifier: set ZENDESK_CLIENT_ID")
	}
	return nil
}

// ForRead is the credential that lists, installs and uninstalls.
func (c Credentials) ForRead() Kind { return c.first(preferZIS) }

// ForUpload is the credential that uploads and registers.
func (c Credentials) ForUpload() Kind { return c.first(preferAPI) }

// BasicHeader is what follows "Basic " in the header made of email and API
// token; empty without them. No log masks it by itself, as it is derived: it
// must be registered as a secret before anything is printed.
func (c Credentials) BasicHeader() Secret {
	if !c.has(APIToken) {
		return ""
	}
	user := strings.TrimSuffix(strings.TrimSpace(c.Email), "/token")
	pair := user + "/token:" + trim(c.APIToken)
	return Secret(base64.StdEncoding.EncodeToString([]byte(pair)))
}

// Secrets are all values that must not be seen, the derived one included,
// longest first.
func (c Credentials) Secrets() []Secret {
	all := []Secret{c.BasicHeader()}
	for _, s := range []Secret{c.APIToken, c.ZISToken, c.OAuthToken, c.ClientSecret} {
		all = append(all, Secret(trim(s)))
	}
	all = slices.DeleteFunc(all, func(s Secret) bool { return s == "" })
	slices.SortStableFunc(all, func(a, b Secret) int { return cmp.Compare(len(b), len(a)) })
	return all
}

func (c Credentials) first(order kinds) Kind {
	for _, k := range order {
		if c.has(k) {
			return k
		}
	}
	return None
}

// has: an API token is of no use without its email, nor a secret without its
// client.
func (c Credentials) has(k Kind) bool {
	switch k {
	case APIToken:
		return trim(c.APIToken) != "" && strings.TrimSpace(c.Email) != ""
	case ZISToken:
		return trim(c.ZISToken) != ""
	case OAuthToken:
		return trim(c.OAuthToken) != ""
	case ClientToken, ClientZISToken:
		return strings.TrimSpace(c.ClientID) != "" && trim(c.ClientSecret) != ""
	}
	return false
}

func (c Credentials) authorization(k Kind) string {
	switch k {
	case APIToken:
		return "Basic " + c.BasicHeader().Reveal()
	case ZISToken:
		return "Bearer " + trim(c.ZISToken)
	case OAuthToken:
		return "Bearer " + trim(c.OAuthToken)
	}
	return "" // of the others the Source knows more
}

// redact takes every credential out of a text that came from elsewhere.
func (c Credentials) redact(text string) string {
	for _, s := range c.Secrets() {
		text = strings.ReplaceAll(text, s.Reveal(), hidden)
	}
	return text
}

// trim drops the line break that secrets get when they are pasted or piped.
func trim(s Secret) string { return strings.TrimSpace(string(s)) }

// kinds is an order of preference.
type kinds []Kind

// The orders of preference, see Credentials.
var (
	preferZIS   = kinds{ZISToken, ClientZISToken, APIToken, OAuthToken, ClientToken}
	preferAPI   = kinds{APIToken, OAuthToken, ClientToken, ZISToken}
	onlyOAuth   = kinds{ZISToken, ClientZISToken, OAuthToken, ClientToken, APIToken}
	preferAdmin = kinds{OAuthToken, ClientToken, APIToken}
)
