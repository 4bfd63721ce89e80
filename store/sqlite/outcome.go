package sqlite

import (
	"context"
	"time"

	"ringway/store"
)

var outcomes = table{name: "call_outcomes", keys: 2, guard: "excluded.at >= %[1]s.at", columns: columns("call agent queue code sub at")}

func outcomePlaces(o *store.CallOutcome) []any {
	return []any{&o.Call, &o.Agent, &o.Queue, &o.Code, &o.Sub, instant{&o.At}}
}

var notes = table{name: "call_notes", keys: 2, guard: "excluded.at >= %[1]s.at", columns: columns("call agent customer text at")}

func notePlaces(n *store.CallNote) []any {
	return []any{&n.Call, &n.Agent, &n.Customer, &n.Text, instant{&n.At}}
}

// Outcomes lists what agents said of a call, the latest last.
func (d *DB) Outcomes(ctx context.Context, call string) ([]store.CallOutcome, error) {
	return query(ctx, d.read, outcomePlaces, outcomes.selects("WHERE call = ? ORDER BY at, agent"), call)
}

// OutcomesOf lists what agents said of some calls, the latest last.
func (d *DB) OutcomesOf(ctx context.Context, calls []string) ([]store.CallOutcome, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	where, args := among("call", calls)
	return query(ctx, d.read, outcomePlaces, outcomes.selects("WHERE "+where+" ORDER BY at, call, agent"), args...)
}

// Notes lists what agents wrote of a call, the latest last.
func (d *DB) Notes(ctx context.Context, call string) ([]store.CallNote, error) {
	return query(ctx, d.read, notePlaces, notes.selects("WHERE call = ? ORDER BY at, agent"), call)
}

// OutcomesBetween lists what agents said of calls in [from, to), in the order of time: what the report of dispositions counts.
func (d *DB) OutcomesBetween(ctx context.Context, from, to time.Time) ([]store.CallOutcome, error) {
	return query(ctx, d.read, outcomePlaces, outcomes.selects("WHERE at >= ? AND at < ? ORDER BY at, call, agent"), from.UnixMicro(), to.UnixMicro())
}

// pastCalls finds the last calls of a customer by calls_customer; what belongs to each is found by its keys.
const pastCalls = `SELECT c.id, c.started, COALESCE(v.queue, ''), COALESCE(v.agent, ''), COALESCE(o.code, ''), COALESCE(o.sub, ''),
		COALESCE(v.ended - v.connected, c.ended - c.started, 0) * 1000, COALESCE(n.text, '')
	FROM (SELECT id, started, ended FROM calls WHERE customer = ?1 AND customer <> '' AND id <> ?2 AND kind = 'customer'
		ORDER BY started DESC LIMIT ?3) c
	LEFT JOIN visits v ON v.id = (SELECT id FROM visits WHERE call = c.id AND connected IS NOT NULL ORDER BY connected DESC LIMIT 1)
	LEFT JOIN call_outcomes o ON o.call = c.id AND o.agent = v.agent
	LEFT JOIN call_notes n ON n.call = c.id AND n.agent = v.agent
	ORDER BY c.started DESC`

// PastCalls lists the last calls of a customer but one, newest first.
func (d *DB) PastCalls(ctx context.Context, customer, but string, limit int) ([]store.PastCall, error) {
	places := func(p *store.PastCall) []any {
		return []any{&p.Call, instant{&p.Start}, &p.Queue, &p.Agent, &p.Code, &p.Sub, &p.Duration, &p.Note}
	}
	return query(ctx, d.read, places, pastCalls, customer, but, limit)
}
