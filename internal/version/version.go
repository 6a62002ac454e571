// Package version tells what this build is: stamped by the linker at a
// release, else what Go wrote into the binary. The environment has no say.
package version

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"slices"
)

// Stamped by .ci/release with -ldflags -X. The commit is the one on main that
// the release was built of.
var tag, commit, date string

// Info is what a build is.
type Info struct {
	Version  string   `json:"version"`          // v1.2.3, a pseudo-version, or "devel"
	Commit   string   `json:"commit,omitempty"` // of main; 40 hex digits
	Date     string   `json:"date,omitempty"`   // of the commit, RFC 3339
	Modified bool     `json:"modified"`         // built of a changed checkout
	Go       string   `json:"go"`
	Platform string   `json:"platform"` // linux/amd64
	Modules  []Module `json:"modules"`  // that are linked in, sorted
}

// Module is a module that is linked in.
type Module struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Sum     string `json:"sum,omitempty"` // as in go.sum
}

// Get reads what this build is.
func Get() Info {
	info := Info{Version: tag, Commit: commit, Date: date, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Modules: []Module{}}
	if built, ok := debug.ReadBuildInfo(); ok {
		info.fill(built)
	}
	info.Version = cmp.Or(info.Version, "devel")
	return info
}

// String is the version alone.
func String() string { return Get().Version }

// UserAgent is what this program calls itself in requests.
func UserAgent() string { return "zis-deploy/" + String() }

func (i *Info) fill(built *debug.BuildInfo) {
	stamped := i.Version != ""
	if v := built.Main.Version; !stamped && v != "(devel)" {
		i.Version = v
	}
	for _, s := range built.Settings {
		switch {
		case s.Key == "vcs.revision" && !stamped:
			i.Commit = s.Value
		case s.Key == "vcs.time" && !stamped:
			i.Date = s.Value
		case s.Key == "vcs.modified":
			i.Modified = s.Value == "true"
		}
	}
	for _, d := range built.Deps {
		i.Modules = append(i.Modules, Module{d.Path, d.Version, d.Sum})
	}
	slices.SortFunc(i.Modules, func(a, b Module) int { return cmp.Compare(a.Path, b.Path) })
}
