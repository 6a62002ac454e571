package zis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

func TestARNs(t *testing.T) {
	for text, want := range map[string]string{
		"zis:acme:flow:f": "zis:other:flow:f", "zis:acme:job_spec:s": "zis:other:job_spec:s",
		"zis:common:action:LoadLinks": "zis:common:action:LoadLinks", "zis:acme:flow": "", "acme:flow:f": "", "": "",
	} {
		have := ""
		if arn, ok := zis.ParseARN(text); ok {
			have = arn.In("other").String()
			if arn.String() != text {
				t.Errorf("%s is written %s", text, arn)
			}
		}
		if have != want {
			t.Errorf("%s of another integration is %q, want %q", text, have, want)
		}
	}
}

func TestIntegrationNames(t *testing.T) {
	for name, valid := range map[string]bool{
		"acme": true, "a-b_9": true, "": false, "Acme": false, "a b": false, "é": false,
		strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
	} {
		if zis.ValidIntegration(name) != valid {
			t.Errorf("%q: want valid %v", name, valid)
		}
	}
}

func TestFieldsInOtherWords(t *testing.T) {
	for _, tt := range []struct {
		name, field string
		means       bool
	}{
		{"body", "requestBody", true},
		{"PAYLOAD", "requestBody", true},
		{"query_string", "queryParams", true},
		{"http-method", "method", true},
		{"body", "url", false},
		{"", "url", false},
		{"url", "url", false},
		{"anything", "no field", false},
		{"next_state", "Next", true},
		{"then", "Default", false},
	} {
		if zis.MeansField(tt.name, tt.field) != tt.means {
			t.Errorf("%q for %q: want %v", tt.name, tt.field, tt.means)
		}
	}
}

// Values that stand beside one another are compared: members by their name,
// headers by their key in any case, other items by their order.
func TestBeside(t *testing.T) {
	for _, tt := range []struct{ name, want, have, beside string }{
		{"members", `{"a": 1, "b": 2}`, `{"b": 3}`, "- 3"},
		{"headers", `[{"key": "X-One", "value": "1"}, {"key": "b", "value": "2"}]`, `[{"key": "b", "value": "4"}, {"key": "x-one", "value": "3"}]`, "3 4"},
		{"a header twice", `[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]`, `[{"key": "a", "value": "3"}]`, "3 -"},
		{"items", `["a", "b"]`, `["c", "d"]`, "c d"},
		{"one item more", `["a", "b"]`, `["c"]`, "- -"},
		{"nothing alike", `["a"]`, `{"a": 1}`, "-"},
	} {
		var nodes []*source.Node
		for _, text := range []string{tt.want, tt.have} {
			doc, found := source.Parse(diag.NewFile("b.json", []byte(`{"v": `+text+`}`)))
			if doc == nil {
				t.Fatal(found)
			}
			nodes = append(nodes, doc.Root.Get("v"))
		}
		var have []string
		for _, n := range zis.Beside(nodes[0], nodes[1]) {
			switch {
			case n == nil:
				have = append(have, "-")
			case n.IsObject():
				text, _ := n.Get("value").Text()
				have = append(have, text)
			default:
				have = append(have, fmt.Sprint(n.Value))
			}
		}
		if diff := cmp.Diff(tt.beside, strings.Join(have, " ")); diff != "" {
			t.Errorf("%s (-want +have)\n%s", tt.name, diff)
		}
	}
}
