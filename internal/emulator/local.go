package emulator

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// Local serves a handler inside this process, without a port: dial is for an
// http.Transport. The whole HTTP stack is used, and all of it is in one
// testing/synctest bubble where there is one. stop ends it.
func Local(h http.Handler) (dial func(ctx context.Context, network, addr string) (net.Conn, error), stop func()) {
	l := &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(l) }) // ends with ErrServerClosed
	return l.dial, func() {
		_ = server.Close() // of pipes: can't fail
		running.Wait()
	}
}

// pipes is a listener of in-memory connections.
type pipes struct {
	accepted chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.accepted <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept, Close and Addr make pipes a net.Listener.

// Accept waits for the next dial.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and dial.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr has no meaning for pipes.
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }
