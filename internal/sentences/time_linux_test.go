package sentences_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// used is the processor time of this process: what else runs on the machine
// doesn't count.
func used(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

// A bundle of four times the size takes little more than four times the time.
func TestTimeIsLinear(t *testing.T) {
	took := func(n int) time.Duration {
		pair := sentences.Pair{Before: parse(t, largeBundle(n, "old")), After: parse(t, largeBundle(n, "new"))}
		best := time.Hour
		for range 3 {
			began := used(t)
			sentences.Tell([]sentences.Pair{pair}, nil)
			best = min(best, used(t)-began)
		}
		return best
	}
	if small, large := took(20), took(80); large > 10*small+50*time.Millisecond {
		t.Errorf("%v for four times of what takes %v", large, small)
	}
}
