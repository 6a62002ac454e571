package option

import (
	"slices"
	"strings"
	"time"
)

// Fleet is what is said of many targets.
type Fleet struct {
	Ring          string
	Release       string // of the tag
	Parallel      int    // targets at a time; 0: as the ring says
	TargetTimeout time.Duration
	FleetTimeout  time.Duration
	OffBranch     string // fail or allow
	FailOnDrift   bool
	DriftIssue    bool
	Matrix, Merge bool
	MaxJobs       int
	Shard         string // of a matrix; "": the targets are not one of several parts
	Reports       string // paths and patterns, one a line
	FleetFormat   string // text, json or html
}

// The verbs on many targets.
var (
	manyTargets = []string{"promote", "status", "drift"}
	fleetVerbs  = slices.Concat(manyTargets, []string{"targets"})
)

// ManyVerbs are the verbs that work on several targets of zis.yml.
var ManyVerbs = fleetVerbs

func fleetRows() []Row {
	return []Row{
		{
			Name: "ring", Verbs: fleetVerbs, Value: func(v *Values) any { return &v.Ring },
			Help: "the targets of this ring of zis.yml",
		},
		{
			Name: "release", Verbs: slices.Concat(manyTargets, []string{"deploy"}), Value: func(v *Values) any { return &v.Release },
			Help: "name of the release; in a workflow the tag that runs",
		},
		{
			Name: "parallel", Default: "0", Verbs: manyTargets, Value: func(v *Values) any { return &v.Parallel },
			Help: "targets at a time; 0: as zis.yml says of the ring (8 if it says nothing), 32 for reading",
		},
		{
			Name: "target-timeout", Default: "3m", Verbs: manyTargets, Value: func(v *Values) any { return &v.TargetTimeout },
			Help: "for each target: one that answers late costs itself this time, and no other",
		},
		{
			Name: "fleet-timeout", Default: "1h", Verbs: manyTargets, Typed: true, Value: func(v *Values) any { return &v.FleetTimeout },
			Help: "for the whole run on many targets",
		},
		{
			Name: "off-branch", Default: "fail", Verbs: manyTargets[:1:1], Value: func(v *Values) any { return &v.OffBranch }, OneOf: []string{"fail", "allow"},
			Help: "what promote does with a tag that is not on the main branch: `fail`, or `allow` it",
		},
		{
			Name: "fail-on-drift", Default: "false", Verbs: []string{"drift"}, Value: func(v *Values) any { return &v.FailOnDrift },
			Help: "drift: fail if an account no longer runs what was brought there",
		},
		{
			Name: "drift-issue", Default: "false", OneOf: []string{"true", "false"},
			Help: "drift: keep one issue for each target that has drifted, closed by itself when it has not (issues: write)",
		},
		{
			Name: "matrix", Default: "false", Verbs: []string{"targets"}, Value: func(v *Values) any { return &v.Matrix },
			Help: "targets: print the matrix of a workflow, names only",
		},
		{
			Name: "max-jobs", Default: "256", Verbs: []string{"targets"}, Value: func(v *Values) any { return &v.MaxJobs },
			Help: "targets: jobs of the matrix at most; where there are more targets, several go to a job",
		},
		{
			Name: "shard", Verbs: manyTargets, Value: func(v *Values) any { return &v.Shard },
			Help: "name of the matrix's job, for the report; of a number in max-failures it has the share of its targets",
		},
		{
			Name: "reports", Lines: true, Verbs: []string{"targets"}, Value: func(v *Values) any { return &v.Reports },
			Help: "targets: merge the reports of a matrix's jobs into one table: files or patterns, one per line; a target that none tells of counts as unfinished",
		},
		{
			Name: "merge", Default: "false", Verbs: []string{"targets"}, Typed: true, Value: func(v *Values) any { return &v.Merge },
			Help: "merge the reports of shards, given as files, into one",
		},
		{
			Name: "format", Default: "text", Verbs: fleetVerbs, Typed: true, Value: func(v *Values) any { return &v.FleetFormat }, OneOf: []string{"text", "json", "html"},
			Help: "form of the result: text, json, html (one page without script)",
		},
	}
}

// Names are the targets that are named: one a line, or between commas.
func (a Account) Names() []string {
	var list []string
	for _, line := range Lines(a.Target) {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				list = append(list, name)
			}
		}
	}
	return list
}
