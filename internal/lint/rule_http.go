package lint

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const ruleURLOrPath = "url-or-path"

var httpRules = []Rule{
	{
		ID: ruleURLOrPath, Severity: diag.Error, Evidence: Documented,
		Source:  "DG/zis-custom-actions: url or path, which can't be combined",
		Summary: "an action has no address, or two",
		Action:  urlOrPath,
	},
	{
		ID: "address", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/zis-custom-actions: url is a valid URL, path is relative to the account's host; a full URL in path is accepted at upload (observed)",
		Summary: "an action's url is no URL, or its path is one",
		Action:  address,
	},
	{
		ID: "plain-http", Severity: diag.Warning, Evidence: Inferred,
		Source:  "whoever stands between can read and change a request over http; a connection always uses https (documented: understanding-connections)",
		Summary: "an action sends its request unencrypted",
		Action:  plainHTTP,
	},
	{
		ID: "path-connection", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/zis-custom-actions: without connectionName a request to Zendesk isn't authenticated; it is answered with 401 (observed)",
		Summary: "an action calls Zendesk without a connection",
		Action:  pathConnection,
	},
	{
		ID: "method-case", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/zis-custom-actions lists the methods in capitals; HTTP methods differ by case (RFC 9110 section 9.1)",
		Summary: "a method isn't written in capitals",
		Action:  methodCase,
	},
	{
		ID: "unused-body", Severity: diag.Warning, Evidence: Inferred,
		Source:  "the content of a GET or HEAD has no meaning, and may be refused (RFC 9110 section 9.3.1)",
		Summary: "a GET or HEAD request has a body",
		Action:  unusedBody,
	},
	{
		ID: "body-placeholder", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/zis-custom-actions: requestBody is an object; a text of one placeholder stands in a public collection of a Zendesk engineer, and what it becomes isn't documented",
		Summary: "an action's body is one placeholder",
		Action:  bodyPlaceholder,
	},
	{
		ID: "old-query", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/zis-custom-actions has queryParams; only the oldest tutorial has query",
		Summary: "an action's query parameters stand under an old name",
		Action:  oldQuery,
	},
	{
		ID: "duplicate-header", Severity: diag.Warning, Evidence: Inferred,
		Source:  "header names don't differ by case; most headers may occur once (RFC 9110 section 5.3)",
		Summary: "an action sends a header twice",
		Action:  duplicateHeaders,
	},
}

// field is a member, written plain or with ".$".
func field(n *source.Node, name string) *source.Node {
	if m := n.Get(name); m != nil {
		return m
	}
	return n.Get(name + ".$")
}

// pairLists are the fields that hold lists of pairs of a key and a value.
var pairLists = []string{"headers", "queryParams", "query"}

// pairs are the headers and query parameters of an action.
func pairs(a *zis.Action) []*source.Node {
	var list []*source.Node
	for _, name := range pairLists {
		if n := a.Definition.Get(name); n.IsArray() {
			list = append(list, n.Members...)
		}
	}
	return list
}

func urlOrPath(p *Pass, a *zis.Action) {
	url, path := field(a.Definition, "url"), field(a.Definition, "path")
	switch {
	case a.Definition == nil || misspelt(a.Definition, "url") || misspelt(a.Definition, "path"):
	case url == nil && path == nil:
		p.At(a.Definition, `add "path" for an API of the account itself, "url" for any other`, "the action %q has neither url nor path", a.Name.Value)
	case url != nil && path != nil:
		p.AtKey(path, "remove one of them", "the action %q has both url and path", a.Name.Value)
	}
}

