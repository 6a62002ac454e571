package registry

import "context"

// waiting and sharp are the keys of what OnWait and Sharp put into a context.
type (
	waiting struct{}
	sharp   struct{}
)

// OnWait has tell told of each pause before a request that is made with the
// context is made again, beside the client's OnRetry.
func OnWait(ctx context.Context, tell func(Retry)) context.Context {
	return context.WithValue(ctx, waiting{}, tell)
}

func tellWait(ctx context.Context, r Retry) {
	if tell, ok := ctx.Value(waiting{}).(func(Retry)); ok {
		tell(r)
	}
}

// Sharp makes a context whose end ends a write as well: for what must be over
// at a certain time. The outcome of such a write is not known.
func Sharp(ctx context.Context) context.Context { return context.WithValue(ctx, sharp{}, true) }

func isSharp(ctx context.Context) bool { return ctx.Value(sharp{}) != nil }
