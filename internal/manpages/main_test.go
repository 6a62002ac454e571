package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEachVerbHasAPageOfTheGivenDay(t *testing.T) {
	dir := t.TempDir()
	if err := run([]string{dir, "1700000000"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zis.1", "zis-deploy.1", "zis-version.1"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"Nov 2023"`) {
			t.Errorf("%s is not of the day: %.200s", name, text)
		}
	}
	for _, args := range [][]string{nil, {dir, "today"}} {
		if err := run(args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
