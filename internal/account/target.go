package account

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Local is what people call the built-in account, as a Target's Where.
const Local = "the local emulator"

// Target is one integration of one account, and how the account is spoken to.
type Target struct {
	Name        string // as the project calls it; may be empty
	Integration string
	URL         string // of the registry, such as https://acme.zendesk.com
	Where       string // the account, as people call it: acme.zendesk.com
	Credentials registry.Credentials
	Transport   http.RoundTripper // nil: the network

	Retries        int           // of a request that may be repeated
	RequestTimeout time.Duration // 0: registry.DefaultRequestTimeout
	Concurrency    int           // requests at a time
}

// Address is the URL of an account's registry, and the account as people call
// it. A base URL stands for another registry.
func Address(subdomain, baseURL string) (url, where string, err error) {
	switch {
	case baseURL != "":
		return baseURL, strings.TrimPrefix(strings.TrimPrefix(baseURL, "https://"), "http://"), nil
	case subdomain == "":
		return "", "", invalid(verdict.Hint{Code: verdict.GiveAccount}, "the subdomain is missing: which account?")
	case !validSubdomain(subdomain):
		return "", "", invalid(verdict.Hint{Code: verdict.NoSuchHost}, "the subdomain %q is not valid: it is the part before .zendesk.com, such as acme", subdomain)
	}
	host := subdomain + ".zendesk.com"
	return "https://" + host, host, nil
}

// Subdomain is the account's own name: what stands before .zendesk.com, or
// after /accounts/ in the address of an emulator; "" if neither does.
func (t Target) Subdomain() string {
	if name, ok := strings.CutSuffix(t.Where, ".zendesk.com"); ok {
		return name
	}
	_, name, _ := strings.Cut(t.URL, "/accounts/")
	return name
}

// validSubdomain keeps anything that could lead a credential to another host
// out of the URL.
func validSubdomain(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return len(s) <= 63 && !strings.HasPrefix(s, "-") && !strings.HasSuffix(s, "-")
}

// CheckIntegration refuses a name that the registry can't have.
func CheckIntegration(name string) error {
	if name != "" && !zis.ValidIntegration(name) {
		return invalid(verdict.Hint{Code: verdict.IntegrationName}, "the integration name %q is not valid: 1 to 64 characters of a-z, 0-9, _ and -", name)
	}
	return nil
}

// check refuses a target that lacks what every deploy needs.
func (t Target) check() error {
	if t.Integration == "" {
		return invalid(verdict.Hint{Code: verdict.GiveOption, Of: "integration"}, "the integration is missing: the name under which the bundle is deployed")
	}
	if err := CheckIntegration(t.Integration); err != nil {
		return err
	}
	if err := t.Credentials.Complete(); err != nil {
		return &verdict.Error{Reason: verdict.InvalidInput, Err: err}
	}
	if !t.Credentials.Any() {
		return &verdict.Error{Reason: verdict.MissingCredentials, Err: errors.New("no credentials are given"), Hint: verdict.Hint{Code: verdict.GiveCredentials}}
	}
	return nil
}

func invalid(hint verdict.Hint, format string, args ...any) *verdict.Error {
	return &verdict.Error{Reason: verdict.InvalidInput, Err: fmt.Errorf(format, args...), Hint: hint}
}
