package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/store"
)

// query reads rows; places gives where the columns of one row go.
func query[T any](ctx context.Context, db *sql.DB, places func(*T) []any, text string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(places(&v)...); err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return out, nil
}

// Call returns one call's row, or store.ErrNotFound.
func (d *DB) Call(ctx context.Context, id string) (store.Call, error) {
	found, err := query(ctx, d.read, callPlaces, calls.selects("WHERE id = ?"), id)
	if err != nil {
		return store.Call{}, err
	}
	if len(found) == 0 {
		return store.Call{}, fmt.Errorf("call %q: %w", id, store.ErrNotFound)
	}
	return found[0], nil
}

// Story returns all that is on record about one call, or store.ErrNotFound.
func (d *DB) Story(ctx context.Context, id string) (store.CallStory, error) {
	s := store.CallStory{}
	var err error
	if s.Call, err = d.Call(ctx, id); err != nil {
		return s, err
	}
	var errs [6]error
	s.Legs, errs[0] = query(ctx, d.read, legPlaces, legs.selects("WHERE call = ? ORDER BY started, id"), id)
	s.Visits, errs[1] = query(ctx, d.read, visitPlaces, visits.selects("WHERE call = ? ORDER BY entered, id"), id)
	s.Offers, errs[2] = query(ctx, d.read, offerPlaces, offers.selects("WHERE call = ? ORDER BY started, id"), id)
	s.Decisions, errs[3] = d.Decisions(ctx, store.DecisionQuery{Call: id})
	s.Events, errs[4] = d.events(ctx, d.read, "WHERE e.call = ?", id)
	s.Consults, errs[5] = d.consults(ctx, s.Call)
	return s, errors.Join(errs[:]...)
}

// consultsOf finds the consults of a call by when they may have begun, for which there is an index.
const consultsOf = "WHERE parent = ? AND parent <> '' AND started >= ? AND started <= ? ORDER BY started, id"

// consults lists the calls that agents placed while they had a call. One may begin as the other ends.
func (d *DB) consults(ctx context.Context, c store.Call) ([]store.Call, error) {
	end := d.o.Now()
	if !c.End.IsZero() {
		end = c.End
	}
	return query(ctx, d.read, callPlaces, calls.selects(consultsOf), c.ID, c.Start.UnixMicro(), end.Add(time.Second).UnixMicro())
}

// VisitsOf lists the visits of some calls, in the order of entry.
func (d *DB) VisitsOf(ctx context.Context, calls []string) ([]store.Visit, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	where, args := among("call", calls)
	return query(ctx, d.read, visitPlaces, visits.selects("WHERE "+where+" ORDER BY entered, id"), args...)
}

// OffersOf lists the offers of some calls, in the order of time.
func (d *DB) OffersOf(ctx context.Context, calls []string) ([]store.Offer, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	where, args := among("call", calls)
	return query(ctx, d.read, offerPlaces, offers.selects("WHERE "+where+" ORDER BY started, id"), args...)
}

// among is the condition that a column holds one of some values, of which there are any.
func among(column string, values []string) (where string, args []any) {
	for _, v := range values {
		args = append(args, v)
	}
	return column + " IN (?" + strings.Repeat(", ?", len(args)-1) + ")", args
}

// filter collects conditions.
type filter struct {
	where []string
	args  []any
}

func (f *filter) add(condition string, args ...any) {
	f.where = append(f.where, condition)
	f.args = append(f.args, args...)
}

func (f *filter) text(column, value string) {
	if value != "" {
		f.add(column+" = ?", value)
	}
}

func (f *filter) span(column string, from, to time.Time) {
	if !from.IsZero() {
		f.add(column+" >= ?", from.UnixMicro())
	}
	if !to.IsZero() {
		f.add(column+" < ?", to.UnixMicro())
	}
}

func (f *filter) clause() string {
	if len(f.where) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(f.where, " AND ") + " "
}

func pageSize(limit int) int {
	if limit <= 0 {
		return 100
	}
	return min(limit, 1000)
}

func readCursor(c string) (at int64, id string, err error) {
	stamp, id, ok := strings.Cut(c, ".")
	if ok {
		at, err = strconv.ParseInt(stamp, 10, 64)
	}
	if !ok || err != nil || id == "" {
		return 0, "", fmt.Errorf("%q: %w", c, store.ErrCursor)
	}
	return at, id, nil
}

// Decisions returns the decisions asked for, in the order of time.
func (d *DB) Decisions(ctx context.Context, q store.DecisionQuery) ([]store.Decision, error) {
	var f filter
	f.text("call", q.Call)
	f.text("queue", q.Queue)
	f.span("at", q.From, q.To)
	limit := q.Limit
	if limit <= 0 {
		limit = 1000
	}
	places := func(v *store.Decision) []any { return []any{document[store.Decision]{v}} }
	found, err := query(ctx, d.read, places,
		"SELECT body FROM decisions "+f.clause()+"ORDER BY at DESC, id DESC LIMIT ?", append(f.args, limit)...)
	slices.Reverse(found)
	return found, err
}

// StateAt returns the event by which an agent entered the state she was in at an instant, or store.ErrNotFound.
func (d *DB) StateAt(ctx context.Context, agent string, at time.Time) (store.Event, error) {
	found, err := d.events(ctx, d.read, `WHERE e.kind = 'agent.state' AND e.agent = ?1 AND e.at =
		(SELECT MAX(at) FROM events WHERE kind = 'agent.state' AND agent = ?1 AND at <= ?2)`, agent, at.UnixMicro())
	if err != nil {
		return store.Event{}, err
	}
	if len(found) == 0 {
		return store.Event{}, fmt.Errorf("state of agent %q: %w", agent, store.ErrNotFound)
	}
	return found[len(found)-1], nil
}

// What ranks compare, of callers who entered a queue at an instant or later.
const (
	selectServed = `SELECT agent, connected, ended FROM visits WHERE entered >= ? AND connected IS NOT NULL AND ended IS NOT NULL ORDER BY connected, id`
	selectTurns  = `SELECT queue, agent FROM (SELECT o.queue, o.agent, ROW_NUMBER() OVER (PARTITION BY o.queue ORDER BY o.started DESC, o.id DESC) AS place
		FROM visits v JOIN offers o ON o.call = v.call AND o.visit = v.id WHERE v.entered >= ?) WHERE place = 1 ORDER BY queue`
)

// Restore returns the live state that a start puts back: bindings and sessions that have not expired, all agents, and what ranks
// compare of the last day.
func (d *DB) Restore(ctx context.Context) (store.Saved, error) {
	now, since := d.o.Now().UnixMicro(), d.o.Now().Add(-store.ServedBack).UnixMicro()
	var s store.Saved
	var errs [5]error
	s.Bindings, errs[0] = query(ctx, d.read, bindingPlaces, bindings.selects("WHERE expires > ? ORDER BY aor, contact"), now)
	s.Agents, errs[1] = query(ctx, d.read, agentPlaces, agents.selects("ORDER BY agent"))
	s.Sessions, errs[2] = query(ctx, d.read, sessionPlaces, sessions.selects("WHERE expires > ? ORDER BY session, subject"), now)
	s.Served, errs[3] = query(ctx, d.read, func(c *store.Conversation) []any { return []any{&c.Agent, instant{&c.Connect}, instant{&c.End}} }, selectServed, since)
	s.Turns, errs[4] = query(ctx, d.read, func(t *store.Turn) []any { return []any{&t.Queue, &t.Agent} }, selectTurns, since)
	return s, errors.Join(errs[:]...)
}
