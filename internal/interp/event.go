package interp

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

// Root makes the initial $ of an event in one of three forms: the whole root,
// known by input and account_id; an object that is an input, known by its
// single member ending in _event; and any other value, the body that was
// posted to an inbound webhook.
func (a Account) Root(event any) map[string]any {
	if object, ok := event.(map[string]any); ok {
		_, hasInput := object["input"]
		if _, hasAccount := object["account_id"]; hasInput && hasAccount {
			return object
		}
	}
	return map[string]any{
		"account_id": json.Number(strconv.FormatInt(a.ID, 10)), "subdomain": a.Subdomain,
		"integration_key": a.Integration, "input": event,
	}
}

// ErrNotObject is why a posted body starts no flow, if that is how it is.
var ErrNotObject = errors.New("the body is no JSON object")

// Posted is Root for a body posted to an inbound webhook.
func (a Account) Posted(body any, readings Readings, touched *Touched) (map[string]any, error) {
	if _, ok := body.(map[string]any); !ok {
		touched.Add(BodyNotObject)
		if readings.chosen[BodyNotObject] == second {
			return nil, ErrNotObject
		}
	}
	return a.Root(body), nil
}

// Wrapper is the single member of an input that ends in _event; "" if it has
// none.
func Wrapper(input any) string {
	object, _ := input.(map[string]any)
	for name := range object {
		if len(object) == 1 && strings.HasSuffix(name, "_event") {
			return name
		}
	}
	return ""
}

// stopped tells that a jq program was ended, and not by its own fault.
func stopped(err error) bool {
	for _, limit := range []error{jq.ErrSteps, jq.ErrTime, jq.ErrMemory, jq.ErrOutput} {
		if errors.Is(err, limit) {
			return true
		}
	}
	return false
}
