package verdict

import "errors"

// staged is an error that knows in which stage it ended the run.
type staged struct {
	error
	stage Stage
}

func (s staged) Unwrap() error { return s.error }

// At records the stage in which err ended the run; of several, the one that
// was recorded first, closest to the cause. Nil stays nil.
func At(stage Stage, err error) error {
	if err == nil || stage == "" || StageOf(err) != "" {
		return err
	}
	return staged{err, stage}
}

// StageOf is the stage that was recorded, or "".
func StageOf(err error) Stage {
	if s, ok := errors.AsType[staged](err); ok {
		return s.stage
	}
	return ""
}
