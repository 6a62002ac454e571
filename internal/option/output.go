package option

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Output is the form in which a run is told.
type Output struct {
	Format     string
	ReportFile string // path; "" writes none
	SarifFile  string // path; "" writes none
	Timings    bool
}

func outputRows() []Row {
	return []Row{
		{
			Name: "sarif-file", Verbs: slices.Concat(offline[:1], online), Value: func(v *Values) any { return &v.SarifFile },
			Help: "write the findings to this file, as SARIF for code scanning",
		},
		{
			Name: "report-file", Verbs: slices.Concat(offline[:1], online, switches, fleetVerbs), Value: func(v *Values) any { return &v.ReportFile },
			Help: "write what was found and done to this file, as JSON (schemas/report.schema.json; of many targets schemas/fleet.schema.json)",
		},
		{
			Name: "format", Default: "text", Verbs: slices.Concat(offline[:1], online, switches, doctor), Typed: true, Value: func(v *Values) any { return &v.Format },
			OneOf: formatNames(),
			Help:  "form of the result: `text`, " + formatHelp() + "github (findings as annotations)",
		},
		{
			Name: "timings", Default: "false", Verbs: slices.Concat(online, switches), Typed: true, Value: func(v *Values) any { return &v.Timings },
			Help: "tell how many requests were made, and how long they took",
		},
	}
}

// formatNames are the values of format.
func formatNames() []string {
	names := []string{"text"}
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return append(names, "github")
}

// formatHelp names those for programs, each with a comma behind it.
func formatHelp() string {
	var b strings.Builder
	for _, f := range report.Formats() {
		b.WriteString(f.Name)
		if f.Help != "" {
			b.WriteString(" (" + f.Help + ")")
		}
		b.WriteString(", ")
	}
	return b.String()
}
