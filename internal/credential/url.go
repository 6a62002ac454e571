package credential

import "strings"

// inURL finds https://user:password@host and …?token=… in a URL or path.
func inURL(s string) (what string, start, end int) {
	scheme := strings.Index(s, "://")
	if scheme < 0 && s[0] != '/' && s[0] != '?' {
		return "", 0, 0
	}
	if scheme > 0 {
		from := scheme + len("://")
		host := s[from:]
		if i := strings.IndexAny(host, "/?# \"'"); i >= 0 {
			host = host[:i]
		}
		user, _, ok := cutLast(host, "@")
		if _, password, both := strings.Cut(user, ":"); ok && both && password != "" && !laterFilled(password) {
			return "a password in a URL", from, from + len(user)
		}
	}
	query := strings.IndexByte(s, '?')
	for at := query + 1; query >= 0 && at < len(s); {
		part, _, _ := strings.Cut(s[at:], "&")
		name, value, _ := strings.Cut(part, "=")
		k := kindOf(name)
		if (k.certain || strings.EqualFold(name, "token") || k.what != "" && Random(value)) && literal(value) {
			return "a credential in the query of a URL", at, at + len(part)
		}
		at += len(part) + 1
	}
	return "", 0, 0
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
