package start

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/scaffold"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/workspace"
)

// write writes the files of the repository, all or none, and returns their
// paths. What is there already is never replaced.
func (b *beginning) write() ([]string, error) {
	var files []workspace.File
	var there, written []string
	for _, f := range slices.Concat(b.files, b.start.Files()) {
		at := path.Join(b.Repository, f.Path)
		switch _, err := os.Lstat(at); {
		case err == nil && f.Path == scaffold.Ignore && ignores(at):
		case err == nil:
			there = append(there, at)
		case errors.Is(err, fs.ErrNotExist):
			files = append(files, workspace.File{Path: at, Text: f.Text})
			written = append(written, f.Path)
		default:
			return nil, program.Usage(err)
		}
	}
	if len(there) > 0 {
		next := "move them away, or begin in another folder with --into"
		if slices.Equal(there, []string{path.Join(b.Repository, scaffold.Ignore)}) {
			next = "add these lines to it, and run again: " + strings.Join(scaffold.Ignored, " ")
		}
		return nil, verdict.Errorf(verdict.InvalidInput, next, "nothing was written: %s there already", are(there))
	}
	secrets, err := b.NewSecretFile(b.SecretsOut)
	if err != nil {
		return nil, err
	}
	if err := b.Workspace.WriteAll(files); err != nil {
		return nil, errors.Join(program.Usage(err), secrets.Discard())
	}
	return written, secrets.Keep(b.secrets.Lines())
}

func are(paths []string) string {
	if len(paths) == 1 {
		return paths[0] + " is"
	}
	return strings.Join(paths, ", ") + " are"
}

// ignores tells whether a .gitignore has all lines that it must have.
func ignores(file string) bool {
	text, err := os.ReadFile(file)
	lines := strings.Fields(string(text))
	return err == nil && !slices.ContainsFunc(scaffold.Ignored, func(line string) bool { return !slices.Contains(lines, line) })
}
