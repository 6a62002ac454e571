package lint

import (
	"encoding/json"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

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
