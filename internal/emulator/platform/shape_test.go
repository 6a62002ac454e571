package platform_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

var update = flag.Bool("update", false, "rewrite testdata")

// shapes are the answers that dispositions rewrite: an archive of each has the
// usual answer, as the references have it, on top.
var shapes = map[string]platform.Endpoint{
	"body": platform.Body, "bundles": platform.Bundles, "job_specs": platform.JobSpecs, "clients": platform.Clients, "register": platform.Register, "token": platform.Token,
	"grant": platform.Grant, "connections": platform.Connections, "configs": platform.Configs, "webhook": platform.NewWebhook,
	"app": platform.App, "apps": platform.Apps, "job": platform.AppJob,
}

// TestShapes shows in testdata/shapes what each disposition does to an answer
// that it is about: how its text, indented, differs from the usual one.
func TestShapes(t *testing.T) {
	for name, on := range shapes {
		t.Run(name, func(t *testing.T) {
			play(t, "testdata/shapes/"+name+".txtar", func(usual []byte, rules platform.Rules) string {
				a := rules.Shape(asked(on), wire.JSON(200, usual))
				return difference(wire.JSON(200, usual), a)
			})
		})
	}
}

// TestStored shows what an account keeps of an upload that it changes.
func TestStored(t *testing.T) {
	play(t, "testdata/stored.txtar", func(sent []byte, rules platform.Rules) string {
		v, err := wire.Decode(sent)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range rules.Stored {
			v = change(v)
		}
		return difference(wire.JSON(200, sent), wire.JSON(200, shape.Style{}.Write(v)))
	})
}

// TestEmptyLists shows the same of lists without an entry.
func TestEmptyLists(t *testing.T) {
	for _, on := range []platform.Endpoint{platform.Bundles, platform.JobSpecs} {
		member := map[platform.Endpoint]string{platform.Bundles: "bundles", platform.JobSpecs: "job_specs"}[on]
		t.Run(member, func(t *testing.T) {
			play(t, "testdata/empty_"+member+".txtar", func(usual []byte, rules platform.Rules) string {
				return difference(wire.JSON(200, usual), rules.Shape(asked(on), wire.JSON(200, usual)))
			})
		})
	}
}

// play compares what each disposition makes of the first file of an archive
// with the file that has its name; there is none where it makes nothing of it.
func play(t *testing.T, path string, f func(usual []byte, rules platform.Rules) string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil || len(archive.Files) == 0 || len(archive.Comment) == 0 {
		t.Fatal("no archive with a comment and the usual answer: ", err)
	}
	got := archive.Files[:1:1]
	for _, d := range dispositions() {
		if text := f(bytes.TrimSpace(archive.Files[0].Data), d.rules); text != "" {
			got = append(got, txtar.File{Name: d.name, Data: []byte(text)})
		}
	}
	text := func(files []txtar.File) string { return string(txtar.Format(&txtar.Archive{Files: files})) }
	if *update {
		archive.Files = got
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text(archive.Files), text(got)); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it)\n%s", path, diff)
	}
}

// dispositions are all there are, and the rules of an account under each.
var dispositions = sync.OnceValue(func() (list []disposition) {
	for _, d := range platform.Dispositions() {
		rules, err := platform.Named(d.Name)
		if err != nil {
			panic(err)
		}
		list = append(list, disposition{d.Name, rules})
	}
	return list
})

type disposition struct {
	name  string
	rules platform.Rules
}

// asked is a request at an endpoint of an account with an upload of one minute
// ago.
func asked(on platform.Endpoint) platform.Request {
	return platform.Request{
		Request: httptest.NewRequest(http.MethodGet, "http://acme.zendesk.com/api/list?page[size]=100", nil), On: on, Body: []byte(`{"name":"b"}`),
		Registered: true, Prefix: "/prefix", UploadedAt: time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC), Installed: true,
	}
}

// difference tells how an answer differs from another: its head, and the lines
// of its body.
func difference(usual, is wire.Answer) string {
	if name := wrapper(usual, is); name != "" {
		return "all of it below /" + name + "\n"
	}
	out := string(diff.Diff("", lines(usual), "", lines(is)))
	var b strings.Builder
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "diff ") || strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "+++ ") || strings.HasPrefix(line, "@@") {
			continue
		}
		if line[0] != ' ' { // what stands around is in the first file
			b.WriteString(line)
		}
	}
	return b.String()
}

// wrapper is the one member of an answer that holds all of another; "" if it
// has none.
func wrapper(usual, is wire.Answer) string {
	v, _ := wire.Decode(is.Body)
	inner, _ := wire.Decode(usual.Body)
	m := wire.Object(v)
	for name, value := range m {
		if len(m) == 1 && cmp.Equal(value, inner) {
			return name
		}
	}
	return ""
}

// readBack is the order of members that was seen.
var readBack = []string{"uuid", "name", "integration", "zendesk_account_id", "description", "zis_template_version"}

// lines is an answer, head and body: a line for each value, and how it is
// written if that isn't usual.
func lines(a wire.Answer) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s\n", a.Status, a.Type)
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(a.Header[name], ", "))
	}
	v, err := wire.Decode(bytes.TrimPrefix(a.Body, []byte("\ufeff")))
	if err != nil {
		fmt.Fprintf(&b, "%q\n", a.Body)
		return []byte(b.String())
	}
	members(&b, "", v)
	if usual := (shape.Style{First: readBack}).Write(v); !bytes.Equal(a.Body, usual) && !bytes.Equal(a.Body, shape.Style{}.Write(v)) {
		fmt.Fprintf(&b, "written as %.170q…\n", a.Body)
	}
	return []byte(b.String())
}

// members writes each value with the path to it.
func members(b *strings.Builder, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members(b, at+"/"+name, v[name])
		}
		if len(v) == 0 {
			fmt.Fprintf(b, "%s {}\n", at)
		}
	case []any:
		for i, e := range v {
			members(b, fmt.Sprintf("%s/%d", at, i), e)
		}
		if len(v) == 0 {
			fmt.Fprintf(b, "%s []\n", at)
		}
	default:
		text, _ := wire.Encode(v)
		fmt.Fprintf(b, "%s %s\n", at, text)
	}
}
