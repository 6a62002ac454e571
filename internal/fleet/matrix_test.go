package fleet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
)

func TestAMatrixHasRoomForAllOrIsRefused(t *testing.T) {
	for _, c := range []struct {
		targets, environments, most int
		jobs, largest               int // 0 jobs: refused
	}{
		{1, 1, 256, 1, 1},
		{256, 1, 256, 256, 1},
		{257, 1, 256, 256, 2},
		{2000, 1, 8, 8, 250},
		{10_000, 1, 256, 256, 40},
		{300, 300, 256, 0, 0}, // a job has one environment
		{256, 256, 256, 256, 1},
		{300, 3, 256, 256, 2},
		{10, 3, 3, 3, 4},
		{10, 4, 3, 0, 0},
		{5, 1, 0, 0, 0},
		{5, 1, 257, 0, 0},
	} {
		var b strings.Builder
		b.WriteString("targets:\n")
		for i := range c.targets {
			fmt.Fprintf(&b, "  t%d: {subdomain: t%d, integration: t_%d, environment: e%d}\n", i, i, i, i%c.environments)
		}
		targets := targetsOf(parsed(t, b.String()))
		jobs, err := fleet.Jobs(targets, c.most)
		if (err != nil) != (c.jobs == 0) || len(jobs) != c.jobs {
			t.Errorf("%+v: %d jobs, %v", c, len(jobs), err)
			continue
		}
		seen, shards, largest := map[string]bool{}, map[string]bool{}, 0
		for _, j := range jobs {
			if shards[j.Shard] {
				t.Errorf("%+v: two jobs are called %s", c, j.Shard)
			}
			shards[j.Shard] = true
			names := strings.Split(j.Targets, ",")
			largest = max(largest, len(names))
			for _, name := range names {
				if seen[name] {
					t.Errorf("%+v: %s is in two jobs", c, name)
				}
				seen[name] = true
				var i int
				_, _ = fmt.Sscanf(name, "t%d", &i)
				if want := fmt.Sprintf("e%d", i%c.environments); j.Environment != want {
					t.Errorf("%+v: %s of %s is in a job of %s", c, name, want, j.Environment)
				}
			}
			if j.Count != len(names) {
				t.Errorf("%+v: %d of %d", c, j.Count, len(names))
			}
		}
		if c.jobs > 0 && (len(seen) != c.targets || largest != c.largest) {
			t.Errorf("%+v: %d targets, %d in the largest job", c, len(seen), largest)
		}
	}
}

func TestShardsHaveNamesOfTheirOwn(t *testing.T) {
	targets := targetsOf(parsed(t, `targets:
  prod: {subdomain: a, integration: a}
  b: {subdomain: b, integration: b, environment: Prod}
  c: {subdomain: c, integration: c, environment: Prod}
  d: {subdomain: d, integration: d, environment: eu/prod}
  e: {subdomain: e, integration: e, environment: eu/prod}
  eu-prod: {subdomain: f, integration: f, environment: "x y"}
`))
	jobs, err := fleet.Jobs(targets, 4)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, j := range jobs {
		names = append(names, j.Shard)
	}
	if have := strings.Join(names, " "); have != "prod Prod-2 eu-prod eu-prod-2" {
		t.Error(have)
	}
}
