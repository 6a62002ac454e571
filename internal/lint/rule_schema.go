package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/schemas"
)

const (
	ruleSchema   = "schema"
	ruleInternal = "internal"
)

var schemaRules = []Rule{
	{
		ID: ruleSchema, Severity: diag.Error, Evidence: Documented,
		Source:  "registry/bundles, DG/understanding-flow-states and DG/zis-custom-actions, as schemas/bundle.schema.json has them",
		Summary: "a field is missing or has a value that can't stand there",
	},
	{
		ID: ruleNotABundle, Severity: diag.Error, Evidence: Documented,
		Source:  "registry/bundles: a bundle is an object with zis_template_version, name and resources",
		Summary: "the file is something else of ZIS, not a bundle",
		Bundle:  notABundle,
	},
	{
		ID: ruleInternal, Severity: diag.Error, Evidence: Inferred,
		Source:  "a fault of this tool: please report it",
		Summary: "the file could not be checked",
	},
}

func checkSchemas(docs []*source.Document) []*schemaCheck {
	list := make([]*schemaCheck, len(docs))
	for i, d := range docs {
		list[i] = checkSchema(d)
	}
	return list
}

// checkSchema checks a document against the schema. That the library could
// not do it is a finding.
func checkSchema(d *source.Document) *schemaCheck {
	s := &shapes{seen: map[string]bool{}}
	if c := checkParts(d, s); s.left == 0 || len(c.all) == 0 && len(c.found) == 0 {
		return c
	}
	return checkParts(d, nil)
}

// checkParts leaves out states whose shape was seen, unless s is nil. Once
// there is an error without them, it goes no further.
func checkParts(d *source.Document, s *shapes) *schemaCheck {
	c := &schemaCheck{doc: d, told: map[place]bool{}, errors: map[string]bool{}, lacks: map[*source.Node][]string{}}
	seen := map[schemaFault]bool{}
	for p := range parts(d.Root) {
		if len(seen) > mostErrors {
			c.found = append(c.found, unchecked(d, p.first))
			break
		}
		p.shapes = s
		errs, err := schemaErrors(p.plain(d.Root))
		if err != nil {
			c.found = append(c.found, internalError(d, err))
			break
		}
		if s != nil && s.left > 0 && len(errs) > 0 {
			c.all = append(c.all, c.locate(p, errs[0]))
			break
		}
		for _, e := range errs {
			located := c.locate(p, e)
			if fault := located.fault(); !seen[fault] {
				seen[fault] = true
				c.all = append(c.all, located)
			}
		}
	}
	return c
}

func schemaErrors(plain any) (list []gojsonschema.ResultError, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	schema, err := schemas.Bundle()
	if err != nil {
		return nil, err
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(plain))
	if err != nil {
		return nil, err
	}
	return result.Errors(), nil
}

// unchecked tells that a document has too many errors to go on from n.
func unchecked(d *source.Document, n *source.Node) diag.Diagnostic {
	f := d.Report(d.Root, diag.Error, ruleSchema, fmt.Sprintf("the file has more than %d errors against the schema, and isn't checked against it from line %d on", mostErrors, d.File.Position(n.Span.Start).Line),
		"correct the errors that are listed")
	f.Span = opening(d.Root)
	return f
}

func internalError(d *source.Document, cause error) diag.Diagnostic {
	f := d.Report(d.Root, diag.Error, ruleInternal, "the bundle could not be checked against the schema: "+cause.Error(), "please report this as a fault of zis")
	f.Span = opening(d.Root)
	return f
}

// schemaCheck turns the errors of one validation into findings.
type schemaCheck struct {
	doc    *source.Document
	told   map[place]bool
	all    []schemaError
	lacks  map[*source.Node][]string
	errors map[string]bool // pointers with an error at them or one level below
	found  []diag.Diagnostic
}

// place is where a rule has found something; rule "" stands for any error.
type place struct {
	pointer string
	rule    string
	span    diag.Span
}

// tell notes a finding at its own place and at the object around it: a rule
// may point to the member, the schema to the object, or the other way round.
func (c *schemaCheck) tell(d diag.Diagnostic) {
	around := d.Pointer[:max(0, strings.LastIndexByte(d.Pointer, '/'))]
	c.told[place{pointer: d.Pointer, rule: d.Rule}] = true
	c.told[place{pointer: around, rule: d.Rule}] = true
	if d.Severity == diag.Error {
		c.told[place{span: d.Span}] = true
		c.errors[d.Pointer], c.errors[around] = true, true
	}
}

// schemaError is an error of the library with its place in the tree. The
// library calls the fault itself by type.
type schemaError struct {
	gojsonschema.ResultError
	path string // steps joined by 0xff, which no step holds
	node *source.Node
	key  string // the member that is missing or too much; else the node's name
}

// umbrellas only say that another error stands at or below their place.
var umbrellas = []string{"condition_then", "condition_else", "number_all_of"}

// vague errors count members, and say nothing beside a better error there.
var vague = []string{"array_max_properties", "array_min_properties"}

// findings are the errors that no rule has told of. known are the findings of
// all rules.
func (c *schemaCheck) findings(known []diag.Diagnostic) []diag.Diagnostic {
	for _, k := range known {
		if k.File == c.doc.File {
			c.tell(k)
		}
	}
	list := slices.DeleteFunc(slices.Clone(c.all), schemaError.isUmbrella)
	if len(list) == 0 && len(c.errors) == 0 {
		list = c.all // an invalid bundle never passes in silence
	}
	slices.SortFunc(list, compareErrors)
	for _, e := range c.join(list) {
		if c.known(e) {
			continue
		}
		f := c.finding(e)
		if e.isMissing() || !c.told[place{span: f.Span}] {
			c.tell(f)
			c.found = append(c.found, f)
		}
	}
	return c.found
}

