package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// TestEveryHintHasWords: on the command line a hint names flags, verbs and
// variables; in the action inputs, and never what only a terminal knows.
func TestEveryHintHasWords(t *testing.T) {
	src, err := os.ReadFile("../verdict/hint.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code = "([a-z-]+)"`).FindAllStringSubmatch(string(src), -1)
	if len(codes) < 20 {
		t.Fatalf("only %d codes are found", len(codes))
	}
	for _, code := range codes {
		hint := verdict.Hint{Code: verdict.Code(code[1]), Of: "crm"}
		typed, action := (&program.Program{}).Say(hint), (&program.Program{Workflow: &program.Workflow{}}).Say(hint)
		if typed == "" || strings.ContainsAny(typed+action, "{}") {
			t.Errorf("%s: the words are %q and %q", code[1], typed, action)
		}
		if regexp.MustCompile(`--[a-z]|\bzis [a-z]|ZENDESK_|ZIS_`).MatchString(action) {
			t.Errorf("%s: the action speaks of flags: %q", code[1], action)
		}
	}
}

func TestWordsNameWhatExists(t *testing.T) {
	options, verbs := map[string]bool{"of": true}, map[string]bool{}
	for _, in := range option.Table() {
		options[in.Name], options[in.Env] = true, true
	}
	p := program.New(program.Env{Getenv: os.Getenv})
	for _, verb := range root(p).Commands() {
		verbs[verb.Name()] = true
	}
	for code, text := range program.HintWords {
		for _, name := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(text, -1) {
			verb, isVerb := strings.CutPrefix(name[1], "zis ")
			if isVerb && !verbs[verb] || !isVerb && !options[strings.TrimPrefix(name[1], "--")] {
				t.Errorf("%s: nothing is called %q", code, name[1])
			}
		}
	}
}
