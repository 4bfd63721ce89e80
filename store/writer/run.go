package writer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ringway/store"
)

//	          record arrived            saved                 nothing waits
//	 idle ──────────────────▶ gathering ─────▶ (next group) ──────────────▶ idle
//	                              │ Save fails
//	                              ▼
//	                           failing: memory is moved to the spool, Save is tried again at retryAt,
//	                                    the spool first ──▶ gathering

// runWriter is the one goroutine that saves.
func (w *Writer) runWriter() {
	defer w.wg.Done()
	for {
		closing := w.wait()
		w.cycle(closing)
		if closing {
			w.finish()
			return
		}
	}
}

// wait blocks until there is something to do and reports whether the writer is closing.
func (w *Writer) wait() (closing bool) {
	if w.backoff == 0 && !w.spool.waiting() && !w.startReplay() {
		select { // idle
		case <-w.wake:
		case <-w.hurry:
			return false
		case <-w.closing:
			return true
		}
	}
	pause := w.o.Group
	if w.backoff > 0 {
		pause = min(pause, time.Until(w.retryAt))
	}
	timer := time.NewTimer(max(pause, time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.hurry:
	case <-w.closing:
		return true
	}
	return false
}

// startReplay reports whether an unopened spool may hold records of a former run.
func (w *Writer) startReplay() bool {
	if w.spool.path == "" || w.spool.file != nil {
		return false
	}
	err := w.spool.open()
	w.noteSpool(err)
	return err == nil && w.spool.waiting()
}

// cycle saves what can be saved now: the spool first, then memory, oldest first. A failing backend is asked again only
// after its pause, or when the writer closes.
func (w *Writer) cycle(closing bool) {
	if w.backoff > 0 && !closing && time.Now().Before(w.retryAt) {
		w.spill()
		return
	}
	if w.spool.waiting() {
		saved, torn, err := w.spool.replay(w.o.Batch, w.save)
		w.noteReplay(saved, torn)
		if err != nil {
			w.fail(err)
			return
		}
	}
	for {
		batch := w.take()
		if len(batch) == 0 {
			break
		}
		w.refused = 0
		if err := w.save(records(batch)); err != nil {
			w.fail(err)
			return
		}
		w.backoff = 0
		w.landed()
		w.succeeded(len(batch)-w.refused, 0)
		w.settle()
	}
	w.backoff = 0
	w.settle()
}

// take moves the next group from the rings into flight, or returns the one that failed before.
func (w *Writer) take() []entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.flight) == 0 {
		w.flight = w.rings.take(w.o.Batch)
	}
	return w.flight
}

// landed forgets the group in flight.
func (w *Writer) landed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flight = nil
}

// fail remembers the error, doubles the pause and moves memory to the spool.
func (w *Writer) fail(err error) {
	w.failed(err)
	w.backoff = min(max(w.o.RetryMin, 2*w.backoff), w.o.RetryMax)
	w.retryAt = time.Now().Add(w.backoff)
	w.spill()
}

// spill moves what waits in memory to the spool, as long as that can be written. What can't be moved waits in memory.
func (w *Writer) spill() {
	if w.o.Spool == "" {
		return
	}
	for {
		batch := w.take()
		if len(batch) == 0 {
			w.noteSpool(nil)
			return
		}
		if err := w.spool.append(batch); err != nil {
			w.noteSpool(err)
			return
		}
		w.landed()
	}
}

// finish is the end: what could not be saved goes to the spool.
func (w *Writer) finish() {
	w.spill()
	if err := w.spool.close(); err != nil {
		w.o.Log.Error("spool not closed cleanly", "err", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.rings {
		w.health.Lost.add(class(c), uint64(w.rings[c].length))
	}
	for _, e := range w.flight {
		w.health.Lost.add(classOf(e.r), 1)
	}
	for _, f := range w.flushes {
		close(f.done)
	}
	w.flushes = nil
}

// settle releases those who waited for records that are now out of our hands.
func (w *Writer) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	first, some := w.rings.first()
	if !some {
		first = w.next
	}
	kept := w.flushes[:0]
	for _, f := range w.flushes {
		if f.n <= first {
			close(f.done)
		} else {
			kept = append(kept, f)
		}
	}
	w.flushes = kept
}

// save commits records; those that are refused for ever are given up one by one and counted.
func (w *Writer) save(group []store.Record) error {
	err := w.try(group)
	if !errors.Is(err, ErrRefused) {
		return err
	}
	if len(group) == 1 {
		w.o.Log.Error("record refused", "err", err)
		w.refused++
		w.mu.Lock()
		w.health.Refused++
		w.mu.Unlock()
		return nil
	}
	half := len(group) / 2
	if err := w.save(group[:half]); err != nil {
		return err
	}
	return w.save(group[half:])
}

// try is one Save with its deadline. A panic of the backend is a refusal: it costs the record that caused it.
func (w *Writer) try(group []store.Record) (err error) {
	ctx, cancel := context.WithTimeout(w.ctx, w.o.SaveLimit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("backend panicked: %v: %w", p, ErrRefused)
		}
	}()
	return w.backend.Save(ctx, group)
}

func (w *Writer) noteSpool(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.health.SpoolBytes, w.health.SpoolError = w.spool.end, ""
	if err != nil {
		w.health.SpoolError = err.Error()
	}
}

func (w *Writer) noteReplay(saved, torn int) {
	if saved > 0 {
		w.succeeded(saved, saved)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.health.Torn += uint64(torn)
	w.health.SpoolBytes = w.spool.end
}

func records(batch []entry) []store.Record {
	out := make([]store.Record, len(batch))
	for i, e := range batch {
		out[i] = e.r
	}
	return out
}
