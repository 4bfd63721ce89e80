package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"ringway/console"
	"ringway/rtp"
	"ringway/store"
	"ringway/store/vault"
)

// recordingsFolder holds the sound of recordings, below the data folder.
const recordingsFolder = "recordings"

// sweepEvery is how often recordings that became too old are looked for; the first time is the start.
const sweepEvery = time.Hour

// recoverAtOnce is how many recordings that a crash left open are closed in one go: the most that a query tells.
const recoverAtOnce = 1000

// recordingRows is what a database knows of recordings.
type recordingRows interface {
	Recording(ctx context.Context, id string) (store.Recording, error)
	Recordings(ctx context.Context, q store.RecordingQuery) ([]store.Recording, error)
}

// recordings keeps conversations that are recorded: their files in the vault, their rows by way of the writer, behind the
// rows of their calls, so that they wait with those while the database is away.
type recordings struct {
	vault *vault.Vault
	rows  recordingRows
	out   *recorder
	now   func() time.Time
	log   *slog.Logger
	// how long sound is kept, 0 for ever; and whether agents may hear it
	settings func() (keep time.Duration, agents bool)
	began    func(call string) time.Time // of a call that is up

	// Guards what follows. It is held while a row is recorded, so that whoever holds it finds a recording here or, after a flush,
	// in the database as it ended.
	mu      sync.Mutex
	runs    map[string]store.Recording
	dropped map[string]string // recordings that run, whose sound is to be deleted, and why
}

// startRecordings opens the vault and closes what a crash left open.
func (n *Node) startRecordings(ctx context.Context) error {
	v, err := vault.Open(filepath.Join(n.o.Data, recordingsFolder))
	if err != nil {
		return err
	}
	n.recordings = &recordings{vault: v, rows: n.db, out: n.records, now: n.clock.Now, log: n.log,
		runs: map[string]store.Recording{}, dropped: map[string]string{},
		settings: func() (time.Duration, bool) {
			r := n.config().Settings.Recording
			return r.Retention, r.AgentsMayListen
		},
		began: func(call string) time.Time {
			c, _ := n.calls.Call(call)
			return c.Start
		}}
	return n.recordings.recover(ctx)
}

// Begin puts a recording on record: call.Recordings. The row comes before the file, so that no sound is without one. In a call
// that was up when its customer was forgotten nothing is kept of what it records from then on.
func (r *recordings) Begin(rec store.Recording) (open func() (rtp.Tape, error), done func(rtp.Recorded)) {
	rec.File = vault.Name(rec.ID, rec.Start)
	began := r.began(rec.Call)
	r.mu.Lock()
	r.runs[rec.ID] = rec
	r.out.Record(store.Record{Recording: &rec})
	if r.out.forgotten.during(rec.Customer, began) {
		r.dropLocked(rec, store.RecordingForgotten)
	}
	r.mu.Unlock()
	r.tell(store.RecordingStart, rec)
	open = func() (rtp.Tape, error) {
		tape, err := r.vault.Create(rec.File)
		if err != nil {
			return nil, err // and no nil inside an interface
		}
		return tape, nil
	}
	return open, func(got rtp.Recorded) { r.ended(rec, got) }
}

// tell puts an event on record; one that begins has no state, as there is nothing else that it could be.
func (r *recordings) tell(kind store.EventKind, rec store.Recording) {
	e := store.Event{Kind: kind, At: r.now(), Call: rec.Call, Leg: rec.Leg, Visit: rec.Visit, Queue: rec.Queue, Agent: rec.Agent,
		Data: map[string]string{store.DataRecording: rec.ID}}
	if kind == store.RecordingEnd {
		e.State, e.Reason = string(rec.State), rec.Reason
	}
	r.out.Record(store.Record{Event: &e})
}

// save completes a row and says so.
func (r *recordings) save(rec store.Recording) {
	r.out.Record(store.Record{Recording: &rec})
	r.tell(store.RecordingEnd, rec)
}

// ended takes the end of a recording, on a goroutine of the media engine.
func (r *recordings) ended(rec store.Recording, got rtp.Recorded) {
	rec.End, rec.Duration, rec.Bytes, rec.State = r.now(), got.Duration, got.Bytes, store.RecordingDone
	if got.Err != nil {
		rec.State, rec.Reason = store.RecordingBroken, store.RecordingFault
	}
	if why, dropped := r.over(rec); dropped {
		if err := r.remove(rec, why); err != nil {
			r.log.Error("a recording that was to be deleted is still there", "call", rec.Call, "err", err)
			r.save(rec)
		}
	}
}

// over takes a recording out of those that run, with its row, unless its sound is to be deleted.
func (r *recordings) over(rec store.Recording) (why string, dropped bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	why, dropped = r.dropped[rec.ID]
	if !dropped {
		r.save(rec)
	}
	delete(r.runs, rec.ID)
	delete(r.dropped, rec.ID)
	return why, dropped
}

// remove deletes the sound of a recording that is over.
func (r *recordings) remove(rec store.Recording, why string) error {
	if err := r.vault.Remove(rec.File); err != nil {
		return fmt.Errorf("sound of recording %s not deleted: %w", rec.ID, err)
	}
	rec.State, rec.Reason, rec.Bytes = store.RecordingDeleted, why, 0
	r.save(rec)
	return nil
}

// recover closes recordings that a crash left open: what was written stays, and can be heard, unless it was to be deleted.
func (r *recordings) recover(ctx context.Context) error {
	for {
		open, err := r.rows.Recordings(ctx, store.RecordingQuery{State: store.RecordingRuns, Limit: recoverAtOnce})
		if err != nil {
			return fmt.Errorf("recordings that a crash left open: %w", err)
		}
		for _, rec := range open {
			if err := r.cutShort(rec); err != nil {
				return err
			}
		}
		if len(open) < recoverAtOnce {
			return nil
		}
		if err := r.flush(ctx); err != nil {
			return fmt.Errorf("recordings that a crash left open are not all closed: %w", err)
		}
	}
}

