package verdict

import "errors"

// Exit codes. An interrupted run ends with 128 and the signal's number.
const (
	ExitDone    = 0 // done, or nothing to do
	ExitFailed  = 1 // failed, refused or not proven
	ExitChanges = 2 // changes, drift or pending; only if that was asked for
	ExitUsage   = 3 // a usage or input error
)

// Exit is the exit code of an outcome without an error. Changes and what is
// pending are told apart only if detailed is asked for.
func (o Outcome) Exit(detailed bool) int {
	switch o {
	case Failed, Unproven:
		return ExitFailed
	case Changes, Pending:
		if detailed {
			return ExitChanges
		}
	}
	return ExitDone
}

// ExitCode is the exit code of a run that ended with err; nil is done.
func ExitCode(err error) int {
	if err == nil {
		return ExitDone
	}
	if p, ok := errors.AsType[*Pass](err); ok {
		return p.Outcome.Exit(false)
	}
	if i, ok := errors.AsType[Interrupted](err); ok {
		return 128 + int(i.Signal)
	}
	if IsUsage(err) {
		return ExitUsage
	}
	return ExitFailed
}

// IsUsage says that the call can't be carried out as it was given: the person
// who gave it has to correct it. A request that was refused is none.
func IsUsage(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Reason == InvalidInput || e.Reason == MissingCredentials)
}
