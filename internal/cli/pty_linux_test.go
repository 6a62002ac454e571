package cli_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// tty is a terminal on which a program runs.
type tty struct {
	t    *testing.T
	own  *os.File // our end
	cmd  *exec.Cmd
	read chan struct{} // closed when all is read

	mu    sync.Mutex
	shown []byte
	more  chan struct{} // gets something when more was shown
}

// onTTY starts a program with a terminal of that many columns as stdin, stdout
// and stderr, unless cmd has others.
func onTTY(t *testing.T, columns uint16, cmd *exec.Cmd) *tty {
	t.Helper()
	own, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("this machine has no /dev/ptmx: the program can't be tried on a terminal")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { own.Close() })
	fd := int(own.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
	}
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	cmd.Stdin, cmd.Stderr = theirs, theirs
	if cmd.Stdout == nil {
		cmd.Stdout = theirs
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // if the test has given up
	y := &tty{t: t, own: own, cmd: cmd, read: make(chan struct{}), more: make(chan struct{}, 1)}
	go y.readAll()
	return y
}

func (y *tty) readAll() {
	defer close(y.read)
	buf := make([]byte, 4096)
	for {
		n, err := y.own.Read(buf)
		y.mu.Lock()
		y.shown = append(y.shown, buf[:n]...)
		y.mu.Unlock()
		select {
		case y.more <- struct{}{}:
		default:
		}
		if err != nil {
			return // EIO: the program has ended
		}
	}
}

func (y *tty) bytes() []byte {
	y.mu.Lock()
	defer y.mu.Unlock()
	return bytes.Clone(y.shown)
}

// await waits until text is shown.
func (y *tty) await(text string) {
	y.t.Helper()
	late := time.After(20 * time.Second)
	for !bytes.Contains(y.bytes(), []byte(text)) {
		select {
		case <-y.more:
		case <-y.read:
			if !bytes.Contains(y.bytes(), []byte(text)) {
				y.t.Fatalf("%q was never shown:\n%q", text, y.bytes())
			}
		case <-late:
			y.t.Fatalf("%q is not shown:\n%q", text, y.bytes())
		}
	}
}

// keys types on the terminal.
func (y *tty) keys(text string) {
	y.t.Helper()
	if _, err := y.own.WriteString(text); err != nil {
		y.t.Fatal(err)
	}
}

// end waits for the program's end and returns its exit code, what it has
// written, and what then stands on the screen.
func (y *tty) end() (code int, raw string, screen []string) {
	y.t.Helper()
	err := y.cmd.Wait()
	<-y.read
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		y.t.Fatal(err)
	}
	raw = string(y.bytes())
	return code, raw, lookAt(raw)
}

// lookAt is what a terminal of any width shows, without colours. The last line
// is that of the cursor.
func lookAt(raw string) []string {
	var lines []string
	line, column := []rune{}, 0
	text := []rune(raw)
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\r':
			column = 0
		case text[i] == '\n':
			lines, line, column = append(lines, string(line)), nil, 0
		case strings.HasPrefix(string(text[i:min(i+3, len(text))]), "\x1b[K"):
			line, i = line[:column], i+2
		case text[i] == '\x1b': // a colour
			for text[i] != 'm' {
				i++
			}
		default:
			line = append(line[:min(column, len(line))], text[i])
			column++
		}
	}
	return append(lines, string(line))
}
