package terminal

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// watched are streams whose stderr is a terminal of 80 columns: a file, of
// which seen gives what was drawn, with ␛ for each line that was taken away.
func watched(t *testing.T) (s *Streams, seen func() string) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	s = Open(io.Discard, io.Discard, func(string) string { return "" })
	s.Progress.live = &live{file: file}
	s.Stderr = s.Secrets.Fenced(s.Progress.live)
	return s, func() string {
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(text), eraseLine, "␛")
	}
}

func TestLiveLine(t *testing.T) {
	upload := deploy.Step{Kind: "upload", Name: "orders"}
	event := func(state deploy.State, err error) deploy.Event {
		return deploy.Event{Index: 1, Of: 4, Step: upload, State: state, Took: 1234567 * time.Microsecond, Err: err}
	}
	busy := registry.Retry{Try: 2, Of: 5, Wait: 1500 * time.Millisecond, Err: &registry.Error{Status: 429}}
	for name, tt := range map[string]struct {
		run  func(s *Streams)
		want string
	}{
		"a step that ends well": {func(s *Streams) {
			s.Progress.Step(event(deploy.InFlight, nil))
			s.Progress.Step(event(deploy.Done, nil))
		}, "2 of 4  0 s  upload orders␛done     upload orders (1.235s)\n"},
		"a step that fails": {func(s *Streams) {
			s.Progress.Step(event(deploy.InFlight, nil))
			s.Progress.Step(event(deploy.Failed, errors.New("409 \"in use\"\nby\x1b[2J")))
		}, "2 of 4  0 s  upload orders␛failed   upload orders (1.235s): 409 \"in use\"\\nby\\u001b[2J\n"},
		"a line above it": {func(s *Streams) {
			end := s.Progress.Begin("read acme.zendesk.com")
			s.Note("credential: %s", "API token")
			end(nil)
		}, "0 s  read acme.zendesk.com␛credential: API token\n0 s  read acme.zendesk.com␛done     read acme.zendesk.com (0s)\n"},
		"seconds that pass": {func(s *Streams) {
			end := s.Progress.Begin("read")
			time.Sleep(2100 * time.Millisecond)
			end(errors.New("no answer"))
		}, "0 s  read␛1 s  read␛2 s  read␛failed   read (2.1s)\n"},
		"several at a time": {func(s *Streams) {
			one, two := s.Progress.Begin("one"), s.Progress.Begin("two")
			one(nil)
			two(nil)
		}, "0 s  one␛0 s  one and 1 more␛0 s  two␛done     one (0s)\n0 s  two␛done     two (0s)\n"},
		"a pause": {func(s *Streams) {
			end := s.Progress.Begin("read")
			s.Progress.Retry(busy)
			time.Sleep(1900 * time.Millisecond)
			end(nil)
		}, "0 s  read␛0 s  waiting 2 s: the account allows no more requests: read␛0 s  waiting 1 s: the account allows no more requests: read␛" +
			"1 s  waiting 1 s: the account allows no more requests: read␛1 s  read␛done     read (1.9s)\n"},
		"a pause while nothing runs": {func(s *Streams) {
			s.Progress.Retry(registry.Retry{Try: 2, Of: 5, Wait: time.Second, Err: errors.New("GET /x: no answer")})
		}, "GET /x: no answer; again in 1s (try 2 of 5)\n"},
		"what is given up": {func(s *Streams) {
			s.Progress.Begin("one")
			s.Progress.Clear()
		}, "0 s  one␛"},
		"a secret": {func(s *Streams) {
			s.Secrets.Hide("hunter2hunter2")
			s.Progress.Begin("read hunter2hunter2")(nil)
		}, "0 s  read (secret)␛done     read (secret) (0s)\n"},
		"what would move the cursor": {func(s *Streams) {
			s.Progress.Begin("a\r\x1b]0;x\ab\u202ec")(nil)
		}, `0 s  a\u000d\u001b]0;x\u0007b\u202ec` + "␛" + `done     a\u000d\u001b]0;x\u0007b\u202ec (0s)` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s, seen := watched(t)
			synctest.Test(t, func(t *testing.T) {
				tt.run(s)
				s.Progress.Clear()
			})
			if got := seen(); got != tt.want {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// A name that is too long is cut where the terminal ends, whatever its letters
// are wide: a line that breaks could not be taken away again.
func TestLiveLineIsOneLine(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 300), strings.Repeat("日本", 100), strings.Repeat("é\u0301", 200)} {
		s, seen := watched(t)
		synctest.Test(t, func(*testing.T) {
			s.Progress.Begin(name)
			s.Progress.Clear()
		})
		drawn, _, _ := strings.Cut(seen(), "␛")
		if w := runewidth.StringWidth(drawn); w > 79 || w < 77 || !strings.HasSuffix(drawn, "…") {
			t.Errorf("%.20s… takes %d columns: %q", name, w, drawn)
		}
	}
}

// Where nobody looks there are lines and no escape sequence, colours included.
func TestWithoutATerminal(t *testing.T) {
	for _, env := range []map[string]string{{}, {"TERM": "xterm"}, {"TERM": "xterm", "GITHUB_ACTIONS": "true"}, {"NO_COLOR": "1"}} {
		var out, err bytes.Buffer
		s := Open(&out, &err, func(name string) string { return env[name] })
		s.Listen(strings.NewReader("yes\n"), &err, func(name string) string { return env[name] })
		s.Progress.Step(deploy.Event{Of: 1, Step: deploy.Step{Kind: deploy.Verify}, State: deploy.InFlight})
		s.Progress.Step(deploy.Event{Of: 1, Step: deploy.Step{Kind: deploy.Verify}, State: deploy.Unknown, Err: errors.New("no answer")})
		s.Progress.Retry(registry.Retry{Try: 3, Of: 5, Wait: 20 * time.Millisecond, Err: errors.New("503")})
		if got, want := err.String(), "unknown  verify (0s): no answer\n503; again in 20ms (try 3 of 5)\n"; got != want {
			t.Errorf("%v: got %q, want %q", env, got, want)
		}
		if out.Len() > 0 || s.Listens() {
			t.Errorf("%v: stdout has %q, somebody is asked: %t", env, out.String(), s.Listens())
		}
	}
}

func TestOnlyYesGoesOn(t *testing.T) {
	for typed, want := range map[string]bool{
		"yes\n": true, "YES\n": true, "  yes \r\n": true, "yes": true,
		"y\n": false, "no\n": false, "\n": false, "": false, "yes please\n": false, "ye\ns\n": false, "\x00yes\n": false,
	} {
		var stderr bytes.Buffer
		s := Open(io.Discard, &stderr, func(string) string { return "" })
		s.stdin = strings.NewReader(typed)
		yes, err := s.Confirm(t.Context(), "Deploy to acme?")
		if yes != want || err != nil {
			t.Errorf("%q is taken for %t, %v", typed, yes, err)
		}
		if got := stderr.String(); got != "Deploy to acme? Only yes goes on.\n" {
			t.Errorf("asked is %q", got)
		}
	}
}

func TestQuestions(t *testing.T) {
	s := Open(io.Discard, io.Discard, func(string) string { return "" })
	s.stdin = strings.NewReader("one\n two \n")
	for _, want := range []string{"one", "two", "", ""} {
		if got, err := s.Ask(t.Context(), "?"); got != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	silent, end := io.Pipe()
	defer end.Close()
	s = Open(io.Discard, io.Discard, func(string) string { return "" })
	s.stdin = silent
	if yes, err := s.Confirm(ctx, "?"); yes || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("a question that nobody answers: %t, %v", yes, err)
	}
}

// A secret leaves on neither stream, in no form that a medium gives it, also if
// it is learnt while others write.
func TestFencesHideEveryForm(t *testing.T) {
	const secret = `p@ss<w>"or'd`
	var out, err bytes.Buffer
	s := Open(&out, &err, func(string) string { return "" })
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { s.Secrets.Hide(secret, "abc", "") })
		all.Go(func() { s.Secrets.Clean("while others add") })
	}
	all.Wait()
	for form, text := range map[string]string{
		"as it is": secret, "HTML": "p@ss&lt;w&gt;&#34;or&#39;d", "JSON": `p@ss\u003cw\u003e\"or'd`, "URL": "p%40ss%3Cw%3E%22or%27d",
		"Markdown": "p@&#8203;ss&lt;w&gt;&#34;or&#39;d", "base64": base64.StdEncoding.EncodeToString([]byte(secret)),
	} {
		out.Reset()
		err.Reset()
		if n, failed := io.WriteString(s.Stdout, "a "+text+" b abc\n"); n != len(text)+9 || failed != nil {
			t.Errorf("%s: %d bytes, %v", form, n, failed)
		}
		s.Note("c %s d", text)
		if got, want := out.String()+err.String(), "a (secret) b abc\nc (secret) d\n"; got != want {
			t.Errorf("as %s: %q", form, got)
		}
	}
}

// What can't be written is told of.
func TestABrokenStream(t *testing.T) {
	read, write := io.Pipe()
	read.Close()
	s := Open(write, io.Discard, func(string) string { return "" })
	if _, err := io.WriteString(s.Stdout, "x"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("written to nobody: %v", err)
	}
}
