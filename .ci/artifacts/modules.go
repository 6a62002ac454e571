package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// module is one that a program was linked with; the first of a program is our
// own.
type module struct {
	Path, Version, Sum string
	Dir                string // where its source is, found with the go command
}

func (m module) String() string { return m.Path + "@" + m.Version }

// modulesOf reads what the program was linked with: what go.mod names besides,
// for tests and tools, isn't in it. The Go version comes first.
func modulesOf(binary string) (goVersion string, list []module, err error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return "", nil, err
	}
	for _, d := range info.Deps {
		if d.Replace != nil {
			return "", nil, fmt.Errorf("%s: %s is replaced by %s; a release is built of published modules", binary, d.Path, d.Replace.Path)
		}
		list = append(list, module{Path: d.Path, Version: d.Version, Sum: d.Sum})
	}
	slices.SortFunc(list, func(a, b module) int { return strings.Compare(a.String(), b.String()) })
	return info.GoVersion, list, nil
}

// fetch finds the module's source; the go command checks it against go.sum.
func (m *module) fetch() error {
	out, err := exec.Command("go", "mod", "download", "-json", m.String()).Output()
	if err != nil {
		return fmt.Errorf("go mod download %s: %w: %s", m, err, out)
	}
	return json.Unmarshal(out, m)
}

// licenceFiles are the files of the module that must go with its binary form.
func (m module) licenceFiles() ([]string, error) {
	var list []string
	for _, pattern := range []string{"LICEN[SC]E*", "COPYING*", "NOTICE*", "PATENTS*"} {
		found, err := filepath.Glob(filepath.Join(m.Dir, pattern))
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s has no licence file in %s", m, m.Dir)
	}
	return list, nil
}
