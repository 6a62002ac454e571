package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Need is something outside a bundle without which a part of it doesn't run.
// The registry takes the bundle all the same (observed).
type Need struct {
	Doc        *source.Document
	Node       *source.Node // where the bundle names it
	Connection string       // name of a connection; "" if an event is needed
	Source     string       // event_source of a custom event
	Event      string       // event_type
}

// String names the need: connection "slack", event erp/order_created.
func (n Need) String() string {
	if n.Connection != "" {
		return fmt.Sprintf("connection %q", n.Connection)
	}
	return fmt.Sprintf("custom event %q", n.Source+"/"+n.Event)
}

// Needs are the connections of the bundles' actions and the custom events of
// their job specs, each once, in source order. A name that is made at run time
// is not known and not listed.
func Needs(bundles []*zis.Bundle) []Need {
	var list []Need
	for _, b := range bundles {
		for _, a := range b.Actions {
			at := a.Definition.Get("connectionName")
			if name, ok := at.Text(); ok && name != "" && !strings.Contains(name, "{{") {
				list = append(list, Need{Doc: b.Doc, Node: at, Connection: name})
			}
		}
		for _, s := range b.JobSpecs {
			if s.EventSource.Value != "" && !zendesk(s.EventSource.Value) {
				list = append(list, Need{Doc: b.Doc, Node: s.EventSource.Node, Source: s.EventSource.Value, Event: s.EventType.Value})
			}
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(n Need) bool {
		twice := seen[n.String()]
		seen[n.String()] = true
		return twice
	})
}

// zendesk tells whether Zendesk itself sends the events of a source (docs/platform.md 4).
func zendesk(source string) bool { return source == "support" || source == "sunshine" }

// Supply is what an integration has to meet needs.
type Supply struct {
	Connections []registry.Connection
	Webhooks    []registry.InboundWebhook
	Unknown     []error // why one of the lists could not be read
	noConns     bool
	noHooks     bool
}

// ReadSupply reads the lists that the needs call for, and no other; it takes a
// ZIS OAuth token. What can't be read is not known, and no failure.
func ReadSupply(ctx context.Context, reg *registry.Client, integration string, needs []Need) Supply {
	var s Supply
	var conns, hooks error
	var g errgroup.Group
	if slices.ContainsFunc(needs, func(n Need) bool { return n.Connection != "" }) {
		g.Go(func() error { s.Connections, conns = reg.Connections(ctx, integration); return nil })
	}
	if slices.ContainsFunc(needs, func(n Need) bool { return n.Connection == "" }) {
		g.Go(func() error { s.Webhooks, hooks = reg.InboundWebhooks(ctx, integration); return nil })
	}
	_ = g.Wait() // the errors are kept apart
	s.noConns, s.noHooks = conns != nil, hooks != nil
	for _, err := range []error{conns, hooks} {
		if err != nil {
			s.Unknown = append(s.Unknown, err)
		}
	}
	return s
}

// Meets tells whether the integration has what is needed; known is false where
// the list could not be read.
func (s Supply) Meets(n Need) (met, known bool) {
	if n.Connection != "" {
		return slices.ContainsFunc(s.Connections, func(c registry.Connection) bool { return c.Name == n.Connection }), !s.noConns
	}
	return slices.ContainsFunc(s.Webhooks, func(w registry.InboundWebhook) bool {
		return w.SourceSystem == n.Source && w.EventType == n.Event
	}), !s.noHooks
}
