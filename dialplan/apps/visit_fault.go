package apps

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// fault is what a pump of a visit panicked for, on its way to the script. A panic costs one call: the script panics anew with
// it, and whoever runs the script ends the call.
type fault struct {
	value any
	stack []byte
}

func (f *fault) Error() string {
	return fmt.Sprintf("panic in a queue visit: %v\n%s", f.value, f.stack)
}

// guard is deferred by each pump, behind done.
func (v *visit) guard() {
	if r := recover(); r != nil {
		v.send(visitEvent{err: &fault{r, debug.Stack()}})
	}
}

// panicked is the fault that an event brings; nil: none.
func (e visitEvent) panicked() error {
	err := e.err
	if e.dial != nil {
		err = e.dial.err
	}
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}
