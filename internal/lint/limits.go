package lint

import (
	"encoding/json"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var limitRules = []Rule{
	{
		ID: "connection-name", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/understanding-connections: 3 to 64 characters of A-Z, a-z, 0-9, _ and -; connections are resolved before the first state (observed)",
		Summary: "no connection can have the name that an action gives",
		Action:  connectionName,
	},
	{
		ID: "timeout-limit", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/flow-state-limitations: a flow runs for 100 seconds at most; DG/action-state: TimeoutSeconds is the time of one state",
		Summary: "a state may take longer than the whole flow",
		State:   timeoutLimit,
	},
}

func connectionName(p *Pass, a *zis.Action) {
	n := field(a.Definition, "connectionName")
	s, ok := n.Text()
	if ok && (n.Name == "connectionName.$" || strings.Contains(s, "{{$") || strings.HasPrefix(s, "$.")) {
		p.At(n, "write one action for each connection, and choose between them in the flow", "the action %q looks its connection up, and a connection's name is fixed", a.Name.Value)
		return
	}
	if !ok || variable(s) {
		return
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	if len(s) < zis.ShortestName || len(s) > zis.ConnectionName.Most || strings.Trim(s, letters) != "" {
		p.At(n, "names have 3 to 64 characters of A-Z, a-z, 0-9, _ and -", "no connection can be named %q", s)
	}
}

func timeoutLimit(p *Pass, s *zis.State) {
	most := zis.FlowSeconds.Most
	n := s.Node.Get("TimeoutSeconds")
	if n == nil {
		return
	}
	number, _ := n.Value.(json.Number)
	if seconds, err := number.Float64(); err == nil && seconds > float64(most) {
		p.At(n, "", "the state %q may take %s seconds, and the whole flow %d", s.Name, number, most)
	}
}
