package cli

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// redactor is the last fence: reports hide secrets where they know them, and
// what still holds the text of one loses it here. Each Write is a whole piece
// of text, and stays one.
type redactor struct {
	w       io.Writer
	secrets *strings.Replacer
}

// minSecret is the length below which a value is not searched for: it would be
// found in ordinary words.
const minSecret = 5

func (c *command) redact(values ...string) {
	var pairs []string
	for _, v := range values {
		if len(v) < minSecret {
			continue
		}
		pairs = append(pairs, v, source.Hidden)
		if quoted, err := json.Marshal(v); err == nil {
			pairs = append(pairs, string(quoted[1:len(quoted)-1]), source.Hidden)
		}
		for _, shown := range []string{report.Inline(v), report.HTML(v)} { // in Markdown
			pairs = append(pairs, shown, source.Hidden)
		}
	}
	if len(pairs) > 0 {
		c.fences = append(c.fences, strings.NewReplacer(pairs...))
		c.Stdout = redactor{c.Stdout, strings.NewReplacer(pairs...)}
		c.Stderr = redactor{c.Stderr, strings.NewReplacer(pairs...)}
	}
}

// fence takes secrets out of a whole text.
func (c *command) fence(text string) string {
	for _, f := range c.fences {
		text = f.Replace(text)
	}
	return text
}

// fenced is w behind all fences that stand.
func (c *command) fenced(w io.Writer) io.Writer {
	for _, f := range c.fences {
		w = redactor{w, f}
	}
	return w
}

func (r redactor) Write(p []byte) (int, error) {
	if _, err := io.WriteString(r.w, r.secrets.Replace(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
