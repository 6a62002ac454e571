package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A read that can't be broken off doesn't keep the process alive.
func TestTerminatedWhileReading(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes 6.5 s")
	}
	fifo := filepath.Join(t.TempDir(), "bundle.json")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("zis", "validate", fifo)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for { // until it reads
		w, err := os.OpenFile(fifo, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			defer w.Close()
			break
		}
		if !errors.Is(err, syscall.ENXIO) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	sent := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if took, code := time.Since(sent), cmd.ProcessState.ExitCode(); code != 143 || took > 7*time.Second {
		t.Errorf("ended %s later with exit code %d, want 143 within 7 s", took, code)
	}
}
