package sentences

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// writeCompact writes a value until b holds most bytes.
func writeCompact(b *strings.Builder, n *source.Node, most int) {
	if b.Len() > most {
		return
	}
	if n.Secret {
		writeString(b, n.Shown(), most)
		return
	}
	switch v := n.Value.(type) {
	case source.Object:
		writeAll(b, "{}", n, most, func(m *source.Node) {
			writeString(b, m.Name, most)
			b.WriteByte(':')
			writeCompact(b, m, most)
		})
	case source.Array:
		writeAll(b, "[]", n, most, func(m *source.Node) { writeCompact(b, m, most) })
	case string:
		writeString(b, v, most)
	case json.Number:
		b.WriteString(v.String())
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, v)
	}
}

func writeAll(b *strings.Builder, brackets string, n *source.Node, most int, write func(*source.Node)) {
	b.WriteByte(brackets[0])
	for i, m := range n.Members {
		if b.Len() > most {
			return
		}
		if i > 0 {
			b.WriteByte(',')
		}
		write(m)
	}
	b.WriteByte(brackets[1])
}

func writeString(b *strings.Builder, s string, most int) {
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(shorten(s, most)) // of a string: can't fail
	b.Write(bytes.TrimSpace(quoted.Bytes()))
}
