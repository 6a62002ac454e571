package github

import (
	"fmt"
	"io"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Annotations writes the findings as the workflow commands that mark them in
// the files: for a step that runs zis by itself, without the action.
func Annotations(out io.Writer, getenv func(string) string, r report.Report) (err error) {
	defer func() { // the library panics when it can't write
		if p := recover(); p != nil {
			err = fmt.Errorf("write annotations: %v", p)
		}
	}()
	New(out, getenv).annotate(r)
	return nil
}
