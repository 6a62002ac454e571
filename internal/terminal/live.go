package terminal

import (
	"io"
	"os"
	"sync"

	"github.com/mattn/go-runewidth"
	"golang.org/x/term"
)

// Escape sequences of every terminal that isn't dumb (ECMA-48).
const eraseLine = "\r\x1b[K"

// live is a terminal whose last line can be rewritten in place. What is
// written to it, whole lines at a time, goes above that line.
type live struct {
	file *os.File

	mu   sync.Mutex
	text string // of the line; "" shows none
}

// show replaces the line; "" takes it away.
func (l *live) show(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text != l.text {
		_ = l.draw("", text) // whoever can't see it loses nothing
	}
}

func (l *live) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(p), l.draw(string(p), l.text)
}

// draw writes in one piece, so that nothing flickers.
func (l *live) draw(above, text string) error {
	out := above
	if l.text != "" {
		out = eraseLine + above
	}
	l.text = text
	_, err := io.WriteString(l.file, out+runewidth.Truncate(text, l.width(), "…"))
	return err
}

// width is one column less than the terminal has: in the last one some begin a
// new line.
func (l *live) width() int {
	columns, _, err := term.GetSize(int(l.file.Fd()))
	if err != nil || columns <= 0 {
		columns = 80
	}
	return columns - 1
}

// screen is w if a person looks at it and it is no terminal without escape
// sequences: not in a workflow, whose log is a file in the end, and not where
// TERM says nothing.
func screen(w io.Writer, getenv func(string) string) *os.File {
	file, ok := w.(*os.File)
	kind := getenv("TERM")
	if !ok || kind == "" || kind == "dumb" || getenv("GITHUB_ACTIONS") == "true" || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return file
}

// colours tells whether text for w may have them (https://no-color.org).
func colours(w io.Writer, getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && screen(w, getenv) != nil
}
