package writer

import "time"

// Counts are numbers of records by what they are worth.
type Counts struct {
	Events, Decisions, State, CDRs uint64
}

func (c *Counts) add(k class, n uint64) {
	switch k {
	case classEvent:
		c.Events += n
	case classDecision:
		c.Decisions += n
	case classState:
		c.State += n
	case classCDR:
		c.CDRs += n
	}
}

// Total is their sum.
func (c Counts) Total() uint64 { return c.Events + c.Decisions + c.State + c.CDRs }

// Health is how the writer is doing.
type Health struct {
	OK    bool      // the last Save succeeded
	Since time.Time // when OK last changed
	Error string    // why not

	Waiting    Counts // in memory
	SpoolBytes int64  // in the spool file
	SpoolError string // why the spool can't be written; empty while it can or isn't needed

	Saved    uint64 // records committed, replayed ones included
	Replayed uint64 // of them, from the spool
	LastSave time.Time

	Lost    Counts // given up at a bound, or left over when the writer was closed without a spool
	Refused uint64 // the backend can never save them
	Torn    uint64 // spool lines that a kill or a full disk had cut
}

// Health returns a snapshot. It never waits for the backend.
func (w *Writer) Health() Health {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.health
	for c := range w.rings {
		h.Waiting.add(class(c), uint64(w.rings[c].length))
	}
	for _, e := range w.flight {
		h.Waiting.add(classOf(e.r), 1)
	}
	return h
}

// succeeded and failed are the only writers of health's verdict; runWriter calls them.
func (w *Writer) succeeded(saved, replayed int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.o.Now()
	if !w.health.OK {
		w.o.Log.Info("records are saved again", "after", now.Sub(w.health.Since))
		w.health.OK, w.health.Since, w.health.Error = true, now, ""
	}
	w.health.Saved += uint64(saved)
	w.health.Replayed += uint64(replayed)
	w.health.LastSave = now
}

func (w *Writer) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.health.OK {
		w.o.Log.Error("records can't be saved; they wait", "err", err)
		w.health.OK, w.health.Since = false, w.o.Now()
	}
	w.health.Error = err.Error()
}
