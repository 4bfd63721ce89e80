package node

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ringway/console"
	"ringway/store"
	"ringway/store/sqlite"
)

// Somebody else locks the database for ten seconds in the middle of calls: they go on, the status says so, and everything
// is on record afterwards (conformance §6, semantics §4).
func TestDatabaseLockedForTenSeconds(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	alice, bob := a.phone("p01"), a.phone("p02")
	out, in := a.talk(alice, bob) // begins before, ends while it is locked
	unlock := a.lock()
	locked := time.Now()
	calls := []string{out.ID}
	carol, dave := a.phone("p03"), a.phone("p04") // registrations are records too
	for time.Since(locked) < 10*time.Second {
		began := time.Now()
		c, d := a.talk(carol, dave)
		alive(t, c, d)
		c.Bye()
		d.ExpectBye()
		c.Close() // a fast machine has thousands of calls in ten seconds, and sockets are not without end
		d.Close()
		calls = append(calls, c.ID)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("a call took %v while the database was locked", took)
		}
	}
	alive(t, out, in)
	out.Bye()
	in.ExpectBye()
	if h := a.records(); !h.Degraded || h.Waiting == 0 || h.Error == "" {
		t.Errorf("while the database is locked the status says %+v", h)
	}
	unlock()
	a.writtenWithin(15*time.Second, calls)
	a.settled(5 * time.Second)
}

// The disk refuses every write for a while: the switch keeps all in memory and in the spool, says so, and writes it down
// when there is room again.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{driver: failingDriver})
	a.takeDisk(true)
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	alive(t, out, in)
	out.Bye()
	in.ExpectBye()
	eventually(t, 5*time.Second, "the status says degraded", func() bool { return a.records().Degraded })
	if a.log.count("records can't be saved") != 1 {
		t.Error("the log does not say, once, that records wait")
	}
	a.takeDisk(false)
	a.writtenWithin(15*time.Second, []string{out.ID})
	if h := a.records(); h.Lost != 0 {
		t.Errorf("%d records are lost", h.Lost)
	}
}

// A switch that stops while the database is gone leaves the records in the spool; the next start reads them before it
// looks for calls that a crash cut off, so a call that ended is on record as it ended.
func TestSpoolIsReplayedBeforeCrashesAreClosed(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{driver: failingDriver})
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	eventually(t, 5*time.Second, "the call's start is written", func() bool { return a.records().Waiting == 0 })
	a.takeDisk(true)
	out.Bye()
	in.ExpectBye()
	row := a.seen.cdr(t, out)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := a.Stop(ctx); err == nil {
		t.Error("stopping says nothing about records that wait")
	}
	if f, err := os.Stat(filepath.Join(a.data, "spool")); err != nil || f.Size() == 0 {
		t.Fatalf("there is no spool: %v", err)
	}
	a.takeDisk(false)
	a.again(t)
	got := a.onRecord(t, row.ID)
	if got.Cause != row.Cause || got.EndedBy != "caller" || !got.End.Equal(row.End.UTC().Truncate(time.Microsecond)) {
		t.Errorf("after the restart the call is on record as %+v, it was %+v", got, row)
	}
}

// errGone is what a database says that is not there.
var errGone = errors.New("input/output error")

// failing is SQLite on a disk that can be taken away: while the file "gone" lies beside the database, nothing is saved.
type failing struct {
	*sqlite.DB
	path string
}

// Save fails while the disk is away.
func (f failing) Save(ctx context.Context, r []store.Record) error {
	if _, err := os.Stat(f.path + ".gone"); err == nil {
		return errGone
	}
	return f.DB.Save(ctx, r)
}

// failingDriver is failing's name in the list of databases.
var failingDriver = enterFailing()

func enterFailing() string {
	backends["failing"] = func(ctx context.Context, path string, now func() time.Time, log *slog.Logger) (backend, error) {
		db, err := sqlite.Open(ctx, path, sqlite.Options{Now: now, Log: log})
		return failing{db, path}, err
	}
	return "failing"
}

// takeDisk takes the disk of a failing database away, or gives it back.
func (a *annex) takeDisk(away bool) {
	a.t.Helper()
	var err error
	if away {
		err = os.WriteFile(a.path()+".gone", nil, 0o600)
	} else {
		err = os.Remove(a.path() + ".gone")
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// lock takes the database's write lock from outside and returns what gives it back.
func (a *annex) lock() (unlock func()) {
	a.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+a.path()+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		a.t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		a.t.Fatal(err)
	}
	return func() {
		if err := errors.Join(tx.Rollback(), db.Close()); err != nil {
			a.t.Error(err)
		}
	}
}

func (a *annex) path() string { return filepath.Join(a.data, "ringway.db") }

func (a *annex) records() console.RecordsHealth { return a.Status(context.Background()).Records }

// writtenWithin waits until the database is well again and the calls of those Call-IDs are in it as the witness saw them.
func (a *annex) writtenWithin(limit time.Duration, calls []string) {
	a.t.Helper()
	eventually(a.t, limit, "all records are written", func() bool { h := a.records(); return !h.Degraded && h.Waiting == 0 })
	for _, id := range calls {
		a.seen.mu.Lock()
		var want store.Call
		for _, rows := range a.seen.ended {
			if rows[0].SIPID == id {
				want = rows[0]
			}
		}
		a.seen.mu.Unlock()
		if got := a.onRecord(a.t, want.ID); got.Cause != want.Cause || got.End.IsZero() || got.Disposition != want.Disposition {
			a.t.Errorf("on record is %+v, want %+v", got, want)
		}
	}
}

// onRecord reads a call from the file, beside the switch.
func (a *annex) onRecord(t *testing.T, id string) store.Call {
	t.Helper()
	db, err := sqlite.Open(context.Background(), a.path(), sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Call(context.Background(), id)
	if err != nil {
		t.Fatalf("call %s: %v", id, err)
	}
	return c
}
