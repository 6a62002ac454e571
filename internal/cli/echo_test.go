package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/cli"
)

// echoForms are how a server writes a secret that it was sent into an answer.
var echoForms = []struct {
	name  string
	write func(secret string) string
}{
	{"whole", func(s string) string { return "got " + s + " here" }},
	{"cut where a message is cut", func(s string) string { return strings.Repeat("x ", 150-len(s)/4) + s + strings.Repeat(" y", 400) }},
	{"cut in front of its last character", func(s string) string { return strings.Repeat("é", 300-len(s)+1) + s + strings.Repeat("z", 400) }},
	{"split by a space", func(s string) string { return "got " + s[:len(s)/2] + " " + s[len(s)/2:] + " here" }},
	{"split over lines", func(s string) string { return "got " + s[:7] + "\r\n   " + s[7:15] + "\n\t" + s[15:] + " here" }},
	{"escaped as JSON", func(s string) string { return "got " + quotedJSON(s) + " here" }},
	{"escaped for a URL", func(s string) string { return "got ?key=" + url.QueryEscape(s) + "&b=1" }},
	{"escaped for a path", func(s string) string { return "got /in/" + url.PathEscape(s) + "/b" }},
	{"base64", func(s string) string { return "got " + base64.StdEncoding.EncodeToString([]byte(s)) + " here" }},
	{"base64 without padding", func(s string) string { return "got " + base64.RawURLEncoding.EncodeToString([]byte(s)) + " here" }},
	{"several times", func(s string) string { return strings.Repeat(s+",", 40) }},
}

// echoAnswer is an answer that holds it, and to which request.
type echoAnswer struct {
	name, method, kind string
	status             int
	body               func(text string) string
}

var echoAnswers = []echoAnswer{
	{"errors of an upload", http.MethodPost, "application/json", 400, func(s string) string { return `{"errors":[{"code":"1","title":` + mustJSON(s) + `}]}` }},
	{"message of an upload", http.MethodPost, "application/json", 422, func(s string) string { return `{"message":` + mustJSON(s) + `}` }},
	{"text of an upload", http.MethodPost, "text/plain", 403, func(s string) string { return s }},
	{"page of a list", http.MethodGet, "text/html", 403, func(s string) string {
		return "<html><head><title>" + html.EscapeString(s) + "</title></head><body><p>" + s + "</p></body></html>"
	}},
	{"error of a list", http.MethodGet, "application/json", 403, func(s string) string { return `{"error":{"title":"no","message":` + mustJSON(s) + `}}` }},
}

func mustJSON(s string) string {
	text, _ := json.Marshal(s) // a string: can't fail
	return string(text)
}

func quotedJSON(s string) string { return strings.Trim(mustJSON(s), `"`) }

// echoSinks are what a deploy that failed leaves behind.
var echoSinks = []string{"stdout and stderr, with annotations", "summary", "outputs", "report file"}

// echoedSecrets are what a server is sent.
var echoedSecrets = []struct{ name, value string }{
	{"API token", "Kq7ZpX2vLm9RtB4nWc8Yd3HfAa"},
	{"secret variable", `pa/ss+w0rd"of&the<job>=K9x`},
}

// TestEchoedSecretsAreShownNowhere: a server that puts what it was sent into
// its errors, in whatever form, makes nobody else see it.
func TestEchoedSecretsAreShownNowhere(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the action some hundred times")
	}
	var rows []string
	for _, form := range echoForms {
		cells := []string{form.name}
		for _, secret := range echoedSecrets {
			for _, answer := range echoAnswers {
				t.Run(form.name+"/"+secret.name+"/"+answer.name, func(t *testing.T) {
					body := answer.body(form.write(secret.value))
					lookForEchoed(t, secret.value, answer.given(body), nil)
				})
			}
			cells = append(cells, fmt.Sprintf("0 of %d", len(echoAnswers)*len(echoSinks)))
		}
		rows = append(rows, "| "+strings.Join(cells, " | ")+" |\n")
	}
	if t.Failed() {
		return
	}
	table := "| how the server writes it | " + echoedSecrets[0].name + " | " + echoedSecrets[1].name + " |\n|---|---|---|\n" + strings.Join(rows, "")
	const path = "../../docs/security.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cli.Current(t, path, cli.Section(t, string(text), "echoed-secrets", table))
}

