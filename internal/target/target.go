// Package target reads zis.yml, the file in which a repository keeps its
// choices.
package target

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// File is the name under which the file is looked for.
const File = "zis.yml"

// MaxBytes bounds the file.
const MaxBytes = 1 << 20

// Config is what zis.yml says.
type Config struct {
	DisableRules []string `yaml:"disable-rules"` // ids of rules that are not to be reported
}

// Parse reads the text of the file named path. Keys that are not known are
// errors, with their place. Anchors and aliases are refused: they can make a
// small file immense.
func Parse(path string, text []byte) (Config, error) {
	var c Config
	if len(text) > MaxBytes {
		return c, fmt.Errorf("%s is larger than %d bytes", path, MaxBytes)
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return c, fmt.Errorf("%s:%s", path, yaml.FormatError(err, false, true))
	}
	for _, doc := range tree.Docs {
		if doc.Body != nil && holdsAlias(doc.Body) {
			return c, fmt.Errorf("%s: anchors and aliases are not read", path)
		}
	}
	dec := yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField())
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, fmt.Errorf("%s:%s", path, yaml.FormatError(err, false, true))
	}
	return c, nil
}

// aliases looks for anchors and aliases anywhere in a document.
type aliases struct{ found bool }

// Visit makes aliases an ast.Visitor.
func (a *aliases) Visit(n ast.Node) ast.Visitor {
	if n.Type() == ast.AnchorType || n.Type() == ast.AliasType {
		a.found = true
	}
	return a
}

func holdsAlias(n ast.Node) bool {
	var a aliases
	ast.Walk(&a, n)
	return a.found
}
