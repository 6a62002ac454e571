package cli

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// flagError says of a flag what the action says of an input: which value it
// would take, or which name was meant.
func flagError(cmd *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return program.Usagef("--%s is %q; %s", e.GetFlag().Name, e.GetValue(), taken(e.GetFlag()))
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return &verdict.Error{Reason: verdict.InvalidInput, Err: err, Next: meant(cmd, e.GetSpecifiedName())}
	}
	return err
}

// taken says what values a flag takes.
func taken(f *pflag.Flag) string {
	if f.Value.Type() == "bool" {
		return "it can be true or false"
	}
	example, table := f.DefValue, option.Table()
	if i := slices.IndexFunc(table, func(r option.Row) bool { return r.Name == f.Name && r.Default != "" }); i >= 0 {
		example = table[i].Default
	}
	return "it takes a value such as " + example
}

// meant is the flag whose name is nearly this one, or where to look.
func meant(cmd *cobra.Command, name string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := english.Nearest(name, names); near != "" {
		return "did you mean --" + near + "?"
	}
	return cmd.CommandPath() + " --help lists what it takes"
}
