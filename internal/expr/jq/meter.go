package jq

import (
	"context"
	"errors"
	"fmt"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/itchyny/gojq"
)

// meter is a context that ends when a program has taken too much: gojq asks
// Done before each step.
type meter struct {
	context.Context
	steps   int
	heap    atomic.Uint64 // when the program began, or the least since
	growing bool
	failed  atomic.Pointer[error]
}

func newMeter(ctx context.Context) *meter {
	m := &meter{Context: ctx}
	m.heap.Store(heap())
	return m
}

var ended = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done counts a step. Memory is looked at often, because ten steps can double
// it.
func (m *meter) Done() <-chan struct{} {
	m.steps++
	switch {
	case m.failed.Load() != nil:
	case m.steps > MaxSteps:
		m.stop(ErrSteps)
	case (m.steps%32 == 0 || m.growing && m.steps%4 == 0) && m.tooLarge():
		m.stop(ErrMemory)
	default:
		return nil
	}
	return ended
}

// stop ends the program at its next step. The first reason counts.
func (m *meter) stop(why error) { m.failed.CompareAndSwap(nil, &why) }

// Err is why the program was stopped; nil if it wasn't.
func (m *meter) Err() error {
	if why := m.failed.Load(); why != nil {
		return *why
	}
	return nil
}

// tooLarge tells whether the heap has grown too much. Where it has grown by
// more than a little, the next step is looked at as well.
func (m *meter) tooLarge() bool {
	const little = 8 << 20
	grown := m.grown()
	m.growing = grown > little
	return grown > MaxMemory
}

// grown is by how many bytes the heap has grown.
func (m *meter) grown() uint64 {
	now, least := heap(), m.heap.Load()
	if now < least {
		m.heap.Store(now) // others have let go of theirs
		return 0
	}
	return now - least
}

func (m *meter) explain(err error) error {
	if why := m.Err(); why != nil {
		return why
	}
	if halt, ok := errors.AsType[*gojq.HaltError](err); ok {
		return fmt.Errorf("the program halts: %w", halt)
	}
	return err
}

// heap is how many bytes the living and the not yet swept objects take.
func heap() uint64 {
	sample := [1]metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
}

var maxTime = MaxTime // another in tests

// Programs that were left behind go on by themselves.
const (
	maxLeft      = 4       // at a time; more are not begun
	maxLeftBytes = 1 << 30 // of the heap, with programs left behind
	patience     = 2 * time.Second
)

var left atomic.Int32

// Overgrown is called when a program that could not be stopped takes a GiB of
// memory. Nothing but the end of the process stops it.
var Overgrown = func() {}

// guarded runs the program beside, and leaves it behind if it doesn't stop.
func (p *Program) guarded(ctx context.Context, data any, now time.Time) (out []any, leftBehind bool, err error) {
	if left.Load() >= maxLeft {
		return nil, false, ErrBusy
	}
	m, done := newMeter(ctx), make(chan given, 1)
	go func() {
		out, err := p.values(m, data, now)
		done <- given{out, err}
	}()
	if g, ok := m.watch(done); ok {
		return g.out, false, g.err
	}
	left.Add(1)
	go leave(done)
	return nil, true, m.Err()
}

// given is what a program gave out.
type given struct {
	out []any
	err error
}

// watch waits for the program, and stops it when it has taken too much. ok is
// false if it goes on all the same.
func (m *meter) watch(done <-chan given) (g given, ok bool) {
	const look = 10 * time.Millisecond
	ticks := time.NewTicker(look)
	defer ticks.Stop()
	for began, asked := time.Now(), 0; asked < 10; {
		select {
		case g = <-done:
			return g, true
		case <-ticks.C:
		}
		switch {
		case m.Err() != nil:
			asked++
		case m.Context.Err() != nil:
			m.stop(context.Cause(m.Context))
		case time.Since(began) > maxTime:
			m.stop(ErrTime)
		case m.grown() > MaxMemory:
			m.stop(ErrMemory)
		}
	}
	return g, false
}

// leave waits for a program that was left behind.
func leave(done <-chan given) {
	defer left.Add(-1)
	for began := time.Now(); ; {
		select {
		case <-done:
			return
		case <-time.After(patience / 20):
		}
		if time.Since(began) > patience && heap() > maxLeftBytes {
			Overgrown()
		}
	}
}
