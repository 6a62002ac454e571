package registry_test

import (
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

func TestLongestChain(t *testing.T) {
	start := time.Unix(0, 0)
	at := func(from, to int) registry.Request {
		return registry.Request{Start: start.Add(time.Duration(from) * time.Second), Took: time.Duration(to-from) * time.Second}
	}
	for name, c := range map[string]struct {
		log     []registry.Request
		seconds int
		n       int
	}{
		"none":                  {nil, 0, 0},
		"one":                   {[]registry.Request{at(1, 3)}, 2, 1},
		"side by side":          {[]registry.Request{at(0, 2), at(0, 3), at(1, 2)}, 3, 1},
		"one after the other":   {[]registry.Request{at(2, 3), at(0, 2), at(3, 4)}, 4, 3},
		"the long one in it":    {[]registry.Request{at(0, 1), at(0, 4), at(4, 5), at(1, 2)}, 5, 2},
		"waiting doesn't count": {[]registry.Request{at(0, 1), at(5, 6)}, 2, 2},
	} {
		took, n := registry.LongestChain(c.log)
		if took != time.Duration(c.seconds)*time.Second || n != c.n {
			t.Errorf("%s: %s in %d requests, want %d s in %d", name, took, n, c.seconds, c.n)
		}
	}
}