// join leaves one error of each object for all that it lacks.
func (c *schemaCheck) join(list []schemaError) []schemaError {
	return slices.DeleteFunc(list, func(e schemaError) bool {
		if !e.isMissing() || c.known(e) {
			return false
		}
		c.lacks[e.node] = append(c.lacks[e.node], e.key)
		return len(c.lacks[e.node]) > 1
	})
}

// compareErrors orders by place; what is missing comes first, because it may
// be what another key was meant to be, and vague errors last.
func compareErrors(a, b schemaError) int {
	weight := func(e schemaError) int {
		switch {
		case e.Type() == "required":
			return 0
		case slices.Contains(vague, e.Type()):
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(weight(a), weight(b)), strings.Compare(a.path, b.path),
		strings.Compare(a.Type(), b.Type()), strings.Compare(a.key, b.key), strings.Compare(a.Description(), b.Description()))
}

// isMissing tells whether a member is missing, and none was meant to be it.
func (e schemaError) isMissing() bool {
	return e.Type() == "required" && flow.Slip(e.node, e.key) == nil
}

func (e schemaError) isUmbrella() bool { return slices.Contains(umbrellas, e.Type()) }

// locate finds the place of an error of a part in the document.
func (c *schemaCheck) locate(p part, e gojsonschema.ResultError) schemaError {
	n := c.doc.Root
	steps := strings.Split(e.Context().String("\xff"), "\xff")
	for i, step := range steps {
		if index, err := strconv.Atoi(step); err == nil && p.from[n] > 0 && n.IsArray() {
			steps[i] = strconv.Itoa(index + p.from[n])
		}
		if next := n.Child(steps[i]); next != nil {
			n = next
		}
	}
	key, ok := e.Details()["property"].(string)
	if !ok || e.Type() == "false" {
		key = n.Name
	}
	return schemaError{e, strings.Join(steps, "\xff"), n, key}
}

// schemaFault is what is wrong where: the parts of a document may each tell it.
type schemaFault struct{ path, kind, key, text string }

func (e schemaError) fault() schemaFault {
	return schemaFault{e.path, e.Type(), e.key, e.Description()}
}

// known tells whether a rule or a better error has said it already.
func (c *schemaCheck) known(e schemaError) bool {
	pointer := e.node.Pointer()
	if slices.Contains(vague, e.Type()) && c.errors[pointer] {
		return true
	}
	if v, ok := e.node.Value.(json.Number); ok && v == "0" && string(c.doc.File.Src[e.node.Span.Start:e.node.Span.End]) != "0" {
		return true // stands for a number that nothing can hold, which Parse has reported
	}
	if e.node.Parent == nil && c.told[place{pointer: "", rule: ruleNotABundle}] {
		return true
	}
	if text, ok := e.node.Text(); ok && e.Type() == "invalid_type" {
		if _, whole := expr.Whole(text); whole {
			return true // rendering has told that its value is missing
		}
	}
	rule := knowsBetter(e)
	return rule != "" && c.told[place{pointer: pointer, rule: rule}]
}

// knowsBetter is the rule that says more about a fault than the schema.
func knowsBetter(e schemaError) string {
	switch e.Type() + " " + e.key {
	case "enum Type":
		return ruleStateType
	case "required End", "false End", "const End", "false Next":
		return ruleStateEnd
	case "required url", "false path", "false path.$":
		return ruleURLOrPath
	case "required Variable":
		return ruleChoiceOperator
	}
	switch e.Type() {
	case "additional_property_not_allowed", "array_min_properties", "array_max_properties":
		return ruleChoiceOperator
	}
	return ""
}

// damage is what the schema has found missing or unreadable below a node, by
// field. Rules that draw conclusions over several places are silent where one
// of those places is damaged: one mistake gives one finding. They ask when they
// have a conclusion, because the answer waits for the schema check.
type damage map[*source.Node]uint32

// damaged is the bit of any damage; the fields have the others.
const damaged = 1

func damageOf(checks []*schemaCheck) damage {
	d := damage{}
	for _, c := range checks {
		for _, e := range c.all {
			if !e.isUmbrella() && knowsBetter(e) != ruleChoiceOperator {
				d.note(e)
			}
		}
	}
	return d
}

func (d damage) note(e schemaError) {
	key := e.key
	if key == "" && e.node.Parent != nil {
		key = e.node.Parent.Name
	}
	for n := e.node; n != nil; n = n.Parent {
		d[n] |= damaged | bit(key)
	}
}

// bit is that of a field that rules ask for; 0 of any other.
func bit(field string) uint32 {
	for i, fields := range [][]string{wayFields, dataFields} {
		if at := slices.Index(fields, field); at >= 0 {
			return 2 << (i*len(wayFields) + at)
		}
	}
	return 0
}

// anywhere tells whether n is damaged at it or below it.
func (d damage) anywhere(n *source.Node) bool { return d[n] != 0 }

// below tells whether one of the fields is damaged at n or below it.
func (d damage) below(n *source.Node, fields ...string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return d[n]&bit(f) != 0 })
}

// Fields that decide where a flow goes, and what it knows.
var (
	wayFields  = []string{"Type", "Next", "End", "Choices", "Default", "Catch", "States", "StartAt", "Iterator"}
	dataFields = []string{"ResultPath", "Parameters", "ActionName", "Result", "Variable"}
)
