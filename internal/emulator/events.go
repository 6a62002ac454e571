package emulator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Runner runs a flow. The emulator knows when which flow starts and what it is
// given; what happens then is the runner's.
type Runner interface {
	Run(ctx context.Context, start RunStart) RunEnd
}

// RunStart is what a flow starts with.
type RunStart struct {
	AccountID   int64
	Subdomain   string
	Integration string
	JobSpec     string            // short name
	Flow        string            // short name
	Bundles     []json.RawMessage // all of the integration, the one uploaded last at the end
	Root        json.RawMessage   // the first $
	Configs     map[string]json.RawMessage
	Links       []Link
	Connections []Connection // with their secrets
	Now         time.Time
}

// RunEnd is how a flow ended.
type RunEnd struct {
	OK      bool            `json:"ok"`
	Message string          `json:"message"` // what the integration log says
	State   string          `json:"state"`   // the last one
	Path    []string        `json:"path"`    // the states, in order
	Steps   json.RawMessage `json:"steps,omitempty"`
	Elapsed time.Duration   `json:"elapsed"` // in the flow's own time, in nanoseconds

	Configs map[string]json.RawMessage `json:"-"` // what it changed: whole configs, by scope
	Links   []Link                     `json:"-"` // all links, if LinksChanged
	Linked  bool                       `json:"-"` // whether Links are to be kept
}

// Run is an entry of the run log.
type Run struct {
	Number      int       `json:"number"` // from 1
	At          time.Time `json:"at"`
	Integration string    `json:"integration"`
	JobSpec     string    `json:"job_spec"`
	Flow        string    `json:"flow"`
	RunEnd
}

// event is something that happened and may start flows.
type event struct {
	source, kind string
	input        []byte
	integration  string // the only one that is told; "": all
}

// ownRoutes are the emulator's own: to cause an event, and to see what ran
// and what the account holds.
func ownRoutes() []route {
	anybody := takers(platform.APIToken, platform.AdminToken, platform.ZISToken, platform.Session)
	return []route{
		{"", "POST /emulator/events", anybody, (*Server).postEvent},
		{"", "GET /emulator/runs", anybody, (*Server).listRuns},
		{"", "GET /emulator/state", takers(platform.APIToken), (*Server).showState},
	}
}

// startFlows starts a run for each installed job spec that waits for the
// event, one that no bundle has any more among them. Names are compared
// exactly. Without a runner, runs are only noted. It is called with the lock.
func (s *Server) startFlows(e event) int {
	count := 0
	for _, i := range s.state.Integrations {
		if e.integration != "" && i.Name != e.integration {
			continue
		}
		for _, spec := range i.JobSpecs {
			if spec.Installed && spec.EventSource == e.source && spec.EventType == e.kind {
				s.startFlow(i, spec, e)
				count++
			}
		}
	}
	return count
}

func (s *Server) startFlow(i *Integration, spec *JobSpec, e event) {
	start := s.startOf(i, spec, e)
	s.runs++
	run := Run{Number: s.runs, At: start.Now, Integration: i.Name, JobSpec: spec.Name, Flow: spec.FlowName}
	if s.Runner == nil {
		run.Message = "no runner: the flow was not run"
		s.logRun(run)
		return
	}
	s.running.Go(func() {
		run.RunEnd = s.Runner.Run(context.Background(), start)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.keepRun(i.Name, run)
	})
}

func (s *Server) startOf(i *Integration, spec *JobSpec, e event) RunStart {
	bundles := slices.Clone(i.Bundles)
	slices.SortStableFunc(bundles, func(a, b *Bundle) int { return a.UploadedAt.Compare(b.UploadedAt) })
	start := RunStart{
		AccountID: s.accountID(), Subdomain: s.subdomain(), Integration: i.Name, JobSpec: spec.Name, Flow: spec.FlowName,
		Configs: map[string]json.RawMessage{}, Links: slices.Clone(i.Links), Connections: slices.Clone(i.Connections), Now: s.now().UTC(),
	}
	for _, b := range bundles {
		start.Bundles = append(start.Bundles, b.Body)
	}
	for _, c := range i.Configs {
		text, _ := json.Marshal(c.Config) // of what was decoded: can't fail
		start.Configs[c.Scope] = text
	}
	start.Root, _ = wire.Encode(map[string]any{
		"account_id": start.AccountID, "subdomain": start.Subdomain, "integration_key": i.Name, "input": json.RawMessage(inputOf(e.input)),
	})
	return start
}

