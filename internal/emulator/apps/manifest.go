package apps

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Manifest is what of a manifest.json matters here.
type Manifest struct {
	Author struct {
		Name  string `json:"name"`
		Email string `json:"email"`
		URL   string `json:"url,omitempty"`
	} `json:"author"`
	DefaultLocale    string                                `json:"defaultLocale"`
	FrameworkVersion string                                `json:"frameworkVersion"`
	Version          string                                `json:"version"`
	Private          *bool                                 `json:"private"`
	Location         map[string]map[string]json.RawMessage `json:"location"`
}

var (
	locale = regexp.MustCompile(`^[a-z]{2,3}(-\w{2,3})?$`)
	// refused are the files that a package may not hold (observed).
	refused = strings.Fields("rar zip gzip pdf doc docx avi bin bz bz2 csh sh jar mp3 mpeg odt pptx ppt xls xlsx 7z")
)

// maxUnpacked bounds what a package may hold: a small zip can be a large app.
const maxUnpacked = 32 << 20

// build reads a package as the account's own builder does: what was observed
// to be refused there is refused.
func build(text []byte) (Build, error) {
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return Build{}, errors.New("the package is no zip file")
	}
	files, err := unpack(z)
	if err != nil {
		return Build{}, err
	}
	manifest, ok := files["manifest.json"]
	if !ok {
		if slices.ContainsFunc(z.File, func(f *zip.File) bool { return path.Base(f.Name) == "manifest.json" }) {
			return Build{}, errors.New("nested manifest: manifest.json must be at the root of the package")
		}
		return Build{}, errors.New("could not find manifest.json")
	}
	b := Build{Files: map[string][]byte{}}
	if err := json.Unmarshal(manifest, &b.Manifest); err != nil {
		return Build{}, fmt.Errorf("manifest is not proper JSON: %w", err)
	}
	if key, twice := keyTwice(manifest); twice {
		return Build{}, fmt.Errorf("manifest is not proper JSON: duplicate key %q", key) // observed
	}
	if err := b.Manifest.check(files); err != nil {
		return Build{}, err
	}
	for name, content := range files {
		if below, ok := strings.CutPrefix(name, "assets/"); ok {
			b.Files[below] = content
		}
	}
	return b, nil
}

// keyTwice is a key that stands twice in an object of some JSON.
func keyTwice(text []byte) (key string, twice bool) {
	dec := json.NewDecoder(bytes.NewReader(text))
	var open []map[string]bool // keys of the objects around; nil of a list
	var name bool              // the next text is a key
	for {
		token, err := dec.Token()
		if err != nil {
			return "", false
		}
		in := len(open) - 1
		switch v := token.(type) {
		case json.Delim:
			switch v {
			case '{':
				open = append(open, map[string]bool{})
			case '[':
				open = append(open, nil)
			default:
				open = open[:in]
			}
		case string:
			if name && open[in][v] {
				return v, true
			}
			if name {
				open[in][v], name = true, false
				continue
			}
		}
		name = len(open) > 0 && open[len(open)-1] != nil
	}
}

func unpack(z *zip.Reader) (map[string][]byte, error) {
	files, left := map[string][]byte{}, int64(maxUnpacked)
	for _, f := range z.File {
		ext := strings.TrimPrefix(path.Ext(f.Name), ".")
		switch {
		case f.Mode()&fs.ModeSymlink != 0:
			return nil, fmt.Errorf("%s: symlinks are not allowed", f.Name)
		case slices.Contains(refused, strings.ToLower(ext)):
			return nil, fmt.Errorf("%s: files of this type are not allowed", f.Name)
		case f.FileInfo().IsDir():
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(r, left+1))
		if left -= int64(len(content)); err != nil || left < 0 {
			return nil, errors.Join(err, errors.New("the package can't be unpacked"))
		}
		files[f.Name] = content
	}
	return files, nil
}

// check holds the manifest to what was observed to be demanded.
func (m Manifest) check(files map[string][]byte) error {
	switch {
	case m.Author.Name == "" || m.Author.Email == "":
		return errors.New("missing required field in manifest: author")
	case m.Author.URL != "" && !strings.HasPrefix(m.Author.URL, "http://") && !strings.HasPrefix(m.Author.URL, "https://"):
		return errors.New("author.url must be a http(s) address")
	case !locale.MatchString(m.DefaultLocale):
		return errors.New("missing or invalid field in manifest: defaultLocale")
	case files["translations/"+m.DefaultLocale+".json"] == nil:
		return fmt.Errorf("missing translation file: translations/%s.json", m.DefaultLocale)
	case m.FrameworkVersion != "2.0":
		return fmt.Errorf("frameworkVersion %q: the one version served is 2.0", m.FrameworkVersion)
	case len(m.Location) == 0:
		return errors.New("missing required field in manifest: location")
	}
	for product, places := range m.Location {
		for place, where := range places {
			if err := reachable(where, files); err != nil {
				return fmt.Errorf("location %s.%s: %w", product, place, err)
			}
		}
	}
	return nil
}

// addressOf is the address of a location: a text, or an object's url.
func addressOf(where json.RawMessage) (string, error) {
	var url string
	if json.Unmarshal(where, &url) == nil {
		return url, nil
	}
	var place struct {
		URL string `json:"url"`
	}
	err := json.Unmarshal(where, &place)
	return place.URL, err
}

// page is the file below assets/ that opens in a location.
func (m Manifest) page(location string) (string, bool) {
	product, place, _ := strings.Cut(location, ".")
	url, err := addressOf(m.Location[product][place])
	file, ok := strings.CutPrefix(url, "assets/")
	return file, err == nil && ok
}

// reachable tells whether a location's address leads somewhere.
func reachable(where json.RawMessage, files map[string][]byte) error {
	url, err := addressOf(where)
	if err != nil {
		return errors.New("is neither an address nor an object with a url")
	}
	file, _, _ := strings.Cut(url, "?")
	switch {
	case strings.HasPrefix(url, "https://"), strings.HasPrefix(url, "http://localhost"):
		return nil
	case !strings.HasPrefix(file, "assets/") || files[file] == nil:
		return fmt.Errorf("%q is not a file of assets/", url)
	}
	return nil
}

// locations are the places where the app shows itself, such as nav_bar.
func (m Manifest) locations() []string {
	list := []string{}
	for product, places := range m.Location {
		for place := range places {
			list = append(list, product+"."+place)
		}
	}
	slices.Sort(list)
	return list
}
