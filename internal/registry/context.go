package registry

import "context"

// waiting, again and sharp are the keys of what OnWait, BeforeAgain and Sharp
// put into a context.
type (
	waiting struct{}
	again   struct{}
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

// BeforeAgain has may asked, after each pause, before a request that is made
// with the context is made again. An error of may is that of the call; no
// earlier try has taken effect then. The context that may gets doesn't ask it.
func BeforeAgain(ctx context.Context, may func(context.Context) error) context.Context {
	return context.WithValue(ctx, again{}, may)
}

func mayAgain(ctx context.Context) error {
	may, ok := ctx.Value(again{}).(func(context.Context) error)
	if !ok || may == nil {
		return nil
	}
	return may(BeforeAgain(ctx, nil))
}

// Sharp makes a context whose end ends a write as well: for what must be over
// at a certain time. The outcome of such a write is not known.
func Sharp(ctx context.Context) context.Context { return context.WithValue(ctx, sharp{}, true) }

func isSharp(ctx context.Context) bool { return ctx.Value(sharp{}) != nil }