// inputOf is what becomes $.input: of a recorded root its input, anything else
// as it is.
func inputOf(text []byte) []byte {
	var root struct {
		AccountID json.RawMessage `json:"account_id"`
		Input     json.RawMessage `json:"input"`
	}
	if json.Unmarshal(text, &root) == nil && root.AccountID != nil && root.Input != nil {
		return root.Input
	}
	return bytes.TrimSpace(text)
}

// keepRun notes how a run ended, and what it changed of configs and links.
func (s *Server) keepRun(integration string, run Run) {
	if i := s.state.Integration(integration); i != nil {
		for scope, config := range run.Configs {
			c := i.config(scope)
			if c == nil {
				c = &Config{ID: s.state.newID(), Scope: scope, CreatedAt: run.At}
				i.Configs = append(i.Configs, c)
			}
			if json.Unmarshal(config, &c.Config) == nil {
				c.UpdatedAt = s.now().UTC().Truncate(time.Second)
			}
		}
		if run.Linked {
			i.Links = s.keptLinks(i.Links, run.Links)
		}
		_ = s.save() // the next request says so if the file can't be written
	}
	s.logRun(run)
}

// keptLinks are the links after a run: those that were there keep their ids.
func (s *Server) keptLinks(before, after []Link) []Link {
	for n := range after {
		l := &after[n]
		was := slices.IndexFunc(before, func(b Link) bool {
			return b.Type == l.Type && b.LeftObject.Name == l.LeftObject.Name && b.RightObject.Name == l.RightObject.Name
		})
		if was >= 0 {
			l.ID, l.UUID, l.CreatedAt = before[was].ID, before[was].UUID, before[was].CreatedAt
			continue
		}
		l.ID, l.UUID, l.CreatedAt = s.state.newID(), newUUID(), s.now().UTC().Truncate(time.Second)
	}
	return after
}

// maxRuns bounds the run log.
const maxRuns = 1000

func (s *Server) logRun(run Run) {
	if len(s.runLog) >= maxRuns {
		s.runLog = slices.Clone(s.runLog[maxRuns/2:])
	}
	s.runLog = append(s.runLog, run)
	if s.OnRun != nil {
		s.OnRun(run)
	}
}

// Runs is the run log: those that have ended, in the order of their ends.
// Wait first for those that haven't.
func (s *Server) Runs() []Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.runLog)
}

// Wait waits for the flows that are running.
func (s *Server) Wait() { s.running.Wait() }

func (s *Server) subdomain() string { return cmp.Or(s.Subdomain, "acme") }

// postEvent is no endpoint of the platform: it stands for what happens in an
// account, such as a new ticket. The query names source and type; the body is
// the event.
func (s *Server) postEvent(r *request) wire.Answer {
	q := r.URL.Query()
	source, kind := cmp.Or(q.Get("source"), "support"), q.Get("type")
	switch {
	case kind == "":
		return wire.Refuse(http.StatusBadRequest, "type is missing in the query, such as ?type=ticket.TicketCreated")
	case !json.Valid(r.body):
		return wire.Refuse(http.StatusBadRequest, "the event is not valid JSON")
	}
	count := s.startFlows(event{source: source, kind: kind, input: r.body})
	return wire.Reply(http.StatusAccepted, map[string]int{"started": count})
}

// showState is no endpoint of the platform: it gives all that the account
// holds, as the first line of a state file has it.
func (s *Server) showState(*request) wire.Answer { return wire.Reply(http.StatusOK, &s.state) }

// listRuns is no endpoint of the platform: it gives the run log.
func (s *Server) listRuns(*request) wire.Answer {
	runs := slices.Clone(s.runLog)
	if runs == nil {
		runs = []Run{}
	}
	return wire.Reply(http.StatusOK, map[string]any{"runs": runs})
}
