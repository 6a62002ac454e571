package shape

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf16"
)

// composed pairs letters with one mark as one character (Unicode NFC) and as
// letter and mark (NFD): those that European texts are made of.
func composed() (nfc, nfd []string) {
	for mark, list := range map[string]string{
		"\u0300": "AÀEÈIÌOÒUÙaàeèiìoòuù", "\u0301": "AÁEÉIÍOÓUÚaáeéiíoóuúyý", "\u0302": "AÂEÊIÎOÔUÛaâeêiîoôuû",
		"\u0303": "AÃNÑOÕaãnñoõ", "\u0308": "AÄEËIÏOÖUÜaäeëiïoöuüyÿ", "\u030a": "AÅaå", "\u0327": "CÇcç", "\u030c": "SŠZŽCČsšzžcč",
	} {
		letters := []rune(list)
		for n := 0; n < len(letters); n += 2 {
			nfd, nfc = append(nfd, string(letters[n])+mark), append(nfc, string(letters[n+1]))
		}
	}
	return nfc, nfd
}

func replacer(from, to []string) func(string) string {
	var pairs []string
	for n := range from {
		pairs = append(pairs, from[n], to[n])
	}
	return strings.NewReplacer(pairs...).Replace
}

// NFC writes letter and mark as one character.
func NFC(s string) string {
	nfc, nfd := composed()
	return replacer(nfd, nfc)(s)
}

// NFD writes such a character as letter and mark.
func NFD(s string) string {
	nfc, nfd := composed()
	return replacer(nfc, nfd)(s)
}

// Cut is a text's first n bytes of UTF-8, as far as whole characters go.
func Cut(n int) func(string) string {
	return func(s string) string {
		if len(s) <= n {
			return s
		}
		return strings.ToValidUTF8(s[:n], "")
	}
}

// Lines writes line ends as CR LF.
func Lines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// Spaces makes one space of any white space.
func Spaces(s string) string { return regexp.MustCompile(`\s+`).ReplaceAllString(s, " ") }

// NoTags takes HTML out.
func NoTags(s string) string { return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, "") }

// Entities writes <, >, &, " and ' as HTML does: another text.
func Entities(s string) string { return html.EscapeString(s) }

// Basic keeps characters of 16 bits; any other becomes "?", as in a database
// whose characters have three bytes.
func Basic(s string) string {
	return strings.Map(func(r rune) rune {
		if len(utf16.AppendRune(nil, r)) > 1 {
			return '?'
		}
		return r
	}, s)
}

// ASCII makes "?" of every other character.
func ASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '?'
		}
		return r
	}, s)
}
