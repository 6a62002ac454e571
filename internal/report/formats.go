package report

import (
	"io"
	"slices"
)

// Format is a form of a report for programs.
type Format struct {
	Name  string // of --format
	Help  string // what it is, where the name doesn't tell; may be empty
	Write func(io.Writer, Report) error
}

// Formats are all of them, in the order of the help.
func Formats() []Format {
	return []Format{
		{"json", "", JSON},
		{"sarif", "findings", SARIF},
	}
}

// In is the format of that name; ok is false for text, which is for people,
// and for what only GitHub has.
func In(name string) (f Format, ok bool) {
	formats := Formats()
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}
