package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// JobSpec is an entry of the list of job specs. It doesn't tell which bundle
// the job spec is of.
type JobSpec struct {
	UUID        string
	Name        string // short; the full one is zis:{integration}:job_spec:{name}
	EventSource string
	EventType   string
	FlowName    string // short or full: both were seen
	Installed   bool
	Unread      string // why the entry can't be used; "" if it can
}

// JobSpecs lists the job specs of the integration, of all its bundles, all
// pages. GET /registry/{integration}/job_specs (observed).
func (c *Client) JobSpecs(ctx context.Context, integration string) ([]JobSpec, error) {
	return collect(ctx, c, call{
		op:     fmt.Sprintf("list the job specs of %q", integration),
		method: http.MethodGet, path: registryPath(integration, "job_specs"), query: firstPage(),
		order: preferZIS, limit: maxList, integration: integration, list: true,
	}, "job_specs", reading(func(r row) record[JobSpec] { return jobSpec(r, integration) }))
}

// jobSpec reads one entry. Its name may come in full.
func jobSpec(r row, integration string) record[JobSpec] {
	s := JobSpec{
		UUID: r.text("uuid"), Name: strings.TrimPrefix(r.text("name"), "zis:"+integration+":job_spec:"),
		EventSource: r.text("event_source"), EventType: r.text("event_type"), FlowName: r.text("flow_name"),
	}
	on, ok := r.flag("installed")
	s.Installed = on
	switch {
	case s.Name == "":
		s.Unread = broken
	case !ok:
		s.Unread = "doesn't say whether it is installed"
	}
	return record[JobSpec]{value: s, key: s.UUID, broken: s.Unread, named: s.Name != ""}
}

// Install switches a job spec on, given as zis:{integration}:job_spec:{name}.
// That it was on already is success: 200, or 409 (observed).
// POST /registry/job_specs/install?job_spec_name=… (documented: 200, empty).
func (c *Client) Install(ctx context.Context, arn string) error {
	_, err := c.do(ctx, c.installation(http.MethodPost, "install", arn, verdict.InstallFailed, http.StatusConflict))
	return err
}

// Uninstall switches a job spec off. A 404 is success: what isn't there, or
// isn't installed, doesn't fire.
// DELETE /registry/job_specs/install?job_spec_name=… (documented: 204, empty).
func (c *Client) Uninstall(ctx context.Context, arn string) error {
	_, err := c.do(ctx, c.installation(http.MethodDelete, "uninstall", arn, verdict.UninstallFailed, http.StatusNotFound))
	return err
}

func (c *Client) installation(method, verb, arn string, reason verdict.Reason, also int) call {
	integration, _, _ := strings.Cut(strings.TrimPrefix(arn, "zis:"), ":")
	return call{
		op:     verb + " " + oneLine(arn),
		method: method, path: registryPath("job_specs", "install"), query: url.Values{"job_spec_name": {arn}},
		order: preferZIS, again: true, reason: reason, integration: integration, also: []int{also},
	}
}
