package jq

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// syntax explains gojq's parse error. Its offset is behind the token that the
// parser could not use, and without a token it is the end of the program.
func (c *checker) syntax(err error) []expr.Error {
	e, ok := errors.AsType[*gojq.ParseError](err)
	if !ok {
		return []expr.Error{{Kind: expr.Syntax, End: len(c.text), Message: err.Error()}}
	}
	last := len(c.tokens) - 1
	i := sort.Search(last+1, func(i int) bool { return int(c.tokens[i].end) >= e.Offset })
	switch {
	case e.Token == "" && last >= 0 && c.tokens[last].kind == unendedToken:
		i = last
	case e.Token == "" || i > last:
		return c.unlessFilled(last, c.unended())
	}
	return c.unlessFilled(i, c.unexpected(i))
}

// unlessFilled drops an error at token i or right behind it if a placeholder
// stands there, since nobody knows what will be in its place.
func (c *checker) unlessFilled(i int, e expr.Error) []expr.Error {
	for _, t := range c.tokens[max(0, i-1) : i+1] {
		if c.filled(int(t.start), int(t.start)+1) {
			return nil
		}
	}
	return []expr.Error{e}
}

// unended explains a program that ends too early: by what is still open.
func (c *checker) unended() expr.Error {
	if i := c.open(len(c.tokens)); i >= 0 {
		t := c.tokens[i]
		return expr.Error{
			Kind: expr.Syntax, Start: int(t.start), End: int(t.end),
			Message: fmt.Sprintf("%q is never closed", c.textOf(t)),
		}
	}
	end := len(strings.TrimRight(c.text, " \t\r\n"))
	e := expr.Error{Kind: expr.Syntax, Start: end, End: end, Message: "the jq program ends too early"}
	if c.count("if") > c.count("end") {
		e.Help = `every "if" needs its "end"; instead of "else if" write "elif"`
	}
	return e
}

// unexpected explains a token where none like it can stand.
func (c *checker) unexpected(i int) expr.Error {
	t := c.tokens[i]
	e := expr.Error{Kind: expr.Syntax, Start: int(t.start), End: int(t.end)}
	switch text := c.textOf(t); t.kind {
	case escapeToken:
		e.Message = fmt.Sprintf("%s is no escape of a jq string", text)
		e.Help = `a backslash itself is written \\ in jq, and each of the two is written \\ again in JSON`
	case unendedToken:
		e.Message = "the string is never closed"
		e.Help = `end it with a quote, in JSON written \"`
	default:
		e.Message = fmt.Sprintf("unexpected %q in the jq program", cut(text))
		e.Help = c.hint(i, text)
	}
	return e
}

// hint guesses what somebody who knows other languages meant.
func (c *checker) hint(i int, text string) string {
	before := ""
	if i > 0 && c.tokens[i-1].end == c.tokens[i].start {
		before = c.textOf(c.tokens[i-1])
	}
	switch before + text {
	case "&":
		return `jq writes "and"`
	case "||":
		return `jq writes "or"`
	case "===", "!==":
		return `jq writes "==" and "!="`
	case "<>":
		return `jq writes "!="`
	}
	switch text {
	case "'":
		return `jq strings stand in double quotes, in JSON written \"`
	case "!":
		return `jq negates with "| not"`
	case ")", "]", "}", ";", "end", "then", "else", "elif":
		if open := c.open(i); open >= 0 {
			return fmt.Sprintf("%q is still open here", c.textOf(c.tokens[open]))
		}
	}
	return ""
}

// open returns the last bracket that is open before token end, or -1.
func (c *checker) open(end int) int {
	var stack []int
	for i, t := range c.tokens[:end] {
		switch text := c.textOf(t); {
		case t.kind == interpolationToken, t.kind == operatorToken && strings.Contains("([{", text):
			stack = append(stack, i)
		case t.kind == operatorToken && strings.Contains(")]}", text) && len(stack) > 0:
			stack = stack[:len(stack)-1]
		}
	}
	if len(stack) == 0 {
		return -1
	}
	return stack[len(stack)-1]
}
