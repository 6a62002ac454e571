package program_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/cli"
	"github.com/zisdeploy/zis-deploy/internal/program"
)

var update = flag.Bool("update", false, "rewrite what testdata wants")

// TestValues plays testdata/values: what somebody is told who gives a wrong
// value. The archives have files, and parts without a dot in their names: runs,
// each with what is told on stderr and, if the exit code isn't 3,
// on stdout, and the code.
//
//	$ VERB ARGUMENT…           on the command line, an argument in Go's quotes or none
//	$ NAME=VALUE VERB…         with a variable of the environment
//	$ action NAME=VALUE…       in a workflow, its inputs
func TestValues(t *testing.T) {
	paths, _ := filepath.Glob("testdata/values/*.txtar")
	if len(paths) < 5 {
		t.Fatalf("only %d archives are found", len(paths))
	}
	for _, path := range paths {
		full, _ := filepath.Abs(path)
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range a.Files {
			if strings.Contains(part.Name, ".") {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+part.Name, func(t *testing.T) {
				t.Chdir(t.TempDir())
				for _, f := range a.Files {
					if strings.Contains(f.Name, ".") {
						write(t, f.Name, f.Data)
					}
				}
				got := told(t, string(part.Data))
				if diff := cmp.Diff(string(part.Data), got); diff != "" && !*update {
					t.Errorf("(-want +got)\n%s", diff)
				}
				a.Files[i].Data = []byte(got)
			})
		}
		if *update {
			write(t, full, txtar.Format(a))
		}
	}
}

// unsteady is what differs from run to run, and what the runner takes out.
var unsteady = regexp.MustCompile(` \([0-9.]+m?s\)|(?m:^::add-mask::.*\n)`)

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// told runs what a part says, and writes what is told below each line.
func told(t *testing.T, part string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(part) {
		if strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
		run, is := strings.CutPrefix(line, "$ ")
		if !is {
			continue
		}
		b.WriteString(line)
		args, env := words(t, run), map[string]string{"ZENDESK_EMAIL": "admin@acme.example", "ZENDESK_API_TOKEN": "the-token-of-the-test"}
		for name, value, is := strings.Cut(args[0], "="); is; name, value, is = strings.Cut(args[0], "=") {
			env[name], args = value, args[1:]
		}
		if args[0] == "action" {
			env["GITHUB_WORKSPACE"], _ = os.Getwd()
			for _, input := range args[1:] {
				name, value, _ := strings.Cut(input, "=")
				env["INPUT_"+strings.ToUpper(name)] = value
			}
			args = args[:1]
		}
		var stdout, stderr bytes.Buffer
		code := cli.Main(context.Background(), args, program.Env{
			Stdout: &stdout, Stderr: &stderr, Getenv: func(name string) string { return env[name] },
			Environ: func() []string {
				var list []string
				for _, name := range slices.Sorted(maps.Keys(env)) {
					list = append(list, name+"="+env[name])
				}
				return list
			},
		})
		b.Write(unsteady.ReplaceAll(stderr.Bytes(), nil))
		if code != 3 {
			fmt.Fprintf(&b, "%sexit %d\n", unsteady.ReplaceAll(stdout.Bytes(), nil), code)
		}
	}
	return b.String()
}

// words splits a line at spaces, but for those in Go's quotes.
func words(t *testing.T, line string) []string {
	t.Helper()
	var list []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		end := strings.IndexByte(rest+" ", ' ')
		if q := strings.IndexByte(rest[:end], '"'); q >= 0 {
			end = q + 1 + strings.IndexByte(rest[q+1:], '"') + 1
			var text string
			if _, err := fmt.Sscanf(rest[q:end], "%q", &text); err != nil {
				t.Fatalf("%s: %v", rest, err)
			}
			list, rest = append(list, rest[:q]+text), rest[end:]
			continue
		}
		list, rest = append(list, rest[:end]), rest[end:]
	}
	return list
}
