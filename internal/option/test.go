package option

import "strings"

// Test is how flows are run on events.
type Test struct {
	Assume []string // choices, one a line
	Min    int      // percent of coverage
}

// Choices are the readings that are chosen, however they are written.
func (t Test) Choices() []string { return Lines(strings.Join(t.Assume, "\n")) }

func testRows() []Row {
	return []Row{
		{
			Name: "assume", Verbs: tests, Value: func(v *Values) any { return &v.Assume },
			Help: "test: read what isn't known of the platform otherwise, such as A7=text, one `CHOICE` per line; all tries every reading, @FILE takes those of a file; as a flag it may be repeated",
		},
		{
			Name: "min", Default: "0", Verbs: []string{"test"}, Value: func(v *Values) any { return &v.Min },
			Help: "test: fail below this `PERCENT` of coverage",
		},
	}
}