func address(p *Pass, a *zis.Action) {
	url, path := field(a.Definition, "url"), field(a.Definition, "path")
	bareParameters(p, a, path)
	bareParameters(p, a, url)
	if s, ok := path.Text(); ok && s == "" || strings.HasPrefix(s, "//") {
		p.At(path, "write /api/v2/…", `the path of the action %q is %q, which names nothing of the account`, a.Name.Value, s)
	} else if isURL(s) {
		p.At(path, `name it "url", or keep only what follows the host`, "the path of the action %q is a full URL", a.Name.Value)
	} else if s != "" && s[0] != '/' && s[0] != '$' && !variable(s[:min(2, len(s))]) {
		p.At(path, "", `the path of the action %q doesn't begin with "/"`, a.Name.Value)
	}
	if s, ok := url.Text(); ok && s == "" {
		p.At(url, "write https://…", "the url of the action %q is empty", a.Name.Value)
	} else if ok && isURL(s) {
		if what, help := wrongHost(s); what != "" {
			p.At(url, help, "the url of the action %q %s", a.Name.Value, what)
		}
	}
	switch s, ok := url.Text(); {
	case !ok || s == "" || isURL(s) || s[0] == '$' || strings.HasPrefix(s, "{{") || variable(s[:strings.IndexByte(s+"/", '/')]):
	case s[0] == '/':
		p.At(url, `name it "path"`, "the url of the action %q has no host", a.Name.Value)
	default:
		p.At(url, "write https://…", "the url of the action %q doesn't begin with https://", a.Name.Value)
	}
}

// bareParameters finds parts of an address that were meant to be filled in, and
// lack the braces for it: /tickets/:id, or /tickets/$.id where a state passes id.
func bareParameters(p *Pass, a *zis.Action, n *source.Node) {
	text, _ := n.Text()
	if n == nil || strings.HasSuffix(n.Name, ".$") && strings.HasPrefix(text, "$") {
		return
	}
	for at := 0; at < len(text); {
		part, _, _ := strings.Cut(text[at:], "/")
		name := strings.TrimPrefix(part, "$.")
		if name == part {
			name = strings.Trim(part, ":<>[]")
		}
		if name, _, _ = strings.Cut(name, "."); name != "" && name != part && strings.IndexAny(part, "$:<[") == 0 && len(expr.Placeholders(part)) == 0 {
			if shown := diag.Cut(name, diag.Quoted); passes(p, a, name) {
				p.Inside(n, at, at+len(part), fmt.Sprintf("write {{$.%s}}, which a state passes", shown), "%s is not filled in", part)
				return
			} else if part[0] == ':' && ('a' <= name[0]|0x20 && name[0]|0x20 <= 'z') && !strings.Contains(name, ":") {
				p.Inside(n, at, at+len(part), fmt.Sprintf("write {{$.%[1]s}} and let the states pass %[1]q, or {{%[1]s}} and give %[2]s", shown, diag.Option("var", shown+"=VALUE")), "%s is not filled in", part)
				return
			}
		}
		at += len(part) + 1
	}
}

// passes tells whether a state passes a parameter to an action.
func passes(p *Pass, a *zis.Action, name string) bool {
	return slices.ContainsFunc(p.facts.Callers(a), func(s *zis.State) bool { return field(s.Parameters, name) != nil })
}

// wrongHost says what keeps the host of a URL from being one that the platform
// can reach, and what to do; "" where nothing does, or somebody fills it in.
func wrongHost(s string) (what, help string) {
	_, rest, _ := strings.Cut(s, "//")
	host, _, _ := strings.Cut(rest, "/")
	if host, _, _ = strings.Cut(host, "?"); flow.FilledIn(host) || len(expr.PlaceholdersInName(host)) > 0 {
		return "", ""
	}
	parsed, err := url.Parse("https://" + host)
	switch {
	case isURL(rest):
		return "names https:// twice", "write it once"
	case host == "":
		return "has no host", "write https://HOST/…"
	case strings.ContainsAny(host, " \t"):
		return "has a space in its host", "remove it"
	case err != nil || strings.Contains("."+parsed.Hostname()+".", ".."):
		return "has a host that can't be one", "write https://HOST/…"
	}
	if port, err := strconv.Atoi(parsed.Port()); err == nil && port > 65535 {
		return "has a port beyond 65535", ""
	}
	if ip, err := netip.ParseAddr(parsed.Hostname()); parsed.Hostname() == "localhost" || err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()) {
		return "leads to a private address, and the platform calls from the internet", "write a public host"
	}
	return "", ""
}

