package platform

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// writeDispositions vary how uploads, installs and uninstalls are answered,
// and whether they took effect.
func writeDispositions() []Disposition {
	list := []Disposition{}
	add := func(name, varies string, mark Mark, effect Effect, d Detour) {
		list = append(list, Disposition{name, aboutWrites, varies, mark, effect, func(p *Rules) { p.detours = append(p.detours, d) }})
	}
	for _, status := range []int{201, 202, 204} {
		add(fmt.Sprintf("upload-%d", status), fmt.Sprintf("an upload that is taken is answered %d", status), Unknown, Kept, Detour{on: Upload, Takes: true, With: given(wire.Answer{Status: status})})
	}
	add("upload-200-json", "an upload that is taken is answered with the bundle", Unknown, Kept, Detour{on: Upload, Takes: true, With: echo})
	for _, status := range []int{303, 408, 409, 423, 425, 502, 504} {
		for _, takes := range []bool{true, false} {
			what := map[bool]string{true: "took effect", false: "did not take effect"}[takes]
			word := map[bool]string{true: "applied", false: "ignored"}[takes]
			add(fmt.Sprintf("upload-%d-%s", status, word), fmt.Sprintf("the first upload is answered %d and %s", status, what), Unknown, Kept,
				Detour{on: Upload, times: 1, Takes: takes, With: given(statusAnswer(status))})
		}
		add(fmt.Sprintf("install-%d-once", status), fmt.Sprintf("the first try of each install is answered %d and did not take effect", status), Unknown, Kept,
			Detour{on: Install, times: 1, each: true, With: given(statusAnswer(status))})
	}
	for _, after := range []time.Duration{time.Second, 10 * time.Second} {
		add(fmt.Sprintf("upload-lost-lands-%v", after), fmt.Sprintf("the first upload gets no answer, and takes effect %v later", after), Unknown, Kept,
			Detour{on: Upload, times: 1, Lands: after, With: given(wire.Answer{})})
		add(fmt.Sprintf("upload-504-lands-%v", after), fmt.Sprintf("the first upload is answered 504, and takes effect %v later", after), Unknown, Kept,
			Detour{on: Upload, times: 1, Lands: after, With: given(statusAnswer(504))})
	}
	for _, on := range []Endpoint{Upload, Install, Uninstall} {
		errs := []byte(`{"errors":[{"code":"1010","detail":"the integration is locked","status":"400"}],"message":"locked"}`)
		a := wire.Answer{Status: 200, Type: "application/json", Body: errs}
		add(string(on)+"-200-errors", fmt.Sprintf("an %s is answered 200 with errors and doesn't take effect", on), Unknown, Refused, Detour{on: on, With: given(a)})
		add(string(on)+"-200-errors-once", fmt.Sprintf("the first %s is answered 200 with errors and doesn't take effect", on), Unknown, Refused, Detour{on: on, times: 1, With: given(a)})
		add(string(on)+"-503-retry-after", fmt.Sprintf("the first %s is answered 503 with Retry-After: 3", on), Unknown, Kept, Detour{on: on, times: 1, With: given(waiting(503, 3*time.Second))})
		add(string(on)+"-429-retry-after-2m", fmt.Sprintf("the first %s is answered 429 with Retry-After: 120", on), Unknown, Kept, Detour{on: on, times: 1, With: given(waiting(429, 2*time.Minute))})
		add(string(on)+"-403", fmt.Sprintf("every %s is refused with 403", on), Observed, Refused, Detour{on: on, With: given(wire.Plain(403, "Only admin user is allowed"))})
		add(string(on)+"-500", fmt.Sprintf("every %s is answered 500", on), Documented, Refused, Detour{on: on, With: given(wire.Refuse(500, "Internal Server Error", "error message"))})
		add(string(on)+"-second-refused", fmt.Sprintf("every %s but the first is refused with 400", on), Unknown, Refused, Detour{on: on, skip: 1, With: given(wire.Refuse(400, "Bad Request", "quota exceeded"))})
	}
	list = append(list, installAnswers()...)
	return list
}

