// Package fault keeps a fault of ours where it happens: it costs the piece of work, and neither the switch nor a call.
package fault

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// How long Loop waits before it begins anew; twice as long after each fault, until the work lasted for the longest of them.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// Contain does a piece of work. A panic in it is logged with its place, and told as an error.
func Contain(log *slog.Logger, what string, work func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			log.Error("a fault; what else there is goes on", "what", what, "err", err, "stack", string(debug.Stack()))
		}
	}()
	work()
	return nil
}

// Loop does work that goes on until its context ends, and begins it anew where a fault ended it.
func Loop(ctx context.Context, log *slog.Logger, what string, work func(context.Context)) {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		began := time.Now()
		if Contain(log, what, func() { work(ctx) }) == nil {
			return
		}
		if time.Since(began) > lastPause {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
