package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// Media types of the OCI image specification 1.1.
const (
	indexType    = "application/vnd.oci.image.index.v1+json"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

type descriptor struct {
	MediaType string    `json:"mediaType"`
	Digest    string    `json:"digest"`
	Size      int       `json:"size"`
	Platform  *platform `json:"platform,omitempty"`
}

type platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
}

type index struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	Manifests     []descriptor      `json:"manifests"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

type manifest struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	Config        descriptor        `json:"config"`
	Layers        []descriptor      `json:"layers"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

type imageConfig struct {
	Created      time.Time `json:"created"`
	Architecture string    `json:"architecture"`
	OS           string    `json:"os"`
	Config       struct {
		Entrypoint []string
		Labels     map[string]string
	} `json:"config"`
	RootFS struct {
		Type    string   `json:"type"`
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
	History []history `json:"history"`
}

type history struct {
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by"`
}

func labels(version, commit string, created time.Time) map[string]string {
	const home = "https://github.com/zisdeploy/zis-deploy"
	const at = "org.opencontainers.image."
	return map[string]string{
		at + "title": "zis-deploy", at + "description": "Validate, plan and deploy Zendesk Integration Services bundles, and prove that they run",
		at + "source": home, at + "url": home, at + "documentation": home + "#readme", at + "licenses": "Apache-2.0",
		at + "version": version, at + "revision": commit, at + "created": created.Format(time.RFC3339),
	}
}

// layout is an OCI image layout, a folder in which each blob is a file named by
// its content.
type layout struct{ dir string }

// writeImage writes an image for the platform of each binary, and the index
// over them, whose digest it returns. The user is root, because the runner
// mounts files that only root may write.
func writeImage(dir string, labels map[string]string, created time.Time, binaries []string) (string, error) {
	l := layout{dir}
	if err := os.MkdirAll(filepath.Join(dir, "blobs", "sha256"), 0o755); err != nil {
		return "", err
	}
	idx := index{SchemaVersion: 2, MediaType: indexType, Annotations: labels}
	for _, path := range binaries {
		d, err := l.image(labels, created, path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		idx.Manifests = append(idx.Manifests, d)
	}
	whole, err := l.json(indexType, idx)
	if err != nil {
		return "", err
	}
	entry := index{SchemaVersion: 2, MediaType: indexType, Manifests: []descriptor{whole}}
	text, err := json.Marshal(entry)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "index.json"), text, 0o644); err != nil {
		return "", err
	}
	return whole.Digest, os.WriteFile(filepath.Join(dir, "oci-layout"), []byte(`{"imageLayoutVersion":"1.0.0"}`), 0o644)
}

func (l layout) image(labels map[string]string, created time.Time, binary string) (descriptor, error) {
	goos, arch, err := platformOf(binary)
	if err != nil {
		return descriptor{}, err
	}
	if goos != "linux" {
		return descriptor{}, fmt.Errorf("is for %s; an image holds a program for linux", goos)
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return descriptor{}, err
	}
	c := imageConfig{Created: created, Architecture: arch, OS: goos}
	c.Config.Entrypoint, c.Config.Labels, c.RootFS.Type = []string{"/zis"}, labels, "layers"
	m := manifest{SchemaVersion: 2, MediaType: manifestType, Annotations: labels}
	for _, f := range []file{
		{"etc/ssl/certs/ca-certificates.crt", 0o644, certificates()},
		{"zis", 0o755, program},
	} {
		layer, diff, err := l.layer(f, created)
		if err != nil {
			return descriptor{}, err
		}
		m.Layers = append(m.Layers, layer)
		c.RootFS.DiffIDs = append(c.RootFS.DiffIDs, diff)
		c.History = append(c.History, history{created, "/" + f.name})
	}
	if m.Config, err = l.json(configType, c); err != nil {
		return descriptor{}, err
	}
	d, err := l.json(manifestType, m)
	d.Platform = &platform{arch, goos}
	return d, err
}

// platformOf reads what a Go program was built for.
func platformOf(binary string) (goos, arch string, err error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return "", "", err
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS":
			goos = s.Value
		case "GOARCH":
			arch = s.Value
		}
	}
	return goos, arch, nil
}

type file struct {
	name    string
	mode    int64 // permissions
	content []byte
}

// layer writes one file as a layer and returns the digest of the unpacked
// archive beside it.
func (l layout) layer(f file, created time.Time) (descriptor, string, error) {
	var plain, packed bytes.Buffer
	if err := writeTar(&plain, created, []file{f}); err != nil {
		return descriptor{}, "", err
	}
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return descriptor{}, "", err
	}
	if _, err := z.Write(plain.Bytes()); err != nil {
		return descriptor{}, "", err
	}
	if err := z.Close(); err != nil {
		return descriptor{}, "", err
	}
	d, err := l.blob(layerType, packed.Bytes())
	return d, digest(plain.Bytes()), err
}

func (l layout) json(mediaType string, v any) (descriptor, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return descriptor{}, err
	}
	return l.blob(mediaType, text)
}

func (l layout) blob(mediaType string, content []byte) (descriptor, error) {
	d := descriptor{MediaType: mediaType, Digest: digest(content), Size: len(content)}
	name := filepath.Join(l.dir, "blobs", "sha256", d.Digest[len("sha256:"):])
	return d, os.WriteFile(name, content, 0o644)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// certificates are Mozilla's roots as the pinned module has them, so that an
// image doesn't depend on the machine that makes it. Roots that are trusted
// only in part stay out: a PEM file can't say so.
func certificates() []byte {
	var b bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // into memory
		}
	}
	return b.Bytes()
}
