package cli

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/pull"
)

// pulled is what the last pull from here has left, by digests alone: where it
// saw files and account say the same.
type pulled struct {
	path    string
	Time    time.Time            `json:"time"`
	Bundles map[string]pull.Base `json:"bundles"`
}

// lastPull reads it. What can't be read is not known, and no failure.
func lastPull(p *program.Program, s *account.Session) pulled {
	name := strings.TrimSuffix(account.JournalName(s.Target.Where, s.Target.Integration), ".journal") + ".pulled.json"
	last := pulled{path: filepath.Join(p.Workspace.StateDir(), name)}
	const most = 1 << 20 // bytes
	if text, err := p.Workspace.Read(last.path, most); err == nil {
		_ = json.Unmarshal(text, &last)
	}
	return last
}

// bases are where file and account were last the same: after the last pull, or
// the last deploy, if that was later.
func (last pulled) bases(p *program.Program, s *account.Session) map[string]pull.Base {
	bases := map[string]pull.Base{}
	maps.Copy(bases, last.Bundles)
	deployed, when := deploy.ReadHistory(p.JournalPath(s), s.Target.Where, s.Target.Integration).Deployed()
	for name, seen := range deployed {
		if when[name].After(last.Time) {
			bases[name] = pull.Base{File: seen.Sent, Account: seen.Shown, Deployed: true}
		}
	}
	return bases
}

// keep is for the next pull. In a workflow there is none: each begins with what
// git holds.
func (last pulled) keep(p *program.Program, found pull.Result) {
	if p.Workflow != nil {
		return
	}
	last.Time, last.Bundles = time.Now().UTC(), map[string]pull.Base{}
	for _, b := range found.Bundles {
		if b.Base != (pull.Base{}) {
			last.Bundles[b.Name] = b.Base
		}
	}
	text, err := json.MarshalIndent(last, "", "  ")
	if err == nil {
		err = p.Workspace.KeepState()
	}
	if err == nil {
		err = p.Workspace.Write(last.path, append(text, '\n'))
	}
	if err != nil {
		p.Note("note: the next pull will not know of this one: %v", err)
	}
}
