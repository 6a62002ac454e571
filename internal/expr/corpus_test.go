package expr_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

// Every jq program, path and template of the public bundles is right.
func TestCorpus(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/public/*.json")
	if len(files) == 0 {
		t.Skip("no corpus at ../shared/corpus beside the repository")
	}
	counts := map[string]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var root any
		if err := json.Unmarshal(data, &root); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		texts(root, "", func(key, text string) {
			what, errs := check(key, text)
			counts[what]++
			if len(errs) > 0 {
				t.Errorf("%s: %s %q: %+v", filepath.Base(file), what, text, errs)
			}
		})
	}
	t.Logf("checked %v", counts)
	if counts["jq program"] < 46 || counts["value"] < 162 {
		t.Errorf("only %v were found", counts)
	}
}

func check(key, text string) (what string, errs []expr.Error) {
	switch {
	case key == "expr" || key == "expr.$":
		_, errs = jq.Check(text)
		return "jq program", errs
	case strings.HasSuffix(key, ".$"):
		_, errs = expr.ParseValue(text)
		return "value", errs
	}
	_, errs = expr.ParseTemplate(text)
	return "template", errs
}

// texts calls f for every string below v with the key that it stands under.
func texts(v any, key string, f func(key, text string)) {
	switch v := v.(type) {
	case string:
		f(key, v)
	case []any:
		for _, item := range v {
			texts(item, key, f)
		}
	case map[string]any:
		for name, member := range v {
			texts(member, name, f)
		}
	}
}
