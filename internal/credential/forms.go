package credential

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strconv"
	"strings"
)

// forms are the ways in which a secret is written: as it is, its lines by
// themselves and run together, and each of these as the usual encodings have
// it.
func forms(secret string) []string {
	plain := []string{secret}
	if trimmed := strings.TrimSpace(secret); trimmed != secret {
		plain = append(plain, trimmed)
	}
	if lines := strings.FieldsFunc(secret, func(r rune) bool { return r == '\n' || r == '\r' }); len(lines) > 1 {
		plain = append(plain, strings.Join(lines, " "), strings.Join(lines, ""))
		plain = append(plain, secretLines(lines)...)
	}
	var all []string
	for _, p := range plain {
		all = append(all, p)
		all = append(all, escaped(p)...)
		all = append(all, encoded(p)...)
	}
	return all
}

// secretLines are those of a longer text that tell something: not the frame of
// a PEM block, which is the same in all.
func secretLines(lines []string) (kept []string) {
	for _, l := range lines {
		if l = strings.TrimSpace(l); !strings.HasPrefix(l, "-----") && len(l) >= randomLeast {
			kept = append(kept, l)
		}
	}
	return kept
}

func escaped(s string) []string {
	goQuoted := strconv.Quote(s)
	ascii := strconv.QuoteToASCII(s)
	percent := url.QueryEscape(s)
	return []string{
		jsonText(s, true), jsonText(s, false), goQuoted[1 : len(goQuoted)-1], ascii[1 : len(ascii)-1],
		percent, lowerPercent(percent), strings.ReplaceAll(percent, "+", "%20"), url.PathEscape(s), lowerPercent(url.PathEscape(s)),
		html.EscapeString(s), strings.ReplaceAll(html.EscapeString(s), "&#34;", "&quot;"),
	}
}

// jsonText is s inside the quotes of a JSON string, with or without escapes
// for HTML.
func jsonText(s string, forHTML bool) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(forHTML)
	_ = enc.Encode(s) // of a string: can't fail
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(b.String(), "\n"), `"`), `"`)
}

// lowerPercent writes %2F as %2f.
func lowerPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], bytes.ToLower(b[i+1:i+3]))
		}
	}
	return string(b)
}

// encoded are what base64 makes of s, alone and in the midst of another text,
// such as user:SECRET: of each of the three places that s can begin at in a
// group of three bytes, the digits that s alone decides.
func encoded(s string) []string {
	var all []string
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, e.EncodeToString([]byte(s)))
		for before := range 3 {
			digits := e.EncodeToString(append(make([]byte, before), s...))
			from := (before*8 + 5) / 6
			to := (before + len(s)) * 8 / 6
			const least = 12 // digits: fewer stand in other texts by chance
			if to-from >= least {
				all = append(all, digits[from:to])
			}
		}
	}
	return all
}
