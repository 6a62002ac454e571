package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/cli"
	"github.com/zisdeploy/zis-deploy/internal/program"
)

// zis runs the program in this process.
func zis(ctx context.Context, t *testing.T, args ...string) (code int, output string) {
	t.Helper()
	var b bytes.Buffer
	env := map[string]string{"ZENDESK_EMAIL": "a@example.com", "ZENDESK_API_TOKEN": "token-of-the-admin"}
	code = cli.Main(ctx, args, program.Env{Stdout: &b, Stderr: &b, Getenv: func(name string) string { return env[name] }})
	return code, b.String()
}

// A bundle is deployed to an account of a running emulator, and an event runs
// what was deployed: from the first command to the line that tells of the run.
func TestEmulatorRunsWhatWasDeployed(t *testing.T) {
	t.Chdir(t.TempDir())
	bundle := strings.Replace(small, `"resources": {`, `"resources": {"s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support",
		"event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:f"}},`, 1)
	if err := os.WriteFile("b.json", []byte(bundle), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, outside := io.Pipe()
	told, log := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, []string{"emulator", "--listen", "127.0.0.1:0", "--state", filepath.Join("d", "state.json")}, program.Env{
			Stdout: outside, Stderr: log, Getenv: func(string) string { return "" },
		})
	}()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base := strings.TrimSpace(address) + "/accounts/customer"
	for _, args := range [][]string{
		{"register", "--base-url", base, "--integration", "acme"}, {"deploy", "--base-url", base, "--integration", "acme", "b.json"},
	} {
		if code, output := zis(ctx, t, args...); code != 0 {
			t.Fatalf("%v: %d\n%s", args, code, output)
		}
	}
	post(t, base+"/emulator/events?type=ticket.TicketCreated")
	line, err := bufio.NewReader(told).ReadString('\n')
	if want := "run 1: s started f of acme, which ended (A): Execution Successful\n"; err != nil || line != want {
		t.Errorf("%q %v, want %q", line, err, want)
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("stopped: exit code %d, want 0", code)
	}
	if _, err := os.Stat(filepath.Join("d", "state-customer.json")); err != nil {
		t.Errorf("the account's state: %v", err)
	}
}

func post(t *testing.T, address string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(`{"ticket_event": {"ticket": {"id": 1}}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("a@example.com/token", "x")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		t.Fatal(res.Status)
	}
}

func TestEmulatorBadInput(t *testing.T) {
	for _, tt := range []struct{ flag, want string }{
		{"--behave=drop-nothin", "drop-nothing,"}, {"--latency=-1s", "--latency is -1s"}, {"--latency=fast", "fast"}, {"--listen=127.0.0.1:x", "unknown port"},
	} {
		if code, output := zis(t.Context(), t, "emulator", tt.flag); code == 0 || !strings.Contains(output, tt.want) {
			t.Errorf("%s: %d\n%s", tt.flag, code, output)
		}
	}
}
