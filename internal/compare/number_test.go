package compare

import (
	"encoding/json"
	"math/big"
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		want, have    json.Number
		same, rounded bool
	}{
		{"1", "1.0", true, true},
		{"10", "1e1", true, true},
		{"-0", "0", true, true},
		{"0.00001", "1E-5", true, true},
		{"1260800799110", "1.26080079911e+12", true, true},
		{"1e999999999999", "10e999999999998", true, false},
		{"1e999999999999", "1e999999999998", false, false},
		{"1e99999999999999999999", "1e99999999999999999998", false, false},
		{"9007199254740993", "9007199254740992", false, true},
		{"9007199254740992", "9007199254740993", false, false},
		{"12345678901234567891", "12345678901234567168", false, true},
		{"12345678901234567891", "1.2345678901234567e19", false, true},
		{"12345678901234567891", "12345678901234567900", false, false},
		{"0.1", "0.1000000000000000055511151231257827021181583404541015625", false, true},
		{"0.1", "0.10000000000000001", false, true},
		{"0.1", "0.1000000000000001", false, false},
		{"1", "-1", false, false},
		{"1", "2", false, false},
	} {
		if got := sameNumber(tt.want, tt.have); got != tt.same {
			t.Errorf("sameNumber(%s, %s) is %v", tt.want, tt.have, got)
		}
		if got := rounded(tt.want, tt.have); got != tt.rounded {
			t.Errorf("rounded(%s, %s) is %v", tt.want, tt.have, got)
		}
	}
}

// big.Rat knows when two numbers are one.
func FuzzSameNumber(f *testing.F) {
	f.Add("1", "1.0")
	f.Add("-1.50e3", "-1500")
	f.Add("0e5", "-0")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 40 || !json.Valid([]byte(a)) || !json.Valid([]byte(b)) {
			return
		}
		var x, y json.Number
		if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
			return
		}
		dx, okX := toDecimal(x.String())
		dy, okY := toDecimal(y.String())
		if !okX || !okY || max(dx.exponent, dy.exponent) > 2000 || min(dx.exponent, dy.exponent) < -2000 {
			return
		}
		rx, okX := new(big.Rat).SetString(x.String())
		ry, okY := new(big.Rat).SetString(y.String())
		if okX && okY && (rx.Cmp(ry) == 0) != sameNumber(x, y) {
			t.Errorf("sameNumber(%s, %s) is %v", a, b, sameNumber(x, y))
		}
	})
}
