package flowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// moved pairs the requests of two runs, those of one address first.
func moved(was, is []*interp.Exchange, secrets *credential.Set) []Moved {
	var list []Moved
	rest := slices.Clone(is)
	var alone []*interp.Exchange
	for _, q := range was {
		i := slices.IndexFunc(rest, func(o *interp.Exchange) bool { return o.Method == q.Method && o.URL == q.URL })
		if i < 0 {
			alone = append(alone, q)
			continue
		}
		if m, differs := body(q, rest[i], secrets); differs {
			list = append(list, m)
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, q := range alone {
		i := slices.IndexFunc(rest, func(o *interp.Exchange) bool { return o.Action == q.Action || hostOf(o.URL) == hostOf(q.URL) })
		m := Moved{Host: hostOf(q.URL), Method: q.Method, URL: secrets.Redact(hideURL(q.URL)), What: "one request less"}
		if i >= 0 {
			m.What = "a request to another address"
			m.Lines = []string{fmt.Sprintf("%s %s was %s %s", rest[i].Method, secrets.Redact(hideURL(rest[i].URL)), q.Method, m.URL)}
			if b, differs := body(q, rest[i], secrets); differs {
				m.Lines = append(m.Lines, b.Lines...)
			}
			rest = slices.Delete(rest, i, i+1)
		}
		list = append(list, m)
	}
	for _, q := range rest {
		list = append(list, Moved{Host: hostOf(q.URL), Method: q.Method, URL: secrets.Redact(hideURL(q.URL)), What: "one request more"})
	}
	return list
}

// body compares what two requests send.
func body(was, is *interp.Exchange, secrets *credential.Set) (Moved, bool) {
	m := Moved{Host: hostOf(is.URL), Method: is.Method, URL: secrets.Redact(hideURL(is.URL)), What: "another body"}
	for _, d := range diff(hideAll(was.Body, secrets), hideAll(is.Body, secrets), false) {
		m.Lines = append(m.Lines, d.changed())
	}
	for _, line := range headerLines(was, is, secrets) {
		if len(m.Lines) == 0 {
			m.What = "other headers"
		}
		m.Lines = append(m.Lines, line)
	}
	if len(m.Lines) == 0 && !interp.Equal(was.Body, is.Body) {
		m.Lines = []string{"a value that is hidden"}
	}
	return m, len(m.Lines) > 0
}

func headerLines(was, is *interp.Exchange, secrets *credential.Set) []string {
	var lines []string
	names := map[string]bool{}
	for _, h := range slices.Concat(was.Headers, is.Headers) {
		names[strings.ToLower(h.Name)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := was.Header(name), is.Header(name); a != b {
			lines = append(lines, fmt.Sprintf("header %s: %s was %s", name, inHeader(name, b, secrets), inHeader(name, a, secrets)))
		}
	}
	return lines
}

func inHeader(name, v string, secrets *credential.Set) string {
	return short(hideAll(hide(name, v), secrets))
}

// hideAll copies a value without the secrets of either side, and without what
// looks like one. It has to be done before anything is cut off.
func hideAll(v any, secrets *credential.Set) any {
	switch v := hide("", v).(type) {
	case string:
		return secrets.Redact(v)
	case []any:
		for i := range v {
			v[i] = hideAll(v[i], secrets)
		}
		return v
	case map[string]any:
		for name := range v {
			v[name] = hideAll(v[name], secrets)
		}
		return v
	default:
		return v
	}
}

// changed is a difference of before and after, in a line.
func (d Difference) changed() string {
	at := d.At
	if at == "" {
		at = "it"
	}
	switch {
	case d.Missing:
		return fmt.Sprintf("%s is gone, was %s", at, short(d.Want))
	case d.Extra:
		return fmt.Sprintf("%s is new: %s", at, short(d.Have))
	}
	return fmt.Sprintf("%s: %s was %s", at, short(d.Have), short(d.Want))
}
