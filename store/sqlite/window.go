package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// eventColumns are read through this join; conditions name the events e and the boots b.
const eventColumns = `SELECT b.node, e.seq, b.boot, e.at, e.kind, e.call, e.leg, e.visit, e.offer, e.queue, e.agent,
	e.state, e.reason, COALESCE(e.data, '{}') FROM events e JOIN boots b ON b.id = e.boot `

// reader is a pool or a connection.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (d *DB) events(ctx context.Context, db reader, where string, args ...any) ([]store.Event, error) {
	rows, err := db.QueryContext(ctx, eventColumns+where+" ORDER BY e.at, e.boot, e.seq", args...)
	if err != nil {
		return nil, fmt.Errorf("query events: %w", err)
	}
	return readEvents(rows)
}

// readEvents takes in the rows of eventColumns, and closes them.
func readEvents(rows *sql.Rows) ([]store.Event, error) {
	defer rows.Close()
	var out []store.Event
	for rows.Next() {
		var e store.Event
		var seq int64
		var data sql.RawBytes
		if err := rows.Scan(&e.Node, &seq, &e.Boot, instant{&e.At}, &e.Kind, &e.Call, &e.Leg, &e.Visit, &e.Offer, &e.Queue,
			&e.Agent, &e.State, &e.Reason, &data); err != nil {
			return nil, fmt.Errorf("read event: %w", err)
		}
		e.Seq = uint64(seq)
		if len(data) > 2 {
			if err := (document[map[string]string]{&e.Data}).Scan([]byte(data)); err != nil {
				return nil, fmt.Errorf("read event: %w", err)
			}
		}
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("query events: %w", err)
	}
	return out, nil
}

// Events returns the events of [from, to) in order.
func (d *DB) Events(ctx context.Context, from, to time.Time) ([]store.Event, error) {
	return d.events(ctx, d.read, "WHERE e.at >= ? AND e.at < ?", from.UnixMicro(), to.UnixMicro())
}

// Window returns every event that is needed to account [from, to) exactly, in order:
//
//	         from                        to             to + 24 h
//	──●───────┼────────────────────────────┼──────────────────┤
//	  the last state of each agent before  │ states of agents │
//	all events of calls that were up at from or are named in the window, whenever they happened
//	those of a call that a crash ended before, where it is what an agent's last state was about
//	the starts of their customers' next calls, up to ledger.RepeatWindow after the window
//	starts and stops of nodes, and the last event of each run: not the ends that its successor wrote, which are older
func (d *DB) Window(ctx context.Context, from, to time.Time) ([]store.Event, error) {
	found, err := d.touching(ctx, from, to)
	if err != nil {
		return nil, err
	}
	lo, hi := from.UnixMicro(), to.UnixMicro()
	again, err := d.events(ctx, d.read, repeats, hi, to.Add(ledger.RepeatWindow).UnixMicro(), lo, hi)
	if err != nil {
		return nil, err
	}
	var m merge
	m.add(found)
	m.add(again)
	return m.sorted(), nil
}

// touching is Window without the customers' next calls.
func (d *DB) touching(ctx context.Context, from, to time.Time) ([]store.Event, error) {
	lo, hi, late := from.UnixMicro(), to.UnixMicro(), to.Add(store.Aftermath).UnixMicro()
	before, err := d.events(ctx, d.read, lastStates, lo)
	if err != nil {
		return nil, err
	}
	earliest, busy := lo, []string{}
	for _, e := range before {
		earliest = min(earliest, e.At.UnixMicro())
		if e.Call != "" && e.State != string(store.WrapUp) {
			busy = append(busy, e.Call)
		}
	}
	type part struct {
		where string
		args  []any
	}
	parts := []part{
		{"WHERE e.at >= ? AND e.at < ? AND e.call = ''", []any{lo, hi}},
		{callsTouching, []any{lo, hi, lo, hi, lo, lo, hi, late, hi}},
		{"WHERE e.kind = 'agent.state' AND e.at >= ? AND e.at < ? AND e.call = ''", []any{hi, late}},
		{"WHERE e.kind = 'agent.state' AND e.at >= ? AND e.at < ? AND e.call <> ''", []any{hi, late}},
		{"WHERE e.kind IN ('node.start', 'node.stop') AND e.at >= ? AND e.at < ?", []any{earliest, late}},
		{"JOIN (SELECT DISTINCT boot FROM events WHERE at >= ? AND at < ?) r ON r.boot = e.boot" +
			" WHERE e.seq = (SELECT MAX(seq) FROM events WHERE boot = r.boot AND seq < ?)", []any{earliest, hi, int64(store.ClosingSeq)}},
	}
	if len(busy) > 0 {
		where, args := among("id", busy)
		parts = append(parts, part{"WHERE e.call IN (SELECT id FROM calls WHERE " + where + " AND cause = ? AND ended < ?)",
			append(args, ledger.Crashed, lo)})
	}
	var m merge
	m.add(before)
	for _, p := range parts {
		found, err := d.events(ctx, d.read, p.where, p.args...)
		if err != nil {
			return nil, err
		}
		m.add(found)
	}
	return m.sorted(), nil
}