// cutShort closes one recording that a crash left open.
func (r *recordings) cutShort(rec store.Recording) (err error) {
	if rec.Reason != "" { // it was to be deleted at its end
		rec.End = rec.Start
		return r.remove(rec, rec.Reason)
	}
	rec.State, rec.Reason = store.RecordingBroken, store.RecordingCrash
	rec.Duration, rec.Bytes, err = r.vault.Repair(rec.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		rec.Reason = store.RecordingMissing
	case err != nil:
		r.log.Warn("recording not repaired", "recording", rec.ID, "call", rec.Call, "err", err)
	}
	rec.End = rec.Start.Add(rec.Duration)
	r.save(rec)
	return nil
}

// flush waits for rows that are on their way.
func (r *recordings) flush(ctx context.Context) error { return r.out.Flush(ctx) }

// Recording finds a recording.
func (r *recordings) Recording(ctx context.Context, id string) (store.Recording, error) {
	return r.rows.Recording(ctx, id)
}

// Recordings lists recordings, oldest first.
func (r *recordings) Recordings(ctx context.Context, q store.RecordingQuery) ([]store.Recording, error) {
	return r.rows.Recordings(ctx, q)
}

// Sound opens what is to be heard of a recording.
func (r *recordings) Sound(rec store.Recording) (io.ReadSeekCloser, error) {
	if rec.State == store.RecordingDeleted {
		return nil, fmt.Errorf("sound of recording %q: %w", rec.ID, store.ErrNotFound)
	}
	f, err := r.vault.Open(rec.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sound of recording %q: %w", rec.ID, store.ErrNotFound)
	} else if err != nil {
		return nil, err
	}
	return f, nil
}

// AgentsMayListen tells whether agents hear recordings of their own calls.
func (r *recordings) AgentsMayListen() bool {
	_, agents := r.settings()
	return agents
}

// DeleteRecording deletes the sound of one recording for ever; its row stays.
func (r *recordings) DeleteRecording(ctx context.Context, id string) error {
	rec, err := r.rows.Recording(ctx, id)
	if err != nil {
		return err
	}
	if r.drop(rec.ID, store.RecordingByHand) {
		return r.flush(ctx)
	}
	if rec.End.IsZero() { // it has just ended: its row is on its way
		if err := r.flush(ctx); err != nil {
			return err
		}
		if rec, err = r.rows.Recording(ctx, id); err != nil {
			return err
		}
	}
	if rec.End.IsZero() {
		return console.ErrRecording
	}
	if rec.State != store.RecordingDeleted {
		if err := r.remove(rec, store.RecordingByHand); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

// drop has the sound of a recording that runs deleted at its end; false where it does not run.
func (r *recordings) drop(id, why string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec, runs := r.runs[id]
	if runs {
		r.dropLocked(rec, why)
	}
	return runs
}

// dropLocked is for the holder of mu. The row says so at once: should the switch end before the recording does, the next start
// deletes what was written.
func (r *recordings) dropLocked(rec store.Recording, why string) {
	r.dropped[rec.ID] = why
	rec.Reason = why
	r.out.Record(store.Record{Recording: &rec})
}

// forget deletes all sound of a customer.
func (r *recordings) forget(ctx context.Context, customer string) (n int, err error) {
	r.mu.Lock()
	for _, rec := range r.runs {
		if customer != "" && rec.Customer == customer {
			r.dropLocked(rec, store.RecordingForgotten)
			n++
		}
	}
	r.mu.Unlock()
	if customer == "" {
		return 0, nil
	}
	if err := r.flush(ctx); err != nil { // a recording that has just ended is on its way to the database
		return n, err
	}
	m, err := r.removeAll(ctx, store.RecordingQuery{Customer: customer, Sound: true}, store.RecordingForgotten)
	return n + m, err
}

// sweep deletes sound that is older than it is kept.
func (r *recordings) sweep(ctx context.Context) {
	keep, _ := r.settings()
	if keep <= 0 {
		return
	}
	before := r.now().Add(-keep)
	n, err := r.removeAll(ctx, store.RecordingQuery{Before: before, Sound: true}, store.RecordingRetention)
	files, sweepErr := r.vault.Sweep(before)
	if err = errors.Join(err, sweepErr); err != nil && ctx.Err() == nil {
		r.log.Error("recordings that are too old are not all deleted", "err", err)
	}
	if n+files > 0 {
		r.log.Info("recordings deleted that were older than they are kept", "recordings", n, "stray_files", files)
	}
}

// removeAll deletes the sound of all recordings that a query finds and that are over.
func (r *recordings) removeAll(ctx context.Context, q store.RecordingQuery, why string) (n int, err error) {
	for q.Limit = 1000; ; {
		found, err := r.rows.Recordings(ctx, q)
		if err != nil {
			return n, err
		}
		var errs []error
		removed := 0
		for _, rec := range found {
			if ctx.Err() != nil {
				return n, ctx.Err()
			}
			if rec.End.IsZero() {
				continue
			}
			if err := r.remove(rec, why); err != nil {
				errs = append(errs, err)
				continue
			}
			removed++
		}
		n += removed
		if err := r.flush(ctx); err != nil {
			errs = append(errs, err)
		}
		if len(found) < q.Limit || removed == 0 || len(errs) > 0 {
			return n, errors.Join(errs...)
		}
	}
}

// runRecordings deletes what became too old.
func (n *Node) runRecordings(ctx context.Context) {
	defer n.wg.Done()
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		n.safely("recordings", func() { n.recordings.sweep(ctx) })
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
