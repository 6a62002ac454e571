package fleet_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// standings are a Worker whose accounts are written down.
type standings map[string]fleet.Standing

func (s standings) Observe(_ context.Context, t *project.Target) (fleet.Standing, error) {
	if have, ok := s[t.Name.Value]; ok {
		return have, nil
	}
	return fleet.Standing{}, errors.New("401 Authentication failed")
}

func (standings) Deliver(context.Context, *project.Target) (fleet.Delivery, error) {
	panic("a survey writes nothing")
}

func (standings) Foresee(context.Context, *project.Target) (fleet.Delivery, error) {
	panic("a survey foresees nothing")
}

const surveyed = `targets:
  fine: {subdomain: fine, integration: a}
  off: {subdomain: off, integration: b}
  more: {subdomain: more, integration: c}
  older: {subdomain: older, integration: d}
  foreign: {subdomain: foreign, integration: e}
  accepted:
    subdomain: accepted
    integration: f
    accept:
      - {pointer: /resources/a, reason: they asked, until: 2027-01-31}
      - {pointer: /resources/gone, reason: they asked, until: 2027-01-31}
  expired:
    subdomain: expired
    integration: g
    accept:
      - {pointer: /resources/a, reason: they asked, until: 2026-01-31}
  other: {subdomain: other, integration: h}
  empty: {subdomain: empty, integration: i}
  dead: {subdomain: dead, integration: j}
`

func surveyOf(t *testing.T, command string) fleet.Report {
	differs := []fleet.Difference{{Bundle: "b", Pointer: "/resources/a/properties/x", Have: "1", Want: "2"}}
	return fleet.Survey{
		Command: command, Release: fleet.Release{Name: "v2"}, Targets: targetsOf(parsed(t, surveyed)),
		Now: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC),
		Worker: standings{
			"fine":     {Content: fleet.This, Specs: fleet.Specs{On: 2}},
			"off":      {Content: fleet.This, Specs: fleet.Specs{On: 1, Off: []string{"s"}}},
			"more":     {Content: fleet.This, Specs: fleet.Specs{On: 1, More: []string{"old"}}},
			"older":    {Content: fleet.Recorded, Record: &fleet.Record{Release: "v1", Current: true}, Difference: differs},
			"foreign":  {Content: fleet.Foreign, Record: &fleet.Record{Release: "v1"}, Difference: differs},
			"accepted": {Content: fleet.Foreign, Difference: differs},
			"expired":  {Content: fleet.Foreign, Difference: differs},
			"other":    {Content: fleet.This, Others: []fleet.Other{{Name: "x", Firing: 1}}},
			"empty":    {Content: fleet.Nothing},
		},
	}.Run(t.Context())
}

func targetsOf(p *project.Project) []*project.Target {
	var list []*project.Target
	for i := range p.Targets {
		list = append(list, &p.Targets[i])
	}
	return list
}

func TestWhoRunsWhat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := surveyOf(t, "status")
		for i, want := range []string{
			"fine this-release runs v2",
			"off this-release runs v2; 1 of 2 job specs off: s",
			"more this-release runs v2; 1 job spec more on: old",
			"older other-release runs v1, as its record says",
			"foreign unknown-content runs something that is not in the files and not what its record says, v1: somebody has changed it by hand",
			"accepted unknown-content runs something that is not in the files; 1 difference accepted",
			"expired unknown-content runs something that is not in the files",
			"other this-release runs v2; 1 bundle that the files don't know",
			"empty not-deployed has none of the bundles",
			"dead unread 401 Authentication failed",
		} {
			if have := r.Rows[i].Name + " " + string(r.Rows[i].Verdict) + " " + r.Rows[i].Sentence; !strings.HasPrefix(have, want) {
				t.Errorf("got  %s\nwant %s", have, want)
			}
		}
		if r.Outcome != verdict.Unproven || !strings.Contains(r.Sentence, "1 could not be read") {
			t.Errorf("%s: %s", r.Outcome, r.Sentence)
		}
		if first := fleet.Worst(r.Rows)[0].Name; first != "dead" {
			t.Errorf("worst is %s", first)
		}
		if last := fleet.Worst(r.Rows)[9].Name; last != "fine" {
			t.Errorf("best is %s", last)
		}
	})
}

func TestDriftIsWhatNobodyBroughtThereOrAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := surveyOf(t, "drift")
		drifted := map[string]bool{"off": true, "more": true, "foreign": true, "expired": true, "other": true, "empty": true}
		for _, row := range r.Rows {
			if row.Drift != drifted[row.Name] {
				t.Errorf("%s: drift %v: %s", row.Name, row.Drift, row.Sentence)
			}
		}
		accepted, expired := r.Rows[5], r.Rows[6]
		if len(accepted.Accepted) != 1 || accepted.Accepted[0].Until != "2027-01-31" || len(accepted.Notes) != 1 ||
			!strings.Contains(accepted.Notes[0], "no difference is at /resources/gone any more") {
			t.Errorf("accepted: %+v", accepted)
		}
		if len(expired.Notes) != 1 || !strings.Contains(expired.Notes[0], "was accepted until 2026-01-31, and counts again") {
			t.Errorf("expired: %+v", expired.Notes)
		}
	})
}
