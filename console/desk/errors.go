package desk

import "errors"

// Errors of a desk's acts. What callers see stands in them.
var (
	ErrBusy    = errors.New("the desks have too much to do; try again")
	ErrGone    = errors.New("this offer is over")
	ErrPhone   = errors.New("no phone that rings answers by itself: answer at the phone")
	ErrNotHers = errors.New("this call is not one of hers")
	ErrNoCall  = errors.New("there is no call now")
	ErrLong    = errors.New("the note is too long")
	ErrAgent   = errors.New("people.yaml has no such agent")
	ErrFault   = errors.New("the desk failed at this; the log says more, and whoever runs the switch should see it")
)

// Refusal is a command that the router did not carry out.
type Refusal struct{ Code, Words string }

// Error says why.
func (r Refusal) Error() string { return r.Words }
