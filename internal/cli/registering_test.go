package cli_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

// issued is how register or token ends on a platform that answers in one of
// the ways that the references leave open.
type issued struct {
	exit int
	kept bool   // a file is written, and holds a credential
	says string // in what is printed
}

// TestRegisterNeverKeepsAMask registers a new name, and one that the account
// has, with and without a file for the client's secret. Nothing that isn't a
// secret is ever written as one, and nothing is called registered that isn't.
func TestRegisterNeverKeepsAMask(t *testing.T) {
	masked := issued{1, false, "masked or not at all: nothing is written to"}
	rows := map[string]issued{
		"":                      {0, true, `registered "newco"`},
		"register-again-409":    {0, true, `registered "newco"`}, // it is new
		"register-again-masked": {0, true, `registered "newco"`},
		"register-masked":       masked,
		"register-short-mask":   masked,
		"register-empty-secret": masked,
		"register-null-secret":  masked,
		"register-no-secret":    masked,
		"register-no-client":    {1, false, "doesn't tell its OAuth client: nothing is written to"},
		"register-wrapped":      {0, true, `registered "newco"`},
		"register-201":          {0, true, `registered "newco"`},
		"register-not-kept":     {1, false, "neither its answer nor its list of integrations has it"},
		"register-403":          {1, false, "is ZIS enabled in this account?"},
	}
	coversAll(t, "register-", rows)
	for name, want := range rows {
		t.Run("new/"+name, func(t *testing.T) {
			t.Parallel()
			issue(t, name, want, `"secret": "`, "register", "--integration", "newco")
		})
		t.Run("again/"+name, func(t *testing.T) {
			t.Parallel()
			again := issued{1, false, "nothing is written to"}
			switch name {
			case "register-403", "register-not-kept":
				again.says = ""
			case "", "register-201", "register-wrapped":
				again = issued{0, true, "was registered"} // the registry shows it again
			}
			issue(t, name, again, `"secret": "`, "register", "--integration", "acme")
		})
	}
}

// TestTokenNeverKeepsAMask mints tokens likewise.
func TestTokenNeverKeepsAMask(t *testing.T) {
	good := issued{0, true, "minted a token"}
	none := issued{1, false, "the answer holds no token"}
	rows := map[string]issued{
		"": good, "token-200": good, "clients-text-ids": good, "clients-cursor": good,
		"token-masked":  {1, false, "shows the token masked"},
		"token-short":   good, // a short token may be one
		"token-empty":   none,
		"token-missing": none,
	}
	coversAll(t, "token-", rows)
	coversAll(t, "clients-", rows)
	for name, want := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issue(t, name, want, "", "token", "--integration", "acme")
		})
	}
}

func coversAll(t *testing.T, prefix string, rows map[string]issued) {
	t.Helper()
	for _, d := range platform.Dispositions() {
		if _, ok := rows[d.Name]; !ok && strings.HasPrefix(d.Name, prefix) {
			t.Errorf("%s: how it ends is not said", d.Name)
		}
	}
}

// issue runs a verb that writes a credential into a file.
func issue(t *testing.T, disposition string, want issued, before string, args ...string) {
	t.Helper()
	server := &emulator.Server{}
	if err := server.Register("acme"); err != nil {
		t.Fatal(err)
	}
	if disposition != "" {
		if err := server.Behave(disposition); err != nil {
			t.Fatal(err)
		}
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	file := filepath.Join(t.TempDir(), "kept")
	cmd := exec.Command("zis", append(slices.Clone(args), "--base-url", listening.URL, "--out", file)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "ZENDESK_EMAIL=admin@example.com", "ZENDESK_API_TOKEN=token-of-the-admin")
	out, _ := cmd.CombinedOutput()
	text, err := os.ReadFile(file)
	if kept := err == nil; kept != want.kept || cmd.ProcessState.ExitCode() != want.exit || !strings.Contains(string(out), want.says) {
		t.Errorf("kept %t, exit %d, want %+v\n%s", kept, cmd.ProcessState.ExitCode(), want, out)
	}
	if want.exit != 0 && (bytes.Contains(out, []byte(`registered "newco" on`)) || bytes.Contains(out, []byte("minted a token of"))) {
		t.Errorf("it is told as done:\n%s", out)
	}
	if !want.kept {
		return
	}
	_, secret, _ := strings.Cut(string(text), before)
	secret, _, _ = strings.Cut(strings.TrimSpace(secret), `"`)
	if secret == "" || strings.Contains(secret, "*") || bytes.Contains(out, []byte(secret)) {
		t.Errorf("%q is kept\n%s", secret, out)
	}
}
