package rtp

import (
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// recordTurn is how often the recorder looks at each recording; in between it does the others, a part of them at a time, so
// that it never keeps a core from a media loop for long.
const (
	recordTurn  = 200 * time.Millisecond
	recordParts = 8
)

// recorder writes all recordings of an engine, by one goroutine, so that no media loop ever waits for a disk; a second one
// makes files durable and closes them, so that no recording waits for another's.
//
//	loop A ─▶ tap ─┐
//	               ├─▶ two tracks ─▶ interleaved ─▶ Tape      once a second, 300 ms behind the conversation
//	loop B ─▶ tap ─┘   runRecorder                  └▶ runFiler: synced, closed, named
type recorder struct {
	e     *Engine
	mail  mailbox // commands for runRecorder
	wake  chan struct{}
	files mailbox // and for runFiler
	filed chan struct{}

	up     atomic.Int64  // recordings that run
	failed atomic.Uint64 // that could not be written to their end
	lost   atomic.Uint64 // packets that found no room on their way to the recorder

	// owned by runRecorder
	live     []*Recording
	at       int // next to look at
	stopping bool
	payload  []byte
	pcm      []int16
}

func newRecorder(e *Engine) *recorder {
	return &recorder{e: e, wake: make(chan struct{}, 1), filed: make(chan struct{}, 1), payload: make([]byte, packetRoom)}
}

// do sends a command to a goroutine of the recorder; false when that has ended.
func do(m *mailbox, wake chan struct{}, f func()) bool {
	if !m.put(f) {
		return false
	}
	nudge(wake)
	return true
}

func nudge(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// runRecorder writes recordings until stop was sent; then it ends those that run.
func (r *recorder) runRecorder() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for !r.stopping {
		var tick <-chan time.Time
		if len(r.live) > 0 {
			timer.Reset(recordTurn / recordParts)
			tick = timer.C
		}
		select {
		case <-r.wake:
		case <-tick:
		}
		for _, f := range r.mail.take() {
			f()
		}
		r.turn((len(r.live) + recordParts - 1) / recordParts)
	}
	for _, f := range r.mail.close() {
		f()
	}
	for _, rec := range r.live {
		rec.end(r.e.now())
	}
	r.turn(len(r.live))
	do(&r.files, r.filed, nil)
}

// stop ends the recorder.
func (r *recorder) stop() { do(&r.mail, r.wake, func() { r.stopping = true }) }

// runFiler closes files until the recorder has ended.
func (r *recorder) runFiler() {
	for {
		<-r.filed
		for _, f := range r.files.take() {
			if f == nil {
				r.files.close()
				return
			}
			r.guard("a recording's file", f)
		}
	}
}

// turn goes on with the next n recordings.
func (r *recorder) turn(n int) {
	for range n {
		if r.at >= len(r.live) {
			r.at = 0
		}
		rec := r.live[r.at]
		if !r.guard(rec.o.Name, func() { rec.turn(r.e.now()) }) {
			rec.fail()
		}
		if !rec.over {
			r.at++
			continue
		}
		last := len(r.live) - 1
		r.live[r.at], r.live[last] = r.live[last], nil
		r.live = r.live[:last]
	}
}

// guard runs f: a panic is told, and costs no other recording. False when there was one.
func (r *recorder) guard(what string, f func()) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			ok = false
			r.e.o.Log.Error("recording panicked", slog.String("recording", what), "err", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	f()
	return true
}

// Tape is where one recording is written. Only one goroutine uses it at a time.
type Tape interface {
	io.WriterAt
	// Close makes what was written durable. It is the last call.
	Close() error
}

// Recorded is what a recording came to.
type Recorded struct {
	Duration time.Duration
	Bytes    int64
	Lost     uint64 // packets that the recorder was too slow for: silence
	Err      error  // why it ended before it should
}

// recordRate chooses the rate of a file: 16 kHz where both sides speak wideband, else 8 kHz, which loses nothing then.
func (o *Options) recordRate(sides ...*Params) int {
	for _, p := range sides {
		if p == nil {
			return 8000
		}
		c, ok := o.Codecs.Lookup(p.Codec.Name, p.Codec.ClockRate, p.Codec.Channels)
		if !ok || c.Rates()[len(c.Rates())-1] < 16000 {
			return 8000
		}
	}
	return 16000
}
