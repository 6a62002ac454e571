// Package diag is what every check speaks: a file's text, places in it, and
// findings about it. It knows nothing of bundles or platforms.
package diag

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// File is the text of one input file under the name that is shown to people.
// Src must not change once the file is in use.
type File struct {
	Path string
	Src  []byte

	lines func() []int32 // offsets at which lines begin
}

// NewFile returns the file path with the text src. Nothing is read from disk.
func NewFile(path string, src []byte) *File {
	return &File{Path: path, Src: src, lines: sync.OnceValue(func() []int32 { return lineStarts(src) })}
}

// Span is a half-open range of byte offsets in a file.
type Span struct{ Start, End int32 }

// Position is a place as editors show it: line and column count from 1, the
// column in runes (Unicode code points), not bytes.
type Position struct{ Line, Column int }

// Position turns a byte offset into a line and column. An offset outside the
// file is taken for the nearest one inside it.
func (f *File) Position(off int32) Position {
	off = max(0, min(off, int32(len(f.Src))))
	starts := f.lines()
	line := sort.Search(len(starts), func(i int) bool { return starts[i] > off }) - 1
	return Position{Line: line + 1, Column: utf8.RuneCount(f.Src[starts[line]:off]) + 1}
}

// Line returns the text of a line (from 1) without its line ending, or nil if
// the file has no such line.
func (f *File) Line(n int) []byte {
	starts := f.lines()
	if n < 1 || n > len(starts) {
		return nil
	}
	line := f.Src[starts[n-1]:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return bytes.TrimSuffix(line, []byte("\r"))
}

func lineStarts(src []byte) []int32 {
	starts := []int32{0}
	for i, b := range src {
		if b == '\n' {
			starts = append(starts, int32(i+1))
		}
	}
	return starts
}
