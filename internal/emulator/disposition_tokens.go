package emulator

import (
	"net/url"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
)

// tokenDispositions vary what registration and the minting of tokens tell.
func tokenDispositions() []Disposition {
	answers := func(name, varies string, mark Mark, on endpoint, c shape.Change) Disposition {
		return Disposition{name, aboutCredentials, varies, mark, Kept, func(p *platform) { p.forms = append(p.forms, form{on: on, change: c}) }}
	}
	instead := func(name, varies string, mark Mark, effect Effect, d detour) Disposition {
		return Disposition{name, aboutCredentials, varies, mark, effect, func(p *platform) { p.detours = append(p.detours, d) }}
	}
	there := func(r *request) bool { return r.integration != nil }
	secret := []string{"zendesk_oauth_client", "secret"}
	exists := refuse(409, "integration already exists")
	return []Disposition{
		instead("register-again-409", "registration of a name that the account has is answered 409", Observed, Kept, detour{on: atRegister, only: there, with: given(exists)}),
		instead("register-again-masked", "registration of a name that the account has tells the secret masked", Unknown, Kept, detour{on: atRegister, only: there, body: changedBody(shape.At(constant(mask), secret...))}),
		answers("register-masked", "registration tells the secret masked", Unknown, atRegister, shape.At(constant(mask), secret...)),
		answers("register-short-mask", "registration tells the secret masked but for its beginning", Unknown, atRegister, shape.At(constant("abcd****"), secret...)),
		answers("register-empty-secret", "registration tells an empty secret", Unknown, atRegister, shape.At(constant(""), secret...)),
		answers("register-null-secret", "registration tells null for the secret", Unknown, atRegister, shape.At(constant(nil), secret...)),
		answers("register-no-secret", "registration tells no secret", Unknown, atRegister, shape.Without(secret...)),
		answers("register-no-client", "registration tells nothing of the OAuth client", Unknown, atRegister, shape.Without("zendesk_oauth_client")),
		answers("register-wrapped", `registration answers {"integration": …}`, Unknown, atRegister, func(v any) any { return map[string]any{"integration": v} }),
		instead("register-201", "registration is answered 201", Unknown, Kept, detour{on: atRegister, body: func(a answer) answer { a.status = max(a.status, 201); return a }}),
		instead("register-not-kept", "registration is answered 200 {} and registers nothing", Unknown, Refused, detour{on: atRegister, with: given(answer{status: 200, contentType: "application/json", body: []byte("{}")})}),
		instead("register-403", "registration is refused: ZIS is not enabled in the account", Observed, Refused, detour{on: atRegister, with: given(plain(403, "Forbidden"))}),
		answers("token-masked", "a new token is told masked", Unknown, atToken, shape.At(constant("*****"), "token", "full_token")),
		answers("token-short", "a new token is told by its beginning alone", Unknown, atToken, shape.At(func(v any) any { return shape.Cut(10)(text(v)) }, "token", "full_token")),
		answers("token-empty", "a new token is told empty", Unknown, atToken, shape.At(constant(""), "token", "full_token")),
		answers("token-missing", "a new token isn't told", Unknown, atToken, shape.Without("token", "full_token")),
		instead("token-200", "a new token is answered with 200", Inferred, Kept, detour{on: atToken, body: func(a answer) answer {
			if a.status == 201 {
				a.status = 200
			}
			return a
		}}),
		answers("clients-text-ids", "ids of OAuth clients are texts", Unknown, atClients, shape.At(shape.AsText, "clients", "*", "id")),
		{"clients-cursor", aboutCredentials, "the list of OAuth clients has cursors instead of page numbers", Inferred, Kept, func(p *platform) {
			p.forms = append(p.forms, form{on: atClients, finish: cursorPages})
		}},
	}
}

func changedBody(c shape.Change) func(answer) answer {
	return func(a answer) answer {
		if v, err := decode(a.body); err == nil {
			a.body = shape.Style{}.Write(c(v))
		}
		return a
	}
}

// cursorPages turns a numbered page into one of Zendesk's cursor pages: meta
// and links, and no count. A cursor is the number of a page that isn't told as
// one.
func cursorPages(r *request, a answer) answer {
	v, err := decode(a.body)
	if err != nil {
		return a
	}
	m := object(v)
	next, _ := m["next_page"].(string)
	u, err := url.Parse(next)
	links, meta := map[string]any{"next": nil}, map[string]any{"has_more": next != "", "after_cursor": nil}
	if err == nil && next != "" {
		cursor := "page" + u.Query().Get("page")
		meta["after_cursor"] = cursor
		links["next"] = address(r, r.URL.Path, url.Values{"page[after]": {cursor}, "page[size]": {"100"}})
	}
	a.body = shape.Style{}.Write(map[string]any{"clients": m["clients"], "meta": meta, "links": links})
	return a
}
