package expr

import (
	"slices"
	"strings"
)

// scanner finds placeholders in one string.
type scanner struct {
	text   string
	inName bool
}

// at looks for a placeholder at text[at] and returns where to look next.
// Without one the kind is zero.
func (sc scanner) at(at int) (p Placeholder, next int) {
	s, c := sc.text, sc.text[at]
	switch {
	case c != '_' && (isLetter(c) || isDigit(c)): // most are
		return sc.word(at)
	case strings.HasPrefix(s[at:], "{%"):
		return sc.between(at, "{%", "%}", Liquid, isLiquid)
	case strings.HasPrefix(s[at:], "{{"):
		return braced(s, at)
	case strings.HasPrefix(s[at:], "${") && !strings.HasPrefix(s[at:], "${{"):
		return sc.between(at, "${", "}", Shell, shellName)
	case strings.HasPrefix(s[at:], "$("):
		return sc.between(at, "$(", ")", Paren, upperName)
	case c == '$':
		return sc.dollar(at)
	case c == '{':
		return sc.between(at, "{", "}", Curly, plainName)
	case c == '%':
		return sc.percent(at)
	case strings.HasPrefix(s[at:], "__"):
		return sc.between(at, "__", "__", Underscore, sc.loudName)
	case strings.HasPrefix(s[at:], "@@"):
		return sc.between(at, "@@", "@@", At, plainName)
	case c == '@':
		return sc.between(at, "@", "@", At, upperName)
	case strings.HasPrefix(s[at:], "#{"):
		return sc.hash(at)
	case strings.HasPrefix(s[at:], "[["):
		return sc.between(at, "[[", "]]", Square, anyName)
	case c == '[':
		if p, next := host(s, at+1); p.Kind != 0 {
			return p, next
		}
		return sc.between(at, "[", "]", Square, sc.squareName)
	case strings.HasPrefix(s[at:], "<%"):
		return sc.between(at, "<%", "%>", Tag, func(s string) bool { return !strings.ContainsAny(s, "{}<>") })
	case c == '<' && (at == 0 || s[at-1] != '?'): // (?<NAME>…) is a pattern's group
		return sc.angle(at)
	case c == '_':
		return sc.word(at)
	}
	return p, at + 1
}

// braced is a {{…}} that the platform doesn't fill in.
func braced(s string, at int) (p Placeholder, next int) {
	h, ok := holeAt(s, at)
	if !ok {
		return p, at + 1
	}
	return h.placeholder(s), h.End
}

// placeholder is the hole as a placeholder; of kind zero if the platform fills
// it in, or nobody can tell where it ends.
func (h Hole) placeholder(s string) Placeholder {
	if h.open || s[h.innerStart] == '$' {
		return Placeholder{}
	}
	name := s[h.innerStart:h.innerEnd]
	p := Placeholder{Name: name, Start: h.Start, End: h.End}
	switch {
	case name[0] == '.':
		p.Kind, p.Name = RunPath, "$"+name
	case deployerName(name):
		p.Kind = Deployer
	default:
		p.Kind = Braced
	}
	return p
}

// deployerName tells whether a value can be given for a name: letters, digits,
// _, - and . after a letter or _.
func deployerName(name string) bool {
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && (i == 0 || !isDigit(c) && c != '-' && c != '.') {
			return false
		}
	}
	return name != ""
}

// ValidVariable tells whether a {{NAME}} can have that name.
func ValidVariable(name string) bool { return deployerName(name) }

func isPath(s string) bool {
	_, err := ParsePath(s)
	return err == nil
}

// between reads a name between two marks. A path between them was meant for
// the platform.
func (sc scanner) between(at int, before, after string, kind PlaceholderKind, isName func(string) bool) (p Placeholder, next int) {
	s, start := sc.text, at+len(before)
	length := strings.Index(s[start:min(len(s), start+maxPlaceholder)], after)
	if length <= 0 {
		return p, at + 1
	}
	name := strings.TrimSpace(s[start : start+length])
	end := start + length + len(after)
	switch {
	case (kind == Shell || kind == Curly) && strings.HasPrefix(name, "$.") && isPath(name):
		kind = OtherPath
	case name == "" || !isName(name):
		return p, at + 1
	}
	return Placeholder{Kind: kind, Name: name, Start: at, End: end}, end
}

