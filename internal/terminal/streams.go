// Package terminal is what a run writes on stdout and stderr: behind one fence
// that takes secrets out, in colours where they are wanted, with a live line
// of what runs where a person looks at it.
package terminal

import (
	"bufio"
	"fmt"
	"io"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Streams are stdout, which takes the result and nothing else, and stderr.
type Streams struct {
	Stdout, Stderr     io.Writer
	OutPaint, ErrPaint report.Paint
	Progress           *Progress
	Secrets            *Fences

	stdin io.Reader     // of a person who can be asked; nil: nobody is there
	lines *bufio.Reader // of stdin, once something was asked
}

// Open makes streams of the two of the process.
func Open(stdout, stderr io.Writer, getenv func(string) string) *Streams {
	s := &Streams{
		OutPaint: report.Paint(colours(stdout, getenv)), ErrPaint: report.Paint(colours(stderr, getenv)),
		Progress: &Progress{}, Secrets: &Fences{},
	}
	s.Progress.streams = s
	if file := screen(stderr, getenv); file != nil {
		s.Progress.live = &live{file: file}
		stderr = s.Progress.live
	}
	s.Stdout, s.Stderr = s.Secrets.Fenced(stdout), s.Secrets.Fenced(stderr)
	return s
}

// Note tells something on the way, on stderr.
func (s *Streams) Note(format string, args ...any) {
	fmt.Fprintln(s.Stderr, report.Plain(fmt.Sprintf(format, args...)))
}

// Ended tells on stderr how a step has ended.
func (s *Streams) Ended(state deploy.State, what string) {
	fmt.Fprintln(s.Stderr, s.ErrPaint.State(state, fmt.Sprintf("%-8s", state)), report.Plain(what))
}
