// Package diag is what every check speaks: a file's text, places in it, and
// findings about it. It knows nothing of bundles or platforms.
package diag

import (
	"bytes"
	"slices"
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
	runes func() []int32 // how many runes begin before each block
}

// block is how many bytes at most are counted for one column: a minified file
// is a single line, with a finding at any end of it.
const block = 4096

// NewFile returns the file path with the text src. Nothing is read from disk.
func NewFile(path string, src []byte) *File {
	return &File{
		Path: path, Src: src,
		lines: sync.OnceValue(func() []int32 { return lineStarts(src) }),
		runes: sync.OnceValue(func() []int32 { return blockRunes(src) }),
	}
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
	return Position{Line: line + 1, Column: f.count(starts[line], off) + 1}
}

// count is how many runes begin between two offsets.
func (f *File) count(from, to int32) int {
	if to-from <= block {
		return utf8.RuneCount(f.Src[from:to])
	}
	return f.before(to) - f.before(from)
}

func (f *File) before(off int32) int {
	i := off / block
	return int(f.runes()[i]) + runeStarts(f.Src[i*block:off])
}

// Line is where the text of a line (from 1) stands, without its line ending.
// It is empty if the file has no such line.
func (f *File) Line(n int) Span {
	starts := f.lines()
	if n < 1 || n > len(starts) {
		return Span{}
	}
	line := Span{starts[n-1], int32(len(f.Src))}
	if n < len(starts) {
		line.End = starts[n] - 1
	}
	if bytes.HasSuffix(f.Src[line.Start:line.End], []byte("\r")) {
		line.End--
	}
	return line
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

func blockRunes(src []byte) []int32 {
	counts := []int32{0}
	for part := range slices.Chunk(src, block) {
		counts = append(counts, counts[len(counts)-1]+int32(runeStarts(part)))
	}
	return counts
}

// runeStarts counts runes by their first bytes, so that a block may end within
// one. In what is not UTF-8, the bytes that can't begin one are not counted.
func runeStarts(b []byte) (n int) {
	for _, c := range b {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}
