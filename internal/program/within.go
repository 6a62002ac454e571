package program

import (
	"context"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Within gives up a computation that asks no context when the time of the run
// is over: it is left to itself, and nothing of it may be looked at then.
func Within[T any](ctx context.Context, p *Program, run func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		o.err = p.Safely(func() (err error) {
			o.value, err = run()
			return err
		})
		done <- o
	}()
	select {
	case o := <-done:
		if ctx.Err() == nil || o.err != nil {
			return o.value, o.err
		}
	case <-ctx.Done():
	}
	var none T
	return none, verdict.At(verdict.Validate, context.Cause(ctx))
}
