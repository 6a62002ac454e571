package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The list of OAuth clients pages by next_page, whatever number is asked for.
func TestClients(t *testing.T) {
	a := acme(t)
	for n := range 118 {
		a.must("POST", fmt.Sprintf("%sintegration-%03d", registry, n), "{}")
	}
	type client struct {
		ID         int64
		Identifier string
	}
	type listing struct {
		Clients  []client
		Next     *string `json:"next_page"`
		Previous *string `json:"previous_page"`
		Count    int
	}
	var all []client
	path := "/api/v2/oauth/clients.json?per_page=50"
	for path != "" {
		var l listing
		decode(t, a.must("GET", path, ""), &l)
		all = append(all, l.Clients...)
		path = ""
		if l.Next != nil {
			path = strings.TrimPrefix(*l.Next, "http://acme.zendesk.com")
		}
	}
	if len(all) != 120 || all[0].Identifier != "zis_acme" || all[119].Identifier != "zis_integration-117" {
		t.Errorf("got %d clients: %v", len(all), all)
	}
	for page, want := range map[string]int{"0": 100, "x": 100, "2": 20, "3": 20, "9223372036854775807": 20} {
		var l listing
		decode(t, a.must("GET", "/api/v2/oauth/clients.json?page="+page, ""), &l)
		if len(l.Clients) != want || l.Count != 120 {
			t.Errorf("page %s: %d of %d clients, want %d of 120", page, len(l.Clients), l.Count, want)
		}
	}
}

// A token minted from the client zis_{integration} opens that integration.
func TestMintAToken(t *testing.T) {
	a := acme(t)
	id := a.server.State().Integration("acme").ClientID
	for _, form := range []string{`"%d"`, `%d`} {
		res := a.do("POST", "/api/v2/oauth/tokens.json", admin, fmt.Sprintf(`{"token":{"client_id":`+form+`,"scopes":["read","write"]}}`, id))
		var minted struct {
			Token struct {
				Full   string `json:"full_token"`
				Scopes []string
				URL    string
			}
		}
		decode(t, res.Body, &minted)
		if diff := cmp.Diff([]string{"read", "write"}, minted.Token.Scopes); res.Status != 201 || minted.Token.URL == "" || diff != "" {
			t.Errorf("%d %s", res.Status, res.Body)
		}
		for path, want := range map[string]int{"acme/job_specs": 200, "globex/job_specs": 401} {
			if res := a.do("GET", registry+path, "Bearer "+minted.Token.Full, ""); res.Status != want {
				t.Errorf("%s with the token: %d, want %d", path, res.Status, want)
			}
		}
	}
}
