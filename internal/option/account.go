package option

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Account is the account, and how it is spoken to.
type Account struct {
	Target, Subdomain, Integration, BaseURL string
	ExpectSubdomain                         string // "": any
	Timeout, RequestTimeout                 time.Duration
	MaxRetries, Concurrency                 int
}

func accountRows() []Row {
	return []Row{
		{
			Name: "target", Lines: true, Verbs: slices.Concat(offline, reaching, tests, fleetVerbs), Value: func(v *Values) any { return &v.Target },
			Help: "a target of zis.yml, which says all about it (promote, status and drift take several, one per line); or `local`, the built-in emulator, its state in .zis/local.json",
		},
		{
			Name: "subdomain", Verbs: slices.Concat(reaching, tests), Value: func(v *Values) any { return &v.Subdomain },
			Help: "the account: SUBDOMAIN.zendesk.com (or ZENDESK_SUBDOMAIN)",
		},
		{
			Name: "expect-subdomain", Verbs: reaching, Value: func(v *Values) any { return &v.ExpectSubdomain },
			Help: "fail before the first request unless `subdomain` is this one: a misspelt environment falls back to the repository's values, which are another customer's",
		},
		{
			Name: "integration", Verbs: slices.Concat(every, setup, switches, doctor, tests, pulls, inits), Value: func(v *Values) any { return &v.Integration },
			Help: "name of the integration in that account; the bundle's ARNs are rewritten to it",
		},
		{
			Name: "base-url", Verbs: reaching, Value: func(v *Values) any { return &v.BaseURL },
			Help: "another registry instead of https://SUBDOMAIN.zendesk.com; credentials go over plain HTTP to this machine only",
		},
		{
			Name: "timeout", Default: "10m", Verbs: slices.Concat(offline, reaching), Value: func(v *Values) any { return &v.Timeout },
			Help: "for the whole run; running out of it is a failure",
		},
		{
			Name: "request-timeout", Default: "30s", Verbs: slices.Concat(reaching, manyTargets), Value: func(v *Values) any { return &v.RequestTimeout },
			Help: "for each request",
		},
		{
			Name: "max-retries", Default: "4", Verbs: slices.Concat(reaching, manyTargets), Value: func(v *Values) any { return &v.MaxRetries },
			Help: "how often a request is repeated; a write only if it had no effect",
		},
		{
			Name: "concurrency", Default: "4", Verbs: slices.Concat(online, switches, manyTargets), Value: func(v *Values) any { return &v.Concurrency },
			Help: "requests at a time; halved when the registry asks for patience",
		},
	}
}

// Limited bounds the whole run.
func (a Account) Limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, a.Timeout, a.Late())
}

// Late is why a run ends that takes longer.
func (a Account) Late() error {
	return fmt.Errorf("the run took longer than its timeout of %s: %w", a.Timeout, context.DeadlineExceeded)
}
