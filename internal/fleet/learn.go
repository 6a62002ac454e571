package fleet

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// wild stands in a rendering where a value isn't known: its name between two
// characters of a private use area, which no bundle has.
func wild(name string) string { return "\uE0F0" + name + "\uE0F1" }

// learned are values that an account holds in the places of placeholders.
type learned struct {
	values map[string]any // string, or json.Number where a number stands for the whole text
	places int            // that hold such a value, whatever it is
}

// learn finds the values of names in the account: docs are rendered with wild
// in their places, and have is what the account holds. A name that stands
// nowhere in the account has no value; one that stands in two places with two
// values has the first, so that the second differs.
func learn(docs []*source.Document, have deploy.Remote, names []string) learned {
	l := learned{values: map[string]any{}}
	for _, d := range docs {
		name, _ := d.Root.Get("name").Text()
		for _, stored := range have.Bundles {
			if stored.Name == name && stored.Doc != nil {
				l.node(d.Root, stored.Doc.Root, names)
			}
		}
	}
	return l
}

func (l *learned) node(want, have *source.Node, names []string) {
	if text, ok := want.Text(); ok && strings.Contains(text, "\uE0F0") {
		l.places++
		l.text(text, have, names)
	}
	for i, beside := range zis.Beside(want, have) {
		if beside != nil {
			l.node(want.Members[i], beside, names)
		}
	}
}

// text takes the values out of one string.
func (l *learned) text(want string, have *source.Node, names []string) {
	text, ok := have.Text()
	number, isNumber := have.Value.(json.Number)
	if isNumber {
		text, ok = number.String(), true
	}
	if !ok {
		return
	}
	pattern := regexp.QuoteMeta(want)
	var asked []string
	for _, name := range names {
		if value, known := l.values[name]; known {
			pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta(wild(name)), regexp.QuoteMeta(fmt.Sprint(value)))
		} else if strings.Contains(want, wild(name)) {
			asked = append(asked, name)
		}
	}
	slices.SortFunc(asked, func(a, b string) int { return strings.Index(want, wild(a)) - strings.Index(want, wild(b)) })
	for _, name := range asked {
		pattern = strings.Replace(pattern, regexp.QuoteMeta(wild(name)), "(.+?)", 1)
		pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta(wild(name)), ".+?")
	}
	match, err := regexp.Compile("(?s)^" + pattern + "$")
	if err != nil {
		return
	}
	for i, value := range match.FindStringSubmatch(text) {
		if i > 0 {
			l.values[asked[i-1]] = value
			if isNumber {
				l.values[asked[i-1]] = number
			}
		}
	}
}
