package lint

import (
	"embed"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed rules/*.txtar
var explanations embed.FS

// Explanation is all there is to say about a rule.
type Explanation struct {
	Rule Rule
	Text string // Markdown: why it matters, what the platform does, the reason
	Bad  string // a bundle with the mistake, the findings in "// ^^^" lines below; "" if it can't be shown
	Good string // a bundle without it
}

// Explain returns the explanation of the rule of that id; ok is false if there
// is none.
func Explain(id string) (e Explanation, ok bool) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	data, err := explanations.ReadFile("rules/" + id + ".txtar")
	if i < 0 || err != nil {
		return Explanation{}, false
	}
	archive := txtar.Parse(data)
	e = Explanation{Rule: rules[i], Text: strings.TrimSpace(string(archive.Comment))}
	for _, f := range archive.Files {
		switch text := string(f.Data); {
		case e.Bad == "" && strings.HasPrefix(f.Name, "bad"):
			e.Bad = text
		case e.Good == "" && strings.HasPrefix(f.Name, "good"):
			e.Good = text
		}
	}
	return e, true
}
