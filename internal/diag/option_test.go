package diag_test

import (
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

func TestOptionsInWords(t *testing.T) {
	input := func(name, value string) string { return value + " in the input " + name }
	for _, tt := range []struct{ help, flags, inputs string }{
		{"write it", "write it", "write it"},
		{"give " + diag.Option("var", "A=VALUE"), "give --var A=VALUE", "give A=VALUE in the input var"},
		{"give " + diag.Option("var", "{{A}}") + ", or " + diag.Option("secret-var", "A") + ".", "give --var {{A}}, or --secret-var A.", "give {{A}} in the input var, or A in the input secret-var."},
		{"a name with \x01 in it", "a name with \x01 in it", "a name with \x01 in it"},
		{"\x01\x02" + diag.Option("var", "A"), "\x01\x02--var A", "\x01\x02A in the input var"},
	} {
		if have := diag.InWords(tt.help, diag.Flag); have != tt.flags {
			t.Errorf("%q is %q, want %q", tt.help, have, tt.flags)
		}
		if have := diag.InWords(tt.help, input); have != tt.inputs {
			t.Errorf("%q is %q, want %q", tt.help, have, tt.inputs)
		}
	}
}
