package interp

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// state is a state, compiled.
type state struct {
	zis     *zis.State
	name    string
	refused string // why the platform would not have taken it

	params *payload // nil without Parameters
	result target
	next   *state
	catch  *target
	caught *state

	action  *action // of the bundles
	builtin string  // or of the platform: its ARN
	timeout time.Duration

	rules    []condition
	taken    []*state
	fallback *state // Default

	items    path
	iterator *machine

	seconds     time.Duration
	secondsPath *path

	message, error, cause text
	pass                  *source.Node // Result
	passed                any          // its value
}

// target is a ResultPath.
type target struct {
	node *source.Node // nil without one
	path path
}

func compileTarget(n *source.Node) target {
	s, ok := n.Text()
	t := target{node: n, path: compilePath(s)}
	t.path.broken = t.path.broken || n != nil && !ok
	return t
}

func (p *Program) state(s *zis.State) *state {
	c := &state{zis: s, name: s.Name, result: compileTarget(s.ResultPath)}
	if s.Parameters != nil {
		c.params = compilePayload(s.Parameters)
	}
	if len(s.Catches) > 0 {
		t := compileTarget(s.Catches[0].Node.Get("ResultPath"))
		c.catch = &t
	}
	switch s.Type.Value {
	case zis.StateAction:
		p.actionState(c)
	case zis.StateChoice:
		for _, rule := range s.Choices {
			c.rules = append(c.rules, compileCondition(rule.Node))
		}
	case zis.StateMap:
		p.mapState(c)
	case zis.StatePass:
		if c.pass = s.Result; c.pass != nil {
			c.passed = c.pass.Plain()
		}
	case zis.StateWait:
		c.waitState()
	case zis.StateSucceed:
		c.message = messageOf(s.Node.Get("Message"))
	case zis.StateFail:
		c.error, c.cause = messageOf(s.Node.Get("Error")), messageOf(s.Node.Get("Cause"))
	default:
		c.refused = "there is no state type " + s.Type.Value
	}
	return c
}

func (p *Program) actionState(c *state) {
	arn, ok := zis.ParseARN(c.zis.ActionName.Value)
	switch {
	case !ok:
		c.refused = "the ActionName is no name such as zis:INTEGRATION:action:NAME"
	case arn.Integration == zis.Common:
		c.builtin = arn.String()
		if _, known := builtins[c.builtin]; !known {
			c.refused = "the platform has no action " + arn.String()
		}
	default:
		if c.action = p.actions[arn.Name]; c.action == nil {
			c.refused = "no bundle has the action " + arn.Name
		}
	}
	if seconds, ok := duration(c.zis.Node.Get("TimeoutSeconds")); ok && seconds > 0 {
		c.timeout = seconds
	}
}

func (p *Program) mapState(c *state) {
	items, ok := c.zis.Node.Get("ItemsPath").Text()
	switch {
	case !ok:
		c.refused = "a Map has no ItemsPath"
	case c.zis.Iterator == nil:
		c.refused = "a Map has no Iterator"
	case c.result.node == nil:
		c.refused = "a Map has no ResultPath"
	default:
		c.items, c.iterator = compilePath(items), p.machine(c.zis.Iterator)
	}
}

func (c *state) waitState() {
	if s, ok := c.zis.Node.Get("SecondsPath").Text(); ok {
		p := compilePath(s)
		c.secondsPath = &p
		return
	}
	var ok bool
	if c.seconds, ok = duration(c.zis.Node.Get("Seconds")); !ok || c.seconds <= 0 {
		c.refused = "a Wait has no Seconds above 0"
	}
}

// duration reads a number of seconds, at most a day: no flow lives longer.
func duration(n *source.Node) (time.Duration, bool) {
	if n == nil {
		return 0, false
	}
	return seconds(n.Value)
}

func seconds(v any) (time.Duration, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, _ := number.Float64()
	const day = 24 * 60 * 60
	return time.Duration(min(max(f, -day), day) * float64(time.Second)), true
}

// messageOf reads a text of Succeed or Fail, which may be a path as a whole.
func messageOf(n *source.Node) text {
	s, ok := n.Text()
	if !ok {
		return text{}
	}
	if strings.HasPrefix(s, "$") {
		if _, err := expr.ParsePath(s); err == nil {
			return compileValue(s)
		}
	}
	return compileText(s)
}

// link finds the states that are named. A name that no state has is refused
// when a run comes to it.
func (c *state) link(m *machine) {
	s := c.zis
	to := func(name zis.String) *state {
		if !name.Given() {
			return nil
		}
		if next := m.names[name.Value]; next != nil {
			return next
		}
		return &state{zis: s, name: name.Value, refused: "there is no state " + name.Value}
	}
	c.next, c.fallback = to(s.Next), to(s.Default)
	for _, rule := range s.Choices {
		c.taken = append(c.taken, to(rule.Next))
	}
	if c.catch != nil {
		c.caught = to(s.Catches[0].Next)
	}
	if c.refused == "" && c.next == nil && (s.End == nil || s.End.Value != true) {
		switch s.Type.Value {
		case zis.StateAction, zis.StateMap, zis.StatePass, zis.StateWait:
			c.refused = "the state has neither Next nor End"
		}
	}
}
