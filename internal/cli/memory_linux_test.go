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
	m := newMeter(t)
	text := typicalBundle(t, largeBundle)
	for _, deploy := range []struct{ name, comment string }{{"first", "one"}, {"unchanged", "one"}, {"changed", "two"}} {
		m.deploys(t, deploy.name, strings.ReplaceAll(string(text), `"StartAt"`, fmt.Sprintf(`"Comment": %q, "StartAt"`, deploy.comment)))
	}
}

// Whatever a very large bundle is made of, a deploy that changes all of it takes
// little memory. That takes minutes: the nightly workflow tries it.
func TestMemoryOfShapes(t *testing.T) {
	if os.Getenv("ZIS_TEST_SHAPES") != "all" {
		t.Skip("ZIS_TEST_SHAPES=all deploys large bundles of every kind")
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			m := newMeter(t)
			m.deploys(t, "first", shape("1"))
			m.deploys(t, "changed", shape("2"))
		})
	}
}

// meter runs zis as processes on an account of its own.
type meter struct {
	zis, dir, address string
}

func newMeter(t *testing.T) meter {
	t.Helper()
	m := meter{dir: t.TempDir()}
	m.zis = filepath.Join(m.dir, "zis")
	// the race detector, where these tests run with it, would take more
	if out, err := exec.Command("go", "build", "-race=false", "-o", m.zis, "../../cmd/zis").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m.address = serve(t, m.zis)
	m.most(t, "register", "--yes")
	return m
}

// deploys fails the test if a deploy of a bundle takes much memory.
func (m meter) deploys(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(m.dir, "bundle.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	took := m.most(t, "deploy", file)
	t.Logf("%s deploy of %d MB: %d MiB", name, len(text)/1e6, took)
	if took > mostMemory {
		t.Errorf("the %s deploy takes %d MiB, more than %d", name, took, mostMemory)
	}
}

// most runs zis, and returns the most memory that it had, in MiB.
func (m meter) most(t *testing.T, args ...string) int64 {
	t.Helper()
	cmd := exec.Command(m.zis, append(args, "--base-url", m.address, "--integration", "acme")...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "ZENDESK_EMAIL=me@example.com", "ZENDESK_API_TOKEN=t0k3n-t0k3n-t0k3n", "GOMEMLIMIT=")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak := make(chan int64)
	go func() { peak <- highWater(cmd.Process.Pid) }()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", args, err, out.String()[:min(5000, out.Len())])
	}
	return <-peak
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
