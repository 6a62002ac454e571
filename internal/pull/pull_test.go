package pull_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/pull"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// remote is an account that holds these bodies.
func remote(t *testing.T, bodies ...string) deploy.Remote {
	t.Helper()
	have := deploy.Remote{Integration: "acme"}
	for i, body := range bodies {
		doc, found := source.Parse(diag.NewFile("account", []byte(body)))
		if doc == nil {
			t.Fatalf("%v", found)
		}
		name, _ := doc.Root.Get("name").Text()
		have.Bundles = append(have.Bundles, deploy.Stored{
			BundleInfo: registry.BundleInfo{Name: name, UUID: fmt.Sprintf("uuid-%d", i)}, Body: []byte(body), Doc: doc,
		})
	}
	return have
}

// files is a folder in memory.
type files map[string][]byte

func (f files) read(path string) ([]byte, error) { return f[path], nil }

func (f files) take(r pull.Result) {
	for _, b := range r.Bundles {
		f[b.Path] = b.Text
	}
}

// lawful holds the law: what was pulled plans as no change, which Integration
// proves, and pulling again changes no byte.
func lawful(t *testing.T, have deploy.Remote) (files, pull.Result) {
	t.Helper()
	folder := files{}
	first, err := pull.Integration(have, pull.Options{Dir: "zis", Read: folder.read})
	if err != nil {
		t.Fatal(err)
	}
	folder.take(first)
	again, err := pull.Integration(have, pull.Options{Dir: "zis", Read: folder.read})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range again.Bundles {
		if b.Changed() || len(b.Differs) > 0 {
			t.Errorf("pulled again, %s differs at %v", b.Path, b.Differs)
		}
	}
	for path, text := range folder {
		for _, s := range first.Secrets.List() {
			if strings.Contains(string(text), s.Value) {
				t.Errorf("%s holds the secret %s", path, s.Name)
			}
		}
	}
	return folder, first
}

func TestTheLawOnTheBundlesOfTheCorpus(t *testing.T) {
	corpus := filepath.Join("..", "..", "..", "shared", "corpus")
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("there is no corpus beside the repository")
	}
	tried := 0
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, _ := source.Parse(diag.NewFile(path, text))
		if doc == nil || !doc.Root.Get("resources").IsObject() {
			return nil
		}
		if name, ok := doc.Root.Get("name").Text(); !ok || name == "" || strings.Contains(string(text), `{{`) && hasTemplate(doc) {
			return nil
		}
		tried++
		body := string(render.Retarget(doc, "acme").JSON()) // as an account has it
		t.Run(filepath.Base(path), func(t *testing.T) { lawful(t, remote(t, body)) })
		return nil
	})
	if err != nil || tried == 0 {
		t.Errorf("%d bundles tried: %v", tried, err)
	}
}

// hasTemplate: a template's placeholders are no text of an account.
func hasTemplate(doc *source.Document) bool {
	name, _ := doc.Root.Get("name").Text()
	return strings.Contains(name, "{{") || strings.Contains(string(doc.File.Src), "{{key}}") || strings.Contains(string(doc.File.Src), "PLACEHOLDER")
}

const account = `{"uuid":"u","integration":"acme","zendesk_account_id":12,"zis_template_version":"2019-10-14","name":"a","description":"","resources":{
 "send":{"type":"ZIS::Action::Http","properties":{"name":"send","definition":{"headers":[{"key":"Authorization","value":"Bearer s3cr3t-t0ken-value"},{"key":"X-Api-Key","value":"k3y-k3y-k3y"}],
   "url":"https://me:pa55word99@api.example.com/in","method":"POST","requestBody":{"id":12345678901234,"big":123456789012345678901234567890,"text":"héllo <&> \u2028"}}}},
 "f":{"type":"ZIS::Flow","properties":{"definition":{"States":{"Z":{"Type":"Succeed"},"A":{"ActionName":"zis:acme:action:send","Type":"Action","ResultPath":"$.r","Next":"Z"}},"StartAt":"A"},"name":"f"}},
 "s":{"type":"ZIS::JobSpec","properties":{"flow_name":"zis:acme:flow:f","name":"s","event_source":"support","event_type":"ticket.TicketCreated"}}}}`

func TestAPulledBundleIsWrittenAsPeopleWriteIt(t *testing.T) {
	folder, r := lawful(t, remote(t, account))
	text := string(folder["zis/bundle.json"])
	last := -1
	for _, part := range []string{
		`"name": "a"`, `"zis_template_version"`, `"s": {`, `"f": {`, `"StartAt": "A"`, `"A": {`, `"Z": {`, `"send": {`, `"method"`, `"url"`, `"headers"`,
	} {
		i := strings.Index(text, part)
		if i < last {
			t.Errorf("%s stands too early in\n%s", part, text)
		}
		last = i
	}
	for _, part := range []string{"uuid", "zendesk_account_id", "s3cr3t", "k3y-k3y", "pa55word"} {
		if strings.Contains(text, part) {
			t.Errorf("%s is in\n%s", part, text)
		}
	}
	for _, part := range []string{"12345678901234,", "123456789012345678901234567890", "Bearer {{SEND_AUTHORIZATION}}", "{{SEND_X_API_KEY}}"} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is not in\n%s", part, text)
		}
	}
	if len(r.Secrets.List()) != 3 {
		t.Errorf("the secrets are %v", r.Secrets.List())
	}
}

