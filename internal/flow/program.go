package flow

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Program is the jq program of a state and what is known of it.
type Program struct {
	Node   *source.Node // expr or expr.$; nil of a state without one
	Errors []expr.Error
	Result *jq.Shape // of what it gives out; nil where unknown
	Gives  jq.Outputs
}

// Program is that of a state; empty if it has none that is known before run
// time.
func (x *Facts) Program(s *zis.State) Program {
	list := x.programs()[s.Machine]
	if list == nil {
		return Program{}
	}
	return list[s.Index]
}

func readPrograms(bundles []*zis.Bundle) map[*zis.Machine][]Program {
	programs := map[*zis.Machine][]Program{}
	read := map[string]Program{} // by their text: flows are copied, and their programs with them
	for _, b := range bundles {
		for _, f := range b.Flows {
			for s := range f.All {
				if n, text, ok := programOf(s); ok {
					if programs[s.Machine] == nil {
						programs[s.Machine] = make([]Program, len(s.Machine.States))
					}
					p, known := read[text]
					if !known {
						p.Result, p.Gives, p.Errors = jq.Inspect(text)
						read[text] = p
					}
					p.Node = n
					programs[s.Machine][s.Index] = p
				}
			}
		}
	}
	return programs
}

func programOf(s *zis.State) (n *source.Node, text string, ok bool) {
	if !IsJq(s) {
		return nil, "", false
	}
	n = s.Parameters.Get("expr")
	if n == nil {
		n = s.Parameters.Get("expr.$")
	}
	text, ok = n.Text()
	return n, text, ok && !(n.Name == "expr.$" && strings.HasPrefix(text, "$."))
}

// IsJq tells whether a state runs a jq program.
func IsJq(s *zis.State) bool { return s.ActionName.Value == zis.Jq }
