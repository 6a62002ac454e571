package flowtest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const corpus = "../../../shared/corpus/public"

// recorded is what was generated for a bundle of the corpus.
type recorded struct {
	suite *flowtest.Suite
	cases []*flowtest.Case
	flows int
}

var (
	corpusOnce = map[string]func() recorded{}
	corpusMu   sync.Mutex
)

// recordOf generates cases for a bundle, once for all tests. Placeholders of
// the deployer get values.
func recordOf(t testing.TB, name string) recorded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	corpusMu.Lock()
	once := corpusOnce[name]
	if once == nil {
		once = sync.OnceValue(func() recorded {
			text := regexp.MustCompile(`\{\{(\w+)\}\}`).ReplaceAll(text, []byte("v_$1"))
			r := recorded{suite: &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, name, text)}}}
			for _, g := range r.suite.Generate(context.Background()) {
				r.cases = append(r.cases, g.Cases...)
				r.flows++
			}
			return r
		})
		corpusOnce[name] = once
	}
	corpusMu.Unlock()
	return once()
}

func corpusNames(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob(corpus + "/*.json")
	if len(files) == 0 {
		t.Skip("the corpus isn't beside this repository")
	}
	var names []string
	for _, f := range files {
		if name := filepath.Base(f); !testing.Short() || name != "genesys-template.json" && name != "tsanet-2026-08.json" {
			names = append(names, name)
		}
	}
	return names
}

// unreachable are branches that no event and no answer leads to.
var unreachable = []struct{ files, points, why string }{
	{"tsanet", "^rule not taken: rule 4 of Dispatch$", "GuardValue lets only the four values through that Dispatch asks for"},
	{"tsanet-2026-08", "GuardAutoAccept|AutoAccept$|AutoAcceptFail$", "auto_accept is the text AUTO_ACCEPT_MODE, which is to be replaced before the upload"},
	{"REJECTED", "GuardAuthor|ForwardNote", "the platform refuses the operator StringMatches"},
	{"zendesk-demo", "RedactComment|FindRedactMatch|RedactStringInComment|DoneMap", "a state reads $.connections, to which flows have no access any more"},
}

func reachable(file, point string) bool {
	for _, u := range unreachable {
		if strings.Contains(file, u.files) && regexp.MustCompile(u.points).MatchString(point) {
			return false
		}
	}
	return true
}

// TestGeneratedCasesReachEveryBranch of the public bundles: of at least 11 of
// 13, those that can be reached. Every run ends, and every recorded case
// passes, in any order.
func TestGeneratedCasesReachEveryBranch(t *testing.T) {
	whole := 0
	for _, name := range corpusNames(t) {
		r := recordOf(t, name)
		outcomes := r.suite.Run(t.Context(), r.cases)
		for _, o := range outcomes {
			if !o.Passed() {
				t.Errorf("%s: %s: %v", name, o.Case.Name, o.Problems)
			}
		}
		missed := 0
		for _, p := range r.suite.Cover(outcomes).Missed() {
			if reachable(name, p.String()) {
				missed++
				if name != "genesys-template.json" {
					t.Errorf("%s: nothing covers %s", name, p)
				}
			}
		}
		if missed == 0 {
			whole++
		}
		t.Logf("%s: %d cases of %d flows, %d branches missed", name, len(r.cases), r.flows, missed)
	}
	if want := 11; whole < want && !testing.Short() {
		t.Errorf("every branch of %d bundles is reached, want %d", whole, want)
	}
}

// TestRecordedFilesAreRead writes generated cases as files, reads them back
// and runs them: nothing is lost on the way.
func TestRecordedFilesAreRead(t *testing.T) {
	for _, name := range corpusNames(t) {
		r := recordOf(t, name)
		byFlow := flowtest.Generated{Cases: r.cases}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "t.yml"), []byte(byFlow.YAML()), 0o600); err != nil {
			t.Fatal(err)
		}
		f, found := flowtest.Read(os.DirFS(dir), "t.yml")
		if len(found) > 0 {
			t.Fatalf("%s: %v", name, found)
		}
		for _, o := range r.suite.Run(t.Context(), f.Cases) {
			if !o.Passed() {
				t.Errorf("%s: %s: %v", name, o.Case.Name, o.Problems)
			}
		}
	}
}

// TestOutcomesDontDependOnOrder runs cases forwards and backwards.
func TestOutcomesDontDependOnOrder(t *testing.T) {
	for _, name := range corpusNames(t)[:4] {
		r := recordOf(t, name)
		there := r.suite.Run(t.Context(), r.cases)
		backwards := slices.Clone(r.cases)
		slices.Reverse(backwards)
		back := r.suite.Run(t.Context(), backwards)
		for i, o := range there {
			other := back[len(back)-1-i]
			if fmt.Sprint(flowtest.Trace(o.Result)) != fmt.Sprint(flowtest.Trace(other.Result)) || o.Touched != other.Touched {
				t.Errorf("%s: %s runs otherwise in another order", name, o.Case.Name)
			}
		}
	}
}

// TestJqIsJq compares every program of the corpus with Debian's jq, on the
// data that the generated cases bring.
func TestJqIsJq(t *testing.T) {
	command, err := exec.LookPath("jq")
	if err != nil && os.Getenv("ZIS_TEST_JQ") != "" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("there is no jq on this machine (apt-get install jq)")
	}
	const most = 2 // data for each program
	tried, programs := map[string]int{}, 0
	for _, name := range corpusNames(t) {
		r := recordOf(t, name)
		for _, o := range r.suite.Run(t.Context(), r.cases) {
			for _, s := range o.Result.Steps {
				given, _ := s.Given.(map[string]any)
				program, ok := given["expr"].(string)
				if !ok || tried[program] == most || strings.Contains(program, "now") {
					continue
				}
				if tried[program]++; tried[program] == 1 {
					programs++
				}
				compareJq(t, command, program, given["data"])
			}
		}
	}
	t.Logf("%d programs", programs)
	if programs < 20 && !testing.Short() {
		t.Errorf("only %d programs were compared", programs)
	}
}

func compareJq(t *testing.T, command, program string, data any) {
	t.Helper()
	if text, ok := data.(string); ok {
		if v, err := interp.Decode([]byte(text)); err == nil {
			data = v
		}
	}
	compiled, errs := jq.Compile(program)
	if len(errs) > 0 {
		t.Errorf("%s: %v", program, errs)
		return
	}
	ours, oursErr := compiled.Run(t.Context(), data, time.Now())
	cmd := exec.CommandContext(t.Context(), command, "-c", program)
	cmd.Stdin = strings.NewReader(interp.Encode(data))
	out, theirsErr := cmd.Output()
	if _, isText := data.(string); isText && program == ".[0]" {
		return // gojq gives null for an index of a text, jq fails: docs/testing.md tells of it
	}
	if (oursErr == nil) != (theirsErr == nil) {
		t.Errorf("%s of %s: %v here, %v by jq", program, interp.Encode(data), oursErr, theirsErr)
		return
	}
	var theirs []any
	for line := range bytes.Lines(out) {
		v, err := interp.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		theirs = append(theirs, v)
	}
	if oursErr == nil && !interp.Equal(ours, theirs) {
		t.Errorf("%s of %s: %s here, %s by jq", program, interp.Encode(data), interp.Encode(ours), interp.Encode(theirs))
	}
}
