package probe

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Finding is an assumption that a log has settled.
type Finding struct {
	Assumption interp.Assumption
	Reading    string
	Probe      string
	Silent     bool // known by what the log doesn't say
	Default    bool // it is how it was thought to be
}

// String is the finding as a line of a file for --assume @FILE.
func (f Finding) String() string {
	note := f.Assumption.Question().Text
	if f.Silent {
		note += "; " + f.Probe + " said nothing"
	}
	if !f.Default {
		note += "; other than was thought"
	}
	return fmt.Sprintf("%s=%s # %s", f.Assumption, f.Reading, note)
}

var (
	messageForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`zis-probe (P\d+b?)((?: [AP]\d+=\w+)+)?`)
	})
	refusedForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`connection named \W*` + Missing + `\W* does not exist`)
	})
	pairForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([AP]\d+)=(\w+)`) })
)

// Read finds in the text of a log what the probe's flows said. Open are the
// questions that it doesn't answer.
func Read(log string) (found []Finding, open []string, err error) {
	said := map[string]bool{}
	for _, m := range messageForm().FindAllStringSubmatch(log, -1) {
		said[m[1]] = true
		for _, pair := range pairForm().FindAllStringSubmatch(m[2], -1) {
			f, err := finding(m[1], pair[1]+"="+pair[2])
			if err != nil {
				return nil, nil, fmt.Errorf("%s says what can't be: %w", m[1], err)
			}
			found = append(found, f)
		}
	}
	if !said["P17"] && refusedForm().MatchString(log) {
		said["P17"] = true
		f, err := finding("P17", "A1=bundle")
		if err != nil {
			return nil, nil, err
		}
		found = append(found, f)
	}
	if len(said) == 0 {
		return nil, nil, fmt.Errorf("the log has no message of the probe: they begin with \"zis-probe P\"")
	}
	const enough = 5 // probes that spoke: the others had their turn
	for _, q := range questions {
		switch {
		case said[q.id]:
		case q.silent != "" && len(said) >= enough:
			f, err := finding(q.id, q.silent)
			if err != nil {
				return nil, nil, err
			}
			f.Silent = true
			found = append(found, f)
		default:
			open = append(open, q.id)
		}
	}
	return once(found), open, nil
}

func finding(id, choice string) (Finding, error) {
	readings, err := interp.Readings{}.Set(choice)
	if err != nil {
		return Finding{}, err
	}
	name, _, _ := strings.Cut(choice, "=")
	for _, q := range interp.Questions() {
		if q.ID.String() == name {
			return Finding{Assumption: q.ID, Reading: readings.Of(q.ID), Probe: id, Default: readings.Of(q.ID) == q.Readings[0].Name}, nil
		}
	}
	return Finding{}, fmt.Errorf("there is no assumption %s", name)
}

// once keeps of each assumption the last finding, in order.
func once(found []Finding) []Finding {
	last := map[interp.Assumption]Finding{}
	for _, f := range found {
		last[f.Assumption] = f
	}
	var list []Finding
	for _, f := range last {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Finding) int { return int(a.Assumption) - int(b.Assumption) })
	return list
}
