package project

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// root is zis.yml itself; include is what it names.
type root struct {
	Project
	include   []Text
	inTargets int // mistakes inside of targets: they make nothing else uncertain
}

var rootKeys = []key[root]{
	{"bundles", func(r *reader, n *yaml.Node, p *root) { p.Bundles = r.paths(n, "bundles") }},
	{"disable-rules", func(r *reader, n *yaml.Node, p *root) { p.DisableRules = r.texts(n, "disable-rules") }},
	{"record", func(r *reader, n *yaml.Node, p *root) { p.Record = r.oneOf(n, "record", "config") }},
	{"main-branch", func(r *reader, n *yaml.Node, p *root) { p.MainBranch = r.text(n, "main-branch") }},
	{"credentials-file", func(r *reader, n *yaml.Node, p *root) { p.CredentialsFile = r.path(n, "credentials-file") }},
	{"rings", func(r *reader, n *yaml.Node, p *root) { p.Rings = r.rings(n) }},
	{"include", func(r *reader, n *yaml.Node, p *root) { p.include = r.paths(n, "include") }},
	{"targets", func(r *reader, n *yaml.Node, p *root) {
		before := len(r.found)
		p.Targets = r.targets(n)
		p.inTargets = len(r.found) - before
	}},
}

// part is an included file: it has targets and nothing else.
type part struct{ targets []Target }

var partKeys = []key[part]{
	{"targets", func(r *reader, n *yaml.Node, p *part) { p.targets = r.targets(n) }},
}

// Read reads the file name of fsys and the files that it includes. What is
// wrong with them is of type Errors; any other error is the file system's, and
// fs.ErrNotExist if there is no such file.
func Read(fsys fs.FS, name string) (*Project, error) {
	src, err := readFile(fsys, name)
	if err != nil {
		return nil, err
	}
	r := &reader{root: name}
	var p root
	if n := r.parse(diag.NewFile(name, src)); n != nil {
		fill(r, n, name, rootKeys, &p)
	}
	if len(r.found) == p.inTargets {
		r.included(fsys, &p)
		p.check(r)
	}
	if len(r.found) > 0 {
		return nil, sorted(r.found)
	}
	return &p.Project, nil
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: it is no file", name)
	}
	src, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, reason(err))
	}
	return src, nil
}

// included reads the files that include names, in the order of the patterns
// and of their names, each once.
func (r *reader) included(fsys fs.FS, p *root) {
	seen := map[string]bool{}
	for _, pattern := range p.include {
		names, err := fs.Glob(fsys, pattern.Value)
		slices.Sort(names)
		names = slices.DeleteFunc(names, func(name string) bool { return name == r.root })
		switch {
		case strings.Contains(pattern.Value, "**"):
			r.reportText(pattern, "a * stands for any name; give a pattern for each depth of directories", "include %q: ** is not read", cut(pattern.Value))
			continue
		case err != nil:
			r.reportText(pattern, "", "include %q: %v", cut(pattern.Value), err)
		case len(names) == 0:
			r.reportText(pattern, "", "include %q names no file", cut(pattern.Value))
		}
		for _, name := range names {
			if seen[name] {
				continue
			}
			if seen[name] = true; len(seen) > MaxFiles {
				r.reportText(pattern, "put more targets into one file", "more than %d files are included", MaxFiles)
				return
			}
			p.Targets = append(p.Targets, r.part(fsys, name, pattern)...)
		}
	}
}

func (r *reader) part(fsys fs.FS, name string, pattern Text) []Target {
	src, err := readFile(fsys, name)
	if err != nil {
		r.reportText(pattern, "", "include %q: %v", cut(pattern.Value), err)
		return nil
	}
	var p part
	if n := r.parse(diag.NewFile(name, src)); n != nil {
		fill(r, n, "an included file", partKeys, &p)
	}
	return p.targets
}

func (r *reader) paths(n *yaml.Node, what string) []Text {
	if n.Kind == yaml.ScalarNode {
		return []Text{r.path(n, what)}
	}
	var list []Text
	r.items(n, what, func(item *yaml.Node) { list = append(list, r.path(item, "an item of "+what)) })
	return list
}

// path reads a path that stays beside the file, or below it, and makes it one
// from where the file's own name starts.
func (r *reader) path(n *yaml.Node, what string) Text {
	t := r.text(n, what)
	if t.Value == "" {
		return t
	}
	clean := path.Clean(strings.ReplaceAll(t.Value, `\`, "/"))
	if !fs.ValidPath(clean) || clean == "." {
		r.reportText(t, "paths are relative to the directory of zis.yml", "%s is %q, which is not below the directory of the file", what, cut(t.Value))
		return Text{At: t.At}
	}
	return Text{path.Join(path.Dir(r.file.Path), clean), t.At}
}

// Missing tells whether Read found no file.
func Missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
