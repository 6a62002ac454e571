package report

import (
	"html/template"
	"io"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
)

// FleetPage writes a report as one HTML page without script, to be put
// anywhere.
func FleetPage(w io.Writer, r fleet.Report) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"visible": Plain, "specs": specCell, "others": otherCell, "record": recordCell, "remarks": remarks, "symbol": fleetSymbol,
		"day": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	}).Parse(fleetPage)
	if err != nil {
		return err
	}
	r.Rows, r.Before = fleet.Worst(r.Rows), fleet.Worst(r.Before)
	return page.Execute(w, r)
}

const fleetPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{visible .Command}}: {{len .Rows}} targets</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #8884; }
td { overflow-wrap: anywhere; }
.good { color: #1a7f37; } .bad { color: #cf222e; font-weight: 600; } .open { color: #9a6700; }
details { margin-top: .2rem; } ul { margin: .2rem 0; padding-left: 1.2rem; }
.small { color: #777; font-size: .9em; }
</style>
</head>
<body>
<h1>{{symbol .Outcome}} {{visible .Sentence}}</h1>
{{with .Next}}<p><b>Next:</b> {{visible .}}</p>{{end}}
<p class="small">{{day .Time}} · release {{visible .Release.String}} · {{.Release.Digest}}</p>
{{range .Notes}}<p class="small">{{visible .}}</p>{{end}}
<table>
<thead><tr><th scope="col">Target</th><th scope="col">Ring</th><th scope="col">Verdict</th><th scope="col">Job specs</th><th scope="col">Other bundles</th><th scope="col">Last record</th></tr></thead>
<tbody>
{{range .Rows}}<tr>
<td>{{visible .Name}}<br><span class="small">{{visible .Account}}</span></td>
<td>{{visible .Ring}}</td>
<td class="{{template "class" .}}">{{.Verdict}}{{if .Drift}}, drift{{end}}
<details><summary>{{visible .Sentence}}</summary>{{with remarks .}}<ul>{{range .}}<li>{{visible .}}</li>{{end}}</ul>{{end}}</details></td>
<td>{{specs .Specs}}</td>
<td>{{others .Others}}</td>
<td>{{visible (record .Record)}}</td>
</tr>
{{end}}</tbody>
</table>
</body>
</html>
{{define "class"}}{{if .Drift}}bad{{else if or (eq .Verdict "failed") (eq .Verdict "unproven") (eq .Verdict "unread") (eq .Verdict "unknown-content")}}bad{{else if or (eq .Verdict "this-release") (eq .Verdict "succeeded") (eq .Verdict "no-changes")}}good{{else}}open{{end}}{{end}}
`
