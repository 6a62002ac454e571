package platform

import (
	"net/url"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// tokenDispositions vary what registration and the minting of tokens tell.
func tokenDispositions() []Disposition {
	answers := func(name, varies string, mark Mark, on Endpoint, c shape.Change) Disposition {
		return Disposition{name, aboutCredentials, varies, mark, Kept, func(p *Rules) { p.forms = append(p.forms, form{on: on, change: c}) }}
	}
	instead := func(name, varies string, mark Mark, effect Effect, d Detour) Disposition {
		return Disposition{name, aboutCredentials, varies, mark, effect, func(p *Rules) { p.detours = append(p.detours, d) }}
	}
	there := func(r Request) bool { return r.Registered }
	secret := []string{"zendesk_oauth_client", "secret"}
	exists := wire.Refuse(409, "integration already exists")
	return []Disposition{
		instead("register-again-409", "registration of a name that the account has is answered 409", Observed, Kept, Detour{on: Register, only: there, With: given(exists)}),
		instead("register-again-masked", "registration of a name that the account has tells the secret masked", Unknown, Kept, Detour{on: Register, only: there, Real: changedBody(shape.At(constant("************"), secret...))}),
		answers("register-masked", "registration tells the secret masked", Unknown, Register, shape.At(constant("************"), secret...)),
		answers("register-short-mask", "registration tells the secret masked but for its beginning", Unknown, Register, shape.At(constant("abcd****"), secret...)),
		answers("register-empty-secret", "registration tells an empty secret", Unknown, Register, shape.At(constant(""), secret...)),
		answers("register-null-secret", "registration tells null for the secret", Unknown, Register, shape.At(constant(nil), secret...)),
		answers("register-no-secret", "registration tells no secret", Unknown, Register, shape.Without(secret...)),
		answers("register-no-client", "registration tells nothing of the OAuth client", Unknown, Register, shape.Without("zendesk_oauth_client")),
		answers("register-wrapped", `registration answers {"integration": …}`, Unknown, Register, func(v any) any { return map[string]any{"integration": v} }),
		instead("register-201", "registration is answered 201", Unknown, Kept, Detour{on: Register, Real: func(a wire.Answer) wire.Answer { a.Status = max(a.Status, 201); return a }}),
		instead("register-not-kept", "registration is answered 200 {} and registers nothing", Unknown, Refused, Detour{on: Register, With: given(wire.Answer{Status: 200, Type: "application/json", Body: []byte("{}")})}),
		instead("register-403", "registration is refused: ZIS is not enabled in the account", Observed, Refused, Detour{on: Register, With: given(wire.Plain(403, "Forbidden"))}),
		answers("token-masked", "a new token is told masked", Unknown, Token, shape.At(constant("*****"), "token", "full_token")),
		answers("token-short", "a new token is told by its beginning alone", Unknown, Token, shape.At(func(v any) any { return shape.Cut(10)(wire.Text(v)) }, "token", "full_token")),
		answers("token-empty", "a new token is told empty", Unknown, Token, shape.At(constant(""), "token", "full_token")),
		answers("token-missing", "a new token isn't told", Unknown, Token, shape.Without("token", "full_token")),
		instead("token-200", "a new token is answered with 200", Inferred, Kept, Detour{on: Token, Real: func(a wire.Answer) wire.Answer {
			if a.Status == 201 {
				a.Status = 200
			}
			return a
		}}),
		answers("clients-text-ids", "ids of OAuth clients are texts", Unknown, Clients, shape.At(shape.AsText, "clients", "*", "id")),
		{"clients-cursor", aboutCredentials, "the list of OAuth clients has cursors instead of page numbers", Inferred, Kept, func(p *Rules) {
			p.forms = append(p.forms, form{on: Clients, finish: cursorPages})
		}},
	}
}

// grantDispositions vary what the grant of client credentials tells, and the
// end of tokens.
func grantDispositions() []Disposition {
	answers := func(name, varies string, mark Mark, on Endpoint, c shape.Change) Disposition {
		return Disposition{name, aboutCredentials, varies, mark, Kept, func(p *Rules) { p.forms = append(p.forms, form{on: on, change: c}) }}
	}
	instead := func(name, varies string, mark Mark, effect Effect, d Detour) Disposition {
		return Disposition{name, aboutCredentials, varies, mark, effect, func(p *Rules) { p.detours = append(p.detours, d) }}
	}
	return []Disposition{
		instead("grant-201", "the grant of client credentials is answered with 201", Documented, Kept, Detour{on: Grant, Real: func(a wire.Answer) wire.Answer {
			if a.Status == 200 {
				a.Status = 201
			}
			return a
		}}),
		answers("grant-no-life", "the grant of client credentials tells no expires_in", Unknown, Grant, shape.Without("expires_in")),
		answers("grant-life-as-text", "the grant of client credentials tells expires_in as a text", Unknown, Grant, shape.At(shape.AsText, "expires_in")),
		answers("grant-masked", "the grant of client credentials tells the token masked", Unknown, Grant, shape.At(constant("*****"), "access_token")),
		instead("grant-429-once", "the first grant of client credentials is answered 429 with Retry-After: 3", Unknown, Kept, Detour{on: Grant, times: 1, With: given(waiting(429, 3*time.Second))}),
		{"grant-short-life", aboutCredentials, "tokens of client credentials live for one minute, whatever is said", Unknown, Kept, func(p *Rules) { p.TokenLife = time.Minute }},
		instead("revoke-403", "the revocation of a token is refused", Unknown, Kept, Detour{on: Revoke, With: given(wire.Reply(403, map[string]string{"error": "Forbidden"}))}),
		instead("revoke-404", "the revocation of a token is answered 404, and it is dead", Unknown, Kept, Detour{on: Revoke, Takes: true, With: given(wire.Reply(404, map[string]string{"error": "RecordNotFound"}))}),
	}
}

func changedBody(c shape.Change) func(wire.Answer) wire.Answer {
	return func(a wire.Answer) wire.Answer {
		if v, err := wire.Decode(a.Body); err == nil {
			a.Body = shape.Style{}.Write(c(v))
		}
		return a
	}
}

// cursorPages turns a numbered page into one of Zendesk's cursor pages: meta
// and links, and no count. A cursor is the number of a page that isn't told as
// one.
func cursorPages(r Request, a wire.Answer) wire.Answer {
	v, err := wire.Decode(a.Body)
	if err != nil {
		return a
	}
	m := wire.Object(v)
	next, _ := m["next_page"].(string)
	u, err := url.Parse(next)
	links, meta := map[string]any{"next": nil}, map[string]any{"has_more": next != "", "after_cursor": nil}
	if err == nil && next != "" {
		cursor := "page" + u.Query().Get("page")
		meta["after_cursor"] = cursor
		links["next"] = r.Address(r.URL.Path, url.Values{"page[after]": {cursor}, "page[size]": {"100"}}.Encode())
	}
	a.Body = shape.Style{}.Write(map[string]any{"clients": m["clients"], "meta": meta, "links": links})
	return a
}
