package english_test

import (
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		english.Plural(0, "flow"): "0 flows", english.Plural(1, "flow"): "1 flow", english.Plural(2, "more"): "2 more",
		english.Amount(0, "flow"): "no flow is", english.Amount(1, "flow"): "1 flow is", english.Amount(3, "flow"): "3 flows are",
		english.Join([]string{"a"}): "a", english.Join([]string{"a", "b", "c"}): "a, b and c",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := english.Join(nil); got != "" {
		t.Errorf("nothing is %q", got)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"dry-run", "timeout", "target", "bundle", "B"}
	for word, want := range map[string]string{
		"dry_run": "dry-run", "DRY-RUN": "dry-run", "tagret": "target", "bundel": "bundle", "time-out": "timeout",
		"comment": "", "x": "", "b": "B", strings.Repeat("target", 100): "",
	} {
		if got := english.Nearest(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	for _, k := range known {
		if english.Distance(k, k) != 0 || english.Distance(k, "") != len(k) {
			t.Errorf("distance of %q", k)
		}
	}
}
