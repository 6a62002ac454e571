package wire_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// An error comes in one of three forms: the documented envelope, the message
// alone (a taken name), plain text (a refused credential).
func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer wire.Answer
		status int
		kind   string
		body   string
	}{
		{
			"the documented 400", wire.Refuse(400, "Bad Request", "invalid integration key"), 400, "application/json",
			`{"errors":[{"code":"1010","detail":"invalid integration key","status":"400"}],"message":"Bad Request"}`,
		},
		{
			"the documented 500", wire.Refuse(500, "Internal Server Error", "a", "b"), 500, "application/json",
			`{"errors":[{"code":"1050","detail":"a","status":"500"},{"code":"1050","detail":"b","status":"500"}],"message":"Internal Server Error"}`,
		},
		{
			"a taken name", wire.Refuse(400, "the integration: acme is not available for upsert by this account"), 400, "application/json",
			`{"message":"the integration: acme is not available for upsert by this account"}`,
		},
		{"a refused credential", wire.Plain(401, "Authentication failed"), 401, "text/plain; charset=utf-8", "Authentication failed"},
		{"a page", wire.HTML(502, "<title>Down</title>"), 502, "text/html; charset=utf-8", "<title>Down</title>"},
		{"a broken state file", wire.Broken(errors.New("no space left")), 500, "application/json", `{"errors":[{"code":"1050","detail":"no space left","status":"500"}],"message":"Internal Server Error"}`},
		{"text with signs", wire.Reply(200, map[string]any{"b": "<&>", "a": []int{1}}), 200, "application/json", `{"a":[1],"b":"<&>"}`},
		{"what can't be JSON", wire.Reply(200, func() {}), 500, "text/plain; charset=utf-8", "json: unsupported type: func()"},
		{"nothing", wire.Answer{Status: 204}, 204, "", ""},
	} {
		w := httptest.NewRecorder()
		tt.answer.Send(w)
		if w.Code != tt.status || w.Header().Get("Content-Type") != tt.kind || w.Body.String() != tt.body {
			t.Errorf("%s: %d %q %s, want %d %q %s", tt.name, w.Code, w.Header().Get("Content-Type"), w.Body, tt.status, tt.kind, tt.body)
		}
	}
}

// A header more is no header of the answer that it was added to.
func TestHeaders(t *testing.T) {
	plain := wire.Plain(429, "slow down")
	first := plain.With("Retry-After", "3")
	second := first.With("Retry-After", "5").With("Date", "now")
	for _, tt := range []struct {
		answer wire.Answer
		want   string
	}{{plain, ""}, {first, "3"}, {second, "5"}} {
		w := httptest.NewRecorder()
		tt.answer.Send(w)
		if got := w.Header().Get("Retry-After"); got != tt.want {
			t.Errorf("Retry-After is %q, want %q", got, tt.want)
		}
	}
}

// Where no answer comes, the connection breaks.
func TestNoAnswer(t *testing.T) {
	defer func() {
		if r := recover(); r != http.ErrAbortHandler { //nolint:errorlint // of a panic
			t.Errorf("the handler ended with %v", r)
		}
	}()
	wire.Answer{}.Send(httptest.NewRecorder())
}

