package flowtest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Suite is what cases run in: the bundles of one integration.
type Suite struct {
	Bundles  []*zis.Bundle
	Account  interp.Account // zero values have names that nobody has
	Readings interp.Readings
	NoRepeat bool
	All      bool // each case under every reading that it touches
	// Live asks the network, for hosts that somebody has allowed; ok is false
	// for any other. nil: nothing leaves this machine.
	Live func(context.Context, *interp.Request) (reply interp.Reply, ok bool, err error)

	program *interp.Program
}

// MaxCaseTime is how long a case may really take.
const MaxCaseTime = 20 * time.Second

// Outcome is what became of a case.
type Outcome struct {
	Case     *Case
	Flow     string
	Result   *interp.Result // nil if it could not be run
	Problems []Problem      // none: the case passes
	Touched  interp.Touched // assumptions that it relied on
	Hangs    *Hangs         // with All
	Took     time.Duration  // real time
}

// Passed tells whether the case passes under the readings that were chosen.
func (o *Outcome) Passed() bool { return len(o.Problems) == 0 }

// Problem is one reason why a case fails.
type Problem struct {
	Text    string
	Help    string
	Details []string     // the differences
	Test    tree.Place   // in the test file
	Bundle  interp.Place // in the bundle
	Usage   bool         // the case itself is wrong
}

// prepare compiles the bundles once.
func (s *Suite) prepare() {
	if s.program != nil {
		return
	}
	s.program = interp.Compile(s.Bundles...)
	if s.Account.ID == 0 {
		s.Account.ID = 10000
	}
	if s.Account.Subdomain == "" {
		s.Account.Subdomain = "example"
	}
	if s.Account.Integration == "" {
		s.Account.Integration = integrationOf(s.Bundles)
	}
}

// integrationOf is the integration that the ARNs of the bundles name.
func integrationOf(bundles []*zis.Bundle) string {
	for _, b := range bundles {
		for s := range b.ARNs {
			if arn, ok := zis.ParseARN(s.Value); ok && arn.Integration != zis.Common {
				return arn.Integration
			}
		}
	}
	return "integration"
}

// Run runs the cases and returns their outcomes in the same order.
func (s *Suite) Run(ctx context.Context, cases []*Case) []*Outcome {
	s.prepare()
	outcomes := make([]*Outcome, len(cases))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range cases {
		g.Go(func() error {
			outcomes[i] = s.bounded(ctx, c)
			return nil
		})
	}
	_ = g.Wait() // none returns an error
	return outcomes
}

var errSlow = fmt.Errorf("the case takes more than %d seconds", MaxCaseTime/time.Second)

// bounded runs a case, and gives it up if it doesn't end.
func (s *Suite) bounded(ctx context.Context, c *Case) *Outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, MaxCaseTime, errSlow)
	defer cancel()
	began := time.Now()
	done := make(chan *Outcome, 1)
	go func() { done <- s.one(ctx, c) }()
	var o *Outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		select {
		case o = <-done:
		case <-time.After(time.Second):
			o = &Outcome{Case: c, Problems: []Problem{{Text: errSlow.Error(), Test: c.Place}}}
		}
	}
	o.Took = time.Since(began)
	return o
}

func (s *Suite) one(ctx context.Context, c *Case) *Outcome {
	o := s.play(ctx, c, s.Readings)
	if s.All && o.Result != nil {
		o.Hangs = s.hangs(ctx, c, o)
	}
	return o
}

// play runs a case under given readings.
func (s *Suite) play(ctx context.Context, c *Case, readings interp.Readings) *Outcome {
	o := &Outcome{Case: c}
	flow, problem := s.flow(c)
	if problem != nil {
		o.Problems = []Problem{*problem}
		return o
	}
	o.Flow = flow.Name
	if problem := s.checkEvent(c); problem != nil {
		o.Problems = []Problem{*problem}
		return o
	}
	b := &boundary{account: s.Account, mocks: c.HTTP, used: make([]int, len(c.HTTP)), live: s.Live}
	root, err := s.root(c, readings, &o.Touched)
	if err != nil {
		o.Problems = []Problem{{Text: err.Error(), Test: c.event}}
		return o
	}
	o.Result = flow.Run(ctx, interp.Start{
		Account: s.Account, Data: root, World: interp.World{Configs: c.Config, Links: c.Links},
		Connections: c.Connections, Domains: c.Domains, Now: c.Now, HTTP: b.do, Readings: readings, NoRepeat: s.NoRepeat,
	})
	o.Touched |= o.Result.Touched | b.touched
	if len(c.Want.Data) > 0 {
		o.Touched |= o.Result.DataOnly
	}
	o.Problems = s.judge(c, flow, o.Result, b)
	return o
}

// root is the initial $. An event of a native source is in an object of its
// kind; anything else was posted to an inbound webhook.
func (s *Suite) root(c *Case, readings interp.Readings, touched *interp.Touched) (map[string]any, error) {
	return s.Account.Posted(c.Event, readings, touched)
}

// flow finds the flow of a case, by its short name or as an ARN.
func (s *Suite) flow(c *Case) (*interp.Flow, *Problem) {
	name, known := c.Flow, []string(nil)
	if arn, ok := zis.ParseARN(name); ok && arn.Kind == zis.KindFlow {
		name = arn.Name
	}
	if c.JobSpec != "" {
		spec := s.spec(c.JobSpec)
		if spec == nil {
			for _, b := range s.Bundles {
				for _, j := range b.JobSpecs {
					known = append(known, j.Name.Value)
				}
			}
			return nil, missing("job spec", c.JobSpec, known, c.target)
		}
		arn, _ := zis.ParseARN(spec.FlowName.Value)
		name = arn.Name
	}
	if flow := s.program.Flow(name); flow != nil {
		return flow, nil
	}
	for _, f := range s.program.Flows() {
		known = append(known, f.Name)
	}
	return nil, missing("flow", name, known, c.target)
}

func missing(kind, name string, known []string, at tree.Place) *Problem {
	p := &Problem{Text: fmt.Sprintf("no bundle has a %s %q", kind, name), Test: at, Usage: true}
	if near := english.Nearest(name, known); near != "" {
		p.Help = english.DidYouMean(near)
	} else if len(known) > 0 {
		p.Help = "there is " + strings.Join(known, ", ")
	}
	return p
}

// spec is the job spec of that name, in its short form or as an ARN.
func (s *Suite) spec(name string) *zis.JobSpec {
	if arn, ok := zis.ParseARN(name); ok {
		name = arn.Name
	}
	for _, b := range slices.Backward(s.Bundles) {
		for _, spec := range b.JobSpecs {
			if spec.Name.Value == name {
				return spec
			}
		}
	}
	return nil
}
