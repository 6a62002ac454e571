package app

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

//go:embed page
var page embed.FS

// MaxBytes is the largest package of a private app that is accepted
// (documented: 2 MB).
const MaxBytes = 2_000_000

// sdk is Zendesk's own script, at the address that is documented for apps: it
// is updated in place, so it has no integrity attribute.
const (
	sdkHost = "https://static.zdassets.com"
	sdk     = sdkHost + "/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
)

// Name is what the app and its installation are called: one for each
// integration, so that releases of two don't replace each other.
func (r Release) Name() string { return "zis-deploy " + r.Integration }

// Link is where the admin opens the app (documented: dashes for spaces and _).
func (r Release) Link(base string) string {
	return strings.TrimSuffix(base, "/") + "/agent/apps/" + strings.NewReplacer(" ", "-", "_", "-").Replace(r.Name())
}

// Package is the app as a zip. The same release gives the same bytes.
func (r Release) Package() ([]byte, error) {
	files, err := r.files()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if b.Len() > MaxBytes {
		return nil, verdict.Errorf(verdict.InvalidBundle, "deploy the bundles in several integrations",
			"the app's package has %d bytes, and Zendesk takes at most %d", b.Len(), MaxBytes)
	}
	return b.Bytes(), nil
}

func (r Release) files() (map[string][]byte, error) {
	assets, names := content()
	files := map[string][]byte{}
	for name, text := range assets {
		files["assets/"+name] = text
	}
	index, err := r.index(names)
	if err != nil {
		return nil, err
	}
	files["assets/index.html"] = index
	files["assets/icon_nav_bar.svg"] = pageFile("icon_nav_bar.svg")
	files["manifest.json"] = mustJSON(r.manifest())
	files["translations/en.json"] = mustJSON(map[string]any{"app": map[string]string{"name": r.Name()}})
	return files, nil
}

// manifest is what the framework demands (observed in Zendesk's own check of
// packages). The app has no settings and speaks to no other host.
func (r Release) manifest() map[string]any {
	return map[string]any{
		"name":          r.Name(),
		"author":        map[string]string{"name": "zis-deploy", "email": "zis-deploy@users.noreply.github.com", "url": "https://github.com/zisdeploy/zis-deploy"},
		"defaultLocale": "en", "private": true, "frameworkVersion": "2.0", "version": r.Version,
		"location": map[string]any{"support": map[string]string{"nav_bar": "assets/index.html"}},
	}
}

// digestRow is a bundle and its digests, for people.
type digestRow struct{ Name, Before, After string }

func (r Release) index(names map[string]string) ([]byte, error) {
	t, err := template.ParseFS(page, "page/index.html")
	if err != nil {
		return nil, err
	}
	about := []string{}
	for _, part := range []string{r.Tag, r.Commit, r.Version} {
		if part != "" {
			about = append(about, part)
		}
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Title": fmt.Sprintf("%s on %s.zendesk.com", r.Integration, r.Subdomain), "About": strings.Join(about, " · "),
		"Style": names["style.css"], "Script": names["page.js"], "SDK": sdk, "SDKHost": sdkHost, "Words": words(), "Sentences": r.Sentences,
		"Digests": r.digests(),
		"On":      shortNames(r.Install), "Off": shortNames(r.Prune),
		// JSON with <, > and & as escapes: nothing in it can end the element.
		"Release": template.JS(mustJSON(r)), "WordsJSON": template.JS(mustJSON(words())),
	})
	return b.Bytes(), err
}

// shortNames are the names of job specs, for people.
func shortNames(arns []string) string {
	var names []string
	for _, arn := range arns {
		name, _ := zis.ParseARN(arn)
		names = append(names, name.Name)
	}
	return strings.Join(names, ", ")
}

func (r Release) digests() []digestRow {
	var rows []digestRow
	for _, b := range r.Bundles {
		row := digestRow{Name: b.Name, Before: words()["new"], After: b.Digest}
		for _, f := range r.Before.Bundles {
			if f.Name == b.Name {
				row.Before = f.Digest
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var imports = regexp.MustCompile(`from "\./([a-z]+\.js)"`)

// content are the scripts and the style, named by what is in them: no browser
// can take a former one for the present one. names maps their names in page/
// to those in the package.
func content() (files map[string][]byte, names map[string]string) {
	files, names = map[string][]byte{}, map[string]string{}
	var add func(name string) string
	add = func(name string) string {
		if named, ok := names[name]; ok {
			return named
		}
		text := imports.ReplaceAllFunc(pageFile(name), func(m []byte) []byte {
			return []byte(`from "./` + add(string(imports.FindSubmatch(m)[1])) + `"`)
		})
		sum := sha256.Sum256(text)
		base, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
		named := base + "-" + hex.EncodeToString(sum[:])[:12] + ext
		names[name], files[named] = named, text
		return named
	}
	for _, name := range pageFiles() {
		if ext := path.Ext(name); ext == ".js" || ext == ".css" {
			add(name)
		}
	}
	return files, names
}

// pageFiles are the names of the files in page/, sorted.
func pageFiles() []string {
	entries, err := page.ReadDir("page")
	if err != nil {
		panic(fmt.Sprintf("page: %v", err)) // it is embedded
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func pageFile(name string) []byte {
	text, err := page.ReadFile("page/" + name)
	if err != nil {
		panic(fmt.Sprintf("page: %v", err)) // it is embedded
	}
	return text
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("app: %v", err)) // strings, booleans and lists of them
	}
	return text
}
