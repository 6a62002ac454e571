// Package flows has the verbs that show and run flows on this machine: their
// pictures, their tests, an account of their own.
package flows

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// playing are the options of all verbs that run flows on this machine.
type playing struct {
	live   []string
	repeat string
}

func (o *playing) flags(fs *pflag.FlagSet) {
	fs.StringVar(&o.repeat, "repeat", "on", "repeat a flow after 429 and 500, as the platform does: on or off")
	fs.StringArrayVar(&o.live, "live", nil, "let requests that no mock is for go out to this `HOST`, without credentials; may be repeated")
}

// defaultBundle is the file that is taken where none is named.
const defaultBundle = "zis/bundle.json"

// suite reads the bundles, and says where their tests are.
func suite(p *program.Program, o playing) (*flowtest.Suite, []string, error) {
	p.Offline = true
	paths, err := p.BundlePaths(nil)
	if err != nil {
		return nil, nil, err
	}
	if len(paths) == 0 {
		p.Files.Bundle = defaultBundle
	}
	checked, err := p.CheckFiles(nil, diag.Warning)
	if verdict.IsUsage(err) || len(checked.Documents) == 0 {
		return nil, nil, err
	}
	if err != nil {
		p.Note("%v; zis validate shows the findings", err)
	}
	s := &flowtest.Suite{Bundles: checked.Bundles(), Account: interp.Account{Subdomain: p.Subdomain, Integration: p.Integration}}
	switch o.repeat {
	case "off":
		s.NoRepeat = true
	case "on":
	default:
		return nil, nil, program.Usagef("--repeat is %q; it can be on, off", o.repeat)
	}
	choices, err := choices(p)
	if err != nil {
		return nil, nil, err
	}
	for _, choice := range choices {
		if choice == "all" {
			s.All = true
		} else if s.Readings, err = s.Readings.Set(choice); err != nil {
			return nil, nil, program.Usagef("%s: %w", p.Option("assume"), err)
		}
	}
	if len(o.live) > 0 {
		s.Live = live(o.live)
	}
	return s, beside(s.Bundles, "tests"), nil
}

// choices are the readings that are chosen; @FILE stands for those of a file, a
// line each, as zis probe --read writes it.
func choices(p *program.Program) ([]string, error) {
	var list []string
	for _, choice := range p.Choices() {
		name, isFile := strings.CutPrefix(choice, "@")
		if !isFile {
			list = append(list, choice)
			continue
		}
		text, err := p.Workspace.Read(name, tree.MaxBytes)
		if err != nil {
			return nil, program.Usagef("%s @%s: %w", p.Option("assume"), name, err)
		}
		for line := range strings.Lines(string(text)) {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line != "" {
				list = append(list, line)
			}
		}
	}
	return list, nil
}

// live sends the requests for some hosts out. It has no credentials to send
// with them.
func live(hosts []string) func(context.Context, *interp.Request) (interp.Reply, bool, error) {
	client := &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, q *interp.Request) (interp.Reply, bool, error) {
		u, err := url.Parse(q.URL)
		if err != nil || !slices.Contains(hosts, u.Host) && !slices.Contains(hosts, u.Hostname()) {
			return interp.Reply{}, false, nil
		}
		reply, err := send(ctx, client, q)
		return reply, true, err
	}
}

func send(ctx context.Context, client *http.Client, q *interp.Request) (interp.Reply, error) {
	var body io.Reader
	if q.HasBody {
		body = strings.NewReader(interp.Encode(q.Body))
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, q.URL, body)
	if err != nil {
		return interp.Reply{}, err
	}
	for _, h := range q.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	began := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return interp.Reply{Failure: "reset"}, nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, int64(interp.MaxPayload)+1))
	if err != nil {
		return interp.Reply{Failure: "reset"}, nil
	}
	reply := interp.Reply{Status: resp.StatusCode, Body: text, Headers: map[string]string{}, Took: time.Since(began)}
	for name := range resp.Header {
		reply.Headers[name] = resp.Header.Get(name)
	}
	return reply, nil
}
