package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Limits of what is read of an answer. None is documented (docs/platform.md 1.6); the
// largest bundle that was seen has 28.6 KB.
const (
	maxBundle = 64 << 20
	maxList   = 16 << 20 // one page of 100 records
	maxError  = 64 << 10 // an HTML error page fits
)

// call is a request as the API describes it.
type call struct {
	op          string // for errors: what, and of what
	method      string
	path        []string // segments, not escaped
	query       url.Values
	body        []byte         // JSON
	order       kinds          // the first credential that is there is used
	also        []int          // what is success besides 2xx
	result      bool           // of a write: its answer's body matters
	again       bool           // a write that another credential may try after a refusal
	list        bool           // of one integration: empty, or hidden from a credential, it may look as if there were none
	limit       int64          // of the answer's body
	reason      verdict.Reason // of a refusal that has no better word
	integration string         // for hints
	contentType string         // of body; "": application/json
	anonymous   bool           // no credential goes with it
	harmless    bool           // a write that may be made twice, so it is repeated like a read
}

func registryPath(segments ...string) []string {
	return append([]string{"api", "services", "zis", "registry"}, segments...)
}

// escaped is the path as it goes into the request.
func (k call) escaped() string {
	var b strings.Builder
	for _, s := range k.path {
		b.WriteString("/" + url.PathEscape(s))
	}
	return b.String()
}

// check refuses segments that would lead to another resource. Those with a
// slash are escaped.
func (k call) check() error {
	for _, s := range k.path {
		if s == "" || s == "." || s == ".." {
			return fmt.Errorf("%q is no name", s)
		}
	}
	return nil
}

// error begins an Error of the call.
func (k call) error() *Error {
	return &Error{Op: k.op, Method: k.method, Path: k.escaped(), Reason: verdict.Network, harmless: k.harmless}
}

// ended is the Error of a call whose context is over.
func (k call) ended(ctx context.Context) *Error {
	e := k.error()
	e.permanent = true
	e.Err = context.Cause(ctx)
	e.Reason = verdict.Cancelled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Reason = verdict.Timeout
	}
	return e
}

// misshapen is the Error of an answer that is not what the registry gives. It
// tells the shape and never the content.
func (k call) misshapen(a answer, format string, args ...any) *Error {
	e := k.error()
	e.Status, e.Sent, e.permanent = a.status, true, true
	e.Meaning = fmt.Sprintf(format, args...)
	e.Hint = verdict.Hint{Code: verdict.NotTheRegistry}
	return e
}

// object is an answer's JSON object, member by member.
type object map[string]json.RawMessage

func (k call) object(a answer) (object, error) {
	var o object
	if err := json.Unmarshal(a.body, &o); err != nil || o == nil {
		return nil, k.misshapen(a, "the answer is no JSON object%s", where(err, len(a.body)))
	}
	return o, nil
}

func where(err error, size int) string {
	if _, ok := errors.AsType[*json.SyntaxError](err); ok && size > 0 {
		return fmt.Sprintf(" (%d bytes, broken or of another format)", size)
	}
	return ""
}

// into decodes one member; what says its shape in an error.
func into[T any](k call, a answer, o object, name, what string) (T, error) {
	var v T
	raw, ok := o[name]
	if !ok {
		return v, k.misshapen(a, "the answer has no %q", name)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		// The cause may quote the answer.
		return v, k.misshapen(a, "%q in the answer is not %s", name, what)
	}
	return v, nil
}

// success says whether the status is one that the call can be content with.
func (k call) success(status int) bool {
	return status >= 200 && status < 300 || slices.Contains(k.also, status)
}

// needsBody says whether an answer is worth nothing without all of its body.
func (k call) needsBody() bool { return k.method == http.MethodGet || k.result }
