package terminal

import (
	"encoding/json"
	"io"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// redactor is the last fence: reports hide secrets where they know them, and
// what still holds the text of one loses it here. Each Write is a whole piece
// of text, and stays one.
type redactor struct {
	w       io.Writer
	secrets *Fences
}

// Fences take secrets out of texts. One may be put up while others write.
type Fences struct {
	mu   sync.RWMutex
	list []*strings.Replacer
}

// minSecret is the length below which a value is not searched for: it would be
// found in ordinary words.
const minSecret = 5

// Hide takes values out of everything that is written from now on.
func (f *Fences) Hide(values ...string) {
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
		f.mu.Lock()
		defer f.mu.Unlock()
		f.list = append(f.list, strings.NewReplacer(pairs...))
	}
}

// Fenced is w behind all fences, those that are still to come included.
func (f *Fences) Fenced(w io.Writer) io.Writer { return redactor{w, f} }

// Clean takes secrets out of a whole text.
func (f *Fences) Clean(text string) string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, r := range f.list {
		text = r.Replace(text)
	}
	return text
}

func (r redactor) Write(p []byte) (int, error) {
	if _, err := io.WriteString(r.w, r.secrets.Clean(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
