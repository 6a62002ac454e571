package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Listen lets a run ask the person at a terminal. It can't where stdin or
// stderr is none, or in a workflow.
func (s *Streams) Listen(stdin io.Reader, stderr io.Writer, getenv func(string) string) {
	in, ok := stdin.(*os.File)
	out, ok2 := stderr.(*os.File)
	if ok && ok2 && getenv("GITHUB_ACTIONS") != "true" && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd())) {
		s.stdin = in
	}
}

// Listens tells whether somebody is there to be asked.
func (s *Streams) Listens() bool { return s.stdin != nil }

// Confirm asks a question on stderr and waits for an answer; only "yes" is
// one. It ends when ctx does.
func (s *Streams) Confirm(ctx context.Context, question string) (yes bool, err error) {
	line, err := s.Ask(ctx, question+" Only yes goes on.\n")
	return strings.EqualFold(line, "yes"), err
}

// Ask puts a question on stderr, as it stands, and waits for a line: what
// somebody typed without the spaces around it, "" at the end of input. It ends
// when ctx does.
func (s *Streams) Ask(ctx context.Context, question string) (line string, err error) {
	s.Progress.Clear()
	fmt.Fprint(s.Stderr, question)
	if s.lines == nil {
		s.lines = bufio.NewReader(s.stdin)
	}
	answer := make(chan string, 1)
	go func() { // a read can't be called off: where ctx ends first, the process ends with it
		line, _ := s.lines.ReadString('\n') // the end of input is no answer
		answer <- line
	}()
	select {
	case line := <-answer:
		return strings.TrimSpace(line), nil
	case <-ctx.Done():
		fmt.Fprintln(s.Stderr)
		return "", fmt.Errorf("the question was not answered; nothing was written: %w", ctx.Err())
	}
}
