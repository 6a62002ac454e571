package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// writeArchive packs files, each given as NAME=PATH, into a .tar.gz or .zip,
// sorted by name, of one time and one owner.
func writeArchive(out string, modified time.Time, pairs []string) error {
	var files []file
	for _, pair := range pairs {
		name, path, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q is not NAME=PATH", pair)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f := file{name, 0o644, content}
		if stat, err := os.Stat(path); err != nil {
			return err
		} else if stat.Mode()&0o100 != 0 {
			f.mode = 0o755
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	to, err := os.Create(out)
	if err != nil {
		return err
	}
	pack := writeTarGz
	if strings.HasSuffix(out, ".zip") {
		pack = writeZip
	}
	if err := pack(to, modified, files); err != nil {
		to.Close()
		return err
	}
	return to.Close()
}

func writeTarGz(out io.Writer, modified time.Time, files []file) error {
	z, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := writeTar(z, modified, files); err != nil {
		return err
	}
	return z.Close()
}

func writeTar(out io.Writer, modified time.Time, files []file) error {
	t := tar.NewWriter(out)
	for _, f := range files {
		h := tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.content)), ModTime: modified, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(&h); err != nil {
			return err
		}
		if _, err := t.Write(f.content); err != nil {
			return err
		}
	}
	return t.Close()
}

func writeZip(out io.Writer, modified time.Time, files []file) error {
	z := zip.NewWriter(out)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: modified}
		h.SetMode(os.FileMode(f.mode))
		w, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := w.Write(f.content); err != nil {
			return err
		}
	}
	return z.Close()
}
