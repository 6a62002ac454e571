package fleet

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// variables are the values of a target's variables.
func variables(t *project.Target) map[string]string {
	values := make(map[string]string, len(t.Vars))
	for _, v := range t.Vars {
		values[v.Name.Value] = fmt.Sprint(v.Value)
	}
	return values
}

// placeholders are the names that documents ask a target for.
func placeholders(docs []*source.Document) map[string]bool {
	names := map[string]bool{}
	add := func(s string) {
		for _, p := range expr.Placeholders(s) {
			if p.Kind == expr.Deployer {
				names[p.Name] = true
			}
		}
	}
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		add(n.Name)
		if text, ok := n.Text(); ok {
			add(text)
		}
		for _, m := range n.Members {
			walk(m)
		}
	}
	for _, d := range docs {
		walk(d.Root)
	}
	return names
}
