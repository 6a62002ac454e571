package credential_test

import (
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/credential"
)

func TestUnknownShowsWhatIsPlainlyNoSecret(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.example.com/v2/tickets/create_many.json": "",
		"https://api.example.com/v2/users/360000123456":       "",
		"https://api.example.com/v2/{{$.input.id}}/comments":  "",
		"https://{{$.host}}/a?page=2&x={{$.id}}":              "",
		"/api/v2/tickets/{{$.ticket_event.ticket.id}}.json":   "",
		"$.input.subject":                  "",
		"{{$.input.subject}}":              "",
		"Bearer {{$.token}}":               "",
		"application/json":                 "",
		"application/json; charset=utf-8":  "",
		"POST":                             "",
		"api.example.com":                  "",
		"Ticket {{$.id}} was created.":     "",
		"A new ticket, please have a look": "",

		"https://me:hunter2hunter2@api.example.com/x":                         "https://(secret)@api.example.com/x",
		"https://hooks.example.com/in/5f2b8c0d9e7a46318f0c2d4b":               "https://hooks.example.com/in/(secret)",
		"https://hooks.example.com/in/kJhGfDsAqWeRtYuIoPlKmNbVcXz":            "https://hooks.example.com/in/(secret)",
		"https://x.example.com/search?query=external_id={{$.id}}&type=ticket": "",
		"https://x.example.com/a?sig=abcdefgh&page=2":                         "https://x.example.com/a?(secret)&page=2",
		"https://x.example.com/a?session=abcdefgh":                            "https://x.example.com/a?(secret)",
		"Bearer correct-horse-battery":                                        "(secret)",
		"Token: swordfish":                                                    "(secret)",
		"please use hunter2 now":                                              "(secret)",
		"https://Kq7ZpX2vLm9RtB4n.example.com/in":                             "https://(secret).example.com/in",
		"https://me:x@Kq7ZpX2vLm9RtB4n.example.com:8443/in":                   "https://(secret)@(secret).example.com:8443/in",
		"https://me:q83v/jRW+Cr@api.example.com/in":                           "https://(secret)@api.example.com/in",
		"https://me:q83v?jRW#Cr@api.example.com/in":                           "https://(secret)@api.example.com/in",
		"https://{{$.shop}}.example.com:8443/in":                              "",
		"https://acme-eu1.s3.eu-west-1.amazonaws.com/in":                      "",
		"https://[2001:db8:85a3::8a2e]:8443/in":                               "",
		"https://d111111abcdef8.cloudfront.net/in":                            "",
		"https://10.0.0.12/in":                                                "",
		"correct horse battery staple":                                        "(secret)",
		"Correct Horse Battery Staple":                                        "(secret)",
		"correct horse battery for staple":                                    "(secret)",
		"hunter2":                                                             "(secret)",
		"swordfish":                                                           "(secret)",
		"s3cr3t-value-of-old":                                                 "(secret)",
		"Hello s3cr3tv4lue":                                                   "(secret)",
		"Bearer abcdef0123456789":                                             "(secret)",
		"{\"token\": \"abc123def\"}":                                          "(secret)",
		"Token {{$.a}} and 9f8e7d6c5b4a":                                      "(secret)",
		"correcthorsebatterystaplecorrect it":                                 "(secret)",
	} {
		if want == "" {
			want = text
		}
		if have := credential.Unknown(text); have != want {
			t.Errorf("%q is shown as %q, want %q", text, have, want)
		}
	}
}

func TestLiteralsHidesOnlyWhatLooksLikeOne(t *testing.T) {
	ours := func(word string) bool { return word == "0123456789abcdef0123aa" }
	for text, want := range map[string]string{
		`.a + "5f2b8c0d9e7a46318f0c2d4b" + .b`:                    `.a + "(secret)" + .b`,
		`{token: "hunter2!", name: "hunter2!"}`:                   `{token: "(secret)", name: "hunter2!"}`,
		`{"api_key": "abc-def-ghi"}`:                              `{"api_key": "(secret)"}`,
		`.password == "swordfish"`:                                `.password == "(secret)"`,
		`{id: "0123456789abcdef0123aa"}`:                          "",
		`.ticket.custom_field_360000123456 | ascii_downcase`:      "",
		`{text: "Ticket \(.id) of \(.requester.name) is urgent"}`: "",
		`{token: .token}`:                                         "",
	} {
		if want == "" {
			want = text
		}
		if have := credential.Literals(text, ours); have != want {
			t.Errorf("%q is shown as %q, want %q", text, have, want)
		}
	}
}

// FuzzUnknown holds that what is hidden is gone, and that nothing is made up.
func FuzzUnknown(f *testing.F) {
	f.Add("https://a.example/5f2b8c0d9e7a46318f0c2d4b?x=1")
	f.Add("{{a}}/b?c#d")
	f.Fuzz(func(t *testing.T, text string) {
		shown := credential.Unknown(text)
		for part := range strings.SplitSeq(shown, credential.Hidden) {
			if !strings.Contains(text, part) {
				t.Errorf("%q is shown as %q: %q isn't in it", text, shown, part)
			}
		}
		credential.Literals(text, func(string) bool { return false })
	})
}
