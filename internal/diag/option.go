package diag

import "strings"

// What an option is called depends on the medium: a flag on the command line,
// an input in the action. Help texts mark options, and InWords puts the words
// of the medium in their place. The marks can't be typed into a bundle's names
// without being seen.
const (
	optionBegins = "\x01"
	optionValue  = "\x1f"
	optionEnds   = "\x02"
)

// Option marks, after "give" in a help text, an option and the value that a
// person is to give it.
func Option(name, value string) string { return optionBegins + name + optionValue + value + optionEnds }

// Flag is an option on the command line: --var NAME=VALUE.
func Flag(name, value string) string { return "--" + name + " " + value }

// InWords puts the words of a medium in the place of what Option has marked.
func InWords(help string, words func(name, value string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(help, optionBegins)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		marked, after, ends := strings.Cut(rest, optionEnds)
		name, value, isOption := strings.Cut(marked, optionValue)
		if !ends || !isOption {
			b.WriteString(optionBegins)
			help = rest
			continue
		}
		b.WriteString(words(name, value))
		help = after
	}
}
