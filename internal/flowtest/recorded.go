package flowtest

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Recording is an event that was recorded, in a file of its own.
type Recording struct {
	Path  string
	Event any // in one of the forms that interp.Account.Root takes
	Place tree.Place
}

// Recordings reads the events in files: those of the directories, and those that
// are named. Files that can't be read are told of.
func Recordings(fsys fs.FS, dirs, files []string) ([]Recording, []tree.Mistake) {
	var list []Recording
	var found []tree.Mistake
	for _, dir := range dirs {
		inside, _ := fs.Glob(fsys, path.Join(dir, "*.json")) // of a good pattern: no error
		files = append(files, inside...)
	}
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		r, wrong := recording(fsys, name)
		if wrong != "" {
			found = append(found, tree.Mistake{Place: r.Place, Message: wrong})
			continue
		}
		list = append(list, r)
	}
	return list, found
}

// CasesOf makes cases of recorded events: each starts the job spec of the suites
// after which its file is named, or else those whose event it is. What the cases
// beside have of configs and answers holds for them too.
func CasesOf(list []Recording, beside []*Case, suites ...*Suite) []*Case {
	like := shared(beside)
	var cases []*Case
	for _, r := range list {
		specs := startedBy(r, suites)
		for _, name := range specs {
			c := *like
			c.Name, c.JobSpec, c.Event, c.EventFile, c.Place, c.event = r.Path, name, r.Event, r.Path, r.Place, r.Place
			if len(specs) > 1 {
				c.Name += ", which starts " + name
			}
			cases = append(cases, &c)
		}
	}
	return cases
}

// shared is what cases have of configs and answers, all in one.
func shared(cases []*Case) *Case {
	all := &Case{Now: Instant, Config: map[string]any{}}
	for _, c := range cases {
		for scope, config := range c.Config {
			if _, has := all.Config[scope]; !has {
				all.Config[scope] = config
			}
		}
		for _, m := range c.HTTP {
			m.Times = 0
			all.HTTP = append(all.HTTP, m)
		}
	}
	return all
}

// startedBy are the job specs that an event starts.
func startedBy(r Recording, suites []*Suite) []string {
	var specs []*zis.JobSpec
	for _, s := range suites {
		for _, b := range s.Bundles {
			specs = append(specs, b.JobSpecs...)
		}
	}
	var named, fitting []string
	for _, spec := range specs {
		name := spec.Name.Value
		if strings.HasPrefix(path.Base(r.Path), name+".") {
			named = append(named, name)
		}
		if isEventOf(spec, r.Event) {
			fitting = append(fitting, name)
		}
	}
	if len(named) > 0 {
		fitting = named
	}
	slices.Sort(fitting)
	return slices.Compact(fitting)
}

// isEventOf tells whether an event may be one that starts the job spec. One of
// Zendesk's own says by its type which it is.
func isEventOf(spec *zis.JobSpec, event any) bool {
	input := inputOf(event)
	wrapper, known := interp.Wrapper(input), eventOf(spec)
	if known == nil {
		return wrapper == "" && spec.EventSource.Value != zis.SourceSupport && spec.EventSource.Value != zis.SourceSunshine
	}
	if wrapper == "" {
		return false
	}
	inside, _ := input.(map[string]any)[wrapper].(map[string]any)
	if shown, ok := inside["type"].(string); ok && shown != known.Shown {
		return false
	}
	text, _ := unlike(known.Payload, "", input)
	return text == ""
}

func recording(fsys fs.FS, name string) (Recording, string) {
	text, err := readFile(fsys, name)
	r := Recording{Path: name, Place: tree.Start(diag.NewFile(name, text))}
	if err != nil {
		return r, err.Error()
	}
	if len(text) > tree.MaxDataBytes {
		return r, "the file is too large for an event"
	}
	if r.Event, err = interp.Decode(text); err != nil {
		return r, "the event is no JSON: " + err.Error()
	}
	return r, ""
}
