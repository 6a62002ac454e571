// Command artifacts makes the parts of a release that need more than go build,
// each the same bytes whenever and wherever it is made of the same input:
//
//	artifacts image OUT VERSION COMMIT UNIXTIME BINARY...   an OCI layout for linux
//	artifacts archive OUT UNIXTIME NAME=PATH...             a .tar.gz or .zip
//	artifacts sbom VERSION UNIXTIME BINARY                  SPDX 2.3, JSON
//	artifacts licences BINARY...                            the texts that must be passed on
//	artifacts formula VERSION URL CHECKSUMS                 for Homebrew
//
// Results go to stdout; of image, the digest of the index.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "artifacts:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	verbs := map[string]struct {
		least int
		do    func([]string, io.Writer) error
	}{
		"image": {5, imageVerb}, "archive": {3, archiveVerb}, "sbom": {3, sbomVerb}, "licences": {1, licencesVerb}, "formula": {3, formulaVerb},
	}
	if len(args) == 0 {
		return fmt.Errorf("which one: image, archive, sbom, licences or formula?")
	}
	verb, ok := verbs[args[0]]
	if !ok || len(args)-1 < verb.least {
		return fmt.Errorf("usage: see the comment in main.go; have %q", args)
	}
	return verb.do(args[1:], out)
}

func imageVerb(args []string, out io.Writer) error {
	created, err := unixTime(args[3])
	if err != nil {
		return err
	}
	digest, err := writeImage(args[0], labels(args[1], args[2], created), created, args[4:])
	if err == nil {
		_, err = fmt.Fprintln(out, digest)
	}
	return err
}

func archiveVerb(args []string, _ io.Writer) error {
	modified, err := unixTime(args[1])
	if err != nil {
		return err
	}
	return writeArchive(args[0], modified, args[2:])
}

func sbomVerb(args []string, out io.Writer) error {
	created, err := unixTime(args[1])
	if err != nil {
		return err
	}
	return writeSBOM(out, args[0], created, args[2])
}

func licencesVerb(args []string, out io.Writer) error { return writeLicences(out, args) }

func formulaVerb(args []string, out io.Writer) error {
	return writeFormula(out, args[0], args[1], args[2])
}

func unixTime(s string) (time.Time, error) {
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("time %q is not in seconds since 1970", s)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
