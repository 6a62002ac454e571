package deploy_test

import (
	"slices"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

func TestWhatKeepsAnAccountFromRunningExactlyThis(t *testing.T) {
	bundle := func(a compare.Action) deploy.Plan {
		return deploy.Plan{Bundles: []deploy.BundlePlan{{Name: "b", Action: a}}}
	}
	spec := func(a deploy.SpecAction, on bool) deploy.Plan {
		return deploy.Plan{JobSpecs: []deploy.SpecPlan{{Name: "s", Action: a, Installed: on}}}
	}
	for name, tt := range map[string]struct {
		plan deploy.Plan
		want []string
	}{
		"the same bundle":               {bundle(compare.Keep), []string{}},
		"no bundle":                     {bundle(compare.Add), []string{`the bundle "b" is not there`}},
		"another bundle":                {bundle(compare.Change), []string{`the bundle "b" is another one`}},
		"wanted and on":                 {spec(deploy.SpecKeep, true), []string{}},
		"on, though it would go off":    {spec(deploy.SpecInstall, true), []string{}},
		"wanted and off":                {spec(deploy.SpecInstall, false), []string{`the job spec "s" is off`}},
		"left out and off":              {spec(deploy.SpecSkip, false), []string{}},
		"left out and on":               {spec(deploy.SpecSkip, true), []string{`the job spec "s" fires, and is not wanted`}},
		"no longer in the bundle":       {spec(deploy.SpecOrphan, true), []string{`the job spec "s" fires, and is not wanted`}},
		"to be pruned, and still there": {spec(deploy.SpecUninstall, true), []string{`the job spec "s" fires, and is not wanted`}},
	} {
		t.Run(name, func(t *testing.T) {
			if have := tt.plan.Lacks(); !slices.Equal(have, tt.want) {
				t.Errorf("have %q, want %q", have, tt.want)
			}
		})
	}
}
