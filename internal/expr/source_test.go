package expr_test

import (
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

func TestSource(t *testing.T) {
	for _, tt := range []struct {
		literal string
		decoded int
		want    int
	}{
		{`"abc"`, 0, 1},
		{`"abc"`, 2, 3},
		{`"abc"`, 3, 4}, // the closing quote
		{`"abc"`, 9, 4},
		{`"abc"`, -1, 1},
		{`""`, 0, 1},
		{`"\"a"`, 1, 3},
		{`"\n\\a"`, 2, 5},
		{`"é\u00e9x"`, 1, 2},       // inside a raw é
		{`"é\u00e9x"`, 2, 3},       // at the escape
		{`"é\u00e9x"`, 3, 3},       // inside it
		{`"é\u00e9x"`, 4, 9},       // behind it
		{`"\ud83d\ude00x"`, 3, 1},  // inside the pair
		{`"\ud83d\ude00x"`, 4, 13}, // behind it
		{`"\ud83dx"`, 3, 7},        // half a pair is U+FFFD
		{`"\ud83d\u0041x"`, 3, 7},  // so is a half before something else
		{`"\u12`, 9, 4},            // no JSON: the last byte
		{`"`, 0, 0},
		{``, 0, 0},
	} {
		if got := expr.NewSource([]byte(tt.literal)).Offset(tt.decoded); got != tt.want {
			t.Errorf("%s: decoded %d is at %d, want %d", tt.literal, tt.decoded, got, tt.want)
		}
	}
}

func TestSourceGoesBack(t *testing.T) {
	s := expr.NewSource([]byte(`"\n\n\nabc"`))
	for _, step := range [][2]int{{4, 8}, {5, 9}, {1, 3}, {3, 7}} {
		if got := s.Offset(step[0]); got != step[1] {
			t.Errorf("decoded %d is at %d, want %d", step[0], got, step[1])
		}
	}
}

func BenchmarkSource(b *testing.B) {
	literal := []byte(`"` + strings.Repeat(`a\n\u00e9é`, 100_000) + `"`)
	b.SetBytes(int64(len(literal)))
	for b.Loop() {
		expr.NewSource(literal).Offset(len(literal))
	}
}
