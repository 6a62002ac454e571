package option

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// AddFlags defines the flags of a verb; their values go to v.
func AddFlags(fs *pflag.FlagSet, verb string, v *Values) {
	fs.SortFlags = false
	for _, r := range Table() {
		if !slices.Contains(r.Verbs, verb) || r.Value == nil {
			continue
		}
		help := flagHelp(r.Help)
		switch p := r.Value(v).(type) {
		case *bool:
			fs.BoolVar(p, r.Name, r.Default == "true", help)
		case *[]string:
			fs.Var((*repeated)(p), r.Name, help)
		case *int:
			n, _ := strconv.Atoi(r.Default)
			fs.IntVar(p, r.Name, n, help)
		case *time.Duration:
			d, _ := time.ParseDuration(r.Default)
			fs.DurationVar(p, r.Name, d, help)
		case *string:
			if *p = r.flagDefault(); r.Lines {
				fs.Var(&lines{text: p}, r.Name, help+"; may be repeated")
			} else {
				fs.StringVar(p, r.Name, *p, help)
			}
		}
	}
}

// repeated is a flag that may be given many times. The array of pflag writes its
// empty default as CSV, with a buffer of 4 KB for each flag of each verb.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, ",") }

func (r *repeated) Type() string { return "stringArray" }

func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

// lines is a flag whose value has several lines: what it is given again is
// another line.
type lines struct {
	text  *string
	given bool
}

func (l *lines) String() string {
	if l.text == nil {
		return "" // pflag asks the zero value
	}
	return *l.text
}

func (l *lines) Type() string { return "string" }

func (l *lines) Set(value string) error {
	if l.given {
		value = *l.text + "\n" + value
	}
	*l.text, l.given = value, true
	return nil
}

// flagDefault is the default of the flag: files are given as arguments on the
// command line, and have no default there.
func (r Row) flagDefault() string {
	if r.Name == "bundle" {
		return ""
	}
	return r.Default
}

// flagHelp leaves back quotes only around what stands for a value, in capitals:
// pflag makes the name of the value of what is quoted first.
func flagHelp(help string) string {
	if !strings.Contains(help, "`") {
		return help
	}
	parts := strings.Split(help, "`")
	var b strings.Builder
	for i, part := range parts {
		if i%2 == 1 && part == strings.ToUpper(part) {
			part = "`" + part + "`"
		}
		b.WriteString(part)
	}
	return b.String()
}

// Check refuses a value outside a closed set. called is what the medium calls
// an option.
func (v *Values) Check(called func(name string) string) error {
	for _, r := range Table() {
		if len(r.OneOf) == 0 || r.Value == nil {
			continue
		}
		if s, ok := r.Value(v).(*string); ok && *s != "" && !slices.Contains(r.OneOf, *s) {
			return verdict.Errorf(verdict.InvalidInput, "", "%s is %q; it can be %s", called(r.Name), *s, Listed(r.OneOf))
		}
	}
	return nil
}

// positive are the options whose value must be more than nothing.
var positive = []string{"concurrency", "timeout", "request-timeout"}

// CheckRange refuses numbers and times below what makes sense, of the options
// that the verb has. called is what the medium calls an option.
func (v *Values) CheckRange(has func(name string) bool, called func(name string) string) error {
	for _, r := range Table() {
		if r.Value == nil || !has(r.Name) {
			continue
		}
		n, text := int64(0), ""
		switch p := r.Value(v).(type) {
		case *int:
			n, text = int64(*p), strconv.Itoa(*p)
		case *time.Duration:
			n, text = int64(*p), p.String()
		default:
			continue
		}
		switch {
		case n < 0:
			return verdict.Errorf(verdict.InvalidInput, "", "%s is %s; it can't be less than nothing", called(r.Name), text)
		case n == 0 && slices.Contains(positive, r.Name):
			return verdict.Errorf(verdict.InvalidInput, "", "%s is %s; nothing can be done so", called(r.Name), text)
		}
	}
	return nil
}

// Listed names the values that there are.
func Listed(values []string) string {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	return strings.Join(values, ", ")
}

// CheckInput refuses the value of an input that its flag would not take, and
// what is not among the values of one that is no flag. Booleans are written as
// in YAML.
func (r Row) CheckInput(value string) error {
	var err error
	switch p := r.pointer().(type) {
	case nil:
		if len(r.OneOf) > 0 && !slices.Contains(r.OneOf, strings.ToLower(value)) {
			return invalid("the input %s is %q; it can be %s", r.Name, value, Listed(r.OneOf))
		}
	case *bool:
		if low := strings.ToLower(value); low != "true" && low != "false" {
			return invalid("the input %s is %q; it can be true or false", r.Name, value)
		}
	case *int:
		*p, err = strconv.Atoi(value)
	case *time.Duration:
		*p, err = time.ParseDuration(value)
	}
	if err != nil {
		return invalid("the input %s is %q; it takes a value such as %s", r.Name, value, r.Default)
	}
	return nil
}

func (r Row) pointer() any {
	if r.Value == nil {
		return nil
	}
	return r.Value(&Values{})
}
