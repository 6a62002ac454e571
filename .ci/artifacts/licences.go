package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// writeLicences gathers the licence texts of everything that is linked into
// the binaries, the Go library among it. A module without one is an error.
func writeLicences(out io.Writer, binaries []string) error {
	var all []module
	for _, binary := range binaries {
		_, list, err := modulesOf(binary)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.String(), b.String()) })
	all = slices.CompactFunc(all, func(a, b module) bool { return a.String() == b.String() })
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	fmt.Fprintf(out, "zis holds parts of the Go library and of %d modules, under these licences.\n", len(all))
	if err := writeLicence(out, "the Go library", []string{filepath.Join(strings.TrimSpace(string(root)), "LICENSE")}); err != nil {
		return err
	}
	for _, m := range all {
		if err := m.fetch(); err != nil {
			return err
		}
		files, err := m.licenceFiles()
		if err != nil {
			return err
		}
		if err := writeLicence(out, m.String(), files); err != nil {
			return err
		}
	}
	return nil
}

func writeLicence(out io.Writer, what string, files []string) error {
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		line := strings.Repeat("-", 80)
		fmt.Fprintf(out, "\n%s\n%s: %s\n%s\n\n%s\n", line, what, filepath.Base(f), line, strings.TrimSpace(string(text)))
	}
	return nil
}

// spdxID tells the licence of a text by the words that only it has; what isn't
// known is said to be unknown.
func spdxID(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case strings.Contains(text, "Apache License Version 2.0"):
		return "Apache-2.0"
	case strings.Contains(text, "Permission is hereby granted, free of charge, to any person obtaining a copy"):
		return "MIT"
	case strings.Contains(text, "Permission to use, copy, modify, and/or distribute this software"):
		return "ISC"
	case strings.Contains(text, "Redistribution and use in source and binary forms"):
		if strings.Contains(text, "endorse or promote products") {
			return "BSD-3-Clause"
		}
		return "BSD-2-Clause"
	}
	return "NOASSERTION"
}
