package flowtest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
)

// Found is what Find found.
type Found struct {
	Files    []*File
	Mistakes []tree.Mistake
	Skipped  []string // files beside them that hold no cases
}

// Cases are those of all files, in order.
func (f *Found) Cases() []*Case {
	var list []*Case
	for _, file := range f.Files {
		list = append(list, file.Cases...)
	}
	return list
}

// Find reads files of cases: those that are named, or all of the directories.
// What is neither a file nor a directory is part of the names of cases: only
// those are kept.
func Find(fsys fs.FS, dirs, args []string) (*Found, error) {
	var paths, parts []string
	for _, arg := range args {
		clean := path.Clean(strings.ReplaceAll(arg, `\`, "/"))
		info, err := fs.Stat(fsys, clean)
		switch {
		case err == nil && info.IsDir():
			paths = append(paths, inDir(fsys, clean)...)
		case err == nil:
			paths = append(paths, clean)
		case isFile(arg):
			return nil, fmt.Errorf("read %s: %w", arg, reason(err))
		default:
			parts = append(parts, arg)
		}
	}
	if len(paths) == 0 {
		for _, dir := range dirs {
			paths = append(paths, inDir(fsys, dir)...)
		}
	}
	slices.Sort(paths)
	f := &Found{}
	f.read(fsys, slices.Compact(paths), args)
	return f, f.keep(parts)
}

func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// isFile tells whether an argument looks like the name of a file.
func isFile(arg string) bool {
	return slices.Contains([]string{".yml", ".yaml", ".json"}, path.Ext(arg)) || strings.Contains(arg, "/")
}

// inDir lists the files of a directory that may hold cases.
func inDir(fsys fs.FS, dir string) []string {
	var list []string
	for _, pattern := range []string{"*.yml", "*.yaml", "*.json"} {
		found, _ := fs.Glob(fsys, path.Join(dir, pattern))
		list = append(list, found...)
	}
	return list
}

// read reads the files. JSON files that others name are events and replies,
// and so are those that hold no list.
func (f *Found) read(fsys fs.FS, paths, named []string) {
	used := map[string]bool{}
	isJSON := func(p string) bool { return path.Ext(p) == ".json" }
	slices.SortStableFunc(paths, func(a, b string) int { // YAML first
		if isJSON(a) == isJSON(b) {
			return 0
		} else if isJSON(b) {
			return -1
		}
		return 1
	})
	for _, p := range paths {
		if used[p] {
			continue
		}
		file, mistakes := Read(fsys, p)
		if file == nil && isJSON(p) && !slices.Contains(named, p) && !listOf(fsys, p) {
			f.Skipped = append(f.Skipped, p)
			continue
		}
		f.Mistakes = append(f.Mistakes, mistakes...)
		if file != nil {
			f.Files = append(f.Files, file)
			for _, u := range file.Uses {
				used[u] = true
			}
		}
	}
	f.Skipped = slices.DeleteFunc(f.Skipped, func(p string) bool { return used[p] })
}

// listOf tells whether a JSON file holds a list.
func listOf(fsys fs.FS, p string) bool {
	text, err := readFile(fsys, p)
	return err == nil && strings.HasPrefix(strings.TrimSpace(string(text)), "[")
}

// keep leaves the cases whose names hold one of the parts.
func (f *Found) keep(parts []string) error {
	if len(parts) == 0 {
		return nil
	}
	used := map[string]bool{}
	var known []string
	for _, file := range f.Files {
		file.Cases = slices.DeleteFunc(file.Cases, func(c *Case) bool {
			known = append(known, c.Name)
			kept := false
			for _, p := range parts {
				if strings.Contains(strings.ToLower(c.Name), strings.ToLower(p)) {
					used[p], kept = true, true
				}
			}
			return !kept
		})
	}
	for _, p := range parts {
		if used[p] || len(f.Mistakes) > 0 {
			continue
		}
		if near := english.Nearest(p, known); near != "" {
			return fmt.Errorf("no case has %q in its name; did you mean %q?", p, near)
		}
		return fmt.Errorf("no case has %q in its name, and no such file is there", p)
	}
	return nil
}
