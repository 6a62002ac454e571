package credential

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unknown is what may be shown of a text that only the account holds: a value
// that was a secret once can stand anywhere in it, under any name. Shown is
// what is plainly none: a host, a path of words and numbers, data of the run
// like {{$.id}}, a whole sentence. The rest is (secret).
func Unknown(text string) string {
	if reference(text) || settled(text) {
		return text
	}
	if strings.Contains(text, "://") && !strings.ContainsAny(text, " \n") || strings.HasPrefix(text, "/") {
		return showURL(text)
	}
	if first, rest, ok := strings.Cut(text, " "); ok && IsScheme(first) && strings.TrimSpace(cutData(rest, "")) != "" {
		return Hidden
	}
	words := strings.Fields(cutData(text, " "))
	if !strings.Contains(text, "{{") && !isHost(text) && !sentence(words) {
		return Hidden
	}
	for _, w := range words {
		if !plainWord(w) && !isHost(w) {
			return Hidden
		}
	}
	return text
}

// Literals is a text of the account's without what looks random in it or
// stands under a secret's name, as in a jq program or the parameters of a
// step; what ours holds too stays.
func Literals(text string, ours func(string) bool) string {
	var b strings.Builder
	for at := 0; at < len(text); {
		begin, end := nextWord(text, at)
		word := text[begin:end]
		if !ours(word) && (looksRandom(word) || quotedUnder(text[:begin]) && literalish(word)) {
			word = Hidden
		}
		b.WriteString(text[at:begin] + word)
		at = end
	}
	return b.String()
}

// Words gives use what Literals may ask for in a text that is known: its words,
// and what looksRandom takes them apart into, of at least Least bytes. One can
// come more than once.
func Words(text string, use func(string)) {
	for at := 0; at < len(text); {
		begin, end := nextWord(text, at)
		word := text[begin:end]
		at = end
		if len(word) < Least {
			continue
		}
		use(word)
		for part := range strings.FieldsFuncSeq(word, joins) {
			if len(part) >= Least && len(part) < len(word) {
				use(part)
			}
		}
	}
}

// nextWord is where the first word from at on begins and ends; both are the
// text's length if there is none.
func nextWord(text string, at int) (begin, end int) {
	begin = at + strings.IndexFunc(text[at:], wordRune)
	if begin < at {
		begin = len(text)
	}
	end = begin + strings.IndexFunc(text[begin:], func(r rune) bool { return !wordRune(r) })
	if end < begin {
		end = len(text)
	}
	return begin, end
}

// wordRune: what keys and tokens are made of, base64 among them.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.+/=~!@#%^&*", r)
}

// joins: what stands between the parts of a word.
func joins(r rune) bool { return strings.ContainsRune("/=!@#%^&*~", r) }

func looksRandom(word string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(word, joins), Random) || Random(word)
}

func literalish(word string) bool { return len(word) >= Least && !strings.HasPrefix(word, ".") }

