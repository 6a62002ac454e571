package flowtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// jsonReader reads a file as JSON, whose escapes YAML doesn't know all.
type jsonReader struct {
	*parser
	dec *json.Decoder
}

// parseJSON reads the file as JSON; nil if it is empty or wrong.
func (p *parser) parseJSON() *node {
	r := jsonReader{p, json.NewDecoder(bytes.NewReader(p.file.Src))}
	r.dec.UseNumber()
	before := len(*p.found)
	n, err := r.value(0)
	if err == nil {
		if _, more := r.dec.Token(); !errors.Is(more, io.EOF) {
			p.report(r.here(), "", "there is text after the end of the list")
		}
	} else if !errors.Is(err, io.EOF) || len(bytes.TrimSpace(p.file.Src)) > 0 {
		p.report(r.here(), "", "this is no JSON: %v", err)
	}
	if err != nil || len(*p.found) > before {
		return nil
	}
	return n
}

// here is the place of the next token.
func (r jsonReader) here() Place {
	at := int(r.dec.InputOffset())
	rest := bytes.TrimLeft(r.file.Src[at:], " \t\r\n,:")
	pos := r.file.Position(int32(len(r.file.Src) - len(rest)))
	return Place{r.file, pos.Line, pos.Column}
}

func (r jsonReader) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("it is nested more than 100 levels deep")
	}
	n := &node{place: r.here()}
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return n, r.object(n, depth)
	case json.Delim('['):
		values := []any{}
		for r.dec.More() {
			item, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items, values = append(n.items, item), append(values, item.value)
		}
		n.value = values
		_, err = r.dec.Token()
		return n, err
	}
	n.value = token
	return n, nil
}

func (r jsonReader) object(n *node, depth int) error {
	values := map[string]any{}
	n.value = values
	for r.dec.More() {
		at := r.here()
		token, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder takes nothing else
		if _, twice := values[name]; twice {
			r.report(at, "", "the key %q comes twice", diag.Cut(name, diag.Quoted))
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		values[name] = v.value
		n.members = append(n.members, member{name, at, v})
	}
	_, err := r.dec.Token()
	return err
}
