package interp

import (
	"fmt"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// executed is what the log says of a run that ends well and has no Message.
const executed = "Execution Successful"

// state runs a state: the data after it, and the next one; nil is the end.
func (r *run) state(s *state, data any, at int) (any, *state, *Error) {
	if s.refused != "" {
		return data, nil, &Error{Kind: Refused, Text: s.refused}
	}
	var out any
	var err *Error
	switch s.zis.Type.Value {
	case zis.StateAction:
		out, err = r.action(s, data, at)
	case zis.StateMap:
		out, err = r.each(s, data)
	case zis.StatePass:
		out, err = r.pass(s, data)
	case zis.StateWait:
		out, err = data, r.wait(s, data)
	case zis.StateChoice:
		next, err := r.choose(s, data, at)
		return data, next, err
	case zis.StateSucceed:
		return data, nil, r.succeed(s, data)
	default:
		return data, nil, r.failed(s, data)
	}
	if err != nil {
		return data, nil, err
	}
	if s.next == nil && r.depth == 0 {
		r.result.Message = executed
	}
	return out, s.next, nil
}

// pass stores the Result of a Pass, which is taken as it is written.
func (r *run) pass(s *state, data any) (any, *Error) {
	if s.pass == nil {
		return data, nil
	}
	if s.result.node == nil {
		if r.reads(PassNoResultPath) == second {
			return s.passed, nil
		}
		return data, nil
	}
	return r.put(&s.result, data, s.passed)
}

// wait lets virtual time pass.
func (r *run) wait(s *state, data any) *Error {
	pause := s.seconds
	if s.secondsPath != nil {
		v, err := r.must(*s.secondsPath, data, inParameters)
		if err != nil {
			return r.at(err, s.zis.Node.Get("SecondsPath"))
		}
		var ok bool
		if pause, ok = seconds(v); !ok {
			return r.at(&Error{Text: s.secondsPath.text + " is " + kindOf(v) + " and no number of seconds"}, s.zis.Node.Get("SecondsPath"))
		}
	}
	r.clock += max(0, pause)
	return nil
}

// choose asks the rules in order.
func (r *run) choose(s *state, data any, at int) (*state, *Error) {
	for i := range s.rules {
		ok, err := r.holds(&s.rules[i], data)
		if err != nil {
			return nil, err
		}
		step := &r.result.Steps[at]
		step.Rules = append(step.Rules, ok)
		if !ok {
			continue
		}
		if s.taken[i] == nil {
			return nil, r.at(&Error{Kind: Refused, Text: "the rule has no Next"}, s.rules[i].node)
		}
		return s.taken[i], nil
	}
	if s.fallback != nil {
		return s.fallback, nil
	}
	if r.reads(NoRule) == second {
		return nil, nil
	}
	return nil, &Error{Text: "no rule of the Choice is true, and it has no Default"}
}

func (r *run) succeed(s *state, data any) *Error {
	message, err := executed, (*Error)(nil)
	if s.message.written != "" {
		message, err = r.message(s.message, data)
	}
	if err == nil && r.depth == 0 {
		r.result.Message = message
	}
	return r.at(err, s.zis.Node.Get("Message"))
}

// message is a text of Succeed or Fail.
func (r *run) message(t text, data any) (string, *Error) {
	t.whole = false
	return r.fill(t, data, inMessage)
}

func (r *run) failed(s *state, data any) *Error {
	name, err := r.message(s.error, data)
	if err != nil {
		return r.at(err, s.zis.Node.Get("Error"))
	}
	cause, err := r.message(s.cause, data)
	if err != nil {
		return r.at(err, s.zis.Node.Get("Cause"))
	}
	return &Error{Kind: Failed, Name: name, Text: cause}
}

// each runs the Iterator of a Map once for each item, one after the other.
func (r *run) each(s *state, data any) (any, *Error) {
	v, err := r.must(s.items, data, inParameters)
	node := s.zis.Node.Get("ItemsPath")
	if err != nil {
		return data, r.at(err, node)
	}
	list, ok := v.([]any)
	if !ok {
		return data, r.at(&Error{Text: s.items.text + " is " + kindOf(v) + " and no array"}, node)
	}
	if len(list) > MaxItems {
		return data, r.at(&Error{Kind: Limit, items: true, Text: fmt.Sprintf("a Map takes at most %d items, and %s has %d", MaxItems, s.items.text, len(list))}, node)
	}
	outputs := make([]any, len(list))
	for i, item := range list {
		if _, ok := item.(map[string]any); !ok {
			return data, r.at(&Error{Text: fmt.Sprintf("an item of a Map is an object, and item %d of %s is %s", i, s.items.text, kindOf(item))}, node)
		}
		if outputs[i], err = r.iteration(s, item, i); err != nil {
			return data, err
		}
	}
	if r.reads(MapResult) == second {
		return data, nil
	}
	return r.put(&s.result, data, outputs)
}

func (r *run) iteration(s *state, item any, i int) (any, *Error) {
	if s.iterator.start == nil {
		return nil, r.at(&Error{Kind: Refused, Text: "the Iterator has no state at which it starts"}, s.iterator.node)
	}
	depth, outer := r.depth, r.item
	r.depth, r.item = depth+1, i
	defer func() { r.depth, r.item = depth, outer }()
	return r.machine(s.iterator, item)
}

// timed ends an action that takes longer than its TimeoutSeconds.
func (s *state) timed(took time.Duration) *Error {
	if s.timeout == 0 || took <= s.timeout {
		return nil
	}
	return &Error{Text: fmt.Sprintf("the state takes longer than its TimeoutSeconds, %v", s.timeout)}
}