// lastStates walks the agents by index and takes each one's last state before an instant.
const lastStates = `JOIN (
	WITH RECURSIVE names(agent) AS (
		SELECT MIN(agent) FROM events WHERE kind = 'agent.state'
		UNION ALL
		SELECT (SELECT MIN(e.agent) FROM events e WHERE e.kind = 'agent.state' AND e.agent > names.agent)
		FROM names WHERE names.agent IS NOT NULL)
	SELECT names.agent, (SELECT MAX(e.at) FROM events e
		WHERE e.kind = 'agent.state' AND e.agent = names.agent AND e.at < ?) AS at
	FROM names WHERE names.agent IS NOT NULL) l
	WHERE e.kind = 'agent.state' AND e.agent = l.agent AND e.at = l.at`

// callsTouching selects the events of calls that are named in a window or were up when it began, and of consults in them
// that began later.
const callsTouching = `WHERE e.call <> '' AND e.call IN (
	SELECT call FROM events WHERE at >= ? AND at < ? AND call <> ''
	UNION SELECT id FROM calls WHERE started >= ? AND started < ?
	UNION SELECT id FROM calls WHERE ended >= ? AND started < ?
	UNION SELECT id FROM calls WHERE ended IS NULL
	UNION SELECT k.id FROM calls k JOIN calls p ON p.id = k.parent
		WHERE k.parent <> '' AND k.started >= ? AND k.started < ? AND p.started < ?)`

// repeats selects the beginnings of later calls of the customers who called in a window.
const repeats = `WHERE e.kind IN ('call.start', 'call.kind') AND e.call <> '' AND e.call IN (
	SELECT later.id FROM calls later WHERE later.customer <> '' AND later.started >= ? AND later.started < ? AND later.customer IN (
		SELECT customer FROM calls WHERE started >= ? AND started < ? AND customer <> ''))`

// EventsOf returns every event that is needed to account some calls exactly, in order: theirs and those of their consults, the
// states that agents entered after those about them, and what tells where the runs of the switch ended.
func (d *DB) EventsOf(ctx context.Context, calls []string) ([]store.Event, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	where, args := among("e.call", calls)
	found, err := d.events(ctx, d.read, "WHERE e.call <> '' AND "+where, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	first, last := found[0].At, found[len(found)-1].At
	type state struct {
		Agent string
		At    int64
	}
	var wraps []state
	boots := map[string]bool{}
	for _, e := range found {
		boots[e.Boot] = true
		if e.Kind == store.AgentState && e.State == string(store.WrapUp) {
			wraps = append(wraps, state{e.Agent, e.At.UnixMicro()})
		}
	}
	list, err := json.Marshal(wraps)
	if err != nil {
		return nil, err
	}
	parents, of := among("parent", calls)
	runs, args := among("boot", slices.Collect(maps.Keys(boots)))
	var m merge
	m.add(found)
	for _, p := range []struct {
		where string
		args  []any
	}{
		{nextStates, []any{string(list)}},
		{"WHERE e.call <> '' AND e.call IN (SELECT id FROM calls WHERE parent <> '' AND started >= ? AND started <= ? AND " + parents + ")",
			append([]any{first.UnixMicro(), last.UnixMicro()}, of...)},
		{"WHERE e.kind IN ('node.start', 'node.stop') AND e.at >= ? AND e.at < ?",
			[]any{first.UnixMicro(), last.Add(store.Aftermath).UnixMicro()}},
		{"JOIN (SELECT id FROM boots WHERE " + runs + ") r ON r.id = e.boot WHERE e.seq = (SELECT MAX(seq) FROM events WHERE boot = r.id AND seq < ?)",
			append(args, int64(store.ClosingSeq))},
	} {
		more, err := d.events(ctx, d.read, p.where, p.args...)
		if err != nil {
			return nil, err
		}
		m.add(more)
	}
	return m.sorted(), nil
}

// nextStates are the states that agents entered at some instants, and the one after each.
const nextStates = `JOIN (SELECT s.agent, s.at, COALESCE((SELECT MIN(n.at) FROM events n WHERE n.kind = 'agent.state' AND n.agent = s.agent AND n.at > s.at), s.at) AS next
	FROM (SELECT json_extract(value, '$.Agent') AS agent, json_extract(value, '$.At') AS at FROM json_each(?)) s) l
	WHERE e.kind = 'agent.state' AND e.agent = l.agent AND e.at >= l.at AND e.at <= l.next`

// FirstEvent returns when the oldest event happened, or store.ErrNotFound.
func (d *DB) FirstEvent(ctx context.Context) (time.Time, error) {
	var t time.Time
	err := d.read.QueryRowContext(ctx, "SELECT MIN(at) FROM events").Scan(instant{&t})
	if errors.Is(err, sql.ErrNoRows) || (err == nil && t.IsZero()) {
		return t, fmt.Errorf("first event: %w", store.ErrNotFound)
	}
	return t, err
}
