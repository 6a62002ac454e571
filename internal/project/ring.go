package project

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

var ringKeys = []key[Ring]{
	{"name", func(r *reader, n *yaml.Node, ring *Ring) { ring.Name = r.name(n, "name") }},
	{"parallel", func(r *reader, n *yaml.Node, ring *Ring) { ring.Parallel = r.count(n, "parallel", 1, MaxParallel) }},
	{"max-failures", func(r *reader, n *yaml.Node, ring *Ring) { ring.MaxFailures = r.limit(n) }},
	{"soak", func(r *reader, n *yaml.Node, ring *Ring) { ring.Soak, ring.SoakAt = r.duration(n, "soak"), r.at(n) }},
	{"after", func(r *reader, n *yaml.Node, ring *Ring) {
		ring.After, ring.AfterAt = Need(r.oneOf(n, "after", string(All), string(Any)).Value), r.at(n)
	}},
}

// MaxParallel bounds how many targets are worked on at a time.
const MaxParallel = 256

func (r *reader) rings(n *yaml.Node) []Ring {
	var list []Ring
	r.items(n, "rings", func(item *yaml.Node) {
		ring := Ring{}
		if item.Kind == yaml.MappingNode {
			if fill(r, item, "a ring", ringKeys, &ring) && !ring.Name.At.Given() {
				r.report(r.at(item), 1, "give name: NAME", "a ring has no name")
			}
		} else {
			ring.Name = r.name(item, "a ring")
		}
		if ring.After == "" {
			ring.After = All
		}
		list = append(list, ring)
	})
	return list
}

func (r *reader) count(n *yaml.Node, what string, least, most int) int {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || v < least || v > most {
		r.report(r.at(n), len(n.Value), "", "%s is %s; it must be a whole number from %d to %d", what, shown(n), least, most)
		return 0
	}
	return v
}

// limit reads a number, or a share such as 10%.
func (r *reader) limit(n *yaml.Node) Limit {
	digits, percent := strings.CutSuffix(n.Value, "%")
	v, err := strconv.Atoi(digits)
	if n.Kind != yaml.ScalarNode || err != nil || v < 0 || percent && v > 100 || strings.HasPrefix(digits, "+") {
		r.report(r.at(n), len(n.Value), "", "max-failures is %s; it must be a number such as 3, or a share such as 10%%", shown(n))
		return Limit{}
	}
	return Limit{Given: true, Percent: percent, Value: v}
}

// maxSoak is longer than any release waits.
const maxSoak = 365 * 24 * time.Hour

// duration reads 30m, 24h or 7d.
func (r *reader) duration(n *yaml.Node, what string) time.Duration {
	text := n.Value
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if v, err := strconv.Atoi(days); err == nil && v <= 365 {
			text = strconv.Itoa(v*24) + "h"
		}
	}
	d, err := time.ParseDuration(text)
	if n.Kind != yaml.ScalarNode || err != nil || d <= 0 || d > maxSoak {
		r.report(r.at(n), len(n.Value), "", "%s is %s; it must be a time such as 30m, 24h or 7d", what, shown(n))
		return 0
	}
	return d
}

// shown is a node's value in a message.
func shown(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		return strconv.Quote(cut(n.Value))
	}
	return kindOf(n)
}
