package fleet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// MaxJobs is how many jobs GitHub gives a matrix (documented).
const MaxJobs = 256

// Job is one job of a workflow's matrix: names only. A job has one GitHub
// environment, so targets of different environments never share one.
type Job struct {
	Shard       string `json:"shard"` // ring, environment or number: unique in the matrix
	Environment string `json:"environment"`
	Targets     string `json:"targets"` // names, between commas
	Count       int    `json:"count"`
}

// Jobs spreads targets over at most so many jobs: one to a target where there
// is room. More environments than jobs are an error.
func Jobs(targets []*project.Target, most int) ([]Job, error) {
	if most < 1 || most > MaxJobs {
		return nil, verdict.Errorf(verdict.InvalidInput, "", "a matrix has 1 to %d jobs, not %d", MaxJobs, most)
	}
	var environments []string
	members := map[string][]string{}
	for _, t := range targets {
		e := t.Environment.Value
		if members[e] == nil {
			environments = append(environments, e)
		}
		members[e] = append(members[e], t.Name.Value)
	}
	if len(environments) > most {
		return nil, verdict.Errorf(verdict.InvalidInput, "promote ring by ring, or let targets share an environment, with their credentials in the encrypted file",
			"%d targets have %d environments, and a matrix has %s: a job has one environment", len(targets), len(environments), english.Plural(most, "job"))
	}
	var jobs []Job
	for i, n := range shares(environments, members, most) {
		jobs = append(jobs, split(environments[i], members[environments[i]], n)...)
	}
	unique(jobs)
	return jobs, nil
}

// unique makes the names of shards fit for artifacts and concurrency groups,
// and different from each other, whatever their letters' case.
func unique(jobs []Job) {
	seen := map[string]bool{}
	for i := range jobs {
		name := strings.Map(func(c rune) rune {
			if c < 128 && strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", c) {
				return c
			}
			return '-'
		}, jobs[i].Shard)
		for n := 2; seen[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d", strings.TrimSuffix(name, fmt.Sprintf("-%d", n-1)), n)
		}
		seen[strings.ToLower(name)] = true
		jobs[i].Shard = name
	}
}

// shares says how many jobs each environment gets: one, and what is left goes
// where a job has the most targets.
func shares(environments []string, members map[string][]string, most int) []int {
	n := make([]int, len(environments))
	total := 0
	for i := range n {
		n[i] = 1
		total++
	}
	load := func(i int) float64 { return float64(len(members[environments[i]])) / float64(n[i]) }
	for total < most {
		heaviest := 0
		for i := range n {
			if load(i) > load(heaviest) {
				heaviest = i
			}
		}
		if load(heaviest) <= 1 {
			break
		}
		n[heaviest]++
		total++
	}
	return n
}

// split makes n jobs of names, sizes differing by one at most.
func split(environment string, names []string, n int) []Job {
	jobs := make([]Job, n)
	for i := range jobs {
		from, to := i*len(names)/n, (i+1)*len(names)/n
		part := slices.Clone(names[from:to])
		jobs[i] = Job{Environment: environment, Count: len(part), Shard: shard(environment, part, i, n)}
		for k, name := range part {
			if k > 0 {
				jobs[i].Targets += ","
			}
			jobs[i].Targets += name
		}
	}
	return jobs
}

func shard(environment string, names []string, i, n int) string {
	switch {
	case len(names) == 1:
		return names[0]
	case environment == "":
		return fmt.Sprintf("shard-%d-of-%d", i+1, n)
	case n == 1:
		return environment
	}
	return fmt.Sprintf("%s-%d-of-%d", environment, i+1, n)
}
