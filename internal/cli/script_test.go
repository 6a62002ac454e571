package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/cli"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
	"github.com/zisdeploy/zis-deploy/internal/registry"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"zis": func() { os.Exit(cli.Process()) }})
}

// TestScripts runs testdata/script/*.txtar. Each script has a registry of its
// own at $ZIS_URL, in which the integrations acme and globex are registered,
// and credentials for it. Its own verbs:
//
//	exits CODE zis ARGS...     runs zis and checks its exit code
//	requests                   prints the requests that write, in order, and empties the log
//	fault METHOD PATH KIND [N [AFTER]]
//	                           makes N (1; 0: all) requests go wrong, after AFTER (0) that don't
//	state                      prints what the registry holds, as JSON
//	record FILE                checks a file of --report-file against its schema
//	mode OCTAL FILE            checks who may read a file
//	upload INTEGRATION FILE    uploads a bundle, whatever zis would say of it
//	replace OLD NEW FILE       puts NEW in the place of OLD in a file, which must have it
//	envfile NAME FILE          sets a variable to what the file holds
//	connection TYPE NAME HOST  gives acme a connection
//	hidden FILE                checks that what the file holds was not printed
//	requests of NAME           the same, of one of the accounts at $ZIS_ACCOUNTS/accounts/NAME
//	expand FILE                puts the values of $NAME and ${NAME} into a file
//	github [REF COMMIT]        prints requests to GitHub and comments, or moves heads/BRANCH or tags/TAG
//	github COMMIT PATH FILE    puts a file there
//	decode FILE                prints a GITHUB_OUTPUT file as the runner reads it
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup:               startRegistry,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "requests": requests, "fault": fault, "state": state, "decode": decode, "github": github,
			"mode": mode, "replace": replace, "upload": upload, "envfile": envfile, "hidden": hidden, "record": record, "expand": expand, "connection": connection,
		},
	})
}

type registryKey struct{}

// accountsKey finds the many accounts.
type accountsKey struct{}

func startRegistry(env *testscript.Env) error {
	server := &emulator.Server{Taken: []string{"taken"}}
	for _, name := range []string{"acme", "globex"} {
		if err := server.Register(name); err != nil {
			return err
		}
	}
	err := server.Edit(func(st *emulator.State) {
		st.Integration("acme").Connections = []emulator.Connection{{Type: "oauth", Name: "zendesk"}}
	})
	if err != nil {
		return err
	}
	listening := httptest.NewServer(server)
	env.Defer(listening.Close)
	env.Values[registryKey{}] = server
	startHub(env)
	env.Setenv("ZIS_URL", listening.URL)
	env.Setenv("GORACE", "atexit_sleep_ms=0") // a process with the race detector would wait a second at its end
	many := &emulator.Accounts{}
	manyListening := httptest.NewServer(many)
	env.Defer(manyListening.Close)
	env.Values[accountsKey{}] = many
	env.Setenv("ZIS_ACCOUNTS", manyListening.URL+"/accounts")
	env.Setenv("ZENDESK_EMAIL", "admin@example.com")
	env.Setenv("ZENDESK_API_TOKEN", "token-of-the-admin")
	return nil
}

func server(ts *testscript.TestScript) *emulator.Server {
	return ts.Value(registryKey{}).(*emulator.Server)
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func requests(ts *testscript.TestScript, _ bool, args []string) {
	from := server(ts)
	if len(args) == 2 && args[0] == "of" {
		from = ts.Value(accountsKey{}).(*emulator.Accounts).Account(args[1])
	}
	log := from.Requests()
	from.ResetRequests()
	var b strings.Builder
	for _, line := range log {
		if !strings.HasPrefix(line, "GET ") {
			b.WriteString(line + "\n")
		}
	}
	_, err := ts.Stdout().Write([]byte(b.String()))
	ts.Check(err)
}

func fault(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fault METHOD PATH KIND [TIMES [AFTER]]")
	}
	counts := []int{1, 0}
	for i, text := range args[3:] {
		var err error
		counts[i], err = strconv.Atoi(text)
		ts.Check(err)
	}
	script, err := faulty.Script{{Method: args[0], Path: args[1], Kind: args[2], Times: counts[0], After: counts[1]}}.Fault()
	ts.Check(err)
	server(ts).SetFault(script)
}

func state(ts *testscript.TestScript, _ bool, _ []string) {
	text, err := json.MarshalIndent(server(ts).State(), "", "  ")
	ts.Check(err)
	_, err = ts.Stdout().Write(append(text, '\n'))
	ts.Check(err)
}

func connection(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(server(ts).Edit(func(st *emulator.State) {
		acme := st.Integration("acme")
		acme.Connections = append(acme.Connections, emulator.Connection{Type: args[0], Name: args[1], AllowedDomain: args[2]})
	}))
}

func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(info.Mode().Perm()), 8); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

func record(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile("../../schemas/report.schema.json")
	ts.Check(err)
	schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
	ts.Check(err)
	result, err := schema.Validate(gojsonschema.NewStringLoader(ts.ReadFile(args[0])))
	ts.Check(err)
	for _, e := range result.Errors() {
		ts.Fatalf("%s: %s", args[0], e)
	}
}

func expand(ts *testscript.TestScript, _ bool, args []string) {
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func envfile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

func hidden(ts *testscript.TestScript, _ bool, args []string) {
	secret := strings.TrimSpace(ts.ReadFile(args[0]))
	if secret == "" || strings.Contains(ts.ReadFile("stdout")+ts.ReadFile("stderr"), secret) {
		ts.Fatalf("what %s holds was printed, or it is empty", args[0])
	}
}

// decode reads a file of outputs by the runner's rules (FileCommandManager):
// name=value, or name<<DELIMITER, lines, DELIMITER.
func decode(ts *testscript.TestScript, _ bool, args []string) {
	var out []string
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		name, delimiter, ok := strings.Cut(lines[i], "<<")
		if !ok {
			out = append(out, lines[i])
			continue
		}
		end := slices.Index(lines[i+1:], delimiter)
		if end < 0 {
			ts.Fatalf("output %s has no end", name)
		}
		out = append(out, name+"="+strings.Join(lines[i+1:i+1+end], "\n"))
		i += end + 1
	}
	_, err := bytes.NewBufferString(strings.Join(out, "\n") + "\n").WriteTo(ts.Stdout())
	ts.Check(err)
}

func replace(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[2])
	if !strings.Contains(text, args[0]) {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.ReplaceAll(text, args[0], args[1])), 0o644))
}

func upload(ts *testscript.TestScript, _ bool, args []string) {
	client, err := registry.New(ts.Getenv("ZIS_URL"), registry.Credentials{Email: "admin@example.com", APIToken: "token-of-the-admin"})
	ts.Check(err)
	ts.Check(client.Upload(context.Background(), args[0], []byte(ts.ReadFile(args[1]))))
}
