package cli

import (
	"cmp"
	"io/fs"
	"os"

	"github.com/zisdeploy/zis-deploy/internal/project"
)

// project reads zis.yml, once; without the file nothing is configured.
func (c *command) project() (*project.Project, error) {
	if c.read != nil {
		return c.read, nil
	}
	p, err := project.Read(c.files(), project.File)
	if project.Missing(err) {
		p, err = &project.Project{}, nil
	}
	if err != nil {
		return nil, usage(err)
	}
	c.read = p
	return p, nil
}

// files is where zis.yml and what it names may be; in the action nothing
// outside the workspace, whatever links and dots a path has.
func (c *command) files() fs.FS {
	if c.root != nil {
		return c.root.FS()
	}
	return os.DirFS(cmp.Or(c.rootDir, "."))
}