// installAnswers vary what an install says of a job spec that is installed, or
// of one whose bundle came only now, and uninstalls the same.
func installAnswers() []Disposition {
	list := []Disposition{}
	add := func(name, varies string, mark Mark, d Detour) {
		list = append(list, Disposition{name, aboutWrites, varies, mark, Kept, func(p *Rules) { p.detours = append(p.detours, d) }})
	}
	on := func(r Request) bool { return r.Installed }
	for status, mark := range map[int]Mark{400: Unknown, 409: Observed, 422: Unknown} {
		const text = "job spec is already installed"
		add(fmt.Sprintf("install-again-%d", status), fmt.Sprintf("an install of what is installed is answered %d", status), mark, Detour{on: Install, only: on, With: given(wire.Refuse(status, text, text))})
	}
	for _, status := range []int{201, 202, 204} {
		add(fmt.Sprintf("install-%d", status), fmt.Sprintf("an install is answered %d", status), Unknown, Detour{on: Install, Takes: true, With: given(wire.Answer{Status: status})})
	}
	for _, status := range []int{200, 202} {
		add(fmt.Sprintf("uninstall-%d", status), fmt.Sprintf("an uninstall is answered %d", status), Unknown, Detour{on: Uninstall, Takes: true, With: given(wire.Answer{Status: status})})
	}
	for _, status := range []int{400, 404, 409, 422} {
		const text = "one or more requested job specs is invalid"
		add(fmt.Sprintf("install-unknown-%d", status), fmt.Sprintf("for 2 s after an upload, its job specs are unknown to an install: %d", status), Unknown,
			Detour{on: Install, within: 2 * time.Second, With: given(wire.Refuse(status, text, text))})
	}
	off := func(r Request) bool { return !r.Installed }
	for status, a := range map[int]wire.Answer{204: {Status: 204}, 400: wire.Refuse(400, "job spec is not installed"), 409: wire.Refuse(409, "job spec is not installed")} {
		add(fmt.Sprintf("uninstall-again-%d", status), fmt.Sprintf("an uninstall of what is not installed is answered %d", status), Unknown, Detour{on: Uninstall, only: off, With: given(a)})
	}
	slices.SortStableFunc(list, func(a, b Disposition) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// loginPage is what somebody without a session may be sent to.
const loginPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=\"/access/login\" method=\"post\"></form></body></html>\n"

// statusAnswer is a plain answer of a status, with where to look if it is one
// that says so.
func statusAnswer(status int) wire.Answer {
	a := wire.Plain(status, http.StatusText(status))
	if status == http.StatusSeeOther {
		a = wire.Answer{Status: status}.With("Location", "/api/services/zis/registry/integrations")
	}
	return a
}

func waiting(status int, after time.Duration) wire.Answer {
	return wire.Plain(status, http.StatusText(status)).With("Retry-After", strconv.Itoa(int(after.Seconds())))
}

// echo answers with the request's body.
func echo(r Request) wire.Answer {
	return wire.Answer{Status: 200, Type: "application/json", Body: r.Body}
}

// readDispositions vary how readings are answered: once, for a while, or for
// good.
func readDispositions() []Disposition {
	var list []Disposition
	answers := []struct {
		word, varies string
		with         wire.Answer
	}{
		{"401", "401 Authentication failed", wire.Plain(401, "Authentication failed")},
		{"403", "403 Only admin user is allowed", wire.Plain(403, "Only admin user is allowed")},
		{"404", "404", wire.Refuse(404, "not found")},
		{"500", "500", wire.Refuse(500, "Internal Server Error", "error message")},
		{"login-page", "200 with a page to log in", wire.HTML(200, loginPage)},
		{"login-redirect", "302 to a page to log in", wire.Answer{Status: 302}.With("Location", "/access/unauthenticated")},
		{"odd-json", "200 with JSON of another shape", wire.Answer{Status: 200, Type: "application/json", Body: []byte(`{"bundles":"none","job_specs":7,"name":[]}`)}},
		{"nothing", "200 with nothing", wire.Answer{Status: 200, Type: "application/json"}},
		{"errors", "200 with errors", wire.Answer{Status: 200, Type: "application/json", Body: []byte(`{"errors":[{"code":"1050","detail":"try later","status":"500"}]}`)}},
	}
	for _, side := range []struct {
		word string
		on   Endpoint
	}{{"bundles", Bundles}, {"body", Body}, {"job-specs", JobSpecs}} {
		for _, a := range answers {
			list = append(list,
				reading(fmt.Sprintf("read-%s-%s-once", side.word, a.word), fmt.Sprintf("the first reading of the %s after an upload is %s", side.on, a.varies), Kept, onceAfterUpload(side.on, a.with)),
				reading(fmt.Sprintf("read-%s-%s", side.word, a.word), fmt.Sprintf("after an upload, every reading of the %s for ten minutes is %s", side.on, a.varies), Hidden,
					Detour{on: side.on, within: 10 * time.Minute, With: given(a.with)}),
			)
		}
	}
	return list
}

func reading(name, varies string, effect Effect, d Detour) Disposition {
	return Disposition{name, aboutReads, varies, Unknown, effect, func(p *Rules) { p.detours = append(p.detours, d) }}
}

func onceAfterUpload(on Endpoint, a wire.Answer) Detour {
	return Detour{on: on, within: 10 * time.Minute, times: 1, With: given(a)}
}

// credentialDispositions refuse a kind of credential where the reference takes
// it, or take it where it was seen refused; and vary what tells a secret once.
func credentialDispositions() []Disposition {
	var list []Disposition
	for _, side := range []struct {
		word string
		on   Endpoint
	}{{"bundles", Bundles}, {"body", Body}, {"job-specs", JobSpecs}, {"install", Install}, {"uninstall", Uninstall}} {
		for _, c := range []struct {
			word, varies string
			kind         Credential
			with         wire.Answer
		}{
			{"api-token", "an API token", APIToken, wire.Plain(403, "API token is not supported")},
			{"oauth", "a ZIS OAuth token", ZISToken, wire.Plain(401, "Authorization failed due to OAuth being disabled for this API request")},
		} {
			b := bar{side.on, c.kind, c.with}
			list = append(list, Disposition{
				fmt.Sprintf("credential-%s-no-%s", side.word, c.word), aboutCredentials,
				fmt.Sprintf("%s is refused at the %s", c.varies, side.on), Unknown, Kept, func(p *Rules) { p.barred = append(p.barred, b) },
			})
		}
	}
	for word, kind := range map[string]Credential{"zis-oauth": ZISToken, "oauth": AdminToken} {
		list = append(list, Disposition{
			"credential-upload-takes-" + word, aboutCredentials, "an upload takes " + map[Credential]string{ZISToken: "a ZIS OAuth token", AdminToken: "any OAuth token of an admin"}[kind], Unknown, Kept,
			func(p *Rules) { p.allowed = append(p.allowed, bar{on: Upload, kind: kind}) },
		})
	}
	slices.SortFunc(list, func(a, b Disposition) int { return strings.Compare(a.Name, b.Name) })
	list = append(list, Disposition{"credential-no-api-tokens", aboutCredentials, "API tokens are gone: each is refused as unknown", Documented, Refused, func(p *Rules) { p.NoAPITokens = true }})
	return slices.Concat(list, tokenDispositions(), grantDispositions())
}
