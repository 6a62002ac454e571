package flowtest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Update is the text of a file of cases in which the wants are what came of
// the outcomes; nothing else of it changes. Only what a case wanted before is
// wanted after. Cases that could not be run to an end, and those that pass, stay
// as they are. changed counts the cases that are others now.
func (f *File) Update(outcomes []*Outcome) (text string, changed int, err error) {
	if path.Ext(f.Path) != ".json" && oddBreaks(string(f.src.Src)) {
		return "", 0, fmt.Errorf("%s: the wants of this file can't be rewritten: some of its lines end with a carriage return alone, or another sign that YAML takes for a line break; end them with line feeds", f.Path)
	}
	rows := strings.SplitAfter(string(f.src.Src), "\n")
	var edits []edit
	for i, item := range f.root.Items {
		o := outcomeOf(outcomes, item.Place)
		if o == nil || o.Passed() || o.Result == nil || o.Result.Err != nil && o.Result.Err.Kind == interp.Stopped {
			continue
		}
		e, ok := f.rewrite(rows, item, next(f.root.Items, i), o.Case.Want.renewed(o.Result).pairs())
		if !ok {
			return "", 0, fmt.Errorf("%s: the want of %q can't be rewritten: write it on lines of its own", item.Place, o.Case.Name)
		}
		edits = append(edits, e)
	}
	src := string(f.src.Src)
	for _, e := range slices.Backward(edits) {
		src = src[:e.from] + e.text + src[e.to:]
	}
	var wrong []tree.Mistake
	again := tree.Parser{File: diag.NewFile(f.Path, []byte(src)), Found: &wrong}
	if again.Parse(); len(wrong) > 0 {
		return "", 0, fmt.Errorf("%s: the wants of this file can't be rewritten: %s", f.Path, wrong[0].Message)
	}
	return src, len(edits), nil
}

// oddBreaks tells whether lines of YAML end with something else than a line
// feed, by which lines are counted here.
func oddBreaks(text string) bool {
	return strings.Count(text, "\r") != strings.Count(text, "\r\n") || strings.ContainsAny(text, "\u0085\u2028\u2029")
}

// edit is a new text for bytes of a file.
type edit struct {
	from, to int
	text     string
}

// rewrite is the edit of a case's want: of its lines if it has some of its own,
// else of what stands between its braces.
func (f *File) rewrite(rows []string, item, after *tree.Node, want pairs) (edit, bool) {
	isJSON := path.Ext(f.Path) == ".json"
	if from, to, indent, ok := wantLines(rows, item, after); ok && !isJSON {
		var b strings.Builder
		pairs{{"want", want}}.write(&b, strings.Repeat(" ", indent))
		at := func(row int) int { return len(strings.Join(rows[:row], "")) }
		return edit{at(from), at(to), b.String()}, true
	}
	n := item.Get("want")
	if n == nil {
		return edit{}, false
	}
	start := int(n.Place.Span().Start)
	end, ok := flowEnd(f.src.Src, start, !isJSON)
	if !ok {
		return edit{}, false
	}
	if !isJSON {
		return edit{start, end, inline(want)}, true
	}
	indent, step := indents(string(f.src.Src), start, end)
	return edit{start, end, want.json(indent, step)}, true
}

func outcomeOf(outcomes []*Outcome, at tree.Place) *Outcome {
	i := slices.IndexFunc(outcomes, func(o *Outcome) bool { return o.Case.Place == at })
	if i < 0 {
		return nil
	}
	return outcomes[i]
}

func next(items []*tree.Node, i int) *tree.Node {
	if i+1 < len(items) {
		return items[i+1]
	}
	return nil
}

// wantLines finds the lines of a case's want: from its key to the next key of
// the case, or to its end.
func wantLines(rows []string, item, after *tree.Node) (from, to, indent int, ok bool) {
	end := len(rows)
	if after != nil {
		end = after.Place.Line - 1
		for end > 0 && !strings.HasPrefix(strings.TrimLeft(rows[end-1], " "), "-") && end > item.Place.Line && isDash(rows, end, after) {
			end--
		}
	}
	for i, m := range item.Members {
		if m.Name != "want" {
			continue
		}
		from, indent = m.Place.Line-1, m.Place.Column-1
		to = end
		if i+1 < len(item.Members) {
			to = item.Members[i+1].Place.Line - 1
		}
		if strings.TrimSpace(rows[from][:indent]) != "" || to <= from {
			return 0, 0, 0, false
		}
		for to > from+1 && outside(rows[to-1], indent) {
			to--
		}
		return from, to, indent, true
	}
	return 0, 0, 0, false
}

// isDash tells whether the mapping of a case begins on a line below its dash.
func isDash(rows []string, end int, after *tree.Node) bool {
	return !strings.Contains(rows[after.Place.Line-1][:after.Place.Column-1], "-") && strings.TrimSpace(rows[end-1]) == ""
}

// outside tells whether a line at the end of a block is none of it: empty, or
// a comment that isn't indented as its members are.
func outside(row string, indent int) bool {
	text := strings.TrimSpace(row)
	return text == "" || strings.HasPrefix(text, "#") && len(row)-len(strings.TrimLeft(row, " ")) <= indent
}

// renewed is what came of a run, in the terms in which it was wanted.
func (w Want) renewed(r *interp.Result) Want {
	is := Wanted(r)
	n := Want{Requests: w.Requests, hasLinks: w.hasLinks}
	if w.End != "" || w.Fail != nil && is.Fail == nil || w.Fail == nil && w.Message == nil {
		n.End = is.End
	}
	if n.Fail = is.Fail; n.Fail != nil && w.Fail != nil {
		n.Fail = w.Fail.renewed(is.Fail)
	}
	if w.Message != nil {
		n.Message = &r.Message
	}
	if w.Path != nil {
		n.Path = r.Path()
	}
	for _, p := range w.Data {
		if v, ok := pointed(r.Data, p.Pointer); ok {
			n.Data = append(n.Data, Pointed{Pointer: p.Pointer, Value: v})
		}
	}
	for scope := range w.Config {
		if config, ok := r.World.Configs[scope]; ok {
			n.Config = cloned(n.Config)
			n.Config[scope] = config
		}
	}
	if n.hasLinks {
		n.Links = append([]any{}, r.World.Links...)
	}
	return n
}

func (f *Fail) renewed(is *Fail) *Fail {
	n := &Fail{}
	if f.Cause != nil {
		n.Cause = is.Cause
	}
	if f.Error != nil {
		n.Error = is.Error
	}
	return n
}
