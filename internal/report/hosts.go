package report

import (
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// talks writes the line that every plan has: the hosts that the bundles talk
// to, and what is sent where for the first time or in another way.
func (b *text) talks(told sentences.Told) {
	fmt.Fprintf(b, "talks to: %s\n", hosts(told, Plain))
	for _, r := range told.Requests {
		b.marked("  %s action %s: %s", marked(r), Plain(r.Action), request(r, Plain))
	}
	fmt.Fprintln(b)
}

// markdownHosts is that line for a page; none where only job specs are switched.
func (r Report) markdownHosts() []piece {
	if len(r.Plan.Bundles) == 0 {
		return nil
	}
	list := hostWords(r.Told(), Code)
	for i := range list[1:] {
		list[i+1] = ", " + list[i+1]
	}
	return inLines("**Talks to:** ", list, "\n\n")
}

func markdownRequests(told sentences.Told) []piece {
	var lines []string
	for _, r := range told.Requests {
		word := "✏️ changed"
		if r.New {
			word = "➕ new"
		}
		lines = append(lines, fmt.Sprintf("- action %s (%s): %s\n", Code(r.Action), word, request(r, Code)))
	}
	return inLines("", lines, "\n")
}

func marked(r sentences.Request) string {
	if r.New {
		return "+"
	}
	return "~"
}

// hosts are the hosts, new ones first and marked.
func hosts(told sentences.Told, show func(string) string) string {
	return strings.Join(hostWords(told, show), ", ")
}

// hostWords is never empty.
func hostWords(told sentences.Told, show func(string) string) []string {
	var list []string
	for _, h := range told.Hosts {
		word := show(h.Host)
		if h.New {
			word += " (new)"
		}
		list = append(list, word)
	}
	if len(list) == 0 {
		return []string{"no host"}
	}
	return list
}

// manyPaths is how many paths of data a request is shown to hold.
const manyPaths = 8

// request is what an action sends and where, in words.
func request(r sentences.Request, show func(string) string) string {
	parts := []string{show(r.What)}
	if r.As != "" {
		parts = append(parts, "with the connection "+show(r.As))
	}
	if len(r.Headers) > 0 {
		parts = append(parts, "headers "+several(r.Headers, show))
	}
	if len(r.Sends) > 0 {
		parts = append(parts, "sends "+several(r.Sends, show))
	}
	return strings.Join(parts, "; ")
}

func several(list []string, show func(string) string) string {
	var words []string
	for _, s := range list[:min(len(list), manyPaths)] {
		words = append(words, show(s))
	}
	if more := len(list) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return english.Join(words)
}
