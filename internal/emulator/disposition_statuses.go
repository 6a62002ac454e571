package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// writeDispositions vary how uploads, installs and uninstalls are answered,
// and whether they took effect.
func writeDispositions() []Disposition {
	list := []Disposition{}
	add := func(name, varies string, mark Mark, effect Effect, d detour) {
		list = append(list, Disposition{name, aboutWrites, varies, mark, effect, func(p *platform) { p.detours = append(p.detours, d) }})
	}
	for _, status := range []int{201, 202, 204} {
		add(fmt.Sprintf("upload-%d", status), fmt.Sprintf("an upload that is taken is answered %d", status), Unknown, Kept, detour{on: atUpload, takes: true, with: given(answer{status: status})})
	}
	add("upload-200-json", "an upload that is taken is answered with the bundle", Unknown, Kept, detour{on: atUpload, takes: true, with: echo})
	for _, status := range []int{303, 408, 409, 423, 425, 502, 504} {
		for _, takes := range []bool{true, false} {
			what := map[bool]string{true: "took effect", false: "did not take effect"}[takes]
			word := map[bool]string{true: "applied", false: "ignored"}[takes]
			add(fmt.Sprintf("upload-%d-%s", status, word), fmt.Sprintf("the first upload is answered %d and %s", status, what), Unknown, Kept,
				detour{on: atUpload, times: 1, takes: takes, with: given(statusAnswer(status))})
		}
		add(fmt.Sprintf("install-%d-once", status), fmt.Sprintf("the first try of each install is answered %d and did not take effect", status), Unknown, Kept,
			detour{on: atInstall, times: 1, each: true, with: given(statusAnswer(status))})
	}
	for _, after := range []time.Duration{time.Second, 10 * time.Second} {
		add(fmt.Sprintf("upload-lost-lands-%v", after), fmt.Sprintf("the first upload gets no answer, and takes effect %v later", after), Unknown, Kept,
			detour{on: atUpload, times: 1, lands: after, with: given(answer{})})
		add(fmt.Sprintf("upload-504-lands-%v", after), fmt.Sprintf("the first upload is answered 504, and takes effect %v later", after), Unknown, Kept,
			detour{on: atUpload, times: 1, lands: after, with: given(statusAnswer(504))})
	}
	for _, on := range []endpoint{atUpload, atInstall, atUninstall} {
		errs := []byte(`{"errors":[{"code":"1010","detail":"the integration is locked","status":"400"}],"message":"locked"}`)
		a := answer{status: 200, contentType: "application/json", body: errs}
		add(string(on)+"-200-errors", fmt.Sprintf("an %s is answered 200 with errors and doesn't take effect", on), Unknown, Refused, detour{on: on, with: given(a)})
		add(string(on)+"-200-errors-once", fmt.Sprintf("the first %s is answered 200 with errors and doesn't take effect", on), Unknown, Refused, detour{on: on, times: 1, with: given(a)})
		add(string(on)+"-503-retry-after", fmt.Sprintf("the first %s is answered 503 with Retry-After: 3", on), Unknown, Kept, detour{on: on, times: 1, with: given(waiting(503, 3*time.Second))})
		add(string(on)+"-429-retry-after-2m", fmt.Sprintf("the first %s is answered 429 with Retry-After: 120", on), Unknown, Kept, detour{on: on, times: 1, with: given(waiting(429, 2*time.Minute))})
		add(string(on)+"-403", fmt.Sprintf("every %s is refused with 403", on), Observed, Refused, detour{on: on, with: given(plain(403, "Only admin user is allowed"))})
		add(string(on)+"-500", fmt.Sprintf("every %s is answered 500", on), Documented, Refused, detour{on: on, with: given(refuse(500, "Internal Server Error", "error message"))})
		add(string(on)+"-second-refused", fmt.Sprintf("every %s but the first is refused with 400", on), Unknown, Refused, detour{on: on, skip: 1, with: given(refuse(400, "Bad Request", "quota exceeded"))})
	}
	list = append(list, installAnswers()...)
	return list
}

