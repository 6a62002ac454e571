package cli_test

import (
	"strconv"
	"strings"
)

// shapes are bundles near the most that is read, in bytes or in values, each of
// another kind of content. The tag, a digit, stands in every part of them.
var shapes = map[string]func(tag string) string{
	"long items": func(tag string) string {
		return pass("[" + repeat(170_000, `"item <i> of the list <tag>, some text beside it, to make it longer, and more"`, tag) + "]")
	},
	"short items": func(tag string) string { return pass("[" + repeat(390_000, `"<tag><i>"`, tag) + "]") },
	"numbers":     func(tag string) string { return pass("[" + repeat(390_000, `<tag><i>`, tag) + "]") },
	"members": func(tag string) string {
		return pass("{" + repeat(160_000, `"key <i>":"value <i> of the map <tag>, some text beside it, to make it longer"`, tag) + "}")
	},
	"other keys": func(tag string) string {
		return pass("{" + repeat(160_000, `"key <i> <tag>":"value <i> of the map, some text beside it, to make it longer"`, tag) + "}")
	},
	"headers": func(tag string) string {
		return action(`"headers":[` + repeat(95_000, `{"key":"X-<i>","value":"v <tag> <i>"}`, tag) + "]")
	},
	"query": func(tag string) string {
		return action(`"queryParams":[` + repeat(95_000, `{"key":"x<i>","value":"v <tag> <i>"}`, tag) + "]")
	},
	"body": func(tag string) string {
		return action(`"requestBody":{"items":[` + repeat(50_000, `{"k":<i>,"v":{"x":"v <tag> <i>","y":[<i>]}}`, tag) + "]}")
	},
	"actions": func(tag string) string {
		return inBundle(repeat(36_000, `"a<i>":{"type":"ZIS::Action::Http","properties":{"name":"a<i>","definition":{"method":"POST","url":"https://api.example.com/x","connectionName":"conn","requestBody":{"x":"<tag>"}}}}`, tag))
	},
	"states": func(tag string) string {
		return flow("S0", repeat(60_000, `"S<i>":{"Type":"Pass","Result":{"v":"<tag> <i>"},"ResultPath":"$.a","Next":"S<next>"}`, tag)+`,"S60000":{"Type":"Succeed"}`)
	},
	"other flows": func(tag string) string {
		long := strings.Repeat("x", 1800)
		return inBundle(repeat(6000, `"f<i><tag>":{"type":"ZIS::Flow","properties":{"name":"f<i><tag>","definition":{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"`+long+`","ResultPath":"$.a","Next":"E"},"E":{"Type":"Succeed"}}}}}`, tag))
	},
	"long texts": func(tag string) string {
		return pass("[" + repeat(16, `"<tag>`+strings.Repeat("x", 900_000)+`"`, tag) + "]")
	},
	"programs": func(tag string) string {
		return flow("A0", repeat(15, `"A<i>":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"data.$":"$","expr":"[`+strings.ReplaceAll(repeat(90_000, `"<tag><i>"`, tag), `"`, `\"`)+`]"},"ResultPath":"$.a","Next":"A<next>"}`, tag)+`,"A15":{"Type":"Succeed"}`)
	},
}

// repeat writes n items with commas between them; <i> is the number, <next> the
// next one.
func repeat(n int, item, tag string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.NewReplacer("<i>", strconv.Itoa(i), "<next>", strconv.Itoa(i+1), "<tag>", tag).Replace(item))
	}
	return b.String()
}

func inBundle(resources string) string {
	return `{"zis_template_version":"2019-10-14","name":"big","resources":{` + resources + "}}"
}

func action(member string) string {
	return inBundle(`"a":{"type":"ZIS::Action::Http","properties":{"name":"call","definition":{"method":"POST","url":"https://api.example.com/x","connectionName":"conn",` + member + "}}}")
}

func flow(start, states string) string {
	return inBundle(`"f":{"type":"ZIS::Flow","properties":{"name":"flow","definition":{"StartAt":"` + start + `","States":{` + states + "}}}}")
}

// pass is a flow that sets a result.
func pass(result string) string {
	return flow("A", `"A":{"Type":"Pass","Result":`+result+`,"ResultPath":"$.a","Next":"E"},"E":{"Type":"Succeed"}`)
}
