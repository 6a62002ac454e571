package github

import (
	"bytes"
	"io"
	"sync"
)

// Inert returns a writer for text that must not command the runner. The
// runner takes "::command::" at the start of a line, after white space, and
// "##[command]" anywhere in one (actions/runner ActionCommand); a zero-width
// space breaks both. Text is passed on in whole lines; call Flush at the end.
func Inert(w io.Writer) *InertWriter { return &InertWriter{w: w} }

// InertWriter is what Inert returns.
type InertWriter struct {
	mu   sync.Mutex
	w    io.Writer
	rest []byte // of a line that has no end yet
}

const zeroWidthSpace = "\u200b"

func (i *InertWriter) Write(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.rest = append(i.rest, p...)
	end := bytes.LastIndexByte(i.rest, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	_, err := i.w.Write(disarm(i.rest[:end]))
	i.rest = append([]byte(nil), i.rest[end:]...)
	return len(p), err
}

// Flush passes on a last line without an end.
func (i *InertWriter) Flush() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	_, err := i.w.Write(disarm(i.rest))
	i.rest = nil
	return err
}

func disarm(text []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		b.Write(disarmLine(line))
	}
	return b.Bytes()
}

func disarmLine(line []byte) []byte {
	line = bytes.ReplaceAll(line, []byte("##["), []byte("##"+zeroWidthSpace+"["))
	if trimmed := bytes.TrimSpace(line); bytes.HasPrefix(trimmed, []byte("::")) {
		line = bytes.Replace(line, []byte("::"), []byte(":"+zeroWidthSpace+":"), 1)
	}
	return line
}
