package shape

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// Numbers changes the text of every number.
func Numbers(f func(string) string) Change {
	return Each(func(_ Path, v any) any {
		if n, ok := v.(json.Number); ok {
			return json.Number(f(string(n)))
		}
		return v
	})
}

func isInteger(n string) bool { return !strings.ContainsAny(n, ".eE") }

// Fraction writes integers as 1.0.
func Fraction(n string) string {
	if isInteger(n) {
		return n + ".0"
	}
	return n
}

// Exponent writes every number that float64 holds exactly with an exponent;
// others keep their digits.
func Exponent(n string) string {
	if f, ok := exact(n); ok {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return n
}

// exact is a number that loses nothing as float64.
func exact(n string) (float64, bool) {
	f, err := strconv.ParseFloat(n, 64)
	if err != nil {
		return 0, false
	}
	want, ok := new(big.Rat).SetString(n)
	return f, ok && new(big.Rat).SetFloat64(f).Cmp(want) == 0
}

// Float is what a server without integers makes of a number: the nearest
// float64, all its digits written out up to 1e21, as JavaScript does.
func Float(n string) string {
	f, err := strconv.ParseFloat(n, 64)
	switch {
	case err != nil:
		return n
	case f > -1e21 && f < 1e21:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}

// FloatShort is Float with an exponent from 1e6 on, as Go's %v writes it.
func FloatShort(n string) string {
	f, err := strconv.ParseFloat(n, 64)
	if err != nil {
		return n
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// Float32 is the nearest number of 32 bits: digits are lost.
func Float32(n string) string {
	f, err := strconv.ParseFloat(n, 32)
	if err != nil {
		return n
	}
	return strconv.FormatFloat(f, 'f', -1, 32)
}

// Clip bounds integers to 32 bits: others become the bound.
func Clip(n string) string {
	i, ok := new(big.Int).SetString(n, 10)
	most := big.NewInt(1<<31 - 1)
	if !ok || i.Cmp(most) <= 0 {
		return n
	}
	return most.String()
}

// Whole cuts what follows the point.
func Whole(n string) string {
	if strings.ContainsAny(n, "eE") {
		return n
	}
	whole, _, _ := strings.Cut(n, ".")
	return whole
}

// AsText makes every number a text.
func AsText(v any) any {
	return Each(func(_ Path, v any) any {
		if n, ok := v.(json.Number); ok {
			return string(n)
		}
		return v
	})(v)
}
