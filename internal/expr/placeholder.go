package expr

import "strings"

// Placeholder is a piece of text that somebody meant to replace before the
// bundle is uploaded.
type Placeholder struct {
	Kind       PlaceholderKind
	Name       string // without the marks around it
	Start, End int    // in the decoded string, with the marks
}

// PlaceholderKind is the style in which a placeholder is written. The zero
// value is none.
type PlaceholderKind uint8

// The styles seen in public bundles and scripts. Only Deployer is ours to
// fill in; the others are found because they are left behind.
const (
	_        PlaceholderKind = iota
	Deployer                 // {{NAME}}
	Word                     // NAME_PLACEHOLDER, PLACEHOLDER_NAME
	Your                     // YOUR_NAME
	Shell                    // ${NAME}
	Angle                    // <YOUR_NAME>, <your-name>, <SOME_NAME>
)

// String is the style as one would write it.
func (k PlaceholderKind) String() string {
	styles := [...]string{"none", "{{NAME}}", "NAME_PLACEHOLDER", "YOUR_NAME", "${NAME}", "<YOUR_NAME>"}
	if int(k) < len(styles) {
		return styles[k]
	}
	return "invalid"
}

// Placeholders finds the placeholders of a string in any style. What ZIS
// fills in itself, {{$.path}}, is none.
func Placeholders(s string) []Placeholder {
	var found []Placeholder
	for at := 0; at < len(s); {
		p, next := placeholderAt(s, at)
		if p.Kind != 0 {
			found = append(found, p)
		}
		at = next
	}
	return found
}

// Substitute fills the {{NAME}} placeholders of s, spaces inside the braces
// allowed. Those without a value stay. It goes over s once: a value that holds
// a placeholder is never expanded.
func Substitute(s string, values func(name string) (string, bool)) string {
	var b strings.Builder
	done := 0
	for h := range Holes(s) {
		if h.open || s[h.innerStart] == '$' {
			continue
		}
		if value, ok := values(s[h.innerStart:h.innerEnd]); ok {
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

// placeholderAt looks for a placeholder at s[at] and returns where to look
// next. Without one the kind is zero.
func placeholderAt(s string, at int) (p Placeholder, next int) {
	switch c := s[at]; {
	case strings.HasPrefix(s[at:], "{{"):
		return braced(s, at)
	case strings.HasPrefix(s[at:], "${"):
		return shell(s, at)
	case c == '<' && (at == 0 || s[at-1] != '?'): // (?<NAME>…) is a pattern's group
		return angle(s, at)
	case isLetter(c) || isDigit(c):
		return word(s, at)
	}
	return p, at + 1
}

func braced(s string, at int) (p Placeholder, next int) {
	h, ok := holeAt(s, at)
	if !ok {
		return p, at + 1
	}
	if !h.open && s[h.innerStart] != '$' {
		p = Placeholder{Kind: Deployer, Name: s[h.innerStart:h.innerEnd], Start: at, End: h.End}
	}
	return p, h.End
}

func shell(s string, at int) (p Placeholder, next int) {
	end := wordEnd(s, at+2)
	if end == at+2 || !strings.HasPrefix(s[end:], "}") {
		return p, at + 1
	}
	return Placeholder{Kind: Shell, Name: s[at+2 : end], Start: at, End: end + 1}, end + 1
}

// angle finds <YOUR_NAME>, but neither <b> nor <BR>: it takes words in upper
// case joined by _ or -, and anything that begins with "your".
func angle(s string, at int) (p Placeholder, next int) {
	end := at + 1
	for end < len(s) && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '-') {
		end++
	}
	name := s[at+1 : end]
	joined := strings.ContainsAny(name, "_-") && strings.ToUpper(name) == name && strings.Trim(name, "_-0123456789") != ""
	yours := len(name) > len("your") && strings.EqualFold(name[:len("your")], "your") && strings.ContainsAny(name[4:5], "_-")
	if !strings.HasPrefix(s[end:], ">") || !joined && !yours {
		return p, at + 1
	}
	return Placeholder{Kind: Angle, Name: name, Start: at, End: end + 1}, end + 1
}

// word finds NAME_PLACEHOLDER and YOUR_NAME among words in upper case.
func word(s string, at int) (p Placeholder, next int) {
	end := at
	for end < len(s) && (isLetter(s[end]) || isDigit(s[end])) {
		end++
	}
	name := s[at:end]
	var kind PlaceholderKind
	switch {
	case strings.HasSuffix(name, "_PLACEHOLDER"), strings.HasPrefix(name, "PLACEHOLDER_"):
		kind = Word
	case strings.HasPrefix(name, "YOUR_") && len(name) > len("YOUR_"):
		kind = Your
	}
	if kind == 0 || strings.ToUpper(name) != name {
		return p, end
	}
	return Placeholder{Kind: kind, Name: name, Start: at, End: end}, end
}