// quotedUnder tells whether what comes after before is the beginning of a
// text that is given to a secret's name: password: "… or "token": "….
func quotedUnder(before string) bool {
	before, ok := strings.CutSuffix(before, `"`)
	if !ok {
		return false
	}
	before = strings.TrimRight(before, " \t\n\\")
	if before, ok = strings.CutSuffix(before, ":"); !ok {
		if before, ok = strings.CutSuffix(before, "="); !ok {
			return false
		}
	}
	before = strings.TrimRight(before, " \t\n\"\\=|?")
	name := before[strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' })+1:]
	return Named(name) != ""
}

// settled are texts that a definition has by its language.
func settled(text string) bool {
	switch text {
	case "", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "true", "false", "null", "UTF-8", "utf-8", "gzip", "*/*", "no-cache", "keep-alive":
		return true
	}
	kind, rest, _ := strings.Cut(text, ";")
	main, sub, ok := strings.Cut(kind, "/")
	return ok && slices.Contains([]string{"application", "text", "multipart", "image"}, main) && plainSegment(sub) &&
		(rest == "" || strings.EqualFold(strings.TrimSpace(rest), "charset=utf-8"))
}

// cutData replaces {{…}} and what it holds.
func cutData(text, by string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{{")
		_, after, closed := strings.Cut(rest, "}}")
		if !ok || !closed {
			return b.String() + text
		}
		b.WriteString(before + by)
		text = after
	}
}

// sentence tells whether words say something, as no passphrase does: the first
// is written large, and small words join the others. No passphrase has more
// than two dozen.
func sentence(words []string) bool {
	const least, most = 3, 24
	if len(words) < least || len(words) > most {
		return len(words) > most
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	joins := func(w string) bool {
		return slices.Contains([]string{"a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "is", "are", "was", "were", "has", "have", "been", "and", "or", "with", "from", "this", "that", "please"}, w)
	}
	return unicode.IsUpper(first) && slices.ContainsFunc(words[1:], joins)
}

// IsScheme tells whether a word such as Bearer stands before what lets its
// holder in.
func IsScheme(word string) bool {
	return slices.Contains([]string{"bearer", "basic", "token", "apikey", "api-key", "key", "digest", "hmac", "signature"}, strings.ToLower(strings.TrimRight(word, ":=")))
}

// plainWord tells whether w is a word or a number of a sentence. A longer word
// with digits in it may be a password.
func plainWord(w string) bool {
	w = strings.TrimFunc(w, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })
	return len(w) < Least || plainSegment(w) && (!strings.ContainsFunc(w, unicode.IsDigit) || strings.Trim(w, "0123456789-.,:") == "")
}

// isHost tells whether s is a host of words: api.example.com, with a port.
func isHost(s string) bool {
	name, port, _ := strings.Cut(s, ":")
	labels := strings.Split(name, ".")
	if len(labels) < 2 || strings.Trim(port, "0123456789") != "" {
		return false
	}
	for _, l := range labels {
		if l == "" || !plainSegment(l) {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(last) >= 2 && strings.Trim(last, "abcdefghijklmnopqrstuvwxyz") == ""
}

// Name tells whether a text may be the name of a header or connection: words
// and numbers joined by signs, or what is too short for a secret.
func Name(text string) bool {
	const short = 10 // of a part with digits, like Sha256
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("-_.", r) }) {
		if len(part) > short && !plainSegment(part) {
			return false
		}
	}
	return true
}

// plainSegment tells whether a part of a path is words and numbers joined by
// signs: tickets, create_many.json, v2, 360000123456.
func plainSegment(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_.~'’,:;()", r) })
	for _, p := range parts {
		if !plainPart(p) {
			return false
		}
	}
	return true
}

// longestWord is the length above which letters alone can be drawn at random.
const longestWord = 20

func plainPart(p string) bool {
	if strings.Trim(p, "0123456789") == "" {
		return len(p) <= longestWord
	}
	letters, digits, turns := 0, 0, 0
	var before rune
	for _, r := range p {
		switch {
		case unicode.IsLetter(r):
			letters++
			if before != 0 && unicode.IsUpper(r) && !unicode.IsUpper(before) {
				turns++
			}
		case unicode.IsDigit(r):
			digits++
		default:
			return false
		}
		before = r
	}
	const most = 2 // digits behind a word: v2, Ticket42
	const humps = 3
	ends := len(strings.TrimRight(p, "0123456789")) == len(p)-digits
	return letters <= longestWord && digits <= most && (digits == 0 || ends) && turns <= humps
}

// showURL shows a URL or a path without what isn't plain in it.
func showURL(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		scheme, rest = "", text
	}
	user := ""
	if at := endOfUser(rest); ok && at > 0 {
		user, rest = Hidden+"@", rest[at:]
	}
	end := endOfHost(rest)
	host, path := rest[:end], rest[end:]
	host = user + Address(host)
	path, query, hasQuery := cutOutside(path, '?')
	var b strings.Builder
	if ok {
		b.WriteString(scheme + "://")
	}
	b.WriteString(host + showParts(path, "/", plainSegment))
	if hasQuery {
		b.WriteString("?" + showParts(query, "&", plainPair))
	}
	return b.String()
}

// Address is a URL's host without what may be a secret in it.
func Address(host string) string { return showParts(host, ".", plainLabel) }

// plainLabel tells whether a part of a host may be shown: most are made by
// machines, and stand in the DNS.
func plainLabel(s string) bool {
	return len(s) < randomLeast || plainSegment(s) || strings.HasPrefix(s, "[") // an address
}

// plainPair: of a query, a name and what is plain beside it.
func plainPair(pair string) bool {
	name, value, _ := strings.Cut(pair, "=")
	return plainSegment(name) && (len(value) < Least || Named(name) == "" && !inSession(name) && plainSegment(strings.ReplaceAll(value, "=", "-")))
}

// inSession: names of a query whose value lets its holder in, for a while.
func inSession(name string) bool {
	return slices.Contains([]string{"session", "sessionid", "sid", "state", "nonce", "hash", "ticket", "otp", "pin"}, strings.ToLower(name))
}

func showParts(s, between string, plain func(string) bool) string {
	parts := splitOutside(s, between[0])
	for i, p := range parts {
		if bare := cutData(p, ""); !plain(bare) {
			parts[i] = Hidden
		}
	}
	return strings.Join(parts, between)
}

// endOfUser is where the host of user:password@host begins, 0 without a user. A
// password may hold what ends a host: then what looks like a port is no number.
func endOfUser(s string) int {
	host := s[:endOfHost(s)]
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		return at + 1
	}
	if _, port, ok := strings.Cut(cutData(host, ""), ":"); ok && strings.Trim(port, "0123456789") != "" {
		return strings.LastIndexByte(s, '@') + 1
	}
	return 0
}

// endOfHost is where a URL's path or query begins.
func endOfHost(s string) int {
	host := splitOutside(s, '/')[0]
	return len(splitOutside(host, '?')[0])
}

// cutOutside cuts at the first sep that is in no {{…}}.
func cutOutside(s string, sep byte) (before, after string, found bool) {
	parts := splitOutside(s, sep)
	if len(parts) < 2 {
		return s, "", false
	}
	return parts[0], s[len(parts[0])+1:], true
}

func splitOutside(s string, sep byte) []string {
	var parts []string
	from, depth := 0, 0
	for i := range len(s) {
		switch {
		case strings.HasPrefix(s[i:], "{{"):
			depth++
		case strings.HasPrefix(s[i:], "}}") && depth > 0:
			depth--
		case s[i] == sep && depth == 0:
			parts = append(parts, s[from:i])
			from = i + 1
		}
	}
	return append(parts, s[from:])
}
