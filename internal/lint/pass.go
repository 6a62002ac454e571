package lint

import (
	"encoding/json"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Pass is one rule at work on the bundles of one integration.
type Pass struct {
	Options Options

	rule   *Rule
	facts  *flow.Facts
	files  *files
	damage func() damage // waits for the schema check
	found  *[]diag.Diagnostic
	kept   int  // findings of the rule in found
	last   int  // index of the last of them
	beyond bool // the finding that was reported last is only counted
}

// At reports a finding about a value: its place is where the value stands,
// and of an object or array its name.
func (p *Pass) At(n *source.Node, help, format string, args ...any) {
	span := n.Span
	if n.IsObject() || n.IsArray() {
		span = opening(n)
	}
	p.report(n, span, help, format, args)
}

// AtKey reports a finding about a member's name.
func (p *Pass) AtKey(n *source.Node, help, format string, args ...any) {
	p.report(n, opening(n), help, format, args)
}

// Inside reports a finding about part of a string: bytes start to end of its
// decoded value. Where the file writes something else than the value, because
// a placeholder was filled in, the place is the whole string.
func (p *Pass) Inside(n *source.Node, start, end int, help, format string, args ...any) {
	span := n.Span
	if src := p.files.literal(n); src != nil {
		span.Start = n.Span.Start + int32(src.Offset(start))
		span.End = max(n.Span.Start+int32(src.Offset(end)), span.Start+1)
	}
	p.report(n, span, help, format, args)
}

func (p *Pass) report(n *source.Node, span diag.Span, help, format string, args []any) {
	if p.beyond = p.full(); p.beyond {
		(*p.found)[p.last].More++
		return
	}
	p.kept, p.last = p.kept+1, len(*p.found)
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = diag.Cut(s, diag.Quoted)
		}
	}
	*p.found = append(*p.found, diag.Diagnostic{
		File: p.files.of(n), Span: span, Pointer: n.Pointer(), Rule: p.rule.ID, Severity: p.rule.Severity,
		Message: fmt.Sprintf(format, args...), Help: help,
	})
}

// full tells whether the rule's further findings are only counted: what to do
// about them needn't be found out.
func (p *Pass) full() bool { return p.kept >= diag.MostFindings }

// Only lowers the severity of the finding that was reported last.
func (p *Pass) Only(s diag.Severity) {
	if !p.beyond {
		(*p.found)[p.last].Severity = s
	}
}

// Related adds a second place to the finding that was reported last.
func (p *Pass) Related(n *source.Node, message string) {
	if p.beyond {
		return
	}
	last := &(*p.found)[p.last]
	span := n.Span
	if n.IsObject() || n.IsArray() {
		span = opening(n)
	}
	last.Related = append(last.Related, diag.Related{File: p.files.of(n), Span: span, Message: message})
}

// opening is the narrowest place that stands for a whole object or array: its
// name, or its first character.
func opening(n *source.Node) diag.Span {
	if n.Key.End > n.Key.Start {
		return n.Key
	}
	return diag.Span{Start: n.Span.Start, End: n.Span.Start + 1}
}

// files finds places in the files of the bundles.
type files struct {
	byRoot map[*source.Node]*diag.File
	last   struct { // that literal was asked for
		node    *source.Node
		literal *expr.Source
	}
}

func newFiles(docs []*source.Document) *files {
	f := &files{byRoot: map[*source.Node]*diag.File{}}
	for _, d := range docs {
		f.byRoot[d.Root] = d.File
	}
	return f
}

// of is the file that n stands in.
func (f *files) of(n *source.Node) *diag.File { return f.byRoot[n.Root()] }

// literal is the string n as the file writes it; nil where the file writes
// something else than its value. The last one is kept: one string may have
// thousands of findings.
func (f *files) literal(n *source.Node) *expr.Source {
	if f.last.node == n {
		return f.last.literal
	}
	f.last.node, f.last.literal = n, nil
	literal := f.of(n).Src[n.Span.Start:n.Span.End]
	var written string
	if err := json.Unmarshal(literal, &written); err == nil && written == n.Value {
		f.last.literal = expr.NewSource(literal)
	}
	return f.last.literal
}
