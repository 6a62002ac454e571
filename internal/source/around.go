package source

import (
	"fmt"
	"strings"
)

// around is what is open where the text stops to be JSON.
type around struct {
	inString bool
	open     []byte // { and [ that are not closed
	named    bool   // in an object, a colon stands behind the last name
}

// aroundOf reads a text that is JSON so far.
func aroundOf(text []byte) around {
	var a around
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case a.inString && c == '\\':
			i++
		case c == '"':
			a.inString = !a.inString
		case a.inString:
		case c == '{' || c == '[':
			a.open, a.named = append(a.open, c), false
		case c == '}' || c == ']':
			a.open, a.named = a.open[:max(0, len(a.open)-1)], true
		case c == ':' || c == ',':
			a.named = c == ':'
		}
	}
	return a
}

func (a around) in(bracket byte) bool { return len(a.open) > 0 && a.open[len(a.open)-1] == bracket }

// broken says what is wrong inside of a string.
func broken(rest []byte) (f failure) {
	f.rule = RuleSyntax
	switch c := rest[0]; {
	case c == '\\' && len(rest) > 1 && rest[1] == 'u':
		f.message, f.help = fmt.Sprintf("%s is no escape of JSON", rest[:2+min(4, len(word(rest[2:])))]), `write \u and four digits of 0-9 and a-f; a letter that takes two of them needs both`
	case c == '\\' && len(rest) > 1 && rest[1] > ' ' && rest[1] < 0x7f:
		f.message, f.help = fmt.Sprintf("%s is no escape of JSON", rest[:2]), `write a backslash as \\`
	case c == '\\':
		f.message, f.help = "a backslash stands alone in a string", `write a backslash as \\`
	case c == '\n' || c == '\r':
		f.message, f.help = fmt.Sprintf("character 0x%02x can't stand in a string", c), `close the string with a quote, or write line breaks as \n`
	case c == '\t':
		f.message, f.help = "character 0x09 can't stand in a string", `write tabs as \t`
	default:
		f.message, f.help = fmt.Sprintf("character 0x%02x can't stand in a string", c), "remove it"
	}
	return f
}

// misplaced says of what stands between values what is missing in front of it;
// an empty message if that isn't known.
func (a around) misplaced(rest, before []byte) (message, help string) {
	last := byte(0)
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	switch c := rest[0]; {
	case strings.HasPrefix(string(rest), "<<<<<<< "):
		return "a merge has left its conflict marks", "keep one side, and remove the lines of <<<<<<<, ======= and >>>>>>>"
	case last == '"' && a.in('{') && !a.named && (c == '"' || c == '{' || c == '['):
		return "a colon is missing before this", `a member is "NAME": VALUE`
	case last == '"' && a.in('{') && !a.named && c == '=':
		return "a name is followed by a colon", `write : in the place of =`
	case last == ':' && (c == ',' || c == '}' || c == ']'):
		return "a value is missing before this", `a member is "NAME": VALUE`
	case a.in('{') && c == ']', a.in('[') && c == '}':
		return fmt.Sprintf("%q closes what was opened with %q", c, a.open[len(a.open)-1]), "another bracket is missing before it, or one of the two is wrong"
	case c < ' ':
		return fmt.Sprintf("character 0x%02x can't stand between values", c), "remove it"
	}
	return "", ""
}
