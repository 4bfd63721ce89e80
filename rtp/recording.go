package rtp

import (
	"errors"
	"fmt"
	"time"

	"ringway/rtp/wav"
)

// ErrRecord is what a recording that ended too early wraps.
var ErrRecord = errors.New("rtp: recording")

// RecordOptions say what is recorded, and where to.
type RecordOptions struct {
	Name        string   // for the log
	Left, Right *Session // whose words go to which channel: what each says to its peer, and only then

	// Open makes the file, Done is told what became of it when it is closed, once. Both run on goroutines of the engine's
	// recorder: they may wait for a disk, and nothing else.
	Open func() (Tape, error)
	Done func(Recorded)
}

// Recording is one conversation being written as a WAV file of two channels. It lasts until Stop, until both sessions are
// released, or until the engine closes. While the sessions are not joined, as on hold, it is silent and goes on.
type Recording struct {
	o     RecordOptions
	e     *Engine
	rate  int
	taps  [2]*tap
	start time.Duration

	// owned by the recorder
	tape    Tape
	file    *wav.Writer
	tracks  [2]*track
	until   time.Duration // up to which the taps were read
	ends    bool          // at stopped
	stopped time.Duration
	err     error
	over    bool
}

// Record begins a recording. It does not wait: the file is made by the recorder.
func (e *Engine) Record(o RecordOptions) (*Recording, error) {
	if o.Left == nil || o.Right == nil || o.Left == o.Right || o.Left.e != e || o.Right.e != e {
		return nil, ErrClosed
	}
	e.routing.Lock()
	rate := e.o.recordRate(o.Left.agreed, o.Right.agreed)
	e.routing.Unlock()
	rec := &Recording{o: o, e: e, rate: rate, taps: [2]*tap{{}, {}}, start: e.now()}
	rec.until = rec.start
	e.recorder.up.Add(1)
	if !do(&e.recorder.mail, e.recorder.wake, rec.begin) {
		e.recorder.up.Add(-1)
		return nil, ErrClosed
	}
	for i, s := range []*Session{o.Left, o.Right} {
		_ = s.do(func() { s.tap = rec.taps[i] }) // a session that is gone says nothing more
	}
	return rec, nil
}

// Stop ends the recording. It does not wait: Done is called when the file is closed.
func (rec *Recording) Stop() {
	for i, s := range []*Session{rec.o.Left, rec.o.Right} {
		_ = s.do(func() {
			if s.tap == rec.taps[i] {
				s.tap = nil
			}
		})
	}
	now := rec.e.now()
	do(&rec.e.recorder.mail, rec.e.recorder.wake, func() { rec.end(now) })
}

// begin opens the file, on the recorder.
func (rec *Recording) begin() {
	r := rec.e.recorder
	r.live = append(r.live, rec)
	r.guard(rec.o.Name, func() {
		if rec.tape, rec.err = rec.o.Open(); rec.err == nil {
			rec.file, rec.err = wav.NewWriter(rec.tape, rec.rate, 2)
		}
	})
	for i := range rec.tracks {
		rec.tracks[i] = newTrack(rec.taps[i], rec.e.o.Codecs, rec.rate, rec.start)
	}
	if rec.file == nil && rec.err == nil {
		rec.err = fmt.Errorf("%w: panicked", ErrRecord)
	}
}

// end says until when the recording goes; the first word counts.
func (rec *Recording) end(at time.Duration) {
	if !rec.ends {
		rec.ends, rec.stopped = true, at
	}
}

// turn places what came, in small steps, so that a recorder that was kept waiting writes the same as one that was not.
func (rec *Recording) turn(now time.Duration) {
	if rec.over {
		return
	}
	if rec.o.Left.released.Load() && rec.o.Right.released.Load() {
		rec.end(now)
	}
	last := now
	if rec.ends {
		last = rec.stopped
	}
	for rec.err == nil && rec.until < last {
		rec.until = min(rec.until+recordTurn, last)
		for _, k := range rec.tracks {
			k.hear(rec.until, rec.e.recorder.payload)
		}
		rec.err = rec.write(rec.until-trackLag, time.Second)
	}
	if rec.err == nil && rec.ends {
		for _, k := range rec.tracks {
			k.play(rec.until + time.Hour)
		}
		rec.err = rec.write(rec.stopped, 0)
	}
	if rec.ends || rec.err != nil {
		rec.finish()
	}
}

// write brings the file up to a moment, where that is at least so much.
func (rec *Recording) write(until, least time.Duration) error {
	k := rec.tracks[0]
	n := k.samples(until-rec.start) - k.written
	if n <= 0 || n < k.samples(least) {
		return nil
	}
	r := rec.e.recorder
	for n > 0 {
		part := min(n, k.samples(time.Second))
		if need := int(2 * part); cap(r.pcm) < need {
			r.pcm = make([]int16, need)
		}
		out := r.pcm[:2*part]
		for i, k := range rec.tracks {
			k.take(out[i:], part)
		}
		if err := rec.file.Write(out); err != nil {
			return err
		}
		n -= part
	}
	return nil
}

// finish hands the file to the filer.
func (rec *Recording) finish() {
	r := rec.e.recorder
	rec.over = true
	out := Recorded{}
	for i, k := range rec.tracks {
		k.close()
		out.Lost += rec.taps[i].lost.Load()
	}
	if rec.file != nil {
		if err := rec.file.Close(); err != nil && rec.err == nil {
			rec.err = err
		}
		out.Duration, out.Bytes = rec.file.Duration(), rec.file.Size()
	}
	r.lost.Add(out.Lost)
	do(&r.files, r.filed, func() { rec.close(out) })
}

// fail gives a recording up that panicked.
func (rec *Recording) fail() {
	if rec.over {
		return
	}
	rec.over = true
	rec.err = fmt.Errorf("%w: panicked", ErrRecord)
	do(&rec.e.recorder.files, rec.e.recorder.filed, func() { rec.close(Recorded{}) })
}

// close makes the file durable, on the filer.
func (rec *Recording) close(out Recorded) {
	r := rec.e.recorder
	defer r.up.Add(-1)
	out.Err = rec.err
	if rec.tape != nil {
		if err := rec.tape.Close(); err != nil && out.Err == nil {
			out.Err = err
		}
	}
	if out.Err != nil {
		r.failed.Add(1)
		r.e.o.Log.Error("recording ended too early", "recording", rec.o.Name, "call", rec.o.Left.call, "after", out.Duration, "err", out.Err)
	}
	if out.Lost > 0 {
		r.e.o.Log.Warn("the recorder was too slow: parts of a recording are silent", "recording", rec.o.Name, "call", rec.o.Left.call, "packets", out.Lost)
	}
	rec.o.Done(out)
}
