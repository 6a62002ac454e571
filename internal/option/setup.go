package option

// Setup is what preparing an account needs.
type Setup struct {
	Out         string // path of the file that takes what is secret
	Description string
}

func setupRows() []Row {
	return []Row{
		{
			Name: "out", Verbs: setup, Typed: true, Value: func(v *Values) any { return &v.Out },
			Help: "`FILE` that takes what is secret; it must not exist, and only its owner can read it",
		},
		{
			Name: "out", Verbs: apps[:1:1], Typed: true, Value: func(v *Values) any { return &v.Out },
			Help: "`FILE` that takes the app's package",
		},
		{
			Name: "description", Verbs: setup[:1:1], Typed: true, Value: func(v *Values) any { return &v.Description },
			Help: "what the integration is for",
		},
	}
}
