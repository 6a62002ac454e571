package jq

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/english"
)

// Which jq the platform runs is not documented: a name is known if any jq
// from 1.5 on has it.

// formats are the formats of jq 1.5 to 1.8.
var formats = []string{"@text", "@json", "@html", "@uri", "@urid", "@csv", "@tsv", "@sh", "@base32", "@base32d", "@base64", "@base64d"}

// onlyInJq are functions that some jq has and gojq doesn't, by "name/arity"
// (jq 1.5 to 1.8: manual and the output of builtins).
const onlyInJq = `ascii/0 debug/0 debug/1 env/0 get_jq_origin/0 get_prog_origin/0 get_search_list/0
getpath/1 have_decnum/0 have_literal_numbers/0 input_filename/0 input_line_number/0 keys_unsorted/0
leaf_paths/0 lgamma_r/0 pow10/0 recurse_down/0 scalars_or_empty/0 stderr/0 toarray/0 trunc/0`

// definedHere are those of them that a program may well use, as jq's manual tells
// of them. What there is to learn of the machine or the input is nothing.
var definedHere = sync.OnceValue(func() []*gojq.FuncDef {
	return mustParse(`def ascii: [.] | implode;
def debug: .;
def debug(message): (message | empty), .;
def have_decnum: false;
def have_literal_numbers: true;
def input_filename: null;
def input_line_number: 0;
def keys_unsorted: keys;
def leaf_paths: paths(scalars);
def pow10: exp10;
def recurse_down: recurse;
def scalars_or_empty: scalars;
def stderr: .;
def toarray: if type == "array" then . else [.] end;
.`).FuncDefs
})

// globalVariables are bound in every program. The environment's content is
// nobody's business here.
const globalVariables = "$ENV $__loc__ $__prog_args"

// notHere are names that tell of the machine, of further input or of files, or
// that end jq itself: the platform gives a program its data alone. The values
// say what to do instead.
var notHere = map[string]string{
	"env/0": noEnvironment, "$ENV": noEnvironment, "$__prog_args": noEnvironment,
	"input/0": noInput, "inputs/0": noInput, "input_line_number/0": noInput, "input_filename/0": noInput,
	"$__loc__": noFile, "get_search_list/0": noFile, "get_prog_origin/0": noFile, "get_jq_origin/0": noFile,
	"halt/0": noEnd, "halt_error/0": noEnd, "halt_error/1": noEnd,
}

const (
	noEnvironment = "give the value by Parameters, or read it from a config with zis:common:action:LoadConfig"
	noInput       = "the data is . and comes once"
	noFile        = "the program stands in no file"
	noEnd         = `end the flow with a state of the type "Fail" or "Succeed"`
)

// functionNames is what a jq program can use without defining it.
type functionNames struct {
	functions map[string]bool // "name/arity"
	variables map[string]bool
}

// builtins asks gojq for its functions on first use.
var builtins = sync.OnceValue(func() functionNames {
	n := functionNames{functions: map[string]bool{}, variables: map[string]bool{}}
	for _, key := range append(gojqBuiltins(), strings.Fields(onlyInJq)...) {
		n.functions[key] = true
	}
	for name := range strings.FieldsSeq(globalVariables) {
		n.variables[name] = true
	}
	return n
})

// gojqBuiltins returns the output of jq's own function builtins.
func gojqBuiltins() []string {
	query, err := gojq.Parse("builtins[]")
	if err != nil {
		panic(err) // a constant of ours
	}
	var names []string
	for iter := query.Run(nil); ; {
		v, ok := iter.Next()
		if !ok {
			return names
		}
		if name, ok := v.(string); ok {
			names = append(names, name)
		}
	}
}

// has tells whether a function is built in. Names that begin with "_" are
// jq's inner ones and differ from version to version.
func (n functionNames) has(name string, arity int) bool {
	return strings.HasPrefix(name, "_") || n.functions[functionKey(name, arity)]
}

// suggestFunction lists the numbers of arguments with which a function does
// exist, or else the name that is nearest.
func (r *resolver) suggestFunction(name string) string {
	known := slices.Collect(maps.Keys(builtins().functions))
	for _, key := range r.nearScope() {
		if strings.Contains(key, "/") {
			known = append(known, key)
		}
	}
	slices.Sort(known)
	var arities, names []string
	for _, key := range slices.Compact(known) {
		base, arity, _ := strings.Cut(key, "/")
		names = append(names, base)
		if base == name {
			arities = append(arities, arity)
		}
	}
	if len(arities) > 0 {
		return fmt.Sprintf("%s exists with this many arguments: %s", name, strings.Join(arities, ", "))
	}
	return english.DidYouMean(english.Nearest(name, names))
}

// suggestVariable names the nearest variable in scope.
func (r *resolver) suggestVariable(name string) string {
	var names []string
	for _, key := range r.nearScope() {
		if strings.HasPrefix(key, "$") {
			names = append(names, key)
		}
	}
	return english.DidYouMean(english.Nearest(name, names))
}

// nearScope are the innermost keys in scope: enough for suggestions, and few
// enough in a hostile program.
func (r *resolver) nearScope() []string {
	const most = 500
	return r.scope[max(0, len(r.scope)-most):]
}