// maxPlaceholder is how long what stands between the marks may be.
const maxPlaceholder = 100

// shellName is a name, alone or with a default: NAME:-value.
func shellName(s string) bool {
	name, _, _ := strings.Cut(s, ":")
	return deployerName(name)
}

func plainName(s string) bool { return deployerName(s) }

func anyName(s string) bool {
	return s != "" && isLetter(s[0]) && strings.Trim(s, "_-. ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// upperName is a name in capitals of at least three characters.
func upperName(s string) bool {
	return len(s) >= 3 && isUpper(s[0]) && strings.Trim(s, "_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// yourName is YOUR_NAME or your-name, in any letters.
func yourName(s string) bool {
	return len(s) > len("your") && strings.EqualFold(s[:len("your")], "your") && anyName(s) && strings.IndexByte("_- ", s[4]) >= 0
}

// squareName is YOUR_NAME and NAME_OF in capitals with _; in a name any word.
func (sc scanner) squareName(s string) bool {
	return yourName(s) || sc.inName && anyName(s) || upperName(s) && strings.Contains(s, "_")
}

// loudName is one in capitals; in a name also one in small letters.
func (sc scanner) loudName(s string) bool {
	if sc.inName {
		return deployerName(s)
	}
	return isUpper(s[0]) && strings.Trim(s, "_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// dollar finds $NAME, but no currency and no path.
func (sc scanner) dollar(at int) (p Placeholder, next int) {
	end := wordEnd(sc.text, at+1)
	name := sc.text[at+1 : end]
	if name == "" || !upperName(name) && !sc.inName || strings.Contains(" USD AUD CAD NZD HKD SGD MXN ", " "+name+" ") {
		return p, max(end, at+1)
	}
	return Placeholder{Kind: Dollar, Name: name, Start: at, End: end}, end
}

// percent finds %NAME%, but no escapes of URLs and no formats of times.
func (sc scanner) percent(at int) (p Placeholder, next int) {
	end := wordEnd(sc.text, at+1)
	name := sc.text[at+1 : end]
	if len(name) < 2 || len(name) == 2 && isHex(name[0]) && isHex(name[1]) || !sc.loudName(name) || !strings.HasPrefix(sc.text[end:], "%") {
		return p, at + 1
	}
	return Placeholder{Kind: Percent, Name: name, Start: at, End: end + 1}, end + 1
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// hash finds #{NAME} and #{NAME}#.
func (sc scanner) hash(at int) (p Placeholder, next int) {
	p, next = sc.between(at, "#{", "}", Hash, plainName)
	if p.Kind != 0 && strings.HasPrefix(sc.text[next:], "#") {
		p.End, next = next+1, next+1
	}
	return p, next
}

// angle finds <YOUR_NAME> and <subdomain>, but neither <b> nor <BR> nor XML: it
// takes words in upper case joined by _ or -, anything that begins with "your",
// and words in small letters that are no tag. In a name it takes any.
func (sc scanner) angle(at int) (p Placeholder, next int) {
	s, end := sc.text, at+1
	for end < len(s) && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '-') {
		end++
	}
	name := s[at+1 : end]
	if name == "" || !strings.HasPrefix(s[end:], ">") {
		return p, at + 1
	}
	joined := strings.ContainsAny(name, "_-") && strings.ToUpper(name) == name && strings.Trim(name, "_-0123456789") != ""
	small := strings.ToLower(name) == name && len(name) > 3 && isLetter(name[0]) && !isTag(name) && !strings.Contains(s, "</"+name)
	loud := len(name) > 3 && isUpper(name[0]) && strings.ToUpper(name) == name && !isTag(strings.ToLower(name)) && !strings.Contains(s, "</")
	if !joined && !yourName(name) && !small && !loud && !sc.inName {
		return p, at + 1
	}
	return Placeholder{Kind: Angle, Name: name, Start: at, End: end + 1}, end + 1
}

// isTag tells whether a word is the name of an element of HTML.
func isTag(name string) bool {
	return strings.Contains(" body head html link meta title style script span strong small table tbody thead tfoot caption form input label button "+
		"select option textarea code samp cite quote blockquote abbr time mark image figure figcaption video audio source iframe main section article "+
		"header footer aside nav details summary dialog font center frame area base embed object param template slot canvas svg path hgroup data ruby ", " "+name+" ")
}

// word finds NAME_PLACEHOLDER, YOUR_NAME, CHANGE_ME and their like among words
// in upper case.
func (sc scanner) word(at int) (p Placeholder, next int) {
	s, end := sc.text, at
	if p, next := host(s, at); p.Kind != 0 {
		return p, next
	}
	for end < len(s) && (isLetter(s[end]) || isDigit(s[end])) {
		end++
	}
	name := s[at:end]
	var kind PlaceholderKind
	if mark := strings.Index(name, "__"); sc.inName && mark > 0 {
		if p, next := sc.inside(at+mark, end); p.Kind != 0 {
			return p, next
		}
	}
	switch {
	case strings.ToUpper(name) != name:
	case strings.HasSuffix(name, "_PLACEHOLDER"), strings.HasPrefix(name, "PLACEHOLDER_"),
		name == "CHANGE_ME", name == "CHANGEME", name == "REPLACE_ME", strings.HasSuffix(name, "_HERE") && strings.Count(name, "_") > 1,
		strings.HasPrefix(name, "REPLACE_") && len(name) > len("REPLACE_"):
		kind = Word
	case strings.HasPrefix(name, "YOUR_") && len(name) > len("YOUR_"):
		kind = Your
	}
	if kind == 0 {
		return p, end
	}
	return Placeholder{Kind: kind, Name: name, Start: at, End: end}, end
}

// inside finds the __NAME__ in capitals that is part of a longer name, whose
// first mark stands at at.
func (sc scanner) inside(at, end int) (p Placeholder, next int) {
	for at+2 < end && sc.text[at+2] == '_' {
		at++
	}
	p, next = sc.between(at, "__", "__", Underscore, func(s string) bool { return isUpper(s[0]) && strings.ToUpper(s) == s })
	if p.End > end {
		p = Placeholder{}
	}
	return p, next
}

// isLiquid takes a tag of Liquid by the word that it begins with.
func isLiquid(s string) bool {
	s = strings.TrimSpace(strings.Trim(s, "-"))
	return s != "" && isLetter(s[0]) && !strings.ContainsAny(s, "{}")
}

// host is a part of a host that stands for one, as in your-subdomain.zendesk.com,
// SUBDOMAIN.zendesk.com, [subdomain].zendesk.com and api.your-domain.com. Kind
// zero if at isn't where such a part begins.
func host(s string, at int) (p Placeholder, next int) {
	const longest = 260 // bytes of a host, and what stands before it
	if at == 0 || strings.IndexByte("/.[", s[at-1]) < 0 {
		return p, at
	}
	from := max(0, at-longest)
	start := from + strings.LastIndex(s[from:at], "://") + len("://")
	if start < from+len("://") || strings.ContainsAny(s[start:at], "/?# ") {
		return p, at
	}
	end := at
	for end < len(s) && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '-') {
		end++
	}
	name, begin := s[at:end], at
	small := strings.ToLower(name)
	rest, isYour := strings.CutPrefix(small, "your")
	isYour = isYour && rest != "" && (strings.IndexByte("-_", rest[0]) >= 0 || at == start && (slices.Contains(standIns, rest) || slices.Contains(yours, rest) || strings.HasPrefix(s[end:], ".zendesk.")))
	switch {
	case begin > start && s[begin-1] == '[':
		if begin, end = begin-1, end+1; !strings.HasPrefix(s[end-1:], "]") {
			return p, at
		}
	case isYour:
	case !slices.Contains(standIns, small), small == name && !strings.HasPrefix(s[end:], ".zendesk."):
		return p, at
	}
	return Placeholder{Kind: Your, Name: name, Start: begin, End: end}, end
}

// standIns are words that stand for a host's part, in capitals, or in small
// letters before .zendesk.com.
var standIns = []string{"subdomain", "domain", "host", "hostname", "mysubdomain", "my-subdomain", "zendesk_subdomain", "account", "tenant", "company", "instance"}

// yours are more words that stand for a host behind "your".
var yours = []string{"site", "server", "app", "api", "org", "website", "workspace", "team", "co"}
