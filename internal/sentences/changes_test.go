package sentences_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func parse(t testing.TB, text string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("zis/bundle.json", []byte(text)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// account holds a bundle, with its job specs installed but those named.
func account(t testing.TB, text string, off ...string) deploy.Remote {
	have := deploy.Remote{Integration: "acme"}
	if text == "" {
		return have
	}
	doc := parse(t, text)
	b := zis.Read(doc)
	have.Bundles = []deploy.Stored{{BundleInfo: registry.BundleInfo{Name: b.Name.Value, UUID: "5c72"}, Body: []byte(text), Doc: doc}}
	for _, s := range b.JobSpecs {
		have.JobSpecs = append(have.JobSpecs, registry.JobSpec{
			Name: s.Name.Value, EventSource: s.EventSource.Value, EventType: s.EventType.Value,
			FlowName: s.FlowName.Value, Installed: !slices.Contains(off, s.Name.Value),
		})
	}
	return have
}

func plan(t testing.TB, have deploy.Remote, after string, opt deploy.Options) deploy.Prepared {
	t.Helper()
	p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(parse(t, after))}, have, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// change is a case of testdata/changes.txtar: an edit of the example, what is
// replaced by what, in turn.
type change struct {
	name   string
	edit   []string
	before []string // what is replaced in the example first
	opt    deploy.Options
	off    []string // job specs that are not installed
	first  bool     // the account has nothing yet
	says   *txtar.File
}

const changesPath = "testdata/changes.txtar"

// changes reads the cases, and the archive that they stand in.
func changes(t testing.TB) (*txtar.Archive, []*change) {
	t.Helper()
	archive, err := txtar.ParseFile(changesPath)
	if err != nil {
		t.Fatal(err)
	}
	var list []*change
	c := &change{}
	for i, f := range archive.Files {
		text := strings.TrimSuffix(string(f.Data), "\n")
		switch f.Name {
		case "replace", "first replace":
			by := strings.TrimSuffix(string(archive.Files[i+1].Data), "\n")
			if f.Name == "replace" {
				c.edit = append(c.edit, text, by)
			} else {
				c.before = append(c.before, text, by)
			}
		case "by":
		case "says":
			c.says = &archive.Files[i]
		default:
			c = &change{name: f.Name}
			c.told(t, text)
			list = append(list, c)
		}
	}
	return archive, list
}

// told reads what the deploy is told.
func (c *change) told(t testing.TB, lines string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		word, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "prune":
			c.opt.Prune, c.opt.PruneLimit = true, 5
		case "only":
			c.opt.JobSpecs.Names = append(c.opt.JobSpecs.Names, name)
		case "off":
			c.off = append(c.off, name)
		case "first":
			c.first = true
		default:
			t.Fatalf("%s: %q says nothing", c.name, line)
		}
	}
}

// of is what is said of the change.
func (c *change) of(t testing.TB, example string) sentences.Told {
	t.Helper()
	was := edited(t, example, c.before)
	have := account(t, was, c.off...)
	if c.first {
		have = account(t, "")
	}
	return sentences.Of(plan(t, have, edited(t, was, c.edit), c.opt))
}

func edited(t testing.TB, text string, edit []string) string {
	for i := 0; i < len(edit); i += 2 {
		if !strings.Contains(text, edit[i]) {
			t.Fatalf("the example has no %s", edit[i])
		}
		text = strings.ReplaceAll(text, edit[i], edit[i+1])
	}
	return text
}

func written(told sentences.Told) string {
	var b strings.Builder
	for _, s := range told.Sentences {
		sign := ""
		if s.Alarm {
			sign = "⚠️ "
		}
		fmt.Fprintf(&b, "- %s%s [%s]\n", sign, s.Text, s.Kind)
	}
	for _, s := range told.Smaller {
		fmt.Fprintf(&b, "  - %s [%s]\n", s.Text, s.Kind)
	}
	if b.Len() == 0 {
		return "(nothing to say)\n"
	}
	return b.String()
}

const example = "../../examples/ticket-to-slack/bundle.json"

func TestChangesAreSaidInWords(t *testing.T) {
	before := read(t, example)
	archive, list := changes(t)
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) { same(t, c.says, written(c.of(t, before))) })
	}
	rewrite(t, changesPath, archive)
}

// same compares what is said with what an archive has, and puts it there.
func same(t *testing.T, f *txtar.File, got string) {
	t.Helper()
	if f == nil {
		t.Fatal("the archive has no sentences")
	}
	if diff := cmp.Diff(string(f.Data), got); diff != "" && !*update {
		t.Errorf("(-want +got; go test -update rewrites it)\n%s", diff)
	}
	f.Data = []byte(got)
}

func rewrite(t *testing.T, path string, archive *txtar.Archive) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// corpus is the folder of real bundles; the test is skipped without it.
func corpus(t testing.TB) string {
	const dir = "../../../shared/corpus/public"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real bundles are not here: ", err)
	}
	return dir
}

// TestRealChanges says what changed between versions of a real bundle: the
// files of the archive are named "BEFORE to AFTER".
func TestRealChanges(t *testing.T) {
	const path = "testdata/real.txtar"
	dir := corpus(t)
	archive, err := txtar.ParseFile(path)
	if err != nil || len(archive.Files) == 0 {
		t.Fatal("no versions", err)
	}
	for i, f := range archive.Files {
		was, is, _ := strings.Cut(f.Name, " to ")
		before, after := read(t, filepath.Join(dir, "tsanet-"+was+".json")), read(t, filepath.Join(dir, "tsanet-"+is+".json"))
		same(t, &archive.Files[i], written(sentences.Of(plan(t, account(t, before), after, deploy.Options{}))))
	}
	rewrite(t, path, archive)
}

// TestDocumentOfKinds keeps the table of docs/plan.md: each kind with what is
// said of one of the changes above.
func TestDocumentOfKinds(t *testing.T) {
	const path = "../../docs/plan.md"
	before, examples := read(t, example), map[sentences.Kind]string{}
	_, list := changes(t)
	for _, c := range list {
		for _, s := range c.of(t, before).Sentences {
			if examples[s.Kind] == "" {
				examples[s.Kind] = s.Text
			}
		}
	}
	examples[sentences.Rest] = "and 12 smaller changes."
	var table strings.Builder
	table.WriteString("| kind | what it is about | for example |\n|---|---|---|\n")
	for _, row := range sentences.Kinds() {
		if examples[row.Kind] == "" {
			t.Errorf("no change of the example has a sentence of the kind %s", row.Kind)
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", row.Kind, row.Meaning, strings.ReplaceAll(examples[row.Kind], "|", `\|`))
	}
	head, rest, _ := strings.Cut(read(t, path), "<!-- kinds -->\n")
	_, tail, ok := strings.Cut(rest, "<!-- /kinds -->")
	want := head + "<!-- kinds -->\n" + table.String() + "<!-- /kinds -->" + tail
	if !ok {
		t.Fatal("docs/plan.md has no place for the table")
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, read(t, path)); diff != "" {
		t.Errorf("docs/plan.md is not what is said; -update rewrites it (-want +got)\n%s", diff)
	}
}

func TestKindsOfTheSchemaAreOurs(t *testing.T) {
	for _, name := range []string{"report", "fleet"} {
		schema := read(t, "../../schemas/"+name+".schema.json")
		for _, row := range sentences.Kinds() {
			if !strings.Contains(schema, `"`+string(row.Kind)+`"`) {
				t.Errorf("%s.schema.json doesn't know the kind %s", name, row.Kind)
			}
		}
	}
}
