package terminal

import (
	"io"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Fences take secrets out of texts: the last fence before a text leaves the
// program. Reports hide secrets where they know them, and what still holds the
// text of one loses it here. A secret may be added while others write.
type Fences struct {
	once sync.Once
	set  credential.Set
}

// secrets is the set, which knows how Markdown and HTML write a text.
func (f *Fences) secrets() *credential.Set {
	f.once.Do(func() { f.set.Escapes(report.Inline, report.HTML) })
	return &f.set
}

// Hide takes values out of everything that is written from now on.
func (f *Fences) Hide(values ...string) { f.secrets().Add(values...) }

// Clean takes secrets out of a whole text.
func (f *Fences) Clean(text string) string { return f.secrets().Redact(text) }

// Fenced is w behind all fences, those that are still to come included.
func (f *Fences) Fenced(w io.Writer) io.Writer { return redactor{w, f} }

// redactor cleans what is written to w. Each Write is a whole piece of text,
// and stays one.
type redactor struct {
	w       io.Writer
	secrets *Fences
}

func (r redactor) Write(p []byte) (int, error) {
	if _, err := io.WriteString(r.w, r.secrets.Clean(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
