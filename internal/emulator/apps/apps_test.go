package apps_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"mime/multipart"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/emulator/apps"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// TestPackages builds the packages of testdata/packages: the files of an
// archive below package/, and in "told" how the job ends.
func TestPackages(t *testing.T) {
	eachArchive(t, "testdata/packages/*.txtar", func(_ *testing.T, c *account, _ map[string]string) {
		c.line("upload")
		c.line(`create {"upload_id": 1, "name": "zis"}`)
		c.text.Reset()
		c.line("after 2s")
		c.line("job")
		c.line("list")
	})
}

// TestConversations plays the requests of testdata/conversations, a line each;
// "told" has the answers. The file "rules" says what the platform does
// otherwise.
func TestConversations(t *testing.T) {
	eachArchive(t, "testdata/conversations/*.txtar", func(t *testing.T, c *account, files map[string]string) {
		c.rules(t, files["rules"])
		for line := range strings.Lines(files["requests"]) {
			c.line(strings.TrimSpace(line))
		}
	})
}

func eachArchive(t *testing.T, glob string, run func(*testing.T, *account, map[string]string)) {
	t.Helper()
	paths, err := filepath.Glob(glob)
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil || len(archive.Comment) == 0 {
				t.Fatal("no comment", err)
			}
			c, files := newAccount(t), map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
				if below, ok := strings.CutPrefix(f.Name, "package/"); ok {
					c.files = append(c.files, txtar.File{Name: below, Data: f.Data})
				}
			}
			run(t, c, files)
			told := &archive.Files[len(archive.Files)-1]
			if told.Name != "told" {
				t.Fatal("the last file is not told")
			}
			if diff := cmp.Diff(string(told.Data), c.text.String()); diff != "" && !*update {
				t.Errorf("told (-want +got; go test -update rewrites it)\n%s", diff)
			}
			if told.Data = []byte(c.text.String()); *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// account plays requests, and writes down what is answered.
type account struct {
	*testing.T
	apps.Account
	text  strings.Builder
	files []txtar.File // of the next package
	names map[string]string
	job   string // the latest
}

func newAccount(t *testing.T) *account {
	t.Helper()
	var last int64
	return &account{T: t, names: map[string]string{}, Account: apps.Account{
		State: &apps.State{}, Now: time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC),
		NewID:   func() int64 { last++; return last },
		Address: func(path string) string { return "https://acme.zendesk.com" + path },
	}}
}

func (c *account) rules(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		word, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "jobs-take":
			c.Rules.JobTime, _ = time.ParseDuration(value)
		case "uploads-replicate":
			c.Rules.Replicates, _ = time.ParseDuration(value)
		case "same-addresses":
			c.Rules.SameStamp = true
		case "restrictions":
			c.Rules.Restricts = map[string]apps.Restricts{"ignored": apps.Ignored, "refused": apps.Refused}[value]
		default:
			t.Fatalf("no rule is named %q", word)
		}
	}
}

// line makes a request.
func (c *account) line(line string) {
	c.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	id, body, _ := strings.Cut(rest, " ")
	if verb == "after" {
		wait, err := time.ParseDuration(rest)
		if err != nil {
			c.Fatal(err)
		}
		c.Now = c.Now.Add(wait)
		fmt.Fprintf(&c.text, "%s\n", line)
		return
	}
	fmt.Fprintf(&c.text, "%s\n", line)
	if verb == "page" {
		n, _ := strconv.ParseInt(id, 10, 64)
		address, ok := c.Page(n, body)
		fmt.Fprintf(&c.text, "  %s %v\n", c.named(address), ok)
		return
	}
	a := c.ask(verb, rest, id, body)
	if m := regexp.MustCompile(`"job_id":"(\w+)"`).FindSubmatch(a.Body); m != nil {
		c.job = string(m[1])
	}
	fmt.Fprintf(&c.text, "  %d %s %s\n", a.Status, a.Type, c.named(string(a.Body)))
}

