package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage is how many runes of a server's text an error shows.
const maxMessage = 300

// clean makes text from elsewhere fit for an error: one line, no control or
// format characters, no credential, not long.
func (c *Client) clean(text string) string {
	text = oneLine(c.hide(text))
	text = c.hide(text)
	if utf8.RuneCountInString(text) <= maxMessage {
		return text
	}
	return string([]rune(text)[:maxMessage]) + "…"
}

// hide takes secrets out: before a text is cut or put on one line, or a part
// of one would stay.
func (c *Client) hide(text string) string {
	text = c.hideMinted(c.Credentials.redact(text))
	if c.Hide != nil {
		text = c.Hide(text)
	}
	return text
}

// oneLine replaces whatever is not printable, and runs of space.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	return strings.Join(strings.Fields(text), " ")
}

func (a answer) isHTML() bool {
	if t, _, err := mime.ParseMediaType(a.header.Get("Content-Type")); err == nil && t == "text/html" {
		return true
	}
	return bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<"))
}

// text finds what an answer says. The registry answers with JSON of two forms
// or with plain text (docs/platform.md 1.3, 2.4); what stands before it, with web pages.
func (a answer) text() string {
	if a.isHTML() {
		return "web page" + title(string(a.body))
	}
	var v any
	if json.Unmarshal(a.body, &v) != nil {
		return string(a.body)
	}
	if said := sayings(v); len(said) > 0 {
		return strings.Join(said, ": ")
	}
	return string(a.body)
}

// hasErrors tells whether an answer that says success holds errors all the
// same: a member "errors" that isn't empty, in an object that is no bundle.
func (a answer) hasErrors() bool {
	if !bytes.Contains(a.body, []byte(`"errors"`)) {
		return false
	}
	var o object
	if json.Unmarshal(a.body, &o) != nil || o["resources"] != nil {
		return false
	}
	switch string(bytes.TrimSpace(o["errors"])) {
	case "", "null", "[]", "{}", `""`:
		return false
	}
	return true
}

// title is that of a web page, which is not shown whole.
func title(page string) string {
	lower := strings.ToLower(page)
	start := strings.Index(lower, "<title>")
	end := strings.Index(lower, "</title>")
	if start < 0 || end < start || len(lower) != len(page) {
		return ""
	}
	return ": " + html.UnescapeString(page[start+len("<title>"):end]) // as it is read, or a secret in it is not found
}

// sayings finds the texts in an error's JSON:
//
//	{"errors":[{"code":"1010","detail":"…","status":"400"}],"message":"…"}   the registry, documented
//	{"message":"…"}                                                          the registry, observed
//	{"error":"…","description":"…"}, {"error":{"title":"…","message":"…"}}   Zendesk's other services
//	{"error":"…","error_description":"…"}                                    OAuth
func sayings(v any) []string {
	switch v := v.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, sayings(item)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, name := range []string{"title", "message", "error", "description", "error_description", "detail", "errors"} {
			all = append(all, sayings(v[name])...)
		}
		return coded(all, v["code"])
	}
	return nil
}

// coded adds the error's number to its text.
func coded(said []string, code any) []string {
	if s, ok := code.(string); ok && s != "" && len(said) > 0 {
		said[len(said)-1] += fmt.Sprintf(" (%s)", s)
	}
	return said
}
