package fleet

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// specs compares the job specs that are on with those that were.
func (r *Record) specs(on []string) Specs {
	var s Specs
	for _, name := range r.On {
		if slices.Contains(on, name) {
			s.On++
		} else {
			s.Off = append(s.Off, name)
		}
	}
	for _, name := range on {
		if !slices.Contains(r.On, name) {
			s.More = append(s.More, name)
		}
	}
	return s
}

// after are the job specs when a plan was carried out.
func (s Specs) after(r deploy.Result) Specs {
	now := Specs{On: len(r.Installed)}
	for _, name := range s.More {
		if !slices.ContainsFunc(r.Uninstalled, func(arn string) bool { return short(arn) == name }) {
			now.More = append(now.More, name)
		}
	}
	return now
}

func specsOf(p deploy.Plan) Specs {
	var s Specs
	for _, spec := range p.JobSpecs {
		wanted := spec.Action == deploy.SpecInstall || spec.Action == deploy.SpecKeep
		switch {
		case wanted && spec.Installed:
			s.On++
		case wanted:
			s.Off = append(s.Off, spec.Name)
		case spec.Installed:
			s.More = append(s.More, spec.Name)
		}
	}
	return s
}

func othersOf(p deploy.Plan) []Other {
	var list []Other
	for _, o := range p.Others {
		other := Other{Name: o.Name}
		for _, spec := range o.JobSpecs {
			if spec.Installed {
				other.Firing++
			}
		}
		list = append(list, other)
	}
	return list
}

// mostDifferences bounds what is kept of one target. All are judged.
const mostDifferences = 50

func most[T any](list []T) []T { return slices.Clip(list[:min(len(list), mostDifferences)]) }

func differences(p deploy.Plan) []Difference {
	var list []Difference
	for _, b := range p.Bundles {
		if b.Action == compare.Add {
			continue // told as not deployed
		}
		add := func(d compare.Difference) {
			if d.More > 0 {
				d.New = "(" + english.Plural(d.More, "more difference") + ")"
			}
			list = append(list, Difference{b.Name, d.Pointer, cut(d.Old), cut(d.New)})
		}
		for _, d := range slices.Concat(b.Changes, b.Unproven) {
			add(d)
		}
		for _, r := range b.Resources {
			if r.Action == compare.Add || r.Action == compare.Remove {
				add(compare.Difference{Pointer: "/resources/" + r.Key, Old: only(r.Action == compare.Remove, r.Name), New: only(r.Action == compare.Add, r.Name)})
			}
			for _, d := range r.Changes {
				add(d)
			}
		}
	}
	return list
}

func only(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

func cut(s string) string { return diag.Cut(s, diag.Quoted) }
