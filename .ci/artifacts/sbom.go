package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// spdxDocument is what of SPDX 2.3 an inventory of a Go program needs.
type spdxDocument struct {
	SPDXVersion       string             `json:"spdxVersion"`
	DataLicense       string             `json:"dataLicense"`
	SPDXID            string             `json:"SPDXID"`
	Name              string             `json:"name"`
	DocumentNamespace string             `json:"documentNamespace"`
	CreationInfo      spdxCreation       `json:"creationInfo"`
	Packages          []spdxPackage      `json:"packages"`
	Relationships     []spdxRelationship `json:"relationships"`
}

type spdxCreation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type spdxPackage struct {
	SPDXID           string         `json:"SPDXID"`
	Name             string         `json:"name"`
	VersionInfo      string         `json:"versionInfo"`
	DownloadLocation string         `json:"downloadLocation"`
	FilesAnalyzed    bool           `json:"filesAnalyzed"`
	LicenseConcluded string         `json:"licenseConcluded"`
	LicenseDeclared  string         `json:"licenseDeclared"`
	CopyrightText    string         `json:"copyrightText"`
	Checksums        []spdxChecksum `json:"checksums,omitempty"`
	ExternalRefs     []spdxRef      `json:"externalRefs,omitempty"`
	Comment          string         `json:"comment,omitempty"`
}

type spdxChecksum struct {
	Algorithm     string `json:"algorithm"`
	ChecksumValue string `json:"checksumValue"`
}

type spdxRef struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type spdxRelationship struct {
	Element string `json:"spdxElementId"`
	Type    string `json:"relationshipType"`
	Related string `json:"relatedSpdxElement"`
}

// writeSBOM lists what is linked into the binary.
func writeSBOM(out io.Writer, version string, created time.Time, binary string) error {
	goVersion, list, err := modulesOf(binary)
	if err != nil {
		return err
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(program)
	hash := hex.EncodeToString(sum[:])
	name := filepath.Base(binary)
	doc := spdxDocument{
		SPDXVersion: "SPDX-2.3", DataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", Name: name + " " + version,
		DocumentNamespace: "https://github.com/zisdeploy/zis-deploy/sbom/" + version + "/" + hash,
		CreationInfo:      spdxCreation{created.Format(time.RFC3339), []string{"Organization: zis-deploy"}},
	}
	self := spdxPackage{
		SPDXID: "SPDXRef-zis", Name: name, VersionInfo: version, DownloadLocation: "https://github.com/zisdeploy/zis-deploy/releases/tag/" + version,
		LicenseConcluded: "Apache-2.0", LicenseDeclared: "Apache-2.0", CopyrightText: "NOASSERTION",
		Checksums: []spdxChecksum{{"SHA256", hash}},
	}
	library := spdxPackage{
		SPDXID: "SPDXRef-go", Name: "std", VersionInfo: goVersion, DownloadLocation: "https://go.dev/dl/",
		LicenseConcluded: "BSD-3-Clause", LicenseDeclared: "BSD-3-Clause", CopyrightText: "NOASSERTION",
	}
	doc.Packages = []spdxPackage{self, library}
	doc.Relationships = []spdxRelationship{
		{doc.SPDXID, "DESCRIBES", self.SPDXID}, {self.SPDXID, "CONTAINS", library.SPDXID},
	}
	for i, m := range list {
		p, err := spdxModule(i, m)
		if err != nil {
			return err
		}
		doc.Packages = append(doc.Packages, p)
		doc.Relationships = append(doc.Relationships, spdxRelationship{self.SPDXID, "CONTAINS", p.SPDXID})
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

func spdxModule(i int, m module) (spdxPackage, error) {
	if err := m.fetch(); err != nil {
		return spdxPackage{}, err
	}
	files, err := m.licenceFiles()
	if err != nil {
		return spdxPackage{}, err
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return spdxPackage{}, err
	}
	id := spdxID(string(text))
	return spdxPackage{
		SPDXID: fmt.Sprintf("SPDXRef-module-%d", i), Name: m.Path, VersionInfo: m.Version, DownloadLocation: "https://" + m.Path,
		LicenseConcluded: id, LicenseDeclared: id, CopyrightText: "NOASSERTION", Comment: "go.sum: " + m.Sum,
		ExternalRefs: []spdxRef{{"PACKAGE-MANAGER", "purl", "pkg:golang/" + m.Path + "@" + m.Version}},
	}, nil
}
