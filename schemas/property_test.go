package schemas_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/schemas"
)

// Every operator of the documentation's table is accepted with any value;
// the neighbours that the Amazon States Language has are not.
func TestOperators(t *testing.T) {
	documented := strings.Fields(`StringEquals StringEqualsPath StringLessThan StringGreaterThan StringLessThanEquals
		StringGreaterThanEquals NumericEquals NumericEqualsPath NumericLessThan NumericLessThanPath NumericGreaterThan
		NumericGreaterThanPath NumericLessThanEquals NumericLessThanEqualsPath NumericGreaterThanEquals
		NumericGreaterThanEqualsPath BooleanEquals BooleanEqualsPath TimestampEquals TimestampLessThan
		TimestampGreaterThan TimestampLessThanEquals TimestampGreaterThanEquals IsPresent IsNull`)
	unsupported := strings.Fields(`StringMatches IsString IsNumeric IsBoolean IsTimestamp StringLessThanPath
		StringGreaterThanPath StringLessThanEqualsPath StringGreaterThanEqualsPath TimestampEqualsPath
		TimestampLessThanPath TimestampGreaterThanPath TimestampLessThanEqualsPath TimestampGreaterThanEqualsPath`)
	at := states + "/Decide/Choices"
	for _, op := range slices.Concat(documented, unsupported) {
		bundle := full(t)
		edit(t, find(t, bundle, at), fmt.Sprintf(`0={"Variable":"$.a",%q:[1],"Next":"Done"}`, op))
		edit(t, find(t, bundle, at), fmt.Sprintf(`1={"Not":{"Variable":"$.a",%q:[1]},"Next":"Done"}`, op))
		var want []string
		if slices.Contains(unsupported, op) {
			want = []string{
				at + "/0 additional_property_not_allowed " + op,
				at + "/1/Not additional_property_not_allowed " + op,
			}
		}
		if diff := cmp.Diff(want, check(t, bundle)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", op, diff)
		}
	}
}

// Objects are open, but for the rules of a Choice: the platform was seen to
// accept unknown keys, and its documentation is silent about them.
func TestUnknownKeys(t *testing.T) {
	for _, at := range places(full(t), "") {
		bundle := full(t)
		object, ok := find(t, bundle, at).(map[string]any)
		if !ok || at == "/resources" || strings.HasSuffix(at, "/States") { // there a key is a name
			continue
		}
		object["Unknown"] = true
		closed := strings.Contains(at, "/Choices/")
		if got := check(t, bundle); (got != nil) != closed {
			t.Errorf("%s: closed is %v, got %v", at, closed, got)
		}
	}
}

// free are the places where the schema leaves the type open, because it is
// the user's own data or because the documentation doesn't name it.
var free = regexp.MustCompile(`/(Parameters|requestBody|Result)/|/(Result|value)$|/Choices/.*/(String|Numeric|Is)\w+$|/Choices/.*/Comment$`)

func TestEveryValueIsTyped(t *testing.T) {
	for _, at := range places(full(t), "") {
		want := kind(find(t, full(t), at))
		for _, wrong := range []string{"null", "[]", "{}", "true", "-1", `"text"`} {
			if want == kind(decode(t, wrong)) || free.MatchString(at) {
				continue
			}
			if check(t, replaced(t, at, wrong)) == nil {
				t.Errorf("%s: %s passes instead of a %s", at, wrong, want)
			}
		}
	}
}

// A number beyond float64 is no panic, wherever it stands. (The bounds of
// Seconds and TimeoutSeconds panic at exponents past a million.)
func TestHugeNumbers(t *testing.T) {
	for _, at := range places(full(t), "") {
		check(t, replaced(t, at, "1e309"))
		check(t, replaced(t, at, `[{"a":-1e309}]`))
	}
}

// Deep nesting must not multiply the errors around an error: each would hold
// its whole place, and a small file could fill the memory.
func TestDeepConditions(t *testing.T) {
	var condition any = map[string]any{"Variable": "$.a"}
	for range 200 {
		condition = map[string]any{"Not": map[string]any{"And": []any{condition}}}
	}
	bundle := full(t)
	find(t, bundle, states+"/Decide").(map[string]any)["Choices"] = []any{map[string]any{"Next": "Done", "Not": condition}}
	s, err := schemas.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	result, err := s.Validate(gojsonschema.NewRawLoader(bundle))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(result.Errors()); n > 20 {
		t.Errorf("%d errors for one mistake", n)
	}
}

// replaced is the full bundle with another value at one place.
func replaced(t testing.TB, at, value string) any {
	t.Helper()
	bundle := full(t)
	slash := strings.LastIndexByte(at, '/')
	edit(t, find(t, bundle, at[:slash]), unescape(at[slash+1:])+"="+value)
	return bundle
}