func TestAFileKeepsItsOrderFormAndPlaceholders(t *testing.T) {
	have := remote(t, account)
	folder, _ := lawful(t, have)
	ours := "{\r\n\t\"zis_template_version\": \"2019-10-14\",\r\n\t\"name\": \"a\",\r\n" +
		strings.ReplaceAll(strings.SplitN(string(folder["zis/bundle.json"]), "\n  \"resources\"", 2)[1], "\n", "\r\n")
	ours = strings.Replace(ours, "\t\"name\": \"a\",\r\n", "\t\"name\": \"a\",\r\n\t\"resources\"", 1)
	ours = strings.ReplaceAll(ours, "SEND_AUTHORIZATION", "MY_TOKEN")
	folder["zis/bundle.json"] = []byte(ours)
	r, err := pull.Integration(have, pull.Options{Dir: "zis", Read: folder.read})
	if err != nil || r.Bundles[0].Changed() {
		t.Fatalf("a file that says the same is changed: %v %v", err, r.Bundles[0].Differs)
	}
	changed := remote(t, strings.Replace(account, "ticket.TicketCreated", "ticket.PriorityChanged", 1))
	r, err = pull.Integration(changed, pull.Options{Dir: "zis", Read: folder.read})
	if err != nil || len(r.Differing()) != 1 || len(r.Bundles[0].Differs) != 1 || r.Bundles[0].Differs[0].Pointer != "/resources/s/properties/event_type" {
		t.Fatalf("the difference is %v (%v)", r.Bundles[0].Differs, err)
	}
	if r, err = pull.Integration(changed, pull.Options{Dir: "zis", Prefer: pull.Mine, Read: folder.read}); err != nil || r.Bundles[0].Changed() {
		t.Errorf("our file is changed although it counts: %v", err)
	}
	r, err = pull.Integration(changed, pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: folder.read})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(ours, "ticket.TicketCreated", "ticket.PriorityChanged", 1)
	have2 := string(r.Bundles[0].Text)
	for _, part := range []string{"{{MY_TOKEN}}", "\r\n\t\"name\"", "ticket.PriorityChanged"} {
		if !strings.Contains(have2, part) {
			t.Errorf("%q is not in\n%s", part, have2)
		}
	}
	if strings.Index(have2, "zis_template_version") > strings.Index(have2, `"name"`) || strings.Count(have2, "\n") != strings.Count(want, "\n") {
		t.Errorf("the order or form is another:\n%s", have2)
	}
}

func TestBadNamesOfBundles(t *testing.T) {
	for _, name := range []string{"a/b", "../x", ".hidden", "CON", "com1.x", "a.", " a", "a:b", "a\u0001b", strings.Repeat("x", 300)} {
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.Replace(account, `"name":"a"`, `"name":`+string(quoted), 1)
		folder := files{}
		if _, err := pull.Integration(remote(t, body, account), pull.Options{Dir: "zis", Read: folder.read}); err == nil {
			t.Errorf("a bundle named %q is made a file", name)
		}
		if _, err := pull.Integration(remote(t, body), pull.Options{Dir: "zis", Read: folder.read}); err != nil {
			t.Errorf("the only bundle needs no file of its name %q: %v", name, err)
		}
	}
	if _, err := pull.Integration(remote(t, account, strings.Replace(account, `"name":"a"`, `"name":"A"`, 1)), pull.Options{Dir: "zis", Read: files{}.read}); err == nil {
		t.Error("two names that differ in case are two files")
	}
}

func TestWhatIsInTheWay(t *testing.T) {
	if _, err := pull.Integration(deploy.Remote{Integration: "acme"}, pull.Options{Dir: "zis", Read: files{}.read}); err == nil {
		t.Error("an integration without a bundle is pulled")
	}
	for _, text := range []string{"", "no bundle", "[]"} {
		folder := files{"zis/bundle.json": []byte(text)}
		if _, err := pull.Integration(remote(t, account), pull.Options{Dir: "zis", Prefer: pull.Theirs, Read: func(p string) ([]byte, error) {
			if text == "" {
				return []byte{}, nil
			}
			return folder[p], nil
		}}); err == nil {
			t.Errorf("a file %q is replaced", text)
		}
	}
}
