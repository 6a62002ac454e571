package emulator

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

// Endpoint is a route, as docs/emulator.md lists it.
type Endpoint struct{ Pattern, Takes string }

// Endpoints are all routes, in the order in which they are defined.
func Endpoints() []Endpoint {
	var list []Endpoint
	for _, e := range routes() {
		var takes strings.Builder
		for _, kind := range e.access.takes {
			takes.WriteString(map[platform.Credential]string{
				platform.APIToken: "B", platform.ZISToken: "Z", platform.AdminToken: "A", platform.Session: "S",
			}[kind] + " ")
		}
		list = append(list, Endpoint{e.pattern, takes.String()})
	}
	return list
}

// ReadState reads what a state file holds.
func ReadState(text []byte) (State, error) {
	st, _, err := decodeLog(text)
	if err != nil {
		return State{}, err
	}
	return st, st.repair()
}
