package lint

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Options are a person's choices about a check.
type Options struct {
	Integration string   // of the target; "" if there is none
	Disable     []string // ids of rules whose findings are only counted
}

// Run checks the bundles of one integration. The findings are sorted;
// disabled counts those of rules that are switched off. A value that several
// rules find fault with keeps the most telling finding.
func Run(docs []*bundle.Document, opt Options) (found []diag.Diagnostic, disabled int) {
	w := &walk{options: opt, index: newIndex(docs)}
	for _, r := range Rules() {
		w.rules = append(w.rules, &r)
	}
	w.bundles(w.index.bundles)
	found = w.found
	for _, d := range docs {
		found = append(found, schemaFindings(d, found)...)
	}
	found = diag.Sort(found)
	all := len(found)
	found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return slices.Contains(opt.Disable, d.Rule) })
	return found, all - len(found)
}

// walk asks every rule about every part of the bundles, once.
type walk struct {
	options Options
	index   *index
	rules   []*Rule
	found   []diag.Diagnostic
}

func (w *walk) each(ask func(*Rule, *Pass)) {
	for _, r := range w.rules {
		ask(r, &Pass{Options: w.options, rule: r, index: w.index, found: &w.found})
	}
}

func (w *walk) bundles(all []*bundle.Bundle) {
	w.each(func(r *Rule, p *Pass) {
		if r.Bundles != nil {
			r.Bundles(p, all)
		}
	})
	for _, b := range all {
		w.bundle(b)
	}
}

func (w *walk) bundle(b *bundle.Bundle) {
	w.each(func(r *Rule, p *Pass) {
		if r.Bundle != nil {
			r.Bundle(p, b)
		}
	})
	for _, a := range b.Actions {
		w.each(func(r *Rule, p *Pass) {
			if r.Action != nil {
				r.Action(p, a)
			}
		})
	}
	for _, s := range b.JobSpecs {
		w.each(func(r *Rule, p *Pass) {
			if r.JobSpec != nil {
				r.JobSpec(p, s)
			}
		})
	}
	for _, f := range b.Flows {
		w.flow(f)
	}
}

func (w *walk) flow(f *bundle.Flow) {
	w.each(func(r *Rule, p *Pass) {
		if r.Flow != nil {
			r.Flow(p, f)
		}
	})
	if f.Machine != nil {
		w.machine(f.Machine)
	}
}

func (w *walk) machine(m *bundle.Machine) {
	w.each(func(r *Rule, p *Pass) {
		if r.Machine != nil {
			r.Machine(p, m)
		}
	})
	for _, s := range m.States {
		w.each(func(r *Rule, p *Pass) {
			if r.State != nil {
				r.State(p, s)
			}
		})
		if s.Iterator != nil {
			w.machine(s.Iterator)
		}
	}
}

// index is what rules look up, made once for all bundles of the integration.
type index struct {
	bundles []*bundle.Bundle
	files   map[*bundle.Node]*diag.File // by root
	named   map[name]*bundle.Resource   // the first of each name
}

// name is what ARNs tell resources apart by.
type name struct{ kind, name string }

func newIndex(docs []*bundle.Document) *index {
	x := &index{files: map[*bundle.Node]*diag.File{}, named: map[name]*bundle.Resource{}}
	for _, d := range docs {
		b := d.Bundle()
		x.bundles = append(x.bundles, b)
		x.files[d.Root] = d.File
		for _, r := range b.Resources {
			n := name{r.Kind(), r.Name.Value}
			if r.Name.Given() && x.named[n] == nil {
				x.named[n] = r
			}
		}
	}
	return x
}

// has tells whether a resource of that kind and name is in any of the bundles.
func (x *index) has(kind, resource string) bool { return x.named[name{kind, resource}] != nil }

// names are the names of all resources of a kind.
func (x *index) names(kind string) []string {
	var list []string
	for n := range x.named {
		if n.kind == kind {
			list = append(list, n.name)
		}
	}
	slices.Sort(list)
	return list
}
