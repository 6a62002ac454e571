package cli

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

var update = flag.Bool("update", false, "rewrite action.yml and the tables of README.md")

// The inputs and outputs are written down once, in option.Table and github.Outputs.
func TestActionAndReadmeComeFromTheTables(t *testing.T) {
	current(t, "../../action.yml", actionYML(imageOf(t)))
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := section(t, string(readme), "inputs", inputTable())
	text = section(t, text, "outputs", outputTable())
	text = section(t, text, "reasons", reasonTable(t))
	current(t, "../../README.md", text)
}

func current(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(have)); diff != "" {
		t.Errorf("%s is not what the tables say; go test ./internal/cli -update rewrites it (-want +got)\n%s", path, diff)
	}
}

func section(t *testing.T, text, name, content string) string {
	t.Helper()
	open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(text, open)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("the document has no section %s", name)
	}
	return before + open + content + end + after
}

func actionInputs() []option.Row {
	var list []option.Row
	for _, in := range option.Table() {
		if !in.Typed {
			list = append(list, in)
		}
	}
	return list
}

// imageOf is the image that the action runs: the Dockerfile on main, on the
// commit of a release the released one by its digest.
func imageOf(t *testing.T) string {
	t.Helper()
	have, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	released := regexp.MustCompile(`(?m)^  image: (docker://\S+@sha256:[0-9a-f]{64})$`).FindSubmatch(have)
	if released == nil {
		return "Dockerfile"
	}
	return string(released[1])
}

func actionYML(image string) string {
	var b strings.Builder
	b.WriteString(`# Made from the tables in internal/option and internal/github/outputs.go:
# go test ./internal/cli -update
name: ZIS deploy
description: Validate, plan and deploy Zendesk Integration Services bundles, and prove that they run
branding:
  icon: upload-cloud
  color: green
`)
	writeInputs(&b)
	b.WriteString("outputs:\n")
	for _, o := range github.Outputs(report.Report{}, github.Facts{}) {
		fmt.Fprintf(&b, "  %s:\n    description: %s\n", o.Name, strconv.Quote(o.Help))
	}
	b.WriteString("runs:\n  using: docker\n  image: " + image + `
  # Both are given so that no workflow can replace them through "with".
  entrypoint: /zis
  args:
    - action
`)
	return b.String()
}

func writeInputs(b *strings.Builder) {
	b.WriteString("inputs:\n")
	for _, in := range actionInputs() {
		fmt.Fprintf(b, "  %s:\n    description: %s\n", in.Name, strconv.Quote(in.Help))
		if in.Name == "github-token" {
			b.WriteString("    default: ${{ github.token }}\n")
		} else if in.Default != "" {
			fmt.Fprintf(b, "    default: %s\n", strconv.Quote(in.Default))
		}
	}
}

func inputTable() string {
	var b strings.Builder
	b.WriteString("| input | default | meaning | on the command line |\n|---|---|---|---|\n")
	for _, in := range actionInputs() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", in.Name, code(in.Default), strings.ReplaceAll(in.Help, "|", `\|`), code(commandLine(in)))
	}
	return b.String()
}

func commandLine(in option.Row) string {
	switch {
	case in.Env != "":
		return "$" + in.Env
	case in.Name == "command":
		return "zis COMMAND"
	case in.Value == nil:
		return ""
	}
	return "--" + in.Name
}

func outputTable() string {
	var b strings.Builder
	b.WriteString("Every output is set on every run, before a failing exit too.\n\n| output | meaning |\n|---|---|\n")
	for _, o := range github.Outputs(report.Report{}, github.Facts{}) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.Name, o.Help)
	}
	return b.String()
}

// reason is a constant of package verdict, and its comment.
var reason = regexp.MustCompile(`(?m)^\t\w+ +Reason = "([a-z-]+)" *(?:// (.*))?$`)

func reasonTable(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("../verdict/reason.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| reason | meaning |\n|---|---|\n")
	rows := reason.FindAllStringSubmatch(string(src), -1)
	if len(rows) < 20 {
		t.Fatalf("only %d reasons are found", len(rows))
	}
	for _, row := range rows {
		if row[2] == "" {
			t.Errorf("the reason %s has no comment that says what it means", row[1])
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", row[1], row[2])
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
