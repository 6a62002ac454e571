// Package flowrunner runs the flows that the emulator's events start, with the
// interpreter: the account's bundles, configs, links and connections go in,
// and what a flow changed of them comes out.
package flowrunner

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// HTTP answers the requests of flows; false if it has no answer.
type HTTP func(context.Context, *interp.Request) (interp.Reply, bool, error)

// Runner is an emulator.Runner. Its zero value lets no request out.
type Runner struct {
	HTTP     []HTTP // asked in this order; a request that none answers fails
	Readings interp.Readings
	Step     func(*interp.Step) error // is told of each state that has ended; nil: nobody is
}

// Run runs one flow to its end.
func (r *Runner) Run(ctx context.Context, s emulator.RunStart) emulator.RunEnd {
	flow, err := flowOf(s)
	if err != nil {
		return emulator.RunEnd{Message: err.Error()}
	}
	start, err := r.start(s)
	if err != nil {
		return emulator.RunEnd{Message: err.Error()}
	}
	result := flow.Run(ctx, start)
	end := emulator.RunEnd{OK: result.Succeeded(), Message: result.Message, State: result.End, Path: result.Path(), Steps: steps(result), Elapsed: result.Elapsed}
	changed(&end, start.World, result.World)
	return end
}

// flowOf compiles what the integration holds: of two actions of one name, the
// bundle that was uploaded last has the one that runs.
func flowOf(s emulator.RunStart) (*interp.Flow, error) {
	var bundles []*zis.Bundle
	for n, body := range s.Bundles {
		doc, err := source.Stored(fmt.Sprintf("bundle %d of %s", n+1, s.Integration), body)
		if err != nil {
			return nil, fmt.Errorf("a stored bundle can't be read: %w", err)
		}
		bundles = append(bundles, zis.Read(doc))
	}
	flow := interp.Compile(bundles...).Flow(s.Flow)
	if flow == nil {
		return nil, fmt.Errorf("no bundle of %s has the flow %s that the job spec %s starts", s.Integration, s.Flow, s.JobSpec)
	}
	return flow, nil
}

func (r *Runner) start(s emulator.RunStart) (interp.Start, error) {
	data, err := interp.Decode(s.Root)
	if err != nil {
		return interp.Start{}, fmt.Errorf("the event can't be read: %w", err)
	}
	start := interp.Start{
		Account: interp.Account{ID: s.AccountID, Subdomain: s.Subdomain, Integration: s.Integration}, Data: data, Now: s.Now, Readings: r.Readings, Step: r.Step,
		World: interp.World{Configs: map[string]any{}}, Connections: []string{}, Domains: map[string]string{}, HTTP: r.answer,
	}
	for scope, text := range s.Configs {
		if start.World.Configs[scope], err = interp.Decode(text); err != nil {
			return interp.Start{}, fmt.Errorf("the config %s can't be read: %w", scope, err)
		}
	}
	for _, l := range s.Links {
		v, err := linkOf(l)
		if err != nil {
			return interp.Start{}, err
		}
		start.World.Links = append(start.World.Links, v)
	}
	for _, c := range s.Connections {
		start.Connections = append(start.Connections, c.Name)
		start.Domains[c.Name] = c.AllowedDomain
	}
	return start, nil
}

// answer asks each source of answers in turn.
func (r *Runner) answer(ctx context.Context, q *interp.Request) (interp.Reply, error) {
	for _, h := range r.HTTP {
		if reply, ok, err := h(ctx, q); ok || err != nil {
			return reply, err
		}
	}
	return interp.Reply{Failure: "reset"}, nil
}

func linkOf(l emulator.Link) (any, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return interp.Decode(text)
}

// changed says which configs and links are others than before.
func changed(end *emulator.RunEnd, before, after interp.World) {
	end.Configs = map[string]json.RawMessage{}
	for scope, config := range after.Configs {
		if was, ok := before.Configs[scope]; !ok || !interp.Equal(was, config) {
			end.Configs[scope] = json.RawMessage(interp.Encode(config))
		}
	}
	if interp.Equal(any(before.Links), any(after.Links)) {
		return
	}
	end.Linked = true
	for _, v := range after.Links {
		var l struct {
			UUID  string              `json:"uuid"`
			Type  string              `json:"link_type"`
			Left  emulator.LinkObject `json:"left_object"`
			Right emulator.LinkObject `json:"right_object"`
		}
		_ = json.Unmarshal([]byte(interp.Encode(v)), &l) // of an object that a link action made or found
		end.Links = append(end.Links, emulator.Link{UUID: l.UUID, Type: l.Type, LeftObject: l.Left, RightObject: l.Right})
	}
}

// step is a state of the run log, with the requests that it made.
type step struct {
	State    string   `json:"state"`
	Type     string   `json:"type"`
	At       string   `json:"at"`
	Requests []string `json:"requests,omitempty"` // "METHOD URL: 200"
	Error    string   `json:"error,omitempty"`
	Caught   bool     `json:"caught,omitempty"`
}

func steps(r *interp.Result) json.RawMessage {
	list := []step{}
	for _, s := range r.Steps {
		e := step{State: s.State, Type: s.Type, At: s.At.String(), Caught: s.Caught}
		for _, x := range s.Requests {
			said := fmt.Sprint(x.Answer.Status)
			if x.Answer.Status == 0 {
				said = "no answer"
			}
			e.Requests = append(e.Requests, fmt.Sprintf("%s %s: %s", x.Method, x.URL, said))
		}
		if s.Err != nil {
			e.Error = s.Err.Text
		}
		list = append(list, e)
	}
	text, _ := json.Marshal(list) // of texts: can't fail
	return text
}
