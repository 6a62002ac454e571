package scaffold

import (
	"fmt"
	"strings"
)

// Steps are the three that remain, in lines: the name, the secrets, the push.
// runs tells that the account has the integration already; written are the
// files that were made.
func Steps(s Start, runs bool, written []string) []string {
	lines := []string{
		"",
		fmt.Sprintf("1. Register the integration, unless the account has it: the name %s is taken in all of Zendesk then, for good.", s.Integration),
		"     zis register --target " + s.Target(),
	}
	if runs {
		lines = []string{"", fmt.Sprintf("1. Nothing to register: the account runs %s.", s.Integration)}
	}
	lines = append(lines, "2. Set the secrets, in the repository on GitHub: Settings > Secrets and variables > Actions, or")
	if s.ViaApp {
		lines = append(
			lines,
			"     gh variable set ZENDESK_CLIENT_ID      # identifier of a confidential OAuth client of an administrator",
			"     gh secret set ZENDESK_CLIENT_SECRET    # its secret",
		)
	} else {
		lines = append(
			lines,
			"     gh variable set ZENDESK_EMAIL          # of the administrator whose API token deploys",
			"     gh secret set ZENDESK_API_TOKEN        # the API token",
			fmt.Sprintf("     gh secret set ZIS_OAUTH_TOKEN          # plans pull requests: zis token --target %s --out FILE", s.Target()),
		)
	}
	for _, name := range s.Secrets {
		lines = append(lines, fmt.Sprintf("     gh secret set %-24s # the value of {{%s}} in the bundle", name, name))
	}
	return append(
		lines,
		"3. Push, and open a pull request:",
		"     git checkout -b zis && git add "+strings.Join(tops(written), " ")+" && git commit -m \"Deploy with zis\" && git push -u origin zis",
	)
}

// tops are the first parts of paths, each once.
func tops(paths []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, p := range paths {
		top, _, _ := strings.Cut(p, "/")
		if !seen[top] {
			seen[top] = true
			list = append(list, top)
		}
	}
	return list
}