// installAnswers vary what an install says of a job spec that is installed, or
// of one whose bundle came only now, and uninstalls the same.
func installAnswers() []Disposition {
	list := []Disposition{}
	add := func(name, varies string, mark Mark, d detour) {
		list = append(list, Disposition{name, aboutWrites, varies, mark, Kept, func(p *platform) { p.detours = append(p.detours, d) }})
	}
	on := func(r *request) bool { s := r.spec(); return s != nil && s.Installed }
	for status, mark := range map[int]Mark{400: Unknown, 409: Observed, 422: Unknown} {
		const text = "job spec is already installed"
		add(fmt.Sprintf("install-again-%d", status), fmt.Sprintf("an install of what is installed is answered %d", status), mark, detour{on: atInstall, only: on, with: given(refuse(status, text, text))})
	}
	for _, status := range []int{201, 202, 204} {
		add(fmt.Sprintf("install-%d", status), fmt.Sprintf("an install is answered %d", status), Unknown, detour{on: atInstall, takes: true, with: given(answer{status: status})})
	}
	for _, status := range []int{200, 202} {
		add(fmt.Sprintf("uninstall-%d", status), fmt.Sprintf("an uninstall is answered %d", status), Unknown, detour{on: atUninstall, takes: true, with: given(answer{status: status})})
	}
	for _, status := range []int{400, 404, 409, 422} {
		const text = "one or more requested job specs is invalid"
		add(fmt.Sprintf("install-unknown-%d", status), fmt.Sprintf("for 2 s after an upload, its job specs are unknown to an install: %d", status), Unknown,
			detour{on: atInstall, within: 2 * time.Second, with: given(refuse(status, text, text))})
	}
	off := func(r *request) bool { s := r.spec(); return s == nil || !s.Installed }
	for status, a := range map[int]answer{204: {status: 204}, 400: refuse(400, "job spec is not installed"), 409: refuse(409, "job spec is not installed")} {
		add(fmt.Sprintf("uninstall-again-%d", status), fmt.Sprintf("an uninstall of what is not installed is answered %d", status), Unknown, detour{on: atUninstall, only: off, with: given(a)})
	}
	slices.SortStableFunc(list, func(a, b Disposition) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// statusAnswer is a plain answer of a status, with where to look if it is one
// that says so.
func statusAnswer(status int) answer {
	a := plain(status, http.StatusText(status))
	if status == http.StatusSeeOther {
		a = withHeader(answer{status: status}, "Location", "/api/services/zis/registry/integrations")
	}
	return a
}

func waiting(status int, after time.Duration) answer {
	return withHeader(plain(status, http.StatusText(status)), "Retry-After", strconv.Itoa(int(after.Seconds())))
}

// echo answers with the request's body.
func echo(r *request) answer {
	return answer{status: 200, contentType: "application/json", body: r.body}
}

// readDispositions vary how readings are answered: once, for a while, or for
// good.
func readDispositions() []Disposition {
	var list []Disposition
	answers := []struct {
		word, varies string
		with         answer
	}{
		{"401", "401 Authentication failed", plain(401, "Authentication failed")},
		{"403", "403 Only admin user is allowed", plain(403, "Only admin user is allowed")},
		{"404", "404", refuse(404, "not found")},
		{"500", "500", refuse(500, "Internal Server Error", "error message")},
		{"login-page", "200 with a page to log in", htmlPage(200, loginPage)},
		{"login-redirect", "302 to a page to log in", withHeader(answer{status: 302}, "Location", "/access/unauthenticated")},
		{"odd-json", "200 with JSON of another shape", answer{status: 200, contentType: "application/json", body: []byte(`{"bundles":"none","job_specs":7,"name":[]}`)}},
		{"nothing", "200 with nothing", answer{status: 200, contentType: "application/json"}},
		{"errors", "200 with errors", answer{status: 200, contentType: "application/json", body: []byte(`{"errors":[{"code":"1050","detail":"try later","status":"500"}]}`)}},
	}
	for _, side := range []struct {
		word string
		on   endpoint
	}{{"bundles", atBundles}, {"body", atBody}, {"job-specs", atSpecs}} {
		for _, a := range answers {
			list = append(list,
				reading(fmt.Sprintf("read-%s-%s-once", side.word, a.word), fmt.Sprintf("the first reading of the %s after an upload is %s", side.on, a.varies), Kept, onceAfterUpload(side.on, a.with)),
				reading(fmt.Sprintf("read-%s-%s", side.word, a.word), fmt.Sprintf("after an upload, every reading of the %s for ten minutes is %s", side.on, a.varies), Hidden,
					detour{on: side.on, within: 10 * time.Minute, with: given(a.with)}),
			)
		}
	}
	return list
}

func reading(name, varies string, effect Effect, d detour) Disposition {
	return Disposition{name, aboutReads, varies, Unknown, effect, func(p *platform) { p.detours = append(p.detours, d) }}
}

func onceAfterUpload(on endpoint, a answer) detour {
	return detour{on: on, within: 10 * time.Minute, times: 1, with: given(a)}
}

// credentialDispositions refuse a kind of credential where the reference takes
// it, or take it where it was seen refused; and vary what tells a secret once.
func credentialDispositions() []Disposition {
	var list []Disposition
	for _, side := range []struct {
		word string
		on   endpoint
	}{{"bundles", atBundles}, {"body", atBody}, {"job-specs", atSpecs}, {"install", atInstall}, {"uninstall", atUninstall}} {
		for _, c := range []struct {
			word, varies string
			kind         credential
			with         answer
		}{
			{"api-token", "an API token", apiToken, plain(403, "API token is not supported")},
			{"oauth", "a ZIS OAuth token", zisToken, plain(401, "Authorization failed due to OAuth being disabled for this API request")},
		} {
			b := bar{side.on, c.kind, c.with}
			list = append(list, Disposition{
				fmt.Sprintf("credential-%s-no-%s", side.word, c.word), aboutCredentials,
				fmt.Sprintf("%s is refused at the %s", c.varies, side.on), Unknown, Kept, func(p *platform) { p.barred = append(p.barred, b) },
			})
		}
	}
	return append(list, tokenDispositions()...)
}
