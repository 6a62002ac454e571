package jq_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

func TestAccesses(t *testing.T) {
	show := func(a jq.Access) string {
		var list []string
		for _, p := range a.Paths {
			var parts []string
			for _, step := range p {
				if _, each := step.(jq.Each); each {
					step = "*"
				}
				parts = append(parts, fmt.Sprint(step))
			}
			list = append(list, strings.Join(parts, "."))
		}
		return strings.Join(list, " ") + " | " + fmt.Sprint(a.Values)
	}
	for _, tt := range []struct{ program, want string }{
		{".a.b", "a a.b | []"},
		{`.a[0]["c d"]`, "a a.0 a.0.c d | []"},
		{`[.l[] | select(.type == "x") | .v][0] // null`, "l l.* l.*.type l.*.v | [x]"},
		{`.t as $t | if $t == "open" then 1 elif .u then 2 else .v end`, "t u v | [open 1 2]"},
		{`{a, b: .c, "d": (.e|tostring)}`, "a c e | []"},
		{`"\(.id) of \(.n + 2)"`, "id n | [2]"},
		{`.a |`, " | []"},
		{`reduce .l[] as $x (0; . + $x.n)`, "l l.* l.*.n | [0]"},
	} {
		if have := show(jq.Accesses(tt.program)); have != tt.want {
			t.Errorf("%s looks at %q, want %q", tt.program, have, tt.want)
		}
	}
}
