package cli_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The most memory that a deploy may take of a runner, in MiB, and the bundle
// that it takes it for: about 15 MB of some 340,000 values, near the most that
// is read.
const (
	mostMemory  = 400
	largeBundle = 6250 // flows of the example
)

// A deploy of a very large bundle takes little memory: the first one, one that
// changes nothing, and one that changes all of it. The account is a process of
// its own.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("deploys 15 MB three times")
	}
	dir := t.TempDir()
	zis := filepath.Join(dir, "zis")
	// the race detector, where these tests run with it, would take more
	if out, err := exec.Command("go", "build", "-race=false", "-o", zis, "../../cmd/zis").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	address := serve(t, zis)
	env := append(os.Environ(), "ZENDESK_EMAIL=me@example.com", "ZENDESK_API_TOKEN=t0k3n-t0k3n-t0k3n", "GOMEMLIMIT=")
	most := func(args ...string) int64 {
		t.Helper()
		cmd := exec.Command(zis, append(args, "--base-url", address, "--integration", "acme")...)
		cmd.Dir, cmd.Env = dir, env
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		peak := make(chan int64)
		go func() { peak <- highWater(cmd.Process.Pid) }()
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%s: %v\n%s", args, err, out.String())
		}
		return <-peak
	}
	most("register", "--yes")
	text := typicalBundle(t, largeBundle)
	for _, deploy := range []struct{ name, comment string }{{"first", "one"}, {"unchanged", "one"}, {"changed", "two"}} {
		file := filepath.Join(dir, "bundle.json")
		all := strings.ReplaceAll(string(text), `"StartAt"`, fmt.Sprintf(`"Comment": %q, "StartAt"`, deploy.comment))
		if err := os.WriteFile(file, []byte(all), 0o600); err != nil {
			t.Fatal(err)
		}
		took := most("deploy", file)
		t.Logf("%s deploy of %d MB: %d MiB", deploy.name, len(all)/1e6, took)
		if took > mostMemory {
			t.Errorf("the %s deploy takes %d MiB, more than %d", deploy.name, took, mostMemory)
		}
	}
}

// highWater follows a process to its end, and returns the most memory that it
// had, in MiB. What the system tells of an ended process counts what these tests
// had when they started it.
func highWater(pid int) int64 {
	var most int64
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, value, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found { // it is gone, or is about to go
			return most
		}
		var kB int64
		if _, err := fmt.Sscan(value, &kB); err == nil {
			most = max(most, kB>>10)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// serve starts an emulated account as a process, and returns its address.
func serve(t *testing.T, zis string) string {
	t.Helper()
	cmd := exec.Command(zis, "emulator", "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // ended by us
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}
