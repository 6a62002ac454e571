package flowtest

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// boundary answers the requests of one run from its mocks.
type boundary struct {
	account  interp.Account
	mocks    []Mock
	used     []int
	live     func(context.Context, *interp.Request) (interp.Reply, bool, error) // nil: no network
	problems []Problem
	touched  interp.Touched
}

// do is the boundary's side of interp.Start.HTTP.
func (b *boundary) do(ctx context.Context, q *interp.Request) (interp.Reply, error) {
	var fitting []int
	for i := range b.mocks {
		if b.free(i) && len(b.compare(ctx, &b.mocks[i].Expect, q)) == 0 {
			fitting = append(fitting, i)
		}
	}
	if len(fitting) == 0 {
		if b.live != nil {
			if reply, ok, err := b.live(ctx, q); ok || err != nil {
				return reply, err
			}
		}
		return interp.Reply{}, b.unexpected(ctx, q)
	}
	first := fitting[0]
	for _, other := range fitting[1:] {
		if !b.mocks[first].Expect.same(b.mocks[other].Expect) {
			return interp.Reply{}, b.fail(b.mocks[other].Place, fmt.Sprintf("two mocks fit %s %s: this one and that in line %d", q.Method, hideURL(q.URL), b.mocks[first].Place.Line), "say in one of them what sets it apart")
		}
	}
	b.used[first]++
	return b.mocks[first].Reply, nil
}

func (b *boundary) free(i int) bool { return b.mocks[i].Times == 0 || b.used[i] < b.mocks[i].Times }

func (b *boundary) fail(at tree.Place, text, help string, details ...string) error {
	b.problems = append(b.problems, Problem{Text: text, Help: help, Details: details, Test: at})
	return stopError(text)
}

// stopError ends a run at a request; the problem is told already.
type stopError string

func (e stopError) Error() string { return string(e) }

// unexpected tells of a request that no mock is for, and how the nearest one
// differs.
func (b *boundary) unexpected(ctx context.Context, q *interp.Request) error {
	text := fmt.Sprintf("unexpected request %s %s", q.Method, hideURL(q.URL))
	if q.HasBody {
		text += " " + shown(q.Body)
	}
	nearest, least := -1, []string(nil)
	for i := range b.mocks {
		differs := b.compare(ctx, &b.mocks[i].Expect, q)
		if len(differs) == 0 {
			return b.fail(b.mocks[i].Place, text, fmt.Sprintf("this mock fits, and was there for %s", english.Plural(b.mocks[i].Times, "request")))
		}
		if b.free(i) && (nearest < 0 || len(differs) < len(least)) {
			nearest, least = i, differs
		}
	}
	if nearest < 0 {
		return b.fail(tree.Place{}, text, "add a mock for it under http")
	}
	return b.fail(b.mocks[nearest].Place, text, "the nearest mock is this one", least...)
}

// compare lists how a request differs from what is expected; none: it fits.
func (b *boundary) compare(ctx context.Context, e *Expect, q *interp.Request) []string {
	var differs []string
	if e.Method != "" && e.Method != q.Method {
		differs = append(differs, fmt.Sprintf("the method is %s, want %s", q.Method, e.Method))
	}
	differs = append(differs, b.compareURL(e, q)...)
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		have, want := q.Header(name), e.Headers[name]
		if slices.ContainsFunc(q.Headers, func(h interp.Header) bool { return strings.EqualFold(h.Name, name) && h.Assumed }) {
			b.touched.Add(interp.ContentType)
		}
		if have != want {
			differs = append(differs, fmt.Sprintf("the header %s is %q, want %q", name, hide(name, have), hide(name, want)))
		}
	}
	if e.Body != nil {
		differs = append(differs, e.Body.compare(ctx, q)...)
	}
	return differs
}

