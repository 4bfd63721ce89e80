package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"ringway/config"
	"ringway/console"
	"ringway/console/desk"
	"ringway/console/stream"
	"ringway/store"
	"ringway/store/memory"
	"ringway/store/sqlite"
	"ringway/store/writer"
)

// backend is a database as a node needs it.
type backend interface {
	writer.Backend
	desk.Records
	// Outcomes lists what agents said of a call, the latest last.
	Outcomes(ctx context.Context, call string) ([]store.CallOutcome, error)
	// Recover closes what a crash left open, as store.Recovery counts.
	Recover(ctx context.Context) (store.Recovery, error)
	// Restore reads what outlives a restart.
	Restore(ctx context.Context) (store.Saved, error)
	// Prune deletes bindings and sessions that expired before then.
	Prune(ctx context.Context, then time.Time) error
	stream.Past
	// Forget blanks what is personal of one customer.
	Forget(ctx context.Context, customer string) (store.Forgotten, error)
	console.Records
	recordingRows
	Close() error
}

// backends is the one list of databases.
var backends = map[string]func(ctx context.Context, path string, now func() time.Time, log *slog.Logger) (backend, error){
	"sqlite": func(ctx context.Context, path string, now func() time.Time, log *slog.Logger) (backend, error) {
		return sqlite.Open(ctx, path, sqlite.Options{Now: now, Log: log})
	},
	"memory": func(_ context.Context, _ string, now func() time.Time, _ *slog.Logger) (backend, error) {
		return memory.NewWithClock(now), nil
	},
}

// DatabasePath is the file of the embedded database.
func DatabasePath(data string, s config.Database) string {
	if filepath.IsAbs(s.Path) {
		return s.Path
	}
	return filepath.Join(data, s.Path)
}

// spoolFile is where in the data folder records wait for a database that can't be written.
const spoolFile = "spool"

// openStore opens the data folder and its database, and closes what a crash left open.
func (n *Node) openStore(ctx context.Context) (store.Saved, error) {
	if err := os.MkdirAll(n.o.Data, 0o700); err != nil {
		return store.Saved{}, fmt.Errorf("data folder: %w", err)
	}
	var err error
	if n.lock, err = lock(n.o.Data); err != nil {
		return store.Saved{}, err
	}
	s := n.config().Settings.Database
	db, err := backends[s.Driver](ctx, DatabasePath(n.o.Data, s), n.clock.Now, n.log)
	if err != nil {
		return store.Saved{}, err
	}
	n.db = db
	spool := filepath.Join(n.o.Data, spoolFile)
	// What waited for the database goes in first: a call that ended while it was away did not crash.
	if _, err := writer.Replay(ctx, db, spool); err != nil {
		n.log.Warn("records of the last run are still in the spool file", "err", err)
	}
	if r, err := db.Recover(ctx); err != nil {
		return store.Saved{}, fmt.Errorf("close what the last run left open: %w", err)
	} else if r.Calls > 0 {
		n.log.Warn("the last run ended in the middle of calls; they are closed", "calls", r.Calls, "visits", r.Visits)
	}
	saved, err := db.Restore(ctx)
	if err != nil {
		return saved, fmt.Errorf("read what outlives a restart: %w", err)
	}
	n.events = stream.New(stream.Options{Boot: n.boot, Past: db, Log: n.log})
	n.board = n.newBoard()
	n.records = &recorder{observe: n.o.Observe, Writer: writer.New(db, writer.Options{
		Node: n.config().Settings.Node, Boot: n.boot, Spool: spool, Now: n.clock.Now, Log: n.log, Observe: n.observed,
		Group: 200 * time.Millisecond, // the most that is allowed: fewer commits, and pages that two groups share are written once
	})}
	return saved, nil
}

// closeStore writes what waits, for at most five seconds, and closes the database.
func (n *Node) closeStore() error {
	if n.db == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var err error
	if n.events != nil {
		n.events.Close()
	}
	if n.recordings != nil {
		err = n.recordings.vault.Close()
	}
	if n.records != nil {
		err = errors.Join(err, n.records.Close(ctx))
		if n.stop != nil {
			n.account(ctx)
		}
	}
	return errors.Join(err, n.closeTables(), n.db.Close())
}

// recorder hands records to the writer, and to whoever observes the switch.
type recorder struct {
	*writer.Writer
	observe   func(store.Record)
	forgotten forgotten
	offers    offerCount
}

// Record never blocks. Whoever observes sees what the writer has already: a Flush that follows saves it.
func (r *recorder) Record(rec store.Record) {
	rec = r.forgotten.pass(rec, r.Writer.Record)
	r.offers.see(rec)
	if r.observe != nil {
		r.observe(rec)
	}
}

// Save queues a change of a binding: location.Persister.
func (r *recorder) Save(c store.BindingChange) { r.Record(store.Record{Binding: &c}) }
