package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

// media are the forms of a report that archives may have.
var media = map[string]func(*bytes.Buffer, report.Report) error{
	"terminal": func(b *bytes.Buffer, r report.Report) error { return report.Text(b, r, false) },
	"coloured": func(b *bytes.Buffer, r report.Report) error { return report.Text(b, r, true) },
	"proposal": func(b *bytes.Buffer, r report.Report) error { return report.Proposal(b, r, false) },
	"summary.md": func(b *bytes.Buffer, r report.Report) error {
		return report.Markdown(b, r, report.Page{Limit: 60_000})
	},
	"comment.md": func(b *bytes.Buffer, r report.Report) error {
		return report.Markdown(b, r, report.Page{Limit: 60_000, Brief: true})
	},
	"output.json": func(b *bytes.Buffer, r report.Report) error { return report.JSON(b, r) },
	"report.json": func(b *bytes.Buffer, r report.Report) error { return report.WriteRecord(b, r) },
	"sarif":       sarifResults,
	"fleet":       func(b *bytes.Buffer, r report.Report) error { return report.FleetText(b, *r.Fleet) },
	"fleet.html":  fleetBody,
	"target.md": func(b *bytes.Buffer, r report.Report) error {
		b.WriteString(report.FleetTarget(r.Fleet.Rows[0]))
		return nil
	},
}

// sarifResults are the results of a SARIF log, without the rules, which are
// the same in every one.
func sarifResults(b *bytes.Buffer, r report.Report) error {
	var all bytes.Buffer
	if err := report.SARIF(&all, r); err != nil {
		return err
	}
	var log struct {
		Runs []struct{ Results json.RawMessage }
	}
	if err := json.Unmarshal(all.Bytes(), &log); err != nil {
		return err
	}
	return json.Indent(b, log.Runs[0].Results, "", "  ")
}

// fleetBody is what a page of many targets shows.
func fleetBody(b *bytes.Buffer, r report.Report) error {
	var all bytes.Buffer
	if err := report.FleetPage(&all, *r.Fleet); err != nil {
		return err
	}
	_, body, _ := strings.Cut(all.String(), "<body>\n")
	body, _, _ = strings.Cut(body, "</body>")
	b.WriteString(body)
	return nil
}

// TestMedia shows every case in the media that its archive in testdata names.
func TestMedia(t *testing.T) {
	all := cases(t)
	for name, r := range all {
		t.Run(name, func(t *testing.T) { testMedia(t, filepath.Join("testdata", name+".txtar"), r) })
	}
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) != len(all) {
		t.Errorf("%d archives for %d cases; %v", len(paths), len(all), err)
	}
}

func testMedia(t *testing.T, path string, r report.Report) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) == 0 || len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Error("it lacks its media, or the comment that says what it shows")
	}
	for i, f := range archive.Files {
		write := media[f.Name]
		if write == nil {
			t.Fatalf("no medium is named %q", f.Name)
		}
		var b bytes.Buffer
		if err := write(&b, r); err != nil {
			t.Fatal(err)
		}
		got := asLines(b.String())
		if diff := cmp.Diff(string(f.Data), got); diff != "" && !*update {
			t.Errorf("%s (-want +got; go test -update rewrites it)\n%s", f.Name, diff)
		}
		archive.Files[i].Data = []byte(got)
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// asLines is a text as an archive can hold it: colours can be seen, and it ends
// with a line break.
func asLines(text string) string {
	text = strings.NewReplacer("\x1b[0m", "⟩", "\x1b[31m", "red⟨", "\x1b[32m", "green⟨", "\x1b[33m", "yellow⟨", "\x1b[1m", "bold⟨").Replace(text)
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}
