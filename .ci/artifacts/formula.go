package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"
)

var formula = template.Must(template.New("formula").Parse(`class Zis < Formula
  desc "Validate, plan and deploy Zendesk Integration Services bundles"
  homepage "https://github.com/zisdeploy/zis-deploy"
  version "{{.Version}}"
  license "Apache-2.0"
{{range .Systems}}
  on_{{.Name}} do
{{- range .Archives}}
    on_{{.Arch}} do
      url "{{.URL}}"
      sha256 "{{.Sum}}"
    end
{{- end}}
  end
{{end}}
  def install
    bin.install "zis"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/zis.bash" => "zis"
    zsh_completion.install "completions/zis.zsh" => "_zis"
    fish_completion.install "completions/zis.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/zis version")
  end
end
`))

type system struct {
	Name     string
	Archives []archive
}

type archive struct{ Arch, URL, Sum string }

// writeFormula writes the Homebrew formula for the archives that the file of
// checksums names, which are at url.
func writeFormula(out io.Writer, version, url, checksums string) error {
	f, err := os.Open(checksums)
	if err != nil {
		return err
	}
	defer f.Close()
	sums := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if sum, name, ok := strings.Cut(lines.Text(), "  "); ok {
			sums[name] = sum
		}
	}
	data := struct {
		Version string
		Systems []system
	}{Version: strings.TrimPrefix(version, "v")}
	for _, s := range []struct{ name, goos string }{{"macos", "darwin"}, {"linux", "linux"}} {
		found := system{Name: s.name}
		for _, a := range []struct{ name, goarch string }{{"arm", "arm64"}, {"intel", "amd64"}} {
			name := fmt.Sprintf("zis_%s_%s_%s.tar.gz", data.Version, s.goos, a.goarch)
			if sum, ok := sums[name]; ok {
				found.Archives = append(found.Archives, archive{a.name, strings.TrimSuffix(url, "/") + "/" + name, sum})
			}
		}
		if len(found.Archives) > 0 {
			data.Systems = append(data.Systems, found)
		}
	}
	if len(data.Systems) == 0 {
		return fmt.Errorf("%s names no archive of %s for macOS or Linux", checksums, version)
	}
	return formula.Execute(out, data)
}
