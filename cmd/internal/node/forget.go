package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"ringway/console"
	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/vault"
	"ringway/store/writer"
)

// forgetLimit is how long forgetting waits for records that are on their way to the database.
const forgetLimit = 10 * time.Second

// Forget blanks a customer's name, number and booking in all records, in live sessions, and in what calls that are up will
// still record. No figure changes.
func (n *Node) Forget(ctx context.Context, customer string) (console.Forgotten, error) {
	ctx, cancel := context.WithTimeout(ctx, forgetLimit)
	defer cancel()
	n.records.forgotten.add(customer, n.clock.Now()) // first: what comes from now on is blank
	n.sessions.forget(customer)
	n.hub.Forget(customer)
	n.lookups.Forget(customer)
	n.trace.Clear() // whose name is in which message is not known; captures go too
	if err := n.records.Flush(ctx); err != nil {
		return console.Forgotten{}, fmt.Errorf("records still wait for the database; forget again when 'ringway status' says written: %w", err)
	}
	heard, err := n.recordings.forget(ctx, customer)
	if err != nil {
		return console.Forgotten{}, fmt.Errorf("recordings of the customer: %w", err)
	}
	f, err := n.db.Forget(ctx, customer)
	f.Recordings = heard
	if _, shared := n.db.(*sqlite.DB); !shared && err == nil {
		var kept store.Forgotten
		kept, err = n.tables.Forget(ctx, customer)
		f.Rows, f.Notes = kept.Rows, kept.Notes
	}
	return console.Forgotten(f), err
}

// Forget does the same to the records of a switch that does not run.
func Forget(ctx context.Context, data, customer string) (f console.Forgotten, err error) {
	notes, err := ReadNotes(data)
	if err != nil {
		return f, err
	}
	held, err := lock(data)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	if _, err := os.Stat(notes.Database); errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	db, err := sqlite.Open(ctx, notes.Database, sqlite.Options{})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := writer.Replay(ctx, db, filepath.Join(data, spoolFile)); err != nil {
		return f, err
	}
	heard, err := forgetSound(ctx, data, db, customer)
	if err != nil {
		return f, err
	}
	found, err := db.Forget(ctx, customer)
	found.Recordings = heard
	return console.Forgotten(found), err
}

// forgetSound deletes a customer's recordings while no switch runs.
func forgetSound(ctx context.Context, data string, db *sqlite.DB, customer string) (n int, err error) {
	if customer == "" {
		return 0, nil
	}
	v, err := vault.Open(filepath.Join(data, recordingsFolder))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	for {
		found, err := db.Recordings(ctx, store.RecordingQuery{Customer: customer, Sound: true})
		if err != nil || len(found) == 0 {
			return n, err
		}
		var rows []store.Record
		for _, rec := range found {
			if err := v.Remove(rec.File); err != nil {
				return n, err
			}
			rec.End = later(rec.Start, rec.End)
			rec.State, rec.Reason, rec.Bytes = store.RecordingDeleted, store.RecordingForgotten, 0
			rows = append(rows, store.Record{Recording: &rec})
		}
		if err := db.Save(ctx, rows); err != nil {
			return n, err
		}
		n += len(rows)
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// forgotten are customers who were forgotten while calls of theirs were up: the rows of those are still to come.
type forgotten struct {
	mu sync.RWMutex // guards what follows
	at map[string]time.Time
}

func (f *forgotten) add(customer string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == nil {
		f.at = map[string]time.Time{}
	}
	f.at[customer] = now
}

// pass hands a record on, without what is personal of a forgotten customer. No customer is added meanwhile: what did not know of it
// is at its destination when add returns, and the Flush behind that has it.
func (f *forgotten) pass(r store.Record, to func(store.Record)) store.Record {
	f.mu.RLock()
	defer f.mu.RUnlock()
	r = f.blankLocked(r)
	to(r)
	return r
}

// during tells whether a customer was forgotten while a call of hers was up.
func (f *forgotten) during(customer string, began time.Time) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.duringLocked(customer, began)
}

func (f *forgotten) duringLocked(customer string, began time.Time) bool {
	if customer == "" {
		return false
	}
	at, known := f.at[customer]
	return known && began.Before(at)
}

// blankLocked takes out of a record what is personal of a forgotten customer, where the call began before she was.
func (f *forgotten) blankLocked(r store.Record) store.Record {
	if r.Note != nil {
		return f.blankNoteLocked(r)
	}
	if r.Call == nil || r.Call.Customer == "" {
		return r
	}
	if f.duringLocked(r.Call.Customer, r.Call.Start) {
		c := *r.Call
		c.CallerName, c.CallerNumber, c.Booking = "", "", ""
		r.Call = &c
	}
	return r
}

// blankNoteLocked takes the text out of a note about somebody forgotten.
func (f *forgotten) blankNoteLocked(r store.Record) store.Record {
	_, known := f.at[r.Note.Customer]
	if known && r.Note.Customer != "" {
		n := *r.Note
		n.Text = ""
		r.Note = &n
	}
	return r
}

// drop lets go of customers whose calls are all over: those forgotten before the oldest call that is up began.
func (f *forgotten) drop(before time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for customer, at := range f.at {
		if at.Before(before) {
			delete(f.at, customer)
		}
	}
}
