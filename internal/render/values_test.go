package render_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/render"
)

func TestValues(t *testing.T) {
	v := render.Values{Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{"KEY": "sEcr3t-é/x"}}
	v.Set("HOST", "example.com")
	v.Set("N", json.Number("1"))
	v.Set("ON", true)
	if diff := cmp.Diff(map[string]string{"HOST": "example.com", "N": "1", "ON": "true"}, v.Given()); diff != "" {
		t.Errorf("given (-want +have)\n%s", diff)
	}
	for name, has := range map[string]bool{"HOST": true, "N": true, "KEY": true, "OTHER": false} {
		if v.Has(name) != has {
			t.Errorf("has %s: want %v", name, has)
		}
	}
	if given := (render.Values{}).Given(); given == nil {
		t.Error("nothing is given, and nothing can be added")
	}
	d := v.Dummies()
	if d.Secrets["KEY"] != "xXxx0x-x/x" || v.Secrets["KEY"] != "sEcr3t-é/x" {
		t.Errorf("in the place of a secret stands %q, and it has become %q", d.Secrets["KEY"], v.Secrets["KEY"])
	}
}

func TestTyped(t *testing.T) {
	for text, want := range map[string]any{"1": json.Number("1"), "1.5": json.Number("1.5"), "true": true, "false": false, "yes": nil, "": nil, "0x1": nil, "Inf": nil, "1_000": nil} {
		have, ok := render.Typed(text)
		if have != want || ok != (want != nil) {
			t.Errorf("%q is %v, %v; want %v", text, have, ok, want)
		}
	}
}