func isURL(s string) bool { return hasPrefixFold(s, "https://") || hasPrefixFold(s, "http://") }

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func plainHTTP(p *Pass, a *zis.Action) {
	n := field(a.Definition, "url")
	if s, _ := n.Text(); hasPrefixFold(s, "http://") {
		if field(a.Definition, "connectionName") != nil {
			p.Inside(n, 0, len("http://"), "write https://", "the action %q has a connection, which always uses https: the request fails", a.Name.Value)
			return
		}
		p.Inside(n, 0, len("http://"), "write https://", "the action %q sends its request unencrypted", a.Name.Value)
	}
}

func pathConnection(p *Pass, a *zis.Action) {
	path := cmp.Or(field(a.Definition, "path"), ofAccount(field(a.Definition, "url")))
	if path == nil || field(a.Definition, "connectionName") != nil {
		return
	}
	for _, n := range pairs(a) {
		if key, _ := n.Get("key").Text(); strings.EqualFold(key, "authorization") {
			return
		}
	}
	p.At(path, `add "connectionName": "zendesk", or the name of another connection`, "the action %q calls Zendesk without a connection, and is answered with 401", a.Name.Value)
}

// ofAccount is a url of the account's own API; nil of any other.
func ofAccount(url *source.Node) *source.Node {
	s, _ := url.Text()
	_, rest, ok := strings.Cut(s, ".zendesk.com/api/v2/")
	if !ok {
		_, rest, ok = strings.Cut(s, "zendeskHost}}/api/v2/")
	}
	if !ok || strings.HasPrefix(rest, "requests") || strings.HasPrefix(rest, "help_center") {
		return nil // the last two answer anybody
	}
	return url
}

func methodCase(p *Pass, a *zis.Action) {
	n := a.Definition.Get("method")
	s, _ := n.Text()
	if upper := strings.ToUpper(s); upper != s && !flow.FilledIn(s) {
		help := didYouMean(upper, zis.Methods.Names())
		if zis.Methods.Has(upper) {
			help = english.DidYouMean(upper)
		}
		p.At(n, help, "the method %q isn't one of those documented, which are in capitals", s)
	}
}

func unusedBody(p *Pass, a *zis.Action) {
	method, _ := a.Definition.Get("method").Text()
	if body := field(a.Definition, "requestBody"); body != nil && (strings.EqualFold(method, "GET") || strings.EqualFold(method, "HEAD")) {
		p.AtKey(body, "use queryParams, or another method", "a %s request has a body", method)
	}
}

func bodyPlaceholder(p *Pass, a *zis.Action) {
	n := a.Definition.Get("requestBody")
	s, ok := n.Text()
	reads, errs := expr.ParseTemplate(s)
	if ok && len(reads) == 1 && len(errs) == 0 && reads[0].Text == strings.TrimSpace(s) {
		p.At(n, fmt.Sprintf(`write "requestBody.$": %q`, diag.Cut(reads[0].Path.String(), diag.Quoted)), "the body of the action %q is a text with one placeholder; documented are an object and requestBody.$", a.Name.Value)
	}
}

func oldQuery(p *Pass, a *zis.Action) {
	if n := a.Definition.Get("query"); n != nil {
		p.AtKey(n, `name it "queryParams"`, `"query" is the old name of "queryParams"`)
	}
}

func duplicateHeaders(p *Pass, a *zis.Action) {
	headers := a.Definition.Get("headers")
	if !headers.IsArray() {
		return
	}
	first := map[string]*source.Node{}
	for _, n := range headers.Members {
		key := n.Get("key")
		s, ok := key.Text()
		if !ok {
			continue
		}
		if before := first[strings.ToLower(s)]; before != nil {
			p.At(key, "remove one of them", "the action %q sends the header %s twice", a.Name.Value, s)
			p.Related(before, "first here")
			continue
		}
		first[strings.ToLower(s)] = key
	}
}
