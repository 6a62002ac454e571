package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// explain turns an error of the JSON decoder into a finding that says what
// the text looks like it was meant to be.
func (p *parser) explain(err error) diag.Diagnostic {
	if f, ok := errors.AsType[failure](err); ok {
		return p.finding(f)
	}
	if p.isYAML() {
		return p.finding(yaml)
	}
	src, at := p.file.Src, len(p.file.Src)
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at = min(int(syntax.ByteOffset), len(src))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || at == len(src) {
		return p.finding(failure{
			span: diag.Span{Start: int32(len(src)), End: int32(len(src))}, rule: RuleSyntax,
			message: "the file ends in the middle of the bundle", help: "a closing brace, bracket or quote is missing",
		})
	}
	return p.finding(p.meant(at))
}

// meant guesses from the text at the culprit.
func (p *parser) meant(at int) failure {
	a := aroundOf(p.file.Src[:at])
	if a.inString {
		f := broken(p.file.Src[at:])
		f.span = diag.Span{Start: int32(at), End: int32(at + 1)}
		return f
	}
	at -= len(wordBefore(p.file.Src[:at]))
	rest := p.file.Src[at:]
	before := bytes.TrimRight(p.file.Src[:at], " \t\r\n")
	f := failure{rule: RuleSyntax}
	width := 1
	message, help := a.misplaced(rest, before)
	switch {
	case message != "":
		f.message, f.help = message, help
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")), rest[0] == '#':
		f.message, f.help = "JSON has no comments", `remove it, or use the "Comment" field of a state`
	case rest[0] == '\'':
		f.message, f.help = "single quotes do not make a JSON string", `use double quotes: "…"`
	case bytes.HasPrefix(rest, []byte("“")), bytes.HasPrefix(rest, []byte("”")), bytes.HasPrefix(rest, []byte("„")), bytes.HasPrefix(rest, []byte("‘")), bytes.HasPrefix(rest, []byte("’")):
		f.message, f.help = "quotes of a text processor do not make a JSON string", `use plain double quotes: "…"`
	case foreign(rest) != "":
		f.message, f.help = fmt.Sprintf("%s is no value of JSON", word(rest)), "write "+foreign(rest)
	case isKey(rest) && endsWith(before, '{', ','):
		f.message, f.help = fmt.Sprintf("the key %s has no quotes", word(rest)), fmt.Sprintf("write \"%s\"", word(rest))
	case rest[0] == '{' && bytes.HasSuffix(before, []byte("{")), bytes.HasPrefix(rest, []byte("${")):
		f.message, f.help = "a placeholder stands outside a string", `put it in double quotes: "{{NAME}}"`
	case rest[0] == ',' && bytes.HasSuffix(before, []byte(",")):
		f.message, f.help = "two commas follow each other", "remove one"
	case (rest[0] == '}' || rest[0] == ']') && bytes.HasSuffix(before, []byte(",")):
		at = len(before) - 1
		f.message, f.help = "a comma stands before the closing "+string(rest[:1]), "remove the comma"
	case rest[0] == ',' && closes(rest[1:]):
		f.message, f.help = "a comma stands before the closing "+string(bytes.TrimLeft(rest[1:], " \t\r\n")[:1]), "remove the comma"
	case rest[0] == '"' && len(before) > 0 && endsValue(before[len(before)-1]):
		f.message, f.help = "a comma is missing before this", "put a comma after the value in front of it"
	default:
		r, n := utf8.DecodeRune(rest)
		width = n
		f.message, f.help = fmt.Sprintf("unexpected %q", r), unexpected(p.file.Src[:at], rest)
	}
	f.span = diag.Span{Start: int32(at), End: int32(at + width)}
	return f
}

// unexpected is what may help with a letter or sign that can't stand where it
// does: directly behind a string, or in a number.
func unexpected(before, rest []byte) string {
	switch {
	case endsWith(before, '"') && word(rest) != "":
		return `a quote inside a string is written \"`
	case (rest[0] == '+' || rest[0] == '.') && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9',
		endsWith(before, '-', '.', 'e', 'E'), endsWith(before, []byte("0123456789")...) && word(rest) != "":
		return "numbers are written such as 7, -0.5 or 1e3"
	}
	return ""
}

// foreign is what other languages' words for values are in JSON; "" of any
// other word.
func foreign(rest []byte) string {
	switch word(rest) {
	case "True", "TRUE":
		return "true"
	case "False", "FALSE":
		return "false"
	case "None", "nil", "NULL", "Null", "undefined", "NaN":
		return "null"
	}
	return ""
}

// word is the word that a text begins with.
func word(text []byte) string {
	const letters, longest = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$-", 60
	n := 0
	for n < len(text) && n < longest && strings.IndexByte(letters, text[n]) >= 0 {
		n++
	}
	return string(text[:n])
}

// wordBefore is the part of a word that a text ends with: of name, n is read as
// the beginning of null. Words in quotes are none.
func wordBefore(text []byte) string {
	const longest = 5 // of true, false and null
	for n := 1; n <= longest && n <= len(text); n++ {
		if rest := text[len(text)-n:]; word(rest) != string(rest) {
			if word := string(rest[1:]); strings.ContainsAny(string(rest[:1]), "{,:[ \n\t\r") && strings.IndexAny(word, "ntf") == 0 {
				return word
			}
			return ""
		}
	}
	return ""
}

// isKey tells whether a text begins with a word and a colon.
func isKey(rest []byte) bool {
	name := word(rest)
	return name != "" && bytes.HasPrefix(bytes.TrimLeft(rest[len(name):], " "), []byte(":"))
}

func endsWith(text []byte, marks ...byte) bool {
	return len(text) > 0 && bytes.IndexByte(marks, text[len(text)-1]) >= 0
}

func closes(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && (rest[0] == '}' || rest[0] == ']')
}

func endsValue(b byte) bool {
	return b == '"' || b == '}' || b == ']' || b == 'e' || b == 'l' || ('0' <= b && b <= '9')
}

// yaml is what is found in a file of YAML.
var yaml = failure{span: diag.Span{End: 1}, rule: RuleSyntax, message: "the file is YAML, and a bundle is JSON", help: "write it as JSON, such as yq -o json does"}

// isYAML tells whether a text that is no JSON is YAML: its first line that is
// no comment is ---, or a name with a colon behind it.
func (p *parser) isYAML() bool {
	for line := range bytes.Lines(p.file.Src) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		name, rest, colon := bytes.Cut(line, []byte(":"))
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$."
		item, isItem := bytes.CutPrefix(line, []byte("- "))
		if isItem {
			name, rest, colon = bytes.Cut(item, []byte(":"))
		}
		return string(line) == "---" || colon && len(name) > 0 && len(bytes.Trim(name, letters)) == 0 && (len(rest) == 0 || rest[0] == ' ')
	}
	return false
}
