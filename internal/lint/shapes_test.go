package lint

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// SameWithShapes tells how the schema's errors differ between all states and
// those of distinct shapes; "" if they don't.
func SameWithShapes(src []byte) string {
	d, _ := source.Parse(diag.NewFile("bundle.json", src))
	if d == nil {
		return ""
	}
	text := func(c *schemaCheck) string {
		var list []string
		for _, e := range c.all {
			list = append(list, fmt.Sprintln(e.path, e.node.Pointer(), e.key, e.Type(), e.Description()))
		}
		for _, f := range c.found {
			list = append(list, fmt.Sprintln(f.Span, f.Message))
		}
		slices.Sort(list) // the library goes over maps
		return strings.Join(list, "")
	}
	if short, whole := text(checkSchema(d)), text(checkParts(d, nil)); short != whole {
		return fmt.Sprintf("with shapes\n%s\nall states\n%s", short, whole)
	}
	return ""
}

// A shape has all that the schema asks of a state: the schema has no keywords
// but those that shapes answer, and no words in a state but those they keep.
func TestShapesAnswerTheSchema(t *testing.T) {
	text, err := os.ReadFile("../../schemas/bundle.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root struct{ Definitions map[string]any }
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	machine := root.Definitions["machine"].(map[string]any)["properties"].(map[string]any)["States"].(map[string]any)
	for _, k := range []string{"title", "description", "type", "minProperties", "additionalProperties"} {
		delete(machine, k)
	}
	if len(machine) > 0 {
		t.Errorf("States has more keywords: %v", machine)
	}
	ask := asksOf{t, root.Definitions, map[string]bool{}, map[string]bool{}}
	ask.schema(map[string]any{"$ref": "#/definitions/state"})
	for w := range ask.words {
		if !slices.Contains(schemaWords, w) {
			t.Errorf("the schema tells %q from other texts, shapes don't", w)
		}
	}
	if len(ask.words) != len(schemaWords) {
		t.Errorf("the schema tells %d texts apart, shapes %d", len(ask.words), len(schemaWords))
	}
}

// asksOf collects the words that a schema, and those it refers to, tell apart.
type asksOf struct {
	t           *testing.T
	definitions map[string]any
	visited     map[string]bool
	words       map[string]bool
}

func (a asksOf) schema(s any) {
	object, _ := s.(map[string]any) // true and false ask for nothing
	for k, v := range object {
		switch k {
		case "title", "description", "examples", "$comment", "type", "required", "minProperties", "maxProperties", "minItems", "minimum", "exclusiveMinimum":
		case "if", "then", "else", "additionalProperties", "items":
			a.schema(v)
		case "allOf":
			for _, s := range v.([]any) {
				a.schema(s)
			}
		case "properties", "dependencies":
			for _, s := range v.(map[string]any) {
				a.schema(s)
			}
		case "$ref":
			name := strings.TrimPrefix(v.(string), "#/definitions/")
			if !a.visited[name] {
				a.visited[name] = true
				a.schema(a.definitions[name])
			}
		case "pattern":
			a.word(strings.TrimSuffix(strings.TrimPrefix(v.(string), "^"), "$"))
		case "const":
			a.word(v)
		case "enum":
			for _, w := range v.([]any) {
				a.word(w)
			}
		default:
			a.t.Errorf("shapes don't answer the keyword %q", k)
		}
	}
}

func (a asksOf) word(v any) {
	if w, ok := v.(string); ok {
		a.words[w] = true
	}
}

// Where a shape's state isn't judged, its likes are: what is overwritten, is no
// flow's, or is too long.
func TestShapesOfStatesThatAreNotJudged(t *testing.T) {
	const bad, other = `{"Type":"Wait","Next":"A"}`, `{"Type":"Succeed"}`
	flow := func(kind, states string) string {
		return fmt.Sprintf(`{"type":%q,"properties":{"name":"f","definition":{"StartAt":"A","States":%s}}}`, kind, states)
	}
	two := fmt.Sprintf(`{"A":%s,"B":%[1]s}`, bad)
	for _, resources := range []string{
		`"a":` + flow("ZIS::Flow", two),
		`"a":` + flow("ZIS::Flow", `{"A":`+bad+`,"A":`+other+`,"B":`+bad+`,"C":`+other+`}`),
		`"a":` + flow("ZIS::Flow", two) + `,"a":` + flow("ZIS::Flow", `{"A":`+other+`}`) + `,"b":` + flow("ZIS::Flow", two),
		`"a":` + flow("ZIS::JobSpec", two) + `,"b":` + flow("ZIS::Flow", two),
		`"a":` + flow("ZIS::Flow", `[`+bad+`,`+bad+`]`) + `,"b":` + flow("ZIS::Flow", two),
		`"a":` + flow("ZIS::Flow", `{"A":`+other+`,"B":`+other+`}`) + `,"b":` + flow("ZIS::Flow", `{"A":`+other+`,"B":`+other+`,"C":`+bad+`}`),
	} {
		src := `{"name":"b","zis_template_version":"2019-10-14","resources":{` + resources + `}}`
		if diff := SameWithShapes([]byte(src)); diff != "" {
			t.Errorf("%s\n%s", src, diff)
		}
		d, _ := source.Parse(diag.NewFile("bundle.json", []byte(src)))
		if c := checkSchema(d); len(c.all) == 0 {
			t.Errorf("no error: %s", src)
		}
	}
}
