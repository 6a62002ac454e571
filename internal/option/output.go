package option

import "slices"

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
			OneOf: []string{"text", "json", "sarif", "github"},
			Help:  "form of the result: `text`, json, sarif (findings), github (findings as annotations)",
		},
		{
			Name: "timings", Default: "false", Verbs: slices.Concat(online, switches), Typed: true, Value: func(v *Values) any { return &v.Timings },
			Help: "tell how many requests were made, and how long they took",
		},
	}
}
