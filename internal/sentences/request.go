package sentences

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// request is what an action sends, as people name it.
type request struct {
	method string
	host   string // visible; "" for the account's own
	path   string // visible, data as "…"; "" where it is chosen at run time
	open   bool   // the host is chosen at run time
	odd    bool   // the URL has no form that can be read
	clear  bool   // not encrypted
}

// urlFields are the members of a definition that say where a request goes.
var urlFields = []string{"url", "url.$", "path", "path.$"}

func requestOf(def *source.Node) request {
	r := request{method: Visible(strings.ToUpper(text(def.Get("method"))))}
	for _, field := range urlFields {
		n := def.Get(field)
		s, ok := n.Text()
		if !ok {
			continue
		}
		if n.Secret && strings.Contains(n.Shown(), "://") {
			s = n.Shown()
		}
		if strings.HasPrefix(field, "path") {
			r.path = pathOf(s, n.Secret)
			return r
		}
		r.address(s, n.Secret)
		return r
	}
	return r
}

// address reads a URL: what stands in front of its path, as it is written,
// without user and password.
func (r *request) address(url string, secret bool) {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok || strings.ContainsAny(scheme, "{/?#") {
		r.host, r.open = Host(url), strings.HasPrefix(url, "$") || strings.Contains(url, "{{")
		r.odd = !r.open
		return
	}
	r.clear = strings.EqualFold(scheme, "http")
	end := authorityEnd(rest)
	host := rest[:end]
	if i := strings.LastIndexByte(host, '@'); i >= 0 && !strings.Contains(host, `\`) {
		host = host[i+1:]
	}
	if r.open = strings.Contains(host, "{{"); secret {
		host = credential.Address(host)
	}
	r.host, r.path = Host(host), pathOf(rest[end:], secret)
}

// authorityEnd is where the path of a URL begins; a placeholder may hold any
// sign.
func authorityEnd(s string) int {
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "{{") {
			if n := strings.Index(s[i:], "}}"); n > 0 {
				i += n + 1
				continue
			}
		}
		if strings.IndexByte("/?#", s[i]) >= 0 {
			return i
		}
	}
	return len(s)
}

// hostWidth bounds what is shown of a host; real ones have 253 characters.
const hostWidth = 260

// Host is a host as it may be shown: letters that aren't ASCII could look like
// others and are written as escapes.
func Host(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(shorten(s, hostWidth)) {
		if r > 0x7e || r <= ' ' {
			b.WriteString(diag.Escape(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// pathWidth bounds a path in a sentence, in runes.
const pathWidth = 48

// pathOf is a path without its query, with "…" for what is filled in and for
// parts that look like a secret.
func pathOf(s string, secret bool) string {
	if secret {
		return "/" + source.Hidden
	}
	s, _, _ = strings.Cut(unfilled(s), "?")
	parts := strings.Split(s, "/")
	for i, p := range parts {
		if random(p) {
			parts[i] = "…"
		}
	}
	return shorten(Visible(strings.Join(parts, "/")), pathWidth)
}

// unfilled is text with "…" for each placeholder.
func unfilled(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, after, ok := strings.Cut(rest, "}}")
		if !ok {
			return b.String() + "{{" + rest
		}
		b.WriteString("…")
		s = after
	}
}

// random tells whether part of a path looks like an id or a secret: long,
// letters and digits mixed.
func random(s string) bool {
	return len(s) >= 9 && strings.ContainsAny(s, "0123456789") && strings.Count(s, "…") == 0 &&
		strings.ContainsFunc(s, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }) && digits(s) >= 3
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if '0' <= r && r <= '9' {
			n++
		}
	}
	return n
}

// where is the host in words: the account's own has none.
func (r request) where() string {
	switch {
	case r.host == "":
		return "Zendesk itself"
	case r.open:
		return "a host chosen at run time, " + r.host
	case r.odd:
		return "an address without a scheme, " + r.host
	}
	return r.host
}

// name is the request in a few words: "POST slack.com/api/chat.postMessage".
func (r request) name() phrase { return phrase{{r.words(), Value}} }

func (r request) words() string {
	return strings.TrimSpace(r.method + " " + r.host + r.path)
}

// fills are the paths of data that a value of an action or of Parameters is
// filled with, in source order.
func fills(n *source.Node) []string {
	var list []string
	if s, ok := n.Text(); ok {
		if strings.HasSuffix(n.Name, ".$") && strings.HasPrefix(s, "$") {
			return []string{s}
		}
		for {
			_, rest, ok := strings.Cut(s, "{{")
			if !ok {
				return list
			}
			inner, after, ok := strings.Cut(rest, "}}")
			if !ok {
				return list
			}
			if inner = strings.TrimSpace(inner); strings.HasPrefix(inner, "$") {
				list = append(list, inner)
			}
			s = after
		}
	}
	if n == nil {
		return nil
	}
	for _, m := range n.Members {
		list = append(list, fills(m)...)
	}
	return list
}

// last is the last name of a path: what data is called.
func last(path string) string {
	path = strings.TrimSuffix(path, "]")
	if i := strings.LastIndexAny(path, ".["); i >= 0 && i < len(path)-1 {
		if end := path[i+1:]; strings.Trim(end, "0123456789") != "" {
			return end
		}
		return last(path[:i])
	}
	return path
}
