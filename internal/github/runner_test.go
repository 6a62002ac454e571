package github_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What the runner makes of a step's log and files, written from its sources
// (actions/runner: ActionCommand, ActionCommandManager, FileCommandManager):
// the judge of everything that this package writes.

// issued is one command as the runner takes it.
type issued struct {
	Name, Data string
	Properties map[string]string
}

// registered are the commands that the runner knows.
var registered = []string{
	"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice",
	"remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}

// runnerLines are the lines of a log: the runner reads them with
// StreamReader.ReadLine.
func runnerLines(log string) []string {
	log = strings.TrimPrefix(strings.ToValidUTF8(log, "\ufffd"), "\ufeff")
	return regexp.MustCompile("\r\n|\r|\n").Split(log, -1)
}

// command parses a line as TryParseV2 does, and then as TryParse does.
func command(line string) (issued, bool) {
	for _, parse := range []func(string) (info, data string, ok bool){parseColons, parseBrackets} {
		info, data, ok := parse(line)
		name, properties, _ := strings.Cut(info, " ")
		if !ok || !slices.Contains(registered, strings.ToLower(name)) {
			continue
		}
		c := issued{Name: name, Data: unescape(data), Properties: map[string]string{}}
		for property := range strings.SplitSeq(strings.TrimSpace(properties), ",") {
			if k, v, ok := strings.Cut(property, "="); ok && k != "" && v != "" {
				c.Properties[k] = strings.NewReplacer("%3A", ":", "%2C", ",").Replace(unescape(v))
			}
		}
		return c, true
	}
	return issued{}, false
}

func parseColons(line string) (info, data string, ok bool) {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	if !strings.HasPrefix(visible(line), "::") { // .NET compares by culture: what has no width doesn't count
		return "", "", false
	}
	rest := []rune(line)[2:]
	return strings.Cut(string(rest), "::")
}

func parseBrackets(line string) (info, data string, ok bool) {
	for i := range line {
		if strings.HasPrefix(visible(line[i:]), "##[") {
			rest := []rune(line[i:])[3:]
			return strings.Cut(string(rest), "]")
		}
	}
	return "", "", false
}

// visible drops the characters that a comparison by culture passes over.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf) || r == 0 {
			return -1
		}
		return r
	}, s)
}

func unescape(s string) string {
	for _, pair := range [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}} {
		s = strings.ReplaceAll(s, pair[0], pair[1])
	}
	return s
}

// commands are all commands in a log.
func commands(log string) []issued {
	var list []issued
	for _, line := range runnerLines(log) {
		if c, ok := command(line); ok {
			list = append(list, c)
		}
	}
	return list
}

// outputs reads a GITHUB_OUTPUT file: NAME=VALUE or NAME<<DELIMITER, whichever
// sign comes first on the line.
func outputs(text string) (map[string]string, error) {
	values := map[string]string{}
	lines := strings.Split(text, "\n")
	for len(lines) > 0 {
		line := lines[0]
		lines = lines[1:]
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			values[line[:equals]] = line[equals+1:]
		case heredoc > 0 && line[heredoc+2:] != "":
			end := slices.Index(lines, line[heredoc+2:])
			if end < 0 {
				return nil, fmt.Errorf("no end of %q", line)
			}
			values[line[:heredoc]] = strings.Join(lines[:end], "\n")
			lines = lines[end+1:]
		default:
			return nil, fmt.Errorf("invalid line %q", line)
		}
	}
	return values, nil
}
