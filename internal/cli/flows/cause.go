package flows

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flowrunner"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// cause has the event of a case happen in the local account: every installed
// job spec that waits for it starts. What the case has of configs and
// connections is put into the account before.
func cause(ctx context.Context, p *program.Program, o runOptions, suite *flowtest.Suite, c *flowtest.Case) error {
	if c.JobSpec == "" {
		return program.Usagef("an event starts job specs: name one of them instead of the flow %q", c.Flow)
	}
	server := &emulator.Server{StateFile: filepath.Join(p.Workspace.StateDir(), "local.json")}
	if err := server.Open(); err != nil {
		return program.Usage(err)
	}
	integration, spec, err := waiting(p, server, c.JobSpec)
	if err != nil {
		return err
	}
	o.several = starts(server, spec) > 1
	answer, problems := suite.Answers(c)
	server.Runner = runner(p, o, suite, c, answer)
	if err := furnish(p, server, integration, suite, c); err != nil {
		return program.Usage(err)
	}
	if err := post(ctx, server, spec, c.Event); err != nil {
		return err
	}
	server.Wait()
	for _, problem := range problems() {
		p.Note("%s", problem.Lines())
	}
	return program.Interrupted(ctx, tellRuns(p, server.Runs(), spec))
}

// runner runs flows as the case answers their requests, and shows each state.
// An event may start several, and they run side by side.
func runner(p *program.Program, o runOptions, suite *flowtest.Suite, c *flowtest.Case, answer flowrunner.HTTP) *flowrunner.Runner {
	follow := follow(p, o)
	var turn sync.Mutex
	return &flowrunner.Runner{Readings: suite.Readings, Step: func(s *interp.Step) error {
		turn.Lock()
		defer turn.Unlock()
		return follow(s)
	}, HTTP: []flowrunner.HTTP{func(ctx context.Context, q *interp.Request) (interp.Reply, bool, error) {
		turn.Lock()
		defer turn.Unlock()
		if o.reply != 0 && len(c.HTTP) == 0 {
			return interp.Reply{Status: o.reply, Body: []byte("{}")}, true, nil
		}
		return answer(ctx, q)
	}}}
}

// starts counts the job specs of the account that the event of one starts.
func starts(server *emulator.Server, spec *emulator.JobSpec) int {
	n := 0
	for _, i := range server.State().Integrations {
		for _, s := range i.JobSpecs {
			if s.Installed && s.EventSource == spec.EventSource && s.EventType == spec.EventType {
				n++
			}
		}
	}
	return n
}

// waiting finds the installed job spec that the local account has.
func waiting(p *program.Program, server *emulator.Server, name string) (integration string, spec *emulator.JobSpec, err error) {
	var known []string
	for _, i := range server.State().Integrations {
		if p.Integration != "" && i.Name != p.Integration {
			continue
		}
		for _, s := range i.JobSpecs {
			switch {
			case s.Name != name:
				known = append(known, s.Name)
			case !s.Installed:
				err = fmt.Errorf("the job spec %q of %s is not installed in the local account: no event starts it", name, i.Name)
			case spec != nil:
				return "", nil, program.Missing("integration", "the local account has the job spec %q in several integrations: name one of them", name)
			default:
				integration, spec, err = i.Name, s, nil
			}
		}
	}
	if spec == nil && err == nil {
		err = fmt.Errorf("the local account has no job spec %q", name)
		if near := english.Nearest(name, known); near != "" {
			err = fmt.Errorf("%w; did you mean %q?", err, near)
		}
	}
	if err != nil {
		return "", nil, &verdict.Error{Reason: verdict.InvalidInput, Err: err, Next: "deploy it first: zis deploy --target local --integration NAME"}
	}
	return integration, spec, nil
}

// furnish puts the configs and connections of a case into the local account,
// as an admin would have.
func furnish(p *program.Program, server *emulator.Server, integration string, suite *flowtest.Suite, c *flowtest.Case) error {
	names := c.Connections
	if names == nil {
		names = suite.Connections()
	}
	var made []string
	err := server.Edit(func(state *emulator.State) {
		i := state.Integration(integration)
		for _, scope := range slices.Sorted(maps.Keys(c.Config)) {
			config := map[string]json.RawMessage{}
			if json.Unmarshal([]byte(interp.Encode(c.Config[scope])), &config) != nil || holdsConfig(i, scope, c.Config[scope]) {
				continue
			}
			i.Configs = slices.DeleteFunc(i.Configs, func(c *emulator.Config) bool { return c.Scope == scope })
			i.Configs = append(i.Configs, &emulator.Config{ID: int64(len(i.Configs)) + 1, Scope: scope, Config: config, CreatedAt: flowtest.Instant, UpdatedAt: flowtest.Instant})
			made = append(made, "the config "+scope)
		}
		for _, name := range names {
			if !slices.ContainsFunc(i.Connections, func(c emulator.Connection) bool { return c.Name == name }) {
				i.Connections = append(i.Connections, emulator.Connection{Type: "bearer_token", Name: name, AllowedDomain: c.Domains[name], Secret: "local", CreatedAt: flowtest.Instant})
				made = append(made, "the connection "+name)
			}
		}
	})
	if len(made) > 0 && err == nil {
		p.Note("the local account has %s now", english.Join(made))
	}
	return err
}

// holdsConfig tells whether the integration has this very config.
func holdsConfig(i *emulator.Integration, scope string, want any) bool {
	return slices.ContainsFunc(i.Configs, func(c *emulator.Config) bool {
		text, _ := json.Marshal(c.Config) // of raw JSON: can't fail
		have, err := interp.Decode(text)
		return c.Scope == scope && err == nil && interp.Equal(have, want)
	})
}

// post has the event happen in the account.
func post(ctx context.Context, server *emulator.Server, spec *emulator.JobSpec, event any) error {
	dial, stop := emulator.Local(server)
	defer stop()
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	query := url.Values{"source": {spec.EventSource}, "type": {spec.EventType}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/emulator/events?"+query.Encode(), strings.NewReader(interp.Encode(event)))
	if err != nil {
		return err
	}
	req.SetBasicAuth(program.LocalCredentials.Email+"/token", program.LocalCredentials.APIToken.Reveal())
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return program.Usagef("the local account refuses the event: %s", text)
	}
	return nil
}

// tellRuns tells how the runs ended; the error is that of one that failed.
func tellRuns(p *program.Program, runs []emulator.Run, spec *emulator.JobSpec) error {
	p.Tell("%s/%s started %s", spec.EventSource, spec.EventType, english.Plural(len(runs), "run"))
	failed := 0
	for _, r := range runs {
		word := "SUCCEEDED"
		if !r.OK {
			word, failed = "FAILED", failed+1
		}
		p.Tell("%s of %s, by %s: %s in %s: %s", r.Flow, r.Integration, r.JobSpec, word, r.State, r.Message)
	}
	if failed > 0 {
		return program.ExitError(verdict.ExitFailed)
	}
	return nil
}
