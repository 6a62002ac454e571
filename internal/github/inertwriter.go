package github

import (
	"bytes"
	"io"
	"sync"
	"unicode"
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

// Flush passes on a last line without an end, and ends it: what is written
// behind it may be a command.
func (i *InertWriter) Flush() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.rest) == 0 {
		return nil
	}
	_, err := i.w.Write(disarm(append(i.rest, '\n')))
	i.rest = nil
	return err
}

// disarm goes by the runner's lines, which a carriage return ends as well. It
// makes invalid UTF-8 valid: the runner takes two bytes of it at the very
// start for the mark of another encoding.
func disarm(text []byte) []byte {
	text = bytes.ToValidUTF8(text, []byte(string(unicode.ReplacementChar)))
	var b bytes.Buffer
	for len(text) > 0 {
		end := bytes.IndexAny(text, "\r\n") + 1
		if end == 0 {
			end = len(text)
		}
		b.Write(disarmLine(text[:end]))
		text = text[end:]
	}
	return b.Bytes()
}

func disarmLine(line []byte) []byte {
	line = bytes.ReplaceAll(line, []byte("##["), []byte("##"+zeroWidthSpace+"["))
	if bytes.HasPrefix(bytes.TrimLeftFunc(line, blank), []byte("::")) {
		line = bytes.Replace(line, []byte("::"), []byte(":"+zeroWidthSpace+":"), 1)
	}
	return line
}

// blank is what the runner drops before a command: white space, and a byte
// order mark that begins the output.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }
