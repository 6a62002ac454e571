package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Source mints tokens with the OAuth client among the Credentials. Its methods
// may be called side by side.
type Source interface {
	// Token gives a token of the kind, ClientToken or ClientZISToken, that was
	// minted in this run.
	Token(ctx context.Context, k Kind) (Secret, error)
	// Refused tells that the account knows the token no longer: the next Token
	// is another one.
	Refused(k Kind, token Secret)
}

// mint has the Source give a token for the call.
func (c *Client) mint(ctx context.Context, k call, kind Kind) (credential, *Error) {
	e := k.error()
	e.permanent, e.Reason = true, verdict.MissingCredentials
	if c.Source == nil {
		e.Err = errors.New("no token can be minted here")
		return credential{}, e
	}
	token, err := c.Source.Token(ctx, kind)
	if err == nil {
		c.remember(token)
		return credential{kind: kind, header: "Bearer " + trim(token), minted: token}, nil
	}
	e.Err = err
	if cause, ok := errors.AsType[*Error](err); ok {
		e.Reason, e.Hint = cause.Reason, cause.Hint
	}
	return credential{}, e
}

// remember keeps a minted token, so that no text shows it.
func (c *Client) remember(token Secret) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.minted, token) {
		c.minted = append(c.minted, token)
	}
}

func (c *Client) hideMinted(text string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.minted {
		text = strings.ReplaceAll(text, trim(s), hidden)
	}
	return text
}

// Call is a request to one of the account's other APIs, made like those of the
// registry: the same credentials, repetitions, redaction and errors.
type Call struct {
	Op          string   // for errors: what, and of what
	Method      string   // GET, POST, PUT or DELETE
	Path        []string // segments, not escaped
	Query       map[string][]string
	Body        []byte
	ContentType string         // of Body; "": application/json
	Result      bool           // of a write: its answer's body matters
	Also        []int          // what is success besides 2xx
	Admin       bool           // a matter of the account, not of an integration: OAuth token before API token
	Integration string         // whose it is, unless Admin: its ZIS OAuth token is preferred
	Anonymous   bool           // no credential goes with it
	Harmless    bool           // a write that may be made twice, so it is repeated like a read
	Reason      verdict.Reason // of a refusal that has no better word
}

// Answer is a response whose status is success.
type Answer struct {
	Status int
	Body   []byte // at most 16 MiB
	call   call
	answer answer
}

// Misshapen is the Error of an answer that is not what the API gives. The text
// must not quote the answer.
func (a Answer) Misshapen(format string, args ...any) *Error {
	return a.call.misshapen(a.answer, "%s", fmt.Sprintf(format, args...))
}

// Do makes the call. Errors are of type *Error.
func (c *Client) Do(ctx context.Context, k Call) (Answer, error) {
	order := onlyOAuth
	if k.Admin {
		order = preferAdmin
	}
	inner := call{
		op: k.Op, method: k.Method, path: k.Path, query: k.Query, body: k.Body, contentType: k.ContentType,
		order: order, also: k.Also, result: k.Result, limit: maxList, reason: k.Reason,
		integration: k.Integration, anonymous: k.Anonymous, harmless: k.Harmless,
	}
	a, err := c.do(ctx, inner)
	return Answer{Status: a.status, Body: a.body, call: inner, answer: a}, err
}
