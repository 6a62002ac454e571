package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// jsonReader reads a file as JSON, whose escapes YAML doesn't know all.
type jsonReader struct {
	*Parser
	dec *json.Decoder
}

// parseJSON reads the file as JSON; nil if it is empty or wrong.
func (p *Parser) parseJSON() *Node {
	r := jsonReader{p, json.NewDecoder(bytes.NewReader(p.File.Src))}
	r.dec.UseNumber()
	before := len(*p.Found)
	n, err := r.value(0)
	if err == nil {
		if _, more := r.dec.Token(); !errors.Is(more, io.EOF) {
			p.Report(r.here(), "", "there is text after the end of the list")
		}
	} else if !errors.Is(err, io.EOF) || len(bytes.TrimSpace(p.File.Src)) > 0 {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends too early")
		}
		p.Report(r.here(), "", "this is no JSON: %v", err)
	}
	if err != nil || len(*p.Found) > before {
		return nil
	}
	return n
}

// here is the place of the next token.
func (r jsonReader) here() Place {
	at := int(r.dec.InputOffset())
	rest := bytes.TrimLeft(r.File.Src[at:], " \t\r\n,:")
	pos := r.File.Position(int32(len(r.File.Src) - len(rest)))
	return Place{r.File, pos.Line, pos.Column}
}

func (r jsonReader) value(depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, errors.New("it is nested more than 100 levels deep")
	}
	n := &Node{Place: r.here()}
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
			n.Items, values = append(n.Items, item), append(values, item.Value)
		}
		n.Value = values
		_, err = r.dec.Token()
		return n, err
	}
	n.Value = token
	return n, nil
}

func (r jsonReader) object(n *Node, depth int) error {
	values := map[string]any{}
	n.Value = values
	for r.dec.More() {
		at := r.here()
		token, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder takes nothing else
		if _, twice := values[name]; twice {
			r.Report(at, "", "the key %q comes twice", diag.Cut(name, diag.Quoted))
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		values[name] = v.Value
		n.Members = append(n.Members, Member{name, at, v})
	}
	_, err := r.dec.Token()
	return err
}
