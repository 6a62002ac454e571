package report

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
)

// The part of SARIF 2.1.0 that GitHub code scanning and editors show: rules
// with their help, results with a region. Columns count code points, as ours
// do; related places are shown by editors alone.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string            `json:"id"`
		Short         sarifText         `json:"shortDescription"`
		Full          sarifText         `json:"fullDescription"`
		Help          sarifText         `json:"help"`
		Configuration map[string]string `json:"defaultConfiguration"`
		Properties    map[string]any    `json:"properties"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
)

const projectURL = "https://github.com/zisdeploy/zis-deploy"

// SARIF writes the findings as a SARIF 2.1.0 log, rules and their help with
// them.
func SARIF(w io.Writer, r Report) error {
	rules := lint.Rules()
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "zis-deploy", InformationURI: projectURL, Rules: []sarifRule{}}
	for _, rule := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSarifRule(rule))
	}
	for _, f := range r.Files {
		for _, d := range f.Findings {
			run.Results = append(run.Results, newSarifResult(d, rules))
		}
	}
	return WriteJSON(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func newSarifRule(rule lint.Rule) sarifRule {
	help := rule.Summary
	if e, ok := lint.Explain(rule.ID); ok {
		help = e.Text
	}
	return sarifRule{
		ID: rule.ID, Short: sarifText{Text: rule.Summary}, Full: sarifText{Text: rule.Summary + " (" + rule.Source + ")"},
		Help:          sarifText{Text: help, Markdown: help},
		Configuration: map[string]string{"level": rule.Severity.String()},
		Properties:    map[string]any{"evidence": rule.Evidence, "tags": []string{"zendesk", "zis"}},
	}
}

func newSarifResult(d diag.Diagnostic, rules []lint.Rule) sarifResult {
	result := sarifResult{
		RuleID: d.Rule, Level: d.Severity.String(), Message: sarifText{Text: sarifMessage(d)},
		RuleIndex: slices.IndexFunc(rules, func(r lint.Rule) bool { return r.ID == d.Rule }),
		Locations: []sarifLocation{{Physical: sarifPlace(d.File, d.Span)}},
	}
	if d.Pointer != "" {
		result.Locations[0].Logical = []sarifLogical{{FullyQualifiedName: d.Pointer, Kind: "member"}}
	}
	for _, rel := range d.Related {
		result.Related = append(result.Related, sarifLocation{Physical: sarifPlace(rel.File, rel.Span), Message: &sarifText{Text: rel.Message}})
	}
	return result
}

func sarifMessage(d diag.Diagnostic) string {
	if d.Help == "" {
		return d.Message
	}
	return d.Message + ". " + d.Help
}

// sarifPlace: paths are URIs relative to the root of the repository.
func sarifPlace(f *diag.File, s diag.Span) sarifPhysical {
	start, end := f.Position(s.Start), f.Position(s.End)
	uri := url.URL{Path: filepath.ToSlash(filepath.Clean(f.Path))}
	return sarifPhysical{
		Artifact: sarifArtifact{URI: uri.String()},
		Region:   sarifRegion{StartLine: start.Line, StartColumn: start.Column, EndLine: end.Line, EndColumn: end.Column},
	}
}
