package expr_test

import (
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

func BenchmarkParseTemplate(b *testing.B) {
	text := strings.Repeat("/api/v2/tickets/{{$.input.ticket_event.ticket.id}}/{{NAME}} ", 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		expr.ParseTemplate(text)
	}
}

func BenchmarkPlaceholders(b *testing.B) {
	text := strings.Repeat("/api/v2/tickets/{{$.input.ticket_event.ticket.id}}/{{NAME}} ", 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		expr.Placeholders(text)
	}
}
