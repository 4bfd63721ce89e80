package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/mattn/go-sqlite3"

	"ringway/store"
	"ringway/store/writer"
)

// statements are prepared once on the write connection.
type statements struct {
	boot                                     *sql.Stmt
	events                                   [len(eventRows)]*sql.Stmt
	ended                                    *sql.Stmt
	call, leg, visit, offer, decision        *sql.Stmt
	binding, unbind, moved, agent, appClaims *sql.Stmt
	outcome, note, recording                 *sql.Stmt
	find, findVisit, findOffer               *sql.Stmt
}

const (
	insertBoot    = `INSERT INTO boots (node, boot) VALUES (?, ?) ON CONFLICT (node, boot) DO UPDATE SET boot = boot RETURNING id`
	deleteBinding = `DELETE FROM bindings WHERE aor = ? AND contact = ? AND updated <= ?`
	// a phone that came back under another contact (RFC 5626 §6) has left its old one
	deleteMoved = `DELETE FROM bindings WHERE aor = ? AND instance = ? AND reg_id = ? AND contact <> ? AND updated <= ?`
)

func (s *statements) list() map[**sql.Stmt]string {
	all := map[**sql.Stmt]string{
		&s.boot: insertBoot,
		&s.call: calls.upsert(), &s.ended: updateEnded, &s.leg: legs.upsert(), &s.visit: visits.upsert(), &s.offer: offers.upsert(),
		&s.decision: decisions.upsert(), &s.binding: bindings.upsert(), &s.unbind: deleteBinding, &s.moved: deleteMoved,
		&s.agent: agents.upsert(), &s.appClaims: sessions.upsert(),
		&s.outcome: outcomes.upsert(), &s.note: notes.upsert(), &s.recording: recordings.upsert(),
		&s.find: insertFind, &s.findVisit: insertVisitFind, &s.findOffer: insertOfferFind,
	}
	for i, n := range eventRows {
		all[&s.events[i]] = insertEvents(n)
	}
	return all
}

func (s *statements) prepare(ctx context.Context, c *sql.Conn) error {
	for place, text := range s.list() {
		st, err := c.PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("prepare %q: %w", text, err)
		}
		*place = st
	}
	return nil
}

func (s *statements) close() error {
	var errs []error
	for place := range s.list() {
		if *place != nil {
			errs = append(errs, (*place).Close())
		}
	}
	return errors.Join(errs...)
}

// Save commits all records or none, in order. Saving a record twice changes nothing. An error that wraps
// writer.ErrRefused is for ever; any other may pass.
func (d *DB) Save(ctx context.Context, records []store.Record) error {
	last := finalsOf(records)
	return d.transact(ctx, func() error {
		for i, r := range records {
			if i%256 == 255 && ctx.Err() != nil {
				return ctx.Err()
			}
			if last.needless(r) && !d.lateCall(r.Call) {
				continue
			}
			if err := d.put(r); err != nil {
				return err
			}
		}
		return d.flushEvents()
	})
}

// transact runs f between BEGIN IMMEDIATE and COMMIT on the write connection.
//
// The statements run without ctx: with one that can be cancelled the driver starts a goroutine per statement, which costs
// more than the insert. Waiting for another process's lock is bounded by Options.Busy instead.
func (d *DB) transact(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conn == nil {
		return ErrReadOnly
	}
	if err := d.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	d.batch = d.batch[:0]
	clear(d.texts)
	err := f()
	if err == nil {
		err = d.exec("COMMIT")
	}
	if err != nil {
		clear(d.boots) // may be rolled back
		if undo := d.exec("ROLLBACK"); undo != nil {
			d.o.Log.Debug("rollback", "err", undo) // SQLite has already rolled back after a full disk
		}
		return verdict(err)
	}
	return nil
}

func (d *DB) exec(text string, args ...any) error {
	_, err := d.conn.ExecContext(context.Background(), text, args...)
	return err
}

// verdict marks the errors that no retry heals.
func verdict(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.Code {
		case sqlite3.ErrConstraint, sqlite3.ErrMismatch, sqlite3.ErrTooBig, sqlite3.ErrRange:
			return fmt.Errorf("save: %w: %w", writer.ErrRefused, err)
		}
	}
	return fmt.Errorf("save: %w", err)
}

func (d *DB) put(r store.Record) error {
	s := &d.stmts
	switch {
	case r.Event != nil:
		return d.addEvent(r.Event)
	case r.Call != nil:
		return d.putCall(r.Call)
	case r.Leg != nil:
		return d.putLeg(r.Leg)
	case r.Visit != nil:
		return d.putVisit(r.Visit)
	case r.Offer != nil:
		return d.putOffer(r.Offer)
	case r.Decision != nil:
		return run(s.decision, decisionPlaces(r.Decision))
	case r.Binding != nil:
		return d.putBinding(r.Binding)
	case r.Agent != nil:
		return run(s.agent, agentPlaces(r.Agent))
	case r.Session != nil:
		return run(s.appClaims, sessionPlaces(r.Session))
	case r.Outcome != nil:
		return run(s.outcome, outcomePlaces(r.Outcome))
	case r.Note != nil:
		return run(s.note, notePlaces(r.Note))
	case r.Recording != nil:
		return run(s.recording, recordingPlaces(r.Recording))
	}
	return nil
}

func run(s *sql.Stmt, args []any) error {
	plain(args)
	_, err := s.Exec(args...)
	return err
}

// plain puts values in the places of pointers to them, which database/sql would follow by reflection.
func plain(args []any) {
	for i, a := range args {
		switch v := a.(type) {
		case *string:
			args[i] = *v
		case *store.CallKind:
			args[i] = string(*v)
		case *store.Disposition:
			args[i] = string(*v)
		case *store.Direction:
			args[i] = string(*v)
		case *store.VisitResult:
			args[i] = string(*v)
		case *store.OfferOutcome:
			args[i] = string(*v)
		case *int:
			args[i] = int64(*v)
		case *time.Duration:
			args[i] = int64(*v)
		case *uint32:
			args[i] = int64(*v)
		case *uint64:
			if *v <= math.MaxInt64 { // more is refused, by database/sql
				args[i] = int64(*v)
			}
		case *float64:
			args[i] = *v
		case *bool:
			args[i] = *v
		case instant:
			args[i], _ = v.Value()
		case document[[]string]:
			if *v.v == nil {
				args[i] = "null" // as json.Marshal says
			}
		}
	}
}

func (d *DB) bootID(n bootName) (int64, error) {
	if id, ok := d.boots[n]; ok {
		return id, nil
	}
	var id int64
	if err := d.stmts.boot.QueryRow(n.node, n.boot).Scan(&id); err != nil {
		return 0, err
	}
	if len(d.boots) > 1_000 {
		clear(d.boots)
	}
	d.boots[n] = id
	return id, nil
}

func (d *DB) putBinding(b *store.BindingChange) error {
	if b.Removed {
		return run(d.stmts.unbind, []any{b.AOR, b.Contact, b.Updated.UnixMicro()})
	}
	if b.InstanceID != "" && b.RegID > 0 {
		if err := run(d.stmts.moved, []any{b.AOR, b.InstanceID, b.RegID, b.Contact, b.Updated.UnixMicro()}); err != nil {
			return err
		}
	}
	return run(d.stmts.binding, bindingPlaces(&b.Binding))
}
