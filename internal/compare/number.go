package compare

import (
	"encoding/json"
	"strconv"
	"strings"
)

// decimal is a number by value: 0.digits * 10^exponent, without zeros at
// either end. Comparing decimals never builds a large number, whatever the
// exponent says.
type decimal struct {
	negative bool
	digits   string
	exponent int64
}

// maxExponent is past any number that is meant: a larger one stays what it is.
const maxExponent = 1 << 40

// toDecimal reads a JSON number; ok is false for one with an absurd exponent.
func toDecimal(text string) (d decimal, ok bool) {
	rest, negative := strings.CutPrefix(text, "-")
	mantissa, exp, _ := strings.Cut(strings.ToLower(rest), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent := int64(0)
	if exp != "" {
		n, err := strconv.ParseInt(exp, 10, 64)
		if err != nil || n > maxExponent || n < -maxExponent {
			return decimal{}, false
		}
		exponent = n
	}
	exponent += int64(len(whole))
	digits := whole + fraction
	trimmed := strings.TrimLeft(digits, "0")
	exponent -= int64(len(digits) - len(trimmed))
	if trimmed = strings.TrimRight(trimmed, "0"); trimmed == "" {
		return decimal{}, true // zero has no sign
	}
	return decimal{negative, trimmed, exponent}, true
}

// sameNumber tells whether two JSON numbers have one value: 1.0, 1 and 1e0 do.
func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, okX := toDecimal(a.String())
	y, okY := toDecimal(b.String())
	return okX && okY && x == y
}

// rounded tells whether have is what is left of want in a float64: its exact
// value, or one of the texts that stand for it, with 17 digits or as few as
// tell it from its neighbours.
func rounded(want, have json.Number) bool {
	f, err := strconv.ParseFloat(want.String(), 64)
	if g, _ := strconv.ParseFloat(have.String(), 64); err != nil || f != g {
		return false // all of these texts stand for f
	}
	// 766 digits are the most that the exact value of a float64 has.
	for _, digits := range []int{-1, 16, 766} {
		if sameNumber(json.Number(strconv.FormatFloat(f, 'e', digits, 64)), have) {
			return true
		}
	}
	return false
}
