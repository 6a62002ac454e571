package targets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
)

// branchByGit tells on the command line whether a tag of the checkout is on
// the main branch. A release that is no tag here has no branch to be on.
func branchByGit(dir string) func(context.Context, string, fleet.Release) (bool, string, error) {
	return func(ctx context.Context, branch string, r fleet.Release) (bool, string, error) {
		git := func(args ...string) (string, error) {
			out, err := exec.CommandContext(ctx, "git", append([]string{"-C", cmp.Or(dir, ".")}, args...)...).Output()
			return strings.TrimSpace(string(out)), err
		}
		commit, err := git("rev-parse", "--verify", "--quiet", "refs/tags/"+r.Name+"^{commit}")
		if err != nil {
			return true, branch, nil
		}
		if branch == "" {
			head, err := git("symbolic-ref", "--short", "refs/remotes/origin/HEAD")
			if err != nil {
				head = "main"
			}
			branch = strings.TrimPrefix(head, "origin/")
		}
		for _, ref := range []string{"refs/remotes/origin/" + branch, "refs/heads/" + branch} {
			if _, err := git("rev-parse", "--verify", "--quiet", ref); err != nil {
				continue
			}
			_, err := git("merge-base", "--is-ancestor", commit, ref)
			if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
				return false, branch, nil
			}
			return err == nil, branch, err
		}
		return false, branch, fmt.Errorf("the checkout has no such branch")
	}
}