// A body is one JSON value, whose numbers keep every digit.
func TestDecode(t *testing.T) {
	for text, want := range map[string]string{
		`{"id": 12608007991101234567}`: "map[id:12608007991101234567]", `[1.50, 1e2]`: "[1.50 1e2]", ` "a" `: "a", `null`: "<nil>",
		``: "error: EOF", `{`: "error: unexpected EOF", `{} {}`: "error: something follows the value", `{"a": 1}x`: "error: something follows the value",
	} {
		got := ""
		if v, err := wire.Decode([]byte(text)); err != nil {
			got = "error: " + err.Error()
		} else {
			got = fmt.Sprint(v)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if wire.Object([]any{}) != nil || wire.Object(nil) != nil || wire.Text(7) != "" || wire.Text("a") != "a" {
		t.Error("what is no object or text is taken for one")
	}
}

// TestPages: 20 entries, at most 100, cursors that are ids (docs/platform.md
// 1.4). The list has the entries 1 to n; a page is told as first-last.
func TestPages(t *testing.T) {
	for _, tt := range []struct {
		n     int
		query string
		rules wire.PageRules
		want  string
	}{
		{0, "", wire.PageRules{}, "none"},
		{1, "", wire.PageRules{}, "1-1"},
		{20, "", wire.PageRules{}, "1-20"},
		{21, "", wire.PageRules{}, "1-20 more"},
		{21, "page[after]=20", wire.PageRules{}, "21-21"},
		{20, "page[after]=20", wire.PageRules{}, "none"},
		{50, "page[after]=20", wire.PageRules{}, "21-40 more"},
		{250, "page[size]=100", wire.PageRules{}, "1-100 more"},
		{250, "page[size]=100&page[after]=200", wire.PageRules{}, "201-250"},
		{100, "page[size]=100", wire.PageRules{}, "1-100"},
		{5, "page[size]=1&page[after]=4", wire.PageRules{}, "5-5"},
		{50, "page[before]=41", wire.PageRules{}, "21-40 more"},
		{50, "page[before]=21", wire.PageRules{}, "1-20"},
		{50, "page[before]=3&page[size]=10", wire.PageRules{}, "1-2"},
		{50, "page[before]=1", wire.PageRules{}, "none"},
		{50, "page[size]=0", wire.PageRules{}, "error: page[size] is a number from 1 to 100"},
		{50, "page[size]=101", wire.PageRules{}, "error: page[size] is a number from 1 to 100"},
		{50, "page[size]=many", wire.PageRules{}, "error: page[size] is a number from 1 to 100"},
		{50, "page[after]=99", wire.PageRules{}, "error: the cursor is not of this list"},
		{50, "page[before]=x", wire.PageRules{}, "error: the cursor is not of this list"},
		{50, "page[after]=1&page[before]=9", wire.PageRules{}, "error: page[after] and page[before] exclude each other"},
		// a platform that gives two entries whatever is asked for
		{5, "page[size]=100", wire.PageRules{Most: 2}, "1-2 more"},
		{5, "page[size]=1", wire.PageRules{Most: 2}, "1-1 more"},
		{5, "page[after]=4", wire.PageRules{Most: 2}, "5-5"},
		// or begins with the last entry of the page before
		{5, "page[after]=2", wire.PageRules{Most: 2, Overlap: true}, "2-3 more"},
		{5, "page[after]=4", wire.PageRules{Most: 2, Overlap: true}, "4-5"},
		{5, "", wire.PageRules{Most: 2, Overlap: true}, "1-2 more"},
		// a cursor that a platform has made longer, to tell that there is more for ever
		{5, "page[after]=5~~", wire.PageRules{}, "none"},
	} {
		q, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		var list []int
		for i := range tt.n {
			list = append(list, i+1)
		}
		got := told(wire.Page(q, tt.rules, list, func(i int) string { return fmt.Sprint(i) }))
		if got != tt.want {
			t.Errorf("%d entries, %q, %+v: %s, want %s", tt.n, tt.query, tt.rules, got, tt.want)
		}
	}
}

func told(page []int, m wire.Meta, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	if len(page) == 0 {
		return "none"
	}
	text := fmt.Sprintf("%d-%d", page[0], page[len(page)-1])
	if fmt.Sprintf("%s-%s", m.Before, m.After) != text {
		text += " with other cursors"
	}
	if m.HasMore {
		text += " more"
	}
	return text
}

// Whoever follows the cursors sees each entry once, whatever the page's size.
func TestPagesTogetherAreTheList(t *testing.T) {
	var list []string
	for i := range 47 {
		list = append(list, fmt.Sprintf("5c722550-%04d", i))
	}
	for size := 1; size <= 50; size++ {
		var all []string
		q := url.Values{"page[size]": {fmt.Sprint(size)}}
		for {
			page, m, err := wire.Page(q, wire.PageRules{}, list, strings.Clone)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page...)
			if !m.HasMore {
				break
			}
			q.Set("page[after]", m.After)
		}
		if strings.Join(all, " ") != strings.Join(list, " ") {
			t.Errorf("pages of %d: %d entries, want %d", size, len(all), len(list))
		}
	}
}
