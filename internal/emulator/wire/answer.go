// Package wire writes what a Zendesk account answers: its envelopes of errors,
// plain texts, pages of lists. It knows no state.
package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
)

// Answer is a whole response.
type Answer struct {
	Status int    // 0: none comes, the connection breaks
	Type   string // Content-Type; "" for none of its own
	Body   []byte
	Header http.Header // more of it; may be nil
}

// Send writes the answer, or breaks the connection.
func (a Answer) Send(w http.ResponseWriter) {
	if a.Status == 0 {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), a.Header)
	if a.Type != "" {
		w.Header().Set("Content-Type", a.Type)
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // fails if the client has gone, or has no body to expect
}

// failure is an error as the registry documents it.
type failure struct {
	Errors  []failureDetail `json:"errors,omitempty"`
	Message string          `json:"message"`
}

type failureDetail struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Status string `json:"status"`
}

// Refuse answers in the documented envelope. Without details, there is no
// "errors", as in the observed refusal of a taken name.
func Refuse(status int, message string, details ...string) Answer {
	f := failure{Message: message}
	for _, d := range details {
		f.Errors = append(f.Errors, failureDetail{Code: code(status), Detail: d, Status: strconv.Itoa(status)})
	}
	return Reply(status, f)
}

// code is the error code of a status in the documented samples. Their 1001 of
// a 401 was never seen: refused credentials come as plain text.
func code(status int) string {
	if status == http.StatusInternalServerError {
		return "1050"
	}
	return "1010"
}

// Broken answers when the emulator itself can't go on: the state file is not
// to be read or written.
func Broken(err error) Answer {
	return Refuse(http.StatusInternalServerError, "Internal Server Error", err.Error())
}

// Reply answers with a value as JSON.
func Reply(status int, v any) Answer {
	text, err := Encode(v)
	if err != nil {
		return Plain(http.StatusInternalServerError, err.Error())
	}
	return JSON(status, text)
}

// Plain answers with bare text, as refused credentials are (observed).
func Plain(status int, text string) Answer {
	return Answer{Status: status, Type: "text/plain; charset=utf-8", Body: []byte(text)}
}

// Encode writes JSON with maps sorted by key and numbers as they came. Whether
// the registry escapes <, > and & is silent; here it doesn't.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// JSON answers with text that is JSON.
func JSON(status int, text []byte) Answer {
	return Answer{Status: status, Type: "application/json", Body: text}
}

// HTML is what a proxy or a page for browsers answers.
func HTML(status int, text string) Answer {
	return Answer{Status: status, Type: "text/html; charset=utf-8", Body: []byte(text)}
}

// With is the answer with one header more.
func (a Answer) With(name, value string) Answer {
	a.Header = a.Header.Clone()
	if a.Header == nil {
		a.Header = http.Header{}
	}
	a.Header.Set(name, value)
	return a
}

// Decode reads exactly one JSON value; its numbers keep every digit.
func Decode(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("something follows the value")
	}
	return v, nil
}

// Object is a decoded object, or nil.
func Object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// Text is a decoded text, or "".
func Text(v any) string {
	s, _ := v.(string)
	return s
}
