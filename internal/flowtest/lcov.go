package flowtest

import (
	"fmt"
	"io"
	"strings"
)

// LCOV writes the coverage in the format of lcov: a state or job spec is a
// line, everything else a branch on its line.
func (c *Coverage) LCOV(w io.Writer) error {
	var b strings.Builder
	for _, points := range c.files() {
		fmt.Fprintf(&b, "TN:\nSF:%s\n", points[0].Place.File.Path)
		lines, hitLines, branches, hitBranches := 0, 0, 0, 0
		hits, order := map[int]int{}, []int{}
		for _, p := range points {
			line := p.Place.Position().Line
			if p.Kind == CoversState || p.Kind == CoversJobSpec {
				if _, seen := hits[line]; !seen {
					order = append(order, line)
				}
				hits[line] += p.Hits
				continue
			}
			taken := "0"
			if p.Hits > 0 {
				taken = fmt.Sprint(p.Hits)
				hitBranches++
			}
			fmt.Fprintf(&b, "BRDA:%d,0,%d,%s\n", line, branches, taken)
			branches++
		}
		for _, line := range order {
			fmt.Fprintf(&b, "DA:%d,%d\n", line, hits[line])
			lines++
			if hits[line] > 0 {
				hitLines++
			}
		}
		fmt.Fprintf(&b, "BRF:%d\nBRH:%d\nLF:%d\nLH:%d\nend_of_record\n", branches, hitBranches, lines, hitLines)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
