package interp

import (
	"fmt"
	"time"
)

// now is the virtual time.
func (r *run) now() time.Time { return r.Now.Add(r.before + r.clock).UTC() }

// jq runs a program over data. What a program does is gojq's reading of jq.
func (r *run) jq(s *state, params map[string]any) (any, bool, *Error) {
	program, err := r.text(s, params, "expr")
	if err != nil {
		return nil, false, err
	}
	data, err := r.jqData(s, params)
	if err != nil {
		return nil, false, err
	}
	compiled := r.flow.program.jq(program)
	if len(compiled.errs) > 0 {
		e := compiled.errs[0]
		return nil, false, r.at(&Error{Text: fmt.Sprintf("the jq program fails: %s, at character %d", e.Message, e.Start+1)}, s.params.get("expr").place())
	}
	out, failed := compiled.jq.Run(r.ctx, data, r.now())
	if failed != nil {
		return nil, false, r.jqFailed(s, failed)
	}
	return r.jqResult(s, out)
}

// jqData reads data: a text that holds JSON, or the value of a path.
func (r *run) jqData(s *state, params map[string]any) (any, *Error) {
	data, ok := params["data"]
	given := s.params.get("data")
	if !ok {
		return nil, r.at(&Error{Text: "the parameter data is missing"}, s.zis.Parameters)
	}
	if given != nil && given.kind == resolved && given.text.whole {
		return data, nil
	}
	text, isText := data.(string)
	if !isText {
		if r.reads(JqObjectData) == second {
			return data, nil
		}
		return nil, r.at(&Error{Text: "data is " + kindOf(data) + " and no text with JSON"}, given.place())
	}
	v, err := Decode([]byte(text))
	if err != nil {
		return nil, r.at(&Error{Text: "data holds no JSON: " + err.Error()}, given.place())
	}
	return v, nil
}

func (r *run) jqFailed(s *state, err error) *Error {
	e := &Error{Text: "the jq program fails: " + err.Error()}
	if stopped(err) {
		e.Kind = Limit
	}
	return r.at(e, s.params.get("expr").place())
}

// jqResult is the one value that a program has to give out.
func (r *run) jqResult(s *state, out []any) (any, bool, *Error) {
	fail := func(text string) (any, bool, *Error) {
		return nil, false, r.at(&Error{Text: text}, s.params.get("expr").place())
	}
	switch {
	case len(out) == 1:
		return out[0], true, nil
	case len(out) == 0:
		if r.reads(JqNothing) == second {
			return fail("the jq program gives nothing out")
		}
		return nil, true, nil
	}
	switch r.reads(JqSeveral) {
	case second:
		return out, true, nil
	case third:
		return fail(fmt.Sprintf("the jq program gives %d values out", len(out)))
	}
	return out[0], true, nil
}
