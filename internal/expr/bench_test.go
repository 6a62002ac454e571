package expr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// program returns a jq program of about so many bytes with everything that
// costs something: names, variables, strings, nesting.
func program(bytes int) string {
	var b strings.Builder
	for i := 0; b.Len() < bytes; i++ {
		fmt.Fprintf(&b, `(.items[%d] as $item%d | {id: $item%[2]d.id, "name\($item%[2]d.x)": (.tags | map(select(. != "a b")) | join(","))}) | `, i%7, i)
	}
	return b.String() + "."
}

// BenchmarkCheckJq shows that time grows with the bytes: MB/s stays.
func BenchmarkCheckJq(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		text := program(size)
		b.Run(fmt.Sprintf("%dKB", size/1000), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, errs := expr.CheckJq(text); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}

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
