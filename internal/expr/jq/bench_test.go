package jq_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
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

// BenchmarkCheck shows that time grows with the bytes: MB/s stays.
func BenchmarkCheck(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		text := program(size)
		b.Run(fmt.Sprintf("%dKB", size/1000), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, errs := jq.Check(text); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}
