package cli

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// load reads, renders and checks the bundle files. Findings go to the report;
// the error is for what can't be read at all. A file that is no JSON object
// has no document.
func (c *command) load(args []string, r *report.Report, unresolved diag.Severity) ([]*source.Document, error) {
	paths := append(lines(c.bundle), args...)
	if len(paths) == 0 {
		return nil, usagef("no bundle file is given")
	}
	if c.integration != "" && !zis.ValidIntegration(c.integration) {
		return nil, usagef("the integration name %q is not valid: 1 to 64 characters of a-z, 0-9, _ and -", c.integration)
	}
	values, err := c.renderValues()
	if err != nil {
		return nil, err
	}
	docs, found, err := c.parse(paths, r)
	if err != nil {
		return nil, err
	}
	rendered, more := render.Documents(docs, values, unresolved)
	found = append(found, more...)
	disable, err := c.disabledRules()
	if err != nil {
		return nil, err
	}
	linted, disabled := lint.Run(rendered, lint.Options{Integration: c.integration, Disable: disable})
	r.Add(append(found, linted...))
	r.Disabled = disabled
	if c.integration != "" {
		for i, d := range rendered {
			rendered[i] = render.Retarget(d, c.integration)
		}
	}
	return rendered, nil
}

// loadValid is load for what goes on only if no finding is an error.
func (c *command) loadValid(args []string, r *report.Report, unresolved diag.Severity) ([]*source.Document, error) {
	docs, err := c.load(args, r, unresolved)
	if err != nil {
		return nil, verdict.At(verdict.Input, err)
	}
	return docs, verdict.At(verdict.Validate, r.Invalid())
}

func (c *command) renderValues() (render.Values, error) {
	vars, err := c.values()
	if err != nil {
		return render.Values{}, err
	}
	secrets, err := c.secrets(vars)
	c.redact(slices.Collect(maps.Values(secrets))...)
	return render.Values{Variables: vars, Secrets: secrets}, err
}

func (c *command) parse(paths []string, r *report.Report) (docs []*source.Document, found []diag.Diagnostic, err error) {
	seen := map[string]bool{}
	for _, path := range paths {
		if seen[path] {
			return nil, nil, usagef("%s is given twice", path)
		}
		seen[path] = true
		file, err := c.readBundle(path)
		if err != nil {
			return nil, nil, err
		}
		doc, findings := source.Parse(file)
		if doc != nil {
			docs = append(docs, doc)
		}
		r.Files = append(r.Files, report.File{Path: path})
		found = append(found, findings...)
	}
	return docs, found, nil
}

// readBundle reads a file of bounded size: one byte more than is allowed is
// enough for Parse to refuse it.
func (c *command) readBundle(path string) (*diag.File, error) {
	f, err := c.open(path)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, usagef("read %s: %w", path, err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, source.MaxBytes+1))
	if err != nil {
		return nil, usagef("read %s: %w", path, err)
	}
	return diag.NewFile(path, src), nil
}

// open opens a file; in the action only one inside the workspace, whatever
// links and dots the path has.
func (c *command) open(path string) (*os.File, error) {
	if c.root == nil {
		return os.Open(path)
	}
	if rel, err := filepath.Rel(c.rootDir, path); err == nil && filepath.IsAbs(path) {
		path = rel
	}
	return c.root.Open(path)
}
