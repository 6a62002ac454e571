package interp

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// maxText bounds a text that placeholders are filled into.
const maxText = 16 << 20

// text is a text with {{$.placeholders}}, compiled.
type text struct {
	written string
	parts   []part
	broken  string // why it can't be filled in; "" if it can
	whole   bool   // is a pure path: the value is taken as it is
}

// part is a piece of text, or what a path leads to.
type part struct {
	literal string
	path    path
	isPath  bool
}

// compileText reads a text that interpolates; compileValue one under a key
// that ends in ".$", which may also be a path.
func compileText(s string) text {
	refs, errs := expr.ParseTemplate(s)
	return partsOf(s, refs, errs)
}

func compileValue(s string) text {
	refs, errs := expr.ParseValue(s)
	t := partsOf(s, refs, errs)
	t.whole = len(refs) == 1 && len(errs) == 0 && refs[0].Text == s && strings.HasPrefix(s, "$")
	return t
}

func partsOf(s string, refs []expr.Reference, errs []expr.Error) text {
	t := text{written: s}
	if len(errs) > 0 {
		t.broken = s
		return t
	}
	done := 0
	for _, ref := range refs {
		if ref.Start > done {
			t.parts = append(t.parts, part{literal: s[done:ref.Start]})
		}
		t.parts = append(t.parts, part{path: pathOf(ref.Path.String(), ref.Path, false), isPath: true})
		done = ref.End
	}
	if done < len(s) {
		t.parts = append(t.parts, part{literal: s[done:]})
	}
	return t
}

// plain tells that nothing is to be filled in.
func (t text) plain() bool {
	return t.broken == "" && (len(t.parts) == 0 || len(t.parts) == 1 && !t.parts[0].isPath)
}

// one tells that the text is a single placeholder.
func (t text) one() bool { return len(t.parts) == 1 && t.parts[0].isPath }

// filling says how a text is filled in.
type filling struct {
	missing Assumption // what allows a missing path to be an empty text, by its second or third reading
	lenient uint8      // that reading
	text    string     // of the error; "" for "JSON path not found: …"
	url     bool       // the text is a URL
}

var (
	inParameters = filling{}
	inDefinition = filling{missing: BodyPaths, lenient: third, text: "Error Resolving JSON Params"}
	inURL        = filling{missing: BodyPaths, lenient: third, text: "Error Resolving JSON Params", url: true}
	inMessage    = filling{missing: MessagePath, lenient: second}
)

// fail is the error of a path that leads nowhere.
func (f filling) fail(p string) *Error {
	if f.text != "" {
		return &Error{Text: f.text, Detail: "JSON path not found: " + p}
	}
	return &Error{Text: "JSON path not found: " + p}
}

// fill writes the text with its placeholders filled in.
func (r *run) fill(t text, data any, how filling) (string, *Error) {
	if t.broken != "" {
		return "", how.fail(t.broken)
	}
	if t.plain() {
		return t.written, nil
	}
	var b strings.Builder
	for _, p := range t.parts {
		if !p.isPath {
			b.WriteString(p.literal)
			continue
		}
		v, ok := r.find(data, p.path)
		if !ok {
			if how.missing != 0 && r.reads(how.missing) == how.lenient {
				continue
			}
			return "", how.fail(p.path.text)
		}
		s, err := r.written(v)
		if err != nil {
			return "", err
		}
		b.WriteString(r.escaped(s, how.url))
		if b.Len() > maxText {
			return "", &Error{Kind: Limit, Text: "a text grows larger than 16 MiB"}
		}
	}
	return b.String(), nil
}

// written is a value as it stands in a text.
func (r *run) written(v any) (string, *Error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool:
		return Encode(v), nil
	case json.Number:
		if _, ok := whole(v); ok {
			return string(v), nil
		}
	}
	switch r.reads(TextOfValues) {
	case second:
		if v == nil {
			return "", nil
		}
	case third:
		return "", &Error{Text: "a text can't hold " + kindOf(v)}
	}
	return Encode(v), nil
}

// escaped is a value as it stands in a URL.
func (r *run) escaped(s string, inURL bool) string {
	if !inURL {
		return s
	}
	if coded := url.QueryEscape(s); coded != s && r.reads(Escaping) == second {
		return strings.ReplaceAll(coded, "+", "%20")
	}
	return s
}

// value resolves what stands under a key ending in ".$".
func (r *run) value(t text, data any, how filling) (any, *Error) {
	switch {
	case t.broken != "":
		return nil, how.fail(t.broken)
	case t.whole:
		return r.must(t.parts[0].path, data, how)
	case t.one():
		v, err := r.must(t.parts[0].path, data, how)
		if _, isText := v.(string); err != nil || isText || r.reads(OnePlaceholder) == second {
			return v, err
		}
		return textOf(r.written(v))
	}
	return textOf(r.fill(t, data, how))
}

func textOf(s string, err *Error) (any, *Error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// must follows a path that has to lead somewhere.
func (r *run) must(p path, data any, how filling) (any, *Error) {
	v, ok := r.find(data, p)
	if !ok {
		return nil, how.fail(p.text)
	}
	return v, nil
}

// kindOf names the kind of a value.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case []any:
		return "an array"
	}
	return "an object"
}
