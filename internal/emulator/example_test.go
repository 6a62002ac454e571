package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// A test deploys to an account whose uploads switch nothing off, and looks at
// what the account holds in truth.
func Example() {
	account := &emulator.Server{}
	must(account.Register("acme"))
	must(account.Behave("drop-nothing"))
	server := httptest.NewServer(account)
	defer server.Close()

	send(server, "/api/services/zis/registry/acme/bundles", oneFlow("b", "on_ticket"))
	send(server, "/api/services/zis/registry/job_specs/install?job_spec_name=zis:acme:job_spec:on_ticket", "")
	send(server, "/api/services/zis/registry/acme/bundles", oneFlow("b", "on_ticket"))
	fmt.Println("installed:", account.State().Integration("acme").JobSpec("on_ticket").Installed)
	// Output:
	// 200
	// 200
	// 200
	// installed: true
}

// Many accounts are found by the path, or by the host.
func ExampleAccounts() {
	accounts := &emulator.Accounts{}
	must(accounts.Account("acme").Register("crm"))
	server := httptest.NewServer(accounts)
	defer server.Close()

	send(server, "/accounts/globex/api/services/zis/registry/crm", "{}")
	// Output:
	// 400 {"message":"the integration: crm is not available for upsert by this account"}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// send posts as an admin, and prints what came back.
func send(server *httptest.Server, path, body string) {
	req, err := http.NewRequest(http.MethodPost, server.URL+path, strings.NewReader(body)) //nolint:noctx // an example
	must(err)
	req.SetBasicAuth("admin@example.com/token", "any")
	res, err := server.Client().Do(req)
	must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(err)
	fmt.Println(strings.TrimSpace(fmt.Sprint(res.StatusCode, " ", string(text))))
}
