package dialplan

import (
	"context"
	"errors"
)

// A script that only waits for a conversation to end needs no goroutine for that. It walks until it is over or comes to a
// Dial on which it can rest; whoever runs it begins the Dial and, when that is over, has the script walk on:
//
//	Begin ──▶ Dial … Resume ──▶ Dial … Resume ──▶ over
//
// Exec does it all on one goroutine, for those who have one to spare.

// rest is what the script waits for, and how its step goes on.
type rest struct {
	dial Dial
	then func(DialResult, error) (string, error)
}

var errRests = errors.New("the script rests")

// Dial is Channel.Dial for a step that has nothing to do meanwhile: its Do returns what Dial returns, and then, which ends
// the step, runs when the Dial is over.
func (r *Run) Dial(ctx context.Context, d Dial, then func(DialResult, error) (string, error)) (string, error) {
	if r.ended { // in the h extension, where nothing takes long
		return then(r.ch.Dial(ctx, d))
	}
	r.rests = &rest{d, then}
	return "", nil
}

// Begin is the first walk of a script. It returns the Dial to go on with by Resume, or nil: the script is over, and err is
// nil or why it could not go on.
func (r *Run) Begin(ctx context.Context) (*Dial, error) {
	err := r.enter()
	if err == nil {
		err = r.loop(ctx)
	}
	return r.walked(ctx, err)
}

// Resume walks on with the result of the Dial. It returns what Begin returns.
func (r *Run) Resume(ctx context.Context, res DialResult, err error) (*Dial, error) {
	then := r.rests.then
	r.rests = nil
	result, err := then(res, err)
	if err = r.done(ctx, r.at.ext.ops[r.at.at], result, err); err == nil {
		err = r.loop(ctx)
	}
	return r.walked(ctx, err)
}

func (r *Run) walked(ctx context.Context, err error) (*Dial, error) {
	if r.rests != nil {
		return &r.rests.dial, nil
	}
	return nil, r.over(ctx, err)
}

// Exec runs the whole script: until the call ends or the steps do. It returns nil, or why the script could not go on; the
// call is over either way.
func (r *Run) Exec(ctx context.Context) error {
	d, err := r.Begin(ctx)
	for d != nil {
		res, failed := r.ch.Dial(ctx, *d)
		d, err = r.Resume(ctx, res, failed)
	}
	return err
}
