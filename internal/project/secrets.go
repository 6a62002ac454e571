package project

import (
	"errors"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Secrets reads the text of a file of credentials: NAME: VALUE, one a line.
// Its errors tell places and never a text of the file.
func Secrets(name string, text []byte) (map[string]string, error) {
	r := &reader{}
	root := r.parse(diag.NewFile(name, text))
	if root == nil && len(r.found) == 0 {
		return nil, nil
	}
	if len(r.found) > 0 || root.Kind != yaml.MappingNode {
		at := diag.Position{Line: 1, Column: 1}
		if len(r.found) > 0 {
			at = r.found[0].Start()
		}
		return nil, withheld(name, at, "the text is not NAME: VALUE, one a line")
	}
	values := make(map[string]string, len(root.Content)/2)
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		at := diag.Position{Line: value.Line, Column: value.Column}
		_, twice := values[key.Value]
		switch {
		case twice:
			return nil, withheld(name, at, "a name comes twice")
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null" || value.Value == "":
			return nil, withheld(name, at, "a value is no text")
		}
		values[key.Value] = value.Value
	}
	return values, nil
}

func withheld(name string, at diag.Position, what string) error {
	return errors.New(name + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column) + ": " + what)
}
