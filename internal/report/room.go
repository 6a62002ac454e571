package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

// section is a part of a page of Markdown. Where a page has not room for all,
// the weightier sections get theirs first, and each keeps a fair part.
type section struct {
	weight weight
	thing  string // what its items are, as a word: "difference"
	pieces []piece
}

// weight orders sections by how much a reader misses them; 0 is weightiest.
type weight int

const (
	ofVerdict weight = iota
	ofSentences
	ofOutcome // how far a failed deploy came, what is by hand, notes
	ofHosts
	ofRequests
	ofFindings
	ofTables
	ofDifferences
	ofPictures
	ofFolds
)

// piece is whole Markdown: something that opens, items, something that closes.
// Of its items some can be left out.
type piece struct {
	head, foot string
	items      []item
	lines      bool // an item may be broken off behind each of its lines
}

// item is shown or left out. Items of one group follow each other: of each
// group the first are shown before the second of any.
type item struct{ text, group string }

// plain is Markdown that is shown whole or not at all; "" is no piece.
func plain(texts ...string) []piece {
	var list []piece
	for _, t := range texts {
		if t != "" {
			list = append(list, piece{items: []item{{text: t}}})
		}
	}
	return list
}

// inLines is a piece of one line each: rows of a table, points of a list.
func inLines(head string, lines []string, foot string) []piece {
	if len(lines) == 0 {
		return nil
	}
	p := piece{head: head, foot: foot}
	for _, l := range lines {
		p.items = append(p.items, item{text: l})
	}
	return []piece{p}
}

// fenced is a code block whose items can't end it.
func fenced(before, language string, items []item, after string) piece {
	var all strings.Builder
	for _, i := range items {
		all.WriteString(i.text)
	}
	mark := Fence("", all.String())
	mark = mark[:strings.IndexByte(mark, '\n')]
	return piece{head: before + mark + language + "\n", items: items, foot: mark + "\n" + after, lines: true}
}

func (s section) items() (n int) {
	for _, p := range s.pieces {
		n += len(p.items)
	}
	return n
}

func (s section) whole() string {
	var b strings.Builder
	for _, p := range s.pieces {
		b.WriteString(p.head)
		for _, i := range p.items {
			b.WriteString(i.text)
		}
		b.WriteString(p.foot)
	}
	return b.String()
}

// leftOut says how much of a section is not here, and where it is.
func (s section) leftOut(n int, where string) string {
	return fmt.Sprintf("\n**Left out here, for want of room: %s. See %s.**\n\n", english.Plural(n, s.thing), where)
}

// within is as much of a section as room takes, with a word on what it leaves
// out; "" if there is not even room for that.
func (s section) within(room int, where string) string {
	if whole := s.whole(); len(whole) <= room {
		return whole
	}
	total := s.items()
	room -= len(s.leftOut(total, where))
	if room < 0 {
		return ""
	}
	chosen, n := s.choose(room)
	var b strings.Builder
	for i, p := range s.pieces {
		if len(chosen[i]) == 0 {
			continue
		}
		b.WriteString(p.head)
		for j := range p.items {
			b.WriteString(chosen[i][j])
		}
		b.WriteString(p.foot)
	}
	return b.String() + s.leftOut(total-n, where)
}

// turn is an item's place in the order in which room is given.
type turn struct{ piece, item, round int }

func (s section) turns() []turn {
	var list []turn
	for i, p := range s.pieces {
		rounds := map[string]int{}
		for j, it := range p.items {
			list = append(list, turn{i, j, rounds[it.group]})
			rounds[it.group]++
		}
	}
	slices.SortStableFunc(list, func(a, b turn) int { return cmp.Compare(a.round, b.round) })
	return list
}

// choose picks the texts to show, by piece and item, and counts those that are
// whole. Where an item finds no room its group ends, so that no hole is left.
func (s section) choose(room int) (map[int]map[int]string, int) {
	type group struct {
		piece int
		name  string
	}
	chosen, ended, n := map[int]map[int]string{}, map[group]bool{}, 0
	for _, t := range s.turns() {
		p := s.pieces[t.piece]
		it := p.items[t.item]
		of := group{t.piece, it.group}
		if ended[of] {
			continue
		}
		cost := 0
		if chosen[t.piece] == nil {
			cost = len(p.head) + len(p.foot)
		}
		text := it.text
		if cost+len(text) > room {
			ended[of] = true
			text = p.begin(text, room-cost)
		} else {
			n++
		}
		if text == "" {
			continue
		}
		if chosen[t.piece] == nil {
			chosen[t.piece] = map[int]string{}
		}
		chosen[t.piece][t.item] = text
		room -= cost + len(text)
	}
	return chosen, n
}

// brokenOff ends an item of which lines are left out.
const brokenOff = "…\n"

// begin is as many lines of an item as there is room for, if it may be broken
// off at all.
func (p piece) begin(text string, room int) string {
	if room -= len(brokenOff); !p.lines || room <= 0 {
		return ""
	}
	end := strings.LastIndexByte(text[:min(room, len(text))], '\n') + 1
	if strings.Count(text[:end], "\n") < 2 { // of a difference, its place alone says nothing
		return ""
	}
	return text[:end] + brokenOff
}

// spend writes sections in their order, and gives room by their weight.
func spend(sections []section, limit int, where func(section) string) string {
	sections = slices.DeleteFunc(sections, func(s section) bool { return s.items() == 0 })
	rest := "\n**More is left out here, for want of room. See " + where(section{}) + ".**\n"
	texts, size := make([]string, len(sections)), 0
	for i, s := range sections {
		texts[i] = s.whole()
		size += len(texts[i])
	}
	if size <= limit {
		return strings.Join(texts, "")
	}
	if limit -= len(rest); limit <= 0 {
		return ""
	}
	fair := limit / (2 * len(sections))
	kept, order := 0, make([]int, len(sections)) // what later ones keep
	for i, text := range texts {
		order[i] = i
		kept += min(len(text), fair)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sections[a].weight, sections[b].weight) })
	left := limit
	for _, i := range order {
		kept -= min(len(texts[i]), fair)
		texts[i] = sections[i].within(left-kept, where(sections[i]))
		left -= len(texts[i])
	}
	for _, i := range order { // what the last did not need
		texts[i], left = again(sections[i], texts[i], left, where(sections[i]))
	}
	if slices.Contains(texts, "") {
		texts = append(texts, rest)
	}
	return strings.Join(texts, "")
}

// again gives a section more room than it had, and what is left then.
func again(s section, text string, left int, where string) (string, int) {
	more := s.within(len(text)+left, where)
	return more, left + len(text) - len(more)
}
