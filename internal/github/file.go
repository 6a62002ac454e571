package github

import (
	"crypto/rand"
	"fmt"
	"os"
	"strings"
)

// writeOutputs appends the outputs to the runner's file: NAME=VALUE, or with
// line breaks NAME<<DELIMITER. The library's delimiter is a constant, which a
// value could hold; here nobody can guess it.
func (a *Action) writeOutputs(list []Output) error {
	path := a.getenv("GITHUB_OUTPUT")
	if path == "" {
		return nil // outside a workflow nobody reads outputs
	}
	var b strings.Builder
	for _, o := range list {
		value := strings.ToValidUTF8(o.Value, "\ufffd")
		if !strings.Contains(value, "\n") {
			fmt.Fprintf(&b, "%s=%s\n", o.Name, value)
			continue
		}
		end := rand.Text()
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", o.Name, end, value, end)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write the outputs: %w", err)
	}
	defer f.Close()
	if _, err := f.WriteString(b.String()); err != nil {
		return fmt.Errorf("write the outputs: %w", err)
	}
	return f.Close()
}
