package lint

import (
	"encoding/json"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// typeOf is a value's type in words.
func typeOf(n *source.Node) string {
	switch n.Value.(type) {
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	}
	return "null"
}

// isTime tells whether s is a time as RFC 3339 writes it.
func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// misspelt tells whether n has a key that was meant to be the absent field.
func misspelt(n *source.Node, field string) bool { return flow.Slip(n, field) != nil }
