package emulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// answer is a whole response.
type answer struct {
	status      int // 0: none comes, the connection breaks
	contentType string
	body        []byte
	header      http.Header // more of it; may be nil
}

func (a answer) send(w http.ResponseWriter) {
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // fails if the client has gone, or has no body to expect
}

// failure is an error as the registry documents it (zis.md 1.3).
type failure struct {
	Errors  []failureDetail `json:"errors,omitempty"`
	Message string          `json:"message"`
}

type failureDetail struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Status string `json:"status"`
}

// refuse answers in the documented envelope. Without details, there is no
// "errors", as in the observed refusal of a taken name.
func refuse(status int, message string, details ...string) answer {
	f := failure{Message: message}
	for _, d := range details {
		f.Errors = append(f.Errors, failureDetail{Code: code(status), Detail: d, Status: strconv.Itoa(status)})
	}
	return reply(status, f)
}

// code is the error code of a status in the documented samples. Their 1001 of
// a 401 was never seen: refused credentials come as plain text.
func code(status int) string {
	if status == http.StatusInternalServerError {
		return "1050"
	}
	return "1010"
}

// broken answers when the emulator itself can't go on: the state file is not
// to be read or written.
func broken(err error) answer {
	return refuse(http.StatusInternalServerError, "Internal Server Error", err.Error())
}

func reply(status int, v any) answer {
	text, err := encode(v)
	if err != nil {
		return plain(http.StatusInternalServerError, err.Error())
	}
	return answer{status: status, contentType: "application/json", body: text}
}

// plain answers with bare text, as refused credentials are (observed).
func plain(status int, text string) answer {
	return answer{status: status, contentType: "text/plain; charset=utf-8", body: []byte(text)}
}

// encode writes JSON with maps sorted by key and numbers as they came. Whether
// the registry escapes <, > and & is silent; here it doesn't.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
