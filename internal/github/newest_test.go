package github

import "testing"

func TestHigher(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"v2.0.0", "v1.9.9", true},
		{"v1.9.9", "v2.0.0", false},
		{"v1.10.0", "v1.9.0", true},
		{"v1.9.0", "v1.9.0", false},
		{"v2", "v1.9.9", true},
		{"v1.9.9.1", "v1.9.9", true},
		{"app-v2.0.0", "v1.0.0", false},
		{"app-v1.0.1", "app-v1.0.0", true},
		{"v2.0.0-rc1", "v1.0.0", false},
		{"v2.0.0", "v2.0.0-rc1", true},
		{"v2.0.0-rc10", "v2.0.0-rc2", true},
		{"v2.0.0-rc2", "v2.0.0-rc10", false},
		{"v2.0.0-rc1", "v1.0.0-rc3", true},
		{"release-2026-11-26", "release-2026-11-25", true},
		{"prod_2026_2", "prod_2026_10", false},
		{"stable", "v1", false},
		{"v1", "stable", false},
		{"stable", "testing", false},
		{"", "", false},
		{"1", "", false},
		{"v99999999999999999999", "v1", false},
		{"v1.é", "v1", false},
	} {
		if got := higher(c.a, c.b); got != c.want {
			t.Errorf("%q after %q: %v", c.a, c.b, got)
		}
	}
}

func FuzzHigher(f *testing.F) {
	f.Add("v2.0.0-rc1", "v1.9.9")
	f.Fuzz(func(t *testing.T, a, b string) {
		if higher(a, b) && higher(b, a) {
			t.Errorf("%q and %q are after each other", a, b)
		}
		if higher(a, a) {
			t.Errorf("%q is after itself", a)
		}
	})
}
