package interp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Values are what encoding/json makes of JSON with UseNumber: nil, bool,
// string, json.Number, []any and map[string]any. No value is changed once it
// is part of a run's data: who writes copies what is on the way.

// Decode reads one JSON value; numbers keep their digits.
func Decode(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	switch err := dec.Decode(&v); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("there is nothing")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("it ends too early")
	case err != nil:
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is text after the end of the value")
	}
	return v, nil
}

// Encode writes a value as JSON without white space, members sorted by name.
func Encode(v any) string { return string(appendJSON(nil, v)) }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendString(b, v)
	case json.Number:
		return append(b, v...)
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(append(appendString(b, name), ':'), v[name])
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// appendString writes a JSON string; text that needs no escape is copied.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			var w bytes.Buffer
			enc := json.NewEncoder(&w)
			enc.SetEscapeHTML(false)
			_ = enc.Encode(s) // of a string: can't fail
			return append(b, bytes.TrimSuffix(w.Bytes(), []byte("\n"))...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// Equal tells whether two values are the same JSON; 1.0 and 1 are one number.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		n, ok := b.(json.Number)
		return ok && compareNumbers(a, n) == 0
	case []any:
		list, ok := b.([]any)
		return ok && slices.EqualFunc(a, list, Equal)
	case map[string]any:
		object, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, object, Equal)
	}
	switch b.(type) {
	case json.Number, []any, map[string]any:
		return false
	}
	return a == b
}

// compareNumbers is exact, but for numbers of extreme length that differ by less
// than a float can tell.
func compareNumbers(a, b json.Number) int {
	if a == b {
		return 0
	}
	x, xWhole := whole(a)
	y, yWhole := whole(b)
	if xWhole && yWhole {
		return compareWhole(x, y)
	}
	f, _ := a.Float64() // out of range is infinite, which compares
	g, _ := b.Float64()
	if f != g || math.IsInf(f, 0) {
		return cmp.Compare(f, g)
	}
	p, ok := rational(a)
	q, ok2 := rational(b)
	if !ok || !ok2 {
		return 0
	}
	return p.Cmp(q)
}

// rational is a number exactly; ok is false if that takes too much.
func rational(n json.Number) (r *big.Rat, ok bool) {
	const most = 400 // digits, also of what the exponent makes of them
	_, exponent, _ := strings.Cut(strings.ToLower(string(n)), "e")
	if e, err := strconv.Atoi(exponent); len(n) > most || exponent != "" && (err != nil || max(e, -e) > most) {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

func compareWhole(x, y string) int {
	i, err := strconv.ParseInt(x, 10, 64)
	j, err2 := strconv.ParseInt(y, 10, 64)
	if err == nil && err2 == nil {
		return cmp.Compare(i, j)
	}
	const most = 10_000 // digits: big.Int takes quadratic time
	if len(x) > most || len(y) > most {
		return cmp.Compare(len(x), len(y))
	}
	m, _ := new(big.Int).SetString(x, 10)
	n, _ := new(big.Int).SetString(y, 10)
	return m.Cmp(n)
}

// whole returns the digits of a number that has no fraction.
func whole(n json.Number) (string, bool) {
	digits, fraction, _ := strings.Cut(string(n), ".")
	if strings.ContainsAny(string(n), "eE") || strings.Trim(fraction, "0") != "" {
		return "", false
	}
	return digits, true
}

// holds tells whether v is, or contains, the very object that part is.
func holds(v any, part map[string]any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return holds(item, part) })
	case map[string]any:
		if sameObject(v, part) {
			return true
		}
		for _, member := range v {
			if holds(member, part) {
				return true
			}
		}
	}
	return false
}

// within takes the size of a value out of the room there is, and tells whether
// it was enough. As JSON the value has at least as many bytes.
func within(v any, room *int) bool {
	*room--
	switch v := v.(type) {
	case string:
		*room -= len(v) + 1
	case json.Number:
		*room -= len(v) - 1
	case []any:
		for _, item := range v {
			if *room < 0 || !within(item, room) {
				return false
			}
		}
	case map[string]any:
		for name, member := range v {
			*room -= len(name) + 3
			if *room < 0 || !within(member, room) {
				return false
			}
		}
	}
	return *room >= 0
}