func (c *account) ask(verb, rest, id, body string) wire.Answer {
	c.Helper()
	switch verb {
	case "upload":
		form, kind := c.form("uploaded_data", c.zipped())
		return c.TakeUpload(kind, form)
	case "upload-of": // so many bytes
		n, _ := strconv.Atoi(rest)
		form, kind := c.form("uploaded_data", make([]byte, n))
		return c.TakeUpload(kind, form)
	case "upload-as":
		form, kind := c.form(rest, c.zipped())
		return c.TakeUpload(kind, form)
	case "upload-plain":
		return c.TakeUpload("application/zip", c.zipped())
	case "create":
		return c.Create([]byte(rest))
	case "update":
		return c.Update(id, []byte(body))
	case "job":
		return c.JobStatus(c.job + rest)
	case "list":
		return c.List()
	case "show":
		return c.Show(rest)
	case "delete":
		return c.Delete(rest)
	case "installations":
		return c.ListInstallations()
	case "install":
		return c.Install([]byte(rest))
	case "reinstall":
		return c.Reinstall(id, []byte(body))
	case "remove":
		return c.Remove(rest)
	case "asset": // of the latest build of the first app
		return c.Asset(id, c.stamp(-1), body)
	case "former-asset":
		return c.Asset(id, c.stamp(-2), body)
	case "nobodys-asset":
		return c.Asset(id, "0-0", body)
	}
	c.Fatalf("no request is named %q", verb)
	return wire.Answer{}
}

// stamp is the part of a build's address that is its own, counted from behind.
func (c *account) stamp(n int) string {
	builds := c.Apps[0].Builds
	return builds[max(0, len(builds)+n)].Stamp
}

// named writes the ids that are random in the order in which they come.
func (c *account) named(text string) string {
	return regexp.MustCompile(`\b(\d+-)?[0-9a-f]{32}\b`).ReplaceAllStringFunc(text, func(id string) string {
		if c.names[id] == "" {
			c.names[id] = fmt.Sprintf("RANDOM%d", len(c.names)+1)
		}
		return c.names[id]
	})
}

func (c *account) zipped() []byte {
	c.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range c.files {
		header := &zip.FileHeader{Name: f.Name, Method: zip.Deflate}
		if strings.HasSuffix(f.Name, "link") {
			header.SetMode(0o777 | fs.ModeSymlink)
		}
		w, err := z.CreateHeader(header)
		if err != nil {
			c.Fatal(err)
		}
		if _, err := w.Write(bytes.TrimSuffix(f.Data, []byte("\n"))); err != nil {
			c.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		c.Fatal(err)
	}
	return b.Bytes()
}

func (c *account) form(field string, file []byte) (body []byte, contentType string) {
	c.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	w, err := form.CreateFormFile(field, "app.zip")
	if err != nil {
		c.Fatal(err)
	}
	if _, err := w.Write(file); err != nil {
		c.Fatal(err)
	}
	if err := form.Close(); err != nil {
		c.Fatal(err)
	}
	return b.Bytes(), form.FormDataContentType()
}

// A copy of an account's apps stays what it is, whatever is done afterwards.
func TestCopiesStay(t *testing.T) {
	c := newAccount(t)
	c.files = goodPackage
	for _, line := range []string{"upload", `create {"upload_id": "1", "name": "zis"}`, "after 2s", "job", `install {"app_id": "2", "settings": {"name": "zis"}}`} {
		c.line(line)
	}
	before := c.Clone()
	kept := c.Clone()
	for _, line := range []string{`reinstall 3 {"settings": {"name": "other"}, "enabled": false}`, "upload", `update 2 {"upload_id": 4}`, "after 2s", "job", "delete 2"} {
		c.line(line)
	}
	if diff := cmp.Diff(kept, before); diff != "" || len(c.Apps) != 0 {
		t.Errorf("%d apps; the copy is another (-want +got)\n%s\n%s", len(c.Apps), diff, c.text.String())
	}
}

var goodPackage = []txtar.File{
	{Name: "manifest.json", Data: []byte(`{"author": {"name": "A", "email": "a@example.com"}, "defaultLocale": "en", "frameworkVersion": "2.0", "version": "1.0", "location": {"support": {"nav_bar": "assets/index.html"}}}`)},
	{Name: "translations/en.json", Data: []byte(`{"app": {"name": "zis"}}`)},
	{Name: "assets/index.html", Data: []byte("<h1>zis</h1>")},
}
