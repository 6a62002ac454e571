package report

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Document is the JSON form. Validate fills files, errors and warnings alone.
type document struct {
	Command  string          `json:"command,omitempty"`
	Result   verdict.Outcome `json:"result,omitempty"`
	Reason   verdict.Reason  `json:"failureReason,omitempty"`
	Sentence string          `json:"sentence,omitempty"`
	Next     string          `json:"next,omitempty"`
	Link     string          `json:"link,omitempty"`
	Where    string          `json:"target,omitempty"`
	DryRun   bool            `json:"dryRun,omitempty"`
	Files    []fileJSON      `json:"files"`
	Errors   int             `json:"errors"`
	Warnings int             `json:"warnings"`

	Changes     *int                 `json:"changes,omitempty"`
	Told        []sentences.Sentence `json:"sentences,omitempty"`
	Hosts       []sentences.Talk     `json:"talksTo,omitempty"`
	Requests    []sentences.Request  `json:"requests,omitempty"`
	Plan        *deploy.Prepared     `json:"plan,omitempty"`
	Steps       []deploy.StepResult  `json:"steps,omitempty"`
	UUIDs       []string             `json:"bundleUuids,omitempty"`
	Installed   []string             `json:"installedJobSpecs,omitempty"`
	Uninstalled []string             `json:"uninstalledJobSpecs,omitempty"`
	Rollback    deploy.Rollback      `json:"rollback,omitempty"`
	ByHand      []string             `json:"byHand,omitempty"`
	Behaviour   *Behaviour           `json:"behaviour,omitempty"`
	Notes       []string             `json:"notes,omitempty"`
	Journal     string               `json:"journal,omitempty"`
	Timings     *Timings             `json:"timings,omitempty"`
}

type fileJSON struct {
	Path        string        `json:"path"`
	Diagnostics []findingJSON `json:"diagnostics"`
}

type findingJSON struct {
	Rule      string        `json:"rule"`
	Severity  diag.Severity `json:"severity"`
	Message   string        `json:"message"`
	Pointer   string        `json:"pointer"`
	Line      int           `json:"line"` // from 1; columns in runes
	Column    int           `json:"column"`
	EndLine   int           `json:"endLine"`
	EndColumn int           `json:"endColumn"`
	Help      string        `json:"help"`
	More      int           `json:"more,omitempty"`
}

// JSON writes the report as one object.
func JSON(w io.Writer, r Report) error {
	if r.Command == "validate" && r.Reason != verdict.InvalidInput {
		return WriteJSON(w, r.findings())
	}
	return WriteJSON(w, r.document())
}

// WriteRecord writes report.json: the object of JSON, of a validation too with
// its verdict. Its schema is schemas/report.schema.json.
func WriteRecord(w io.Writer, r Report) error { return WriteJSON(w, r.document()) }

// WriteJSON writes any value as JSON in which everything can be seen.
func WriteJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(diag.JSON(b.Bytes()))
	return err
}

func (r Report) findings() document {
	d := document{Files: []fileJSON{}, Errors: r.Count(diag.Error), Warnings: r.Count(diag.Warning)}
	for _, f := range r.Files {
		d.Files = append(d.Files, fileForm(f))
	}
	return d
}

func (r Report) document() document {
	d := r.findings()
	d.Command, d.Result, d.Reason, d.Sentence, d.Next, d.Link = r.Command, r.Outcome, r.Reason, r.Sentence, r.Next, r.Link
	d.Where, d.DryRun, d.Plan = r.Where, r.DryRun, r.Plan
	if r.Plan != nil {
		n := r.Changes()
		told := r.Told()
		d.Changes, d.Told, d.Hosts, d.Requests = &n, told.Sentences, told.Hosts, told.Requests
	}
	if r.Deploy != nil {
		d.Steps, d.UUIDs = r.Deploy.Steps, r.Deploy.UUIDs
		d.Installed, d.Uninstalled = r.Deploy.Installed, r.Deploy.Uninstalled
		d.Rollback, d.ByHand = r.Deploy.Rollback, r.Deploy.ByHand
	}
	d.Behaviour = r.Behaviour
	d.Notes, d.Journal, d.Timings = r.Notes, r.Journal, r.Timings
	return d
}

func fileForm(f check.File) fileJSON {
	out := fileJSON{Path: f.Path, Diagnostics: []findingJSON{}}
	for _, d := range f.Findings {
		start, end := d.Start(), d.End()
		out.Diagnostics = append(out.Diagnostics, findingJSON{
			Rule: d.Rule, Severity: d.Severity, Message: d.Message, Pointer: d.Pointer, Help: d.Help, More: d.More,
			Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
		})
	}
	return out
}