func (b *boundary) compareURL(e *Expect, q *interp.Request) []string {
	have, err := url.Parse(q.URL)
	if err != nil {
		return []string{"the request's address can't be read"}
	}
	query, _ := url.ParseQuery(have.RawQuery)
	var differs []string
	if e.Query != nil {
		differs = compareQuery(e.Query, query)
	}
	if e.URL == "" {
		return differs
	}
	text := e.URL
	if strings.HasPrefix(text, "/") {
		text = "https://" + b.account.Host() + text
	}
	want, err := url.Parse(text)
	if err != nil {
		return append(differs, fmt.Sprintf("the address %q can't be read", e.URL))
	}
	if address(want) != address(have) || e.Query == nil && want.RawQuery != have.RawQuery && sorted(want) != sorted(have) {
		differs = append(differs, fmt.Sprintf("the url is %s, want %s", hideURL(q.URL), hideURL(text)))
	}
	return differs
}

func address(u *url.URL) string { return u.Scheme + "://" + u.Host + u.EscapedPath() }

func sorted(u *url.URL) string {
	values, _ := url.ParseQuery(u.RawQuery)
	return values.Encode()
}

func compareQuery(want map[string]any, have url.Values) []string {
	wanted := url.Values{}
	for name, v := range want {
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for _, item := range list {
			wanted.Add(name, plainText(item))
		}
	}
	if wanted.Encode() == have.Encode() {
		return nil
	}
	return []string{fmt.Sprintf("the query is %q, want %q", hideQuery(have.Encode()), hideQuery(wanted.Encode()))}
}

func (body *Body) compare(ctx context.Context, q *interp.Request) []string {
	if body.Form == Jq {
		return body.jq(ctx, q)
	}
	if !q.HasBody {
		if body.Value == nil {
			return nil
		}
		return []string{"the request has no body, want " + short(body.Value)}
	}
	var differs []string
	for _, d := range diff(body.Value, q.Body, body.Form == Subset) {
		d.At = "/body" + d.At
		differs = append(differs, d.String())
	}
	return differs
}

func (body *Body) jq(ctx context.Context, q *interp.Request) []string {
	program, errs := jq.Compile(body.Jq)
	if len(errs) > 0 {
		return []string{"jq: " + errs[0].Message}
	}
	out, err := program.Run(ctx, q.Body, time.Time{})
	switch {
	case err != nil:
		return []string{fmt.Sprintf("jq %s of the body fails: %s", body.Jq, credential.Sentence(err.Error()))}
	case len(out) != 1 || out[0] != true:
		return []string{fmt.Sprintf("jq %s of the body gives %s, want true", body.Jq, shown(out))}
	}
	return nil
}

func (r *caseReader) checkJq(at tree.Place, program string) {
	if _, errs := jq.Compile(program); len(errs) > 0 {
		r.Report(at, errs[0].Help, "the jq program fails: %s", errs[0].Message)
	}
}

// same tells whether two mocks expect the same: they answer one after the
// other.
func (e Expect) same(o Expect) bool {
	if e.Method != o.Method || e.URL != o.URL || len(e.Headers) != len(o.Headers) || (e.Body == nil) != (o.Body == nil) || (e.Query == nil) != (o.Query == nil) {
		return false
	}
	for name, v := range e.Headers {
		if o.Headers[name] != v {
			return false
		}
	}
	if e.Query != nil && !interp.Equal(e.Query, o.Query) {
		return false
	}
	return e.Body == nil || e.Body.Form == o.Body.Form && e.Body.Jq == o.Body.Jq && interp.Equal(e.Body.Value, o.Body.Value)
}

// unused tells of mocks that were not asked as often as they say.
func (b *boundary) unused() []Problem {
	var list []Problem
	for i, m := range b.mocks {
		switch {
		case b.used[i] == 0:
			list = append(list, Problem{Text: "no request used this mock: " + m.Expect.String(), Test: m.Place})
		case b.used[i] < m.Times:
			list = append(list, Problem{Text: fmt.Sprintf("%d of %s used this mock: %s", b.used[i], english.Plural(m.Times, "request"), m.Expect), Test: m.Place})
		}
	}
	return list
}

// String is METHOD URL.
func (e Expect) String() string {
	method, address := e.Method, e.URL
	if method == "" {
		method = "any method"
	}
	if address == "" {
		address = "any address"
	}
	return method + " " + address
}
