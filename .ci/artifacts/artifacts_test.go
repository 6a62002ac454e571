package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var created = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// program builds this very command for a platform: any Go program will do.
func program(t *testing.T, goos, goarch string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "zis")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", name, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return name
}

func read(t *testing.T, dir, digest string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:")))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func decode[T any](t *testing.T, text []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestImageHoldsTheProgramAndTheCertificates(t *testing.T) {
	binary := program(t, "linux", "arm64")
	dir := t.TempDir()
	of, err := writeImage(dir, labels("v1.2.3", "abc", created), created, []string{binary})
	if err != nil {
		t.Fatal(err)
	}
	idx := decode[index](t, read(t, dir, of))
	if p := idx.Manifests[0].Platform; p.OS != "linux" || p.Architecture != "arm64" {
		t.Errorf("the platform is %v, want that of the program", p)
	}
	m := decode[manifest](t, read(t, dir, idx.Manifests[0].Digest))
	config := decode[imageConfig](t, read(t, dir, m.Config.Digest))
	if len(config.Config.Entrypoint) != 1 || config.Config.Entrypoint[0] != "/zis" {
		t.Errorf("the entrypoint is %q", config.Config.Entrypoint)
	}
	if v := config.Config.Labels["org.opencontainers.image.version"]; v != "v1.2.3" {
		t.Errorf("the label of the version is %q", v)
	}
	files := map[string][]byte{}
	for i, l := range m.Layers {
		name, content, whole := unpack(t, read(t, dir, l.Digest))
		files[name] = content
		if sum := digest(whole); config.RootFS.DiffIDs[i] != sum {
			t.Errorf("layer %d unpacks to %s, and the config says %s", i, sum, config.RootFS.DiffIDs[i])
		}
	}
	want, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(files["zis"], want) {
		t.Error("/zis is not the program")
	}
	if !x509.NewCertPool().AppendCertsFromPEM(files["etc/ssl/certs/ca-certificates.crt"]) {
		t.Error("no certificate can be read")
	}
}

func unpack(t *testing.T, packed []byte) (name string, content, whole []byte) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if whole, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(bytes.NewReader(whole))
	h, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if h.Uid != 0 || h.Gid != 0 || !h.ModTime.Equal(created) {
		t.Errorf("%s belongs to %d:%d and is of %s", h.Name, h.Uid, h.Gid, h.ModTime)
	}
	if content, err = io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	return h.Name, content, whole
}

func TestTheSameInputMakesTheSameDigest(t *testing.T) {
	binary := program(t, "linux", "amd64")
	make := func(version string) string {
		digest, err := writeImage(t.TempDir(), labels(version, "abc", created), created, []string{binary})
		if err != nil {
			t.Fatal(err)
		}
		return digest
	}
	if a, b := make("v1"), make("v1"); a != b {
		t.Errorf("made twice: %s and %s", a, b)
	}
	if make("v1") == make("v2") {
		t.Error("another version has the same digest")
	}
}

func TestAnImageTakesOnlyProgramsForLinux(t *testing.T) {
	_, err := writeImage(t.TempDir(), nil, created, []string{program(t, "darwin", "arm64")})
	if err == nil || !strings.Contains(err.Error(), "darwin") {
		t.Errorf("the error is %v", err)
	}
}

func TestTheInventoryNamesEachLinkedModuleWithItsLicence(t *testing.T) {
	var out bytes.Buffer
	if err := writeSBOM(&out, "v1.2.3", created, program(t, "linux", "amd64")); err != nil {
		t.Fatal(err)
	}
	doc := decode[spdxDocument](t, out.Bytes())
	found := false
	for _, p := range doc.Packages {
		found = found || p.Name == "golang.org/x/crypto/x509roots/fallback" && p.LicenseConcluded == "BSD-3-Clause"
	}
	if !found {
		t.Errorf("no linked module in %s", out.String())
	}
	if len(doc.Relationships) != len(doc.Packages) {
		t.Errorf("%d packages have %d relationships", len(doc.Packages), len(doc.Relationships))
	}
}

func TestTheLicencesOfAllLinkedModulesArePassedOn(t *testing.T) {
	var out bytes.Buffer
	binary := program(t, "linux", "amd64")
	if err := writeLicences(&out, []string{binary, binary}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "x509roots/fallback@"); n != 1 {
		t.Errorf("the module is named %d times", n)
	}
	if !strings.Contains(out.String(), "the Go library: LICENSE") {
		t.Error("the Go library isn't named")
	}
}

func TestLicencesAreKnownByTheirWords(t *testing.T) {
	for text, want := range map[string]string{
		"Apache License\n  Version 2.0": "Apache-2.0",
		"Permission is hereby granted, free of charge, to any person obtaining\na copy":                          "MIT",
		"Redistribution and use in source and binary forms ... Neither ... used to\nendorse or promote products": "BSD-3-Clause",
		"Redistribution and use in source and binary forms":                                                      "BSD-2-Clause",
		"All rights reserved": "NOASSERTION",
	} {
		if have := spdxID(text); have != want {
			t.Errorf("%q is %s, want %s", text, have, want)
		}
	}
}

func TestTheFormulaNamesTheArchivesThatThereAre(t *testing.T) {
	sums := filepath.Join(t.TempDir(), "checksums.txt")
	if err := os.WriteFile(sums, []byte("aa  zis_1.2.3_linux_amd64.tar.gz\nbb  zis_1.2.3_darwin_arm64.tar.gz\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeFormula(&out, "v1.2.3", "https://example.com/v1.2.3", sums); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`version "1.2.3"`, `https://example.com/v1.2.3/zis_1.2.3_darwin_arm64.tar.gz`, `sha256 "aa"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the formula lacks %s:\n%s", want, out.String())
		}
	}
	if err := writeFormula(&out, "v9.9.9", "https://example.com", sums); err == nil {
		t.Error("a version without archives has a formula")
	}
}

func TestAnArchiveIsTheSameHoweverItsFilesAreGiven(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	zis, readme := "zis="+write("a", 0o700), "README.md="+write("b", 0o600)
	for _, ending := range []string{".tar.gz", ".zip"} {
		var sums []string
		for i, pairs := range [][]string{{zis, readme}, {readme, zis}} {
			out := filepath.Join(dir, string(rune('0'+i))+ending)
			if err := writeArchive(out, created, pairs); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			sums = append(sums, digest(content))
		}
		if sums[0] != sums[1] {
			t.Errorf("%s depends on the order: %v", ending, sums)
		}
	}
	if err := writeArchive(filepath.Join(dir, "x.zip"), created, []string{"nothing"}); err == nil {
		t.Error("a file without a name is taken")
	}
}
