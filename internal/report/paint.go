package report

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Paint says whether text is coloured. Colour repeats what the words and signs
// say already, in the terminal's own eight colours.
type Paint bool

type colour string

const (
	bold   colour = "1"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
)

// in colours text of ours, or such as has gone through Plain.
func (p Paint) in(c colour, text string) string {
	if !p || c == "" || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// State colours what is said of a step in this state.
func (p Paint) State(s deploy.State, text string) string {
	return p.in(map[deploy.State]colour{deploy.Done: green, deploy.Failed: red, deploy.Unknown: yellow}[s], text)
}

func (p Paint) severity(s diag.Severity, text string) string {
	return p.in(map[diag.Severity]colour{diag.Error: red, diag.Warning: yellow}[s], text)
}

func (p Paint) outcome(o verdict.Outcome, text string) string {
	return p.in(map[verdict.Outcome]colour{verdict.Succeeded: green, verdict.NoChanges: green, verdict.Failed: red, verdict.Changes: bold, verdict.Skipped: yellow, verdict.PassedOver: yellow}[o], text)
}

// mark colours a line by the sign that it begins with.
func (p Paint) mark(line string) string {
	signs := map[byte]colour{'+': green, '-': red, '~': yellow, '!': yellow}
	return p.in(signs[(strings.TrimLeft(line, " ") + " ")[0]], line)
}
