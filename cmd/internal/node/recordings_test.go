package node

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ringway/rtp"
	"ringway/store"
	"ringway/store/memory"
	"ringway/store/vault"
	"ringway/store/writer"
)

// tapes are recordings without a switch: files in a folder, rows in memory.
func tapes(t *testing.T) *recordings {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), recordingsFolder))
	if err != nil {
		t.Fatal(err)
	}
	db := memory.NewWithClock(time.Now)
	out := &recorder{Writer: writer.New(db, writer.Options{Node: "n1", Boot: "b1", Spool: filepath.Join(t.TempDir(), "spool"), Group: time.Millisecond})}
	t.Cleanup(func() {
		if err := out.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return &recordings{vault: v, rows: db, out: out, now: time.Now, log: slog.New(slog.DiscardHandler), runs: map[string]store.Recording{}, dropped: map[string]string{},
		settings: func() (time.Duration, bool) { return 0, false }, began: func(string) time.Time { return time.Now().Add(-time.Minute) }}
}

// taped begins a recording of a customer and writes its file; done ends it.
func (r *recordings) taped(t *testing.T, id, customer string) (done func(rtp.Recorded)) {
	t.Helper()
	rec := store.Recording{ID: id, Call: "c1", Customer: customer, Start: time.Now(), State: store.RecordingRuns}
	open, done := r.Begin(rec)
	tape, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	return done
}

// gone demands that of a recording nothing is left but its row.
func (r *recordings) gone(t *testing.T, id string) {
	t.Helper()
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := r.rows.Recording(t.Context(), id)
	if err != nil || got.State != store.RecordingDeleted || got.Reason != store.RecordingForgotten {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := r.vault.Open(got.File); !os.IsNotExist(err) {
		t.Errorf("the sound of %s: %v", id, err)
	}
}

// A customer who is forgotten in the moment in which her recording ends leaves no sound: neither as one that runs nor as one that
// is over.
func TestForgottenWhileARecordingEnds(t *testing.T) {
	r := tapes(t)
	done := r.taped(t, "r1", "k-7")
	forgotten := make(chan error, 1)
	r.out.observe = func(rec store.Record) {
		if rec.Recording == nil || rec.Recording.End.IsZero() || rec.Recording.State == store.RecordingDeleted {
			return
		}
		r.out.observe = nil
		looked := make(chan struct{})
		go func() {
			_, err := r.forget(context.Background(), "k-7")
			forgotten <- err
			close(looked)
		}()
		select { // the end of the recording is known here, and not yet to the writer
		case <-looked:
		case <-time.After(300 * time.Millisecond):
		}
	}
	done(rtp.Recorded{Duration: time.Second, Bytes: 100})
	if err := <-forgotten; err != nil {
		t.Fatal(err)
	}
	r.gone(t, "r1")
}

// What a call goes on to record after its customer was forgotten is not kept; a call that she begins later is.
func TestRecordedAfterTheCustomerWasForgotten(t *testing.T) {
	r := tapes(t)
	r.out.forgotten.add("k-7", time.Now())
	done := r.taped(t, "r1", "k-7")
	done(rtp.Recorded{Duration: time.Second, Bytes: 100})
	r.gone(t, "r1")
	r.began = func(string) time.Time { return time.Now().Add(time.Minute) }
	done = r.taped(t, "r2", "k-7")
	done(rtp.Recorded{Duration: time.Second, Bytes: 100})
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := r.rows.Recording(t.Context(), "r2"); err != nil || got.State != store.RecordingDone {
		t.Errorf("%+v %v", got, err)
	}
}

// However many recordings a crash left open, each is closed.
func TestManyRecordingsThatACrashLeftOpen(t *testing.T) {
	r := tapes(t)
	const n = 2*recoverAtOnce + 1
	for i := range n {
		r.out.Record(store.Record{Recording: &store.Recording{ID: fmt.Sprintf("r%05d", i), Call: "c1", File: "x.wav", Start: time.Now(), State: store.RecordingRuns}})
	}
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := r.rows.Recordings(t.Context(), store.RecordingQuery{State: store.RecordingRuns}); err != nil || len(left) != 0 {
		t.Errorf("%d are left open, %v", len(left), err)
	}
}
