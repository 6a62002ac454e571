package expr

import "strings"

// Placeholder is a piece of text that somebody meant to replace before the
// bundle is uploaded, or that was meant to be filled in when the flow runs.
type Placeholder struct {
	Kind       PlaceholderKind
	Name       string // without the marks around it
	Start, End int    // in the decoded string, with the marks
}

// PlaceholderKind is the style in which a placeholder is written. The zero
// value is none.
type PlaceholderKind uint8

// The styles seen in public bundles, in the documentation, and in the tools
// that people fill in templates with. Only Deployer is ours to fill in; the
// others are found because they are left behind.
const (
	_          PlaceholderKind = iota
	Deployer                   // {{NAME}}, {{site-name}}, {{ticket.id}}
	Braced                     // {{any thing else}}
	RunPath                    // {{.path}}: a path without its $
	OtherPath                  // ${$.path}, {$.path}: a path in the marks of another language
	Word                       // NAME_PLACEHOLDER, PLACEHOLDER_NAME, CHANGE_ME
	Your                       // YOUR_NAME
	Shell                      // ${NAME}
	Dollar                     // $NAME
	Paren                      // $(NAME)
	Curly                      // {name}
	Percent                    // %NAME%
	Underscore                 // __NAME__
	At                         // @@NAME@@, @NAME@
	Hash                       // #{NAME}, #{NAME}#
	Square                     // [[NAME]], [YOUR_NAME]
	Angle                      // <YOUR_NAME>, <your-name>, <SOME_NAME>
	Tag                        // <%= NAME %>
	Liquid                     // {% if NAME %}
)

// InBraces tells whether the style is {{…}}.
func (k PlaceholderKind) InBraces() bool { return k == Deployer || k == Braced || k == RunPath }

// Origin says whose style it is: "of shell scripts and envsubst"; "" where
// there is nothing to say.
func (k PlaceholderKind) Origin() string {
	switch k {
	case Shell, Dollar:
		return "of shell scripts and envsubst"
	case Paren:
		return "of makefiles and pipelines"
	case Curly:
		return "of the documentation"
	case Percent:
		return "of Windows"
	case At:
		return "of build tools"
	case Hash:
		return "of pipelines and Ruby"
	case Tag:
		return "of templates"
	case Liquid:
		return "of Liquid"
	}
	return ""
}

// MayHold is a quick look: most strings hold no placeholder.
func MayHold(s string) bool {
	marks := strings.ContainsAny(s, "{$%<@#[")
	if marks && strings.HasPrefix(s, "$.") && !strings.ContainsAny(s[1:], "{$%<@#[") {
		marks = false // a path
	}
	return marks || mayHoldWord(s) || strings.Contains(s, "://")
}

// mayHoldWord looks for the placeholders that are words among words.
func mayHoldWord(s string) bool {
	if strings.IndexByte(s, '_') < 0 {
		return strings.HasPrefix(s, "CHANGEME") || strings.Contains(s, " CHANGEME")
	}
	for _, word := range []string{"__", "PLACEHOLDER", "YOUR_", "_ME", "_HERE", "REPLACE_"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// Placeholders finds the placeholders of a string in any style. What ZIS
// fills in itself, {{$.path}}, is none.
func Placeholders(s string) []Placeholder { return placeholders(s, false) }

// PlaceholdersInName finds them in a name, where also those in small letters
// can't be meant: $name, __name__, %name%.
func PlaceholdersInName(s string) []Placeholder { return placeholders(s, true) }

func placeholders(s string, inName bool) []Placeholder {
	if !MayHold(s) {
		return nil
	}
	var found []Placeholder
	sc := scanner{s, inName}
	for at := 0; at < len(s); {
		p, next := sc.at(at)
		if p.Kind != 0 {
			found = append(found, p)
		}
		at = next
	}
	return found
}

// Filled is what is put into the place of a placeholder.
type Filled func(p Placeholder) (text string, ok bool)

// Substitute fills the {{NAME}} placeholders of s, spaces inside the braces
// allowed. Those without a value stay. It goes over s once: a value that holds
// a placeholder is never expanded.
func Substitute(s string, values Filled) string {
	var b strings.Builder
	done := 0
	for h := range Holes(s) {
		p := h.placeholder(s)
		if p.Kind != Deployer {
			continue
		}
		if value, ok := values(p); ok {
			b.WriteString(s[done:h.Start])
			b.WriteString(value)
			done = h.End
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// Whole is the placeholder {{NAME}} that makes up all of s, if one does.
func Whole(s string) (Placeholder, bool) {
	for h := range Holes(s) {
		p := h.placeholder(s)
		return p, p.Kind == Deployer && h.Start == 0 && h.End == len(s)
	}
	return Placeholder{}, false
}
