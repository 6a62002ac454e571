package registry

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// hidden is what every print of a Secret shows, whatever its length.
const hidden = "***"

// Secret is a credential that doesn't print: every way of formatting, encoding
// or logging it gives "***". A struct that holds one must export the field,
// because fmt calls no methods on unexported ones; and a Secret must not be the
// key of a map, because encoding/json writes keys as they are.
type Secret string

// Masked tells whether the value only stands for one: a registry that shows a
// secret once shows asterisks afterwards, all over or behind its beginning.
func (s Secret) Masked() bool {
	return s == "" || strings.Contains(string(s), "***") || strings.Trim(string(s), "*•●") == ""
}

// Reveal returns the value, for the place that needs it.
func (s Secret) Reveal() string { return string(s) }

// String returns "***".
func (Secret) String() string { return hidden }

// GoString returns "***", for %#v.
func (Secret) GoString() string { return hidden }

// Format writes "***" for every verb: %x and %q would go round String.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText returns "***", for JSON and its like.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue returns "***", for log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
