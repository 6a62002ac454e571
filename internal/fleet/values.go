package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// values are those of a target's variables.
func values(t *project.Target) render.Values {
	values := render.Values{
		Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{}, Integration: t.Integration.Value, Declared: t.Declared(), Numbers: t.SecretNumbers,
	}
	for _, v := range t.Vars {
		values.Set(v.Name.Value, v.Value)
	}
	return values
}

// Digest identifies bundle files before anything is filled in.
func Digest(b check.Parsed) string {
	sum := sha256.New()
	for _, d := range b.Documents() {
		fmt.Fprintln(sum, d.Digest())
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
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
