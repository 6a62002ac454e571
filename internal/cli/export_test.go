package cli

// For tests of the whole program.
var (
	Current = current
	Section = section
)