// TestEchoedSecretsOfManyTargetsAreShownNowhere: the verbs on many targets
// show them no more than a deploy does.
func TestEchoedSecretsOfManyTargetsAreShownNowhere(t *testing.T) {
	for _, form := range echoForms {
		for _, secret := range echoedSecrets {
			for i, answer := range echoAnswers {
				if i%2 == 1 {
					continue
				}
				t.Run(form.name+"/"+secret.name+"/"+answer.name, func(t *testing.T) {
					lookForEchoed(t, secret.value, answer.given(answer.body(form.write(secret.value))), map[string]string{
						"INPUT_COMMAND": "promote", "INPUT_RING": "all", "INPUT_OFF-BRANCH": "allow", "INPUT_SECRET-VARIABLES": "",
						"INPUT_BUNDLE": "", "INPUT_INTEGRATION": "", "INPUT_BASE-URL": "",
					})
				})
			}
		}
	}
}

// given has the account answer so to requests for bundles.
func (a echoAnswer) given(body string) func(*http.Request, http.Handler) http.Handler {
	return func(r *http.Request, real http.Handler) http.Handler {
		if r.Method != a.method || !strings.Contains(r.URL.Path, "/bundles") {
			return real
		}
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", a.kind)
			w.WriteHeader(a.status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// lookForEchoed runs the action, a deploy if env says nothing else, and looks
// for the secret in what it leaves behind.
func lookForEchoed(t *testing.T, secret string, fault func(*http.Request, http.Handler) http.Handler, env map[string]string) {
	t.Helper()
	s := newStep(t)
	s.server.SetFault(fault)
	dir := s.env["GITHUB_WORKSPACE"]
	for name, text := range map[string]string{"summary.md": "", "output": "", "b.json": bundleWith(`"headers": [{"key": "X-Key", "value": "{{KEY}}"}]`, "")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	maps.Copy(s.env, map[string]string{
		"ZENDESK_API_TOKEN": echoedSecrets[0].value, "INPUT_SECRET-VARIABLES": "KEY", "KEY": echoedSecrets[1].value,
		"INPUT_COMMAND": "deploy", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": "1", "GITHUB_REPOSITORY": "o/r",
		"GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary.md"), "GITHUB_OUTPUT": filepath.Join(dir, "output"), "INPUT_REPORT-FILE": "report.json",
	})
	if env != nil {
		project := "bundles: [b.json]\nrings: [all]\ntargets:\n  a: {base-url: " + s.env["INPUT_BASE-URL"] + ", integration: " + s.env["INPUT_INTEGRATION"] +
			", ring: all, credentials: shared, secret-vars: [KEY]}\n"
		if err := os.WriteFile(filepath.Join(dir, "zis.yml"), []byte(project), 0o600); err != nil {
			t.Fatal(err)
		}
		maps.Copy(s.env, env)
	}
	code, out := s.run(t)
	left := map[string]string{echoSinks[0]: printed(code, out)}
	for sink, name := range map[string]string{echoSinks[1]: "summary.md", echoSinks[2]: "output", echoSinks[3]: "report.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || len(text) == 0 {
			t.Fatalf("the %s: %v, %d bytes\n%s", sink, err, len(text), out)
		}
		left[sink] = string(text)
	}
	if code == 0 {
		t.Fatalf("the answer was not met:\n%s", out)
	}
	if !standIn.MatchString(left[echoSinks[0]]) {
		t.Errorf("nothing of the answer is told, so nothing was tried:\n%s", out)
	}
	for _, text := range left {
		for _, read := range []string{text, html.UnescapeString(text), strings.ReplaceAll(text, `\`, "")} {
			shows(t, read, secret)
			shows(t, strings.Map(withoutSpace, read), secret)
		}
	}
}

// standIn is what stands for a secret, be it cut.
var standIn = regexp.MustCompile(`\(secret\)|\*\*|\(s[a-z]*…`)

func withoutSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}
