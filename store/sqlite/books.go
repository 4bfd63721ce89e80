package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ringway/store"

	"ringway/store/ledger"
)

// partLength is how much of the books one row of ledger_parts holds.
const partLength = 15 * time.Minute

// Parts are made when their span is over for so long: by then the writer has written what happened in it. What comes later
// nevertheless, from a spool, deletes the parts that it changes.
const partSettles = 5 * time.Minute

// packAtOnce bounds how many events Pack holds at once.
const packAtOnce = 3 * time.Hour

// Books opens the books of a span: parts that are packed, and the rest from the events.
func (d *DB) Books(ctx context.Context, r ledger.Request) (*ledger.Books, error) {
	books := &ledger.Books{Until: r.Until, Repeat: r.Repeat}
	packed, err := d.packed(ctx, r, books)
	if err != nil {
		return nil, err
	}
	rest, err := d.unpacked(ctx, r, packed)
	if err != nil {
		return nil, err
	}
	for _, s := range rest {
		all, err := d.build(ctx, s, r.Until)
		if err != nil {
			return nil, err
		}
		books.Add(all.Part(s))
	}
	if err := d.next(ctx, r, books); err != nil {
		return nil, err
	}
	books.Arrange()
	for _, id := range books.Missing() { // few: work over the edges of the span
		found, err := query(ctx, d.read, visitPlaces, visits.selects("WHERE id = ?"), id)
		if err != nil {
			return nil, err
		}
		for _, v := range found {
			books.Elsewhere = append(books.Elsewhere, ledger.Visit{ID: v.ID, Call: v.Call, Queue: v.Queue, Language: v.Language, Region: v.Region})
		}
	}
	return books, nil
}

// part is the beginning of the part that holds an instant.
func part(t time.Time) time.Time { return t.UTC().Truncate(partLength) }

// packed adds the parts that touch the request's span, and says which they are. A part in which something happened at
// Until or later tells too much.
func (d *DB) packed(ctx context.Context, r ledger.Request, books *ledger.Books) (map[time.Time]bool, error) {
	rows, err := d.read.QueryContext(ctx, `SELECT started, body FROM ledger_parts
		WHERE ended >= ? AND started < ? AND ended < ? ORDER BY started`,
		r.From.UnixMicro(), r.To.UnixMicro(), r.Until.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("query books: %w", err)
	}
	defer rows.Close()
	found := map[time.Time]bool{}
	for rows.Next() {
		var at time.Time
		var body []byte
		if err := rows.Scan(instant{&at}, &body); err != nil {
			return nil, fmt.Errorf("read books: %w", err)
		}
		if err := books.Unpack(body); err != nil {
			return nil, fmt.Errorf("books of %s: %w", at, err)
		}
		found[at] = true
	}
	return found, rows.Err()
}

// unpacked are the spans that have to be built from events: those of the request without a part, and those of the calls that
// were up at its beginning.
func (d *DB) unpacked(ctx context.Context, r ledger.Request, packed map[time.Time]bool) ([]ledger.Span, error) {
	var out []ledger.Span
	missing := func(at time.Time) {
		if n := len(out); n > 0 && out[n-1].To.Equal(at) {
			out[n-1].To = at.Add(partLength)
		} else {
			out = append(out, ledger.Span{From: at, To: at.Add(partLength)})
		}
	}
	rows, err := d.read.QueryContext(ctx, `SELECT started FROM calls WHERE ended >= ?1 AND started < ?1
		UNION SELECT started FROM calls WHERE ended IS NULL AND started < ?1 ORDER BY 1`, part(r.From).UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("query calls: %w", err)
	}
	defer rows.Close()
	seen := map[time.Time]bool{}
	for rows.Next() {
		var at time.Time
		if err := rows.Scan(instant{&at}); err != nil {
			return nil, fmt.Errorf("read calls: %w", err)
		}
		if at = part(at); !packed[at] && !seen[at] {
			seen[at] = true
			missing(at)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	end := r.To
	if r.Until.Before(end) {
		end = r.Until
	}
	begin, err := d.FirstEvent(ctx) // before it there is nothing
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	} else if err != nil {
		return nil, err
	}
	if begin.Before(r.From) {
		begin = r.From
	}
	for at := part(begin); at.Before(end); at = at.Add(partLength) {
		if !packed[at] {
			missing(at)
		}
	}
	return out, nil
}

// build keeps the books of a span from the events, with what the rows of visits know besides.
func (d *DB) build(ctx context.Context, s ledger.Span, until time.Time) (*ledger.Books, error) {
	events, err := d.touching(ctx, s.From, s.To)
	if err != nil {
		return nil, err
	}
	books := ledger.Build(events, until)
	for i := range books.Agents {
		if err := d.contact(ctx, &books.Agents[i]); err != nil {
			return nil, err
		}
	}
	if len(books.Visits) == 0 {
		return books, nil
	}
	first, last := books.Visits[0].Enter, books.Visits[len(books.Visits)-1].Enter
	rows, err := d.read.QueryContext(ctx, "SELECT id, language, region FROM visits WHERE entered >= ? AND entered <= ?",
		first.UnixMicro(), last.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("query visits: %w", err)
	}
	defer rows.Close()
	known := map[string][2]string{}
	for rows.Next() {
		var id string
		var p [2]string
		if err := rows.Scan(&id, &p[0], &p[1]); err != nil {
			return nil, fmt.Errorf("read visits: %w", err)
		}
		known[id] = p
	}
	for i, v := range books.Visits {
		p := known[v.ID]
		books.Visits[i].Language, books.Visits[i].Region = p[0], p[1]
	}
	return books, rows.Err()
}

// contact finds the visit that an agent's segment is about where its call was over before the span: few are.
func (d *DB) contact(ctx context.Context, s *ledger.AgentSegment) error {
	if s.Visit != "" || s.Call == "" || s.Queue == "" {
		return nil
	}
	found, err := query(ctx, d.read, visitPlaces, visits.selects("WHERE call = ? AND agent = ? AND connected <= ? ORDER BY connected DESC LIMIT 1"),
		s.Call, s.Agent, s.Start.UnixMicro())
	if err == nil && len(found) > 0 {
		s.Visit = found[0].ID
	}
	return err
}

// next adds the next call, after the span, of each customer who called in it.
func (d *DB) next(ctx context.Context, r ledger.Request, books *ledger.Books) error {
	end := r.To.Add(r.Window() + time.Microsecond)
	if r.Until.Before(end) {
		end = r.Until
	}
	from := part(r.To)
	if from.Before(r.To) {
		from = from.Add(partLength) // the part that holds To is in the books
	}
	if !from.Before(end) {
		return nil
	}
	rows, err := d.read.QueryContext(ctx, `SELECT customer, MIN(started) FROM calls
		WHERE customer <> '' AND kind = 'customer' AND parent = '' AND started >= ? AND started < ? GROUP BY customer`,
		from.UnixMicro(), end.UnixMicro())
	if err != nil {
		return fmt.Errorf("query repeats: %w", err)
	}
	defer rows.Close()
	called := map[string]bool{}
	for _, c := range books.Rows {
		called[c.Customer] = true
	}
	for rows.Next() {
		var customer string
		var at time.Time
		if err := rows.Scan(&customer, instant{&at}); err != nil {
			return fmt.Errorf("read repeats: %w", err)
		}
		if called[customer] {
			books.Rows = append(books.Rows, ledger.Call{ID: "next " + customer, Customer: customer, Kind: "customer", Start: at, End: at})
		}
	}
	return rows.Err()
}

// Pack writes the parts up to now that are settled and not written yet, those since from at least. It may be repeated.
func (d *DB) Pack(ctx context.Context, from, now time.Time) error {
	from, err := d.unwritten(ctx, from)
	if err != nil {
		return err
	}
	for from = part(from); ; {
		to := from.Add(packAtOnce)
		if last := part(now.Add(-partSettles)); to.After(last) {
			to = last
		}
		if !from.Before(to) {
			return nil
		}
		if err := d.pack(ctx, ledger.Span{From: from, To: to}, now); err != nil {
			return err
		}
		from = to
	}
}

// unwritten is where parts may be missing: from, or where the written ones end, or the first event.
func (d *DB) unwritten(ctx context.Context, from time.Time) (time.Time, error) {
	d.mu.Lock()
	settled := d.settled
	d.mu.Unlock()
	if settled.IsZero() {
		first, err := d.FirstEvent(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return from, nil
		}
		if err != nil {
			return from, err
		}
		settled = first
	}
	if settled.Before(from) {
		return settled, nil
	}
	return from, nil
}

func (d *DB) pack(ctx context.Context, s ledger.Span, now time.Time) error {
	have, err := d.packed(ctx, ledger.Request{From: s.From, To: s.To, Until: now}, &ledger.Books{})
	if err != nil {
		return err
	}
	for s.From.Before(s.To) && have[s.From] {
		s.From = s.From.Add(partLength)
	}
	if !s.From.Before(s.To) {
		return nil
	}
	all, err := d.build(ctx, s, now)
	if err != nil {
		return err
	}
	return d.transact(ctx, func() error {
		for _, piece := range s.Split(partLength) {
			p := all.Part(piece)
			if have[piece.From] || !p.Settled(all) {
				continue
			}
			ended := piece.To
			if last := p.Last(); last.After(ended) {
				ended = last
			}
			if err := d.exec("INSERT INTO ledger_parts VALUES (?, ?, ?) ON CONFLICT DO NOTHING", piece.From.UnixMicro(), ended.UnixMicro(), p.Pack()); err != nil {
				return err
			}
			if piece.To.After(d.settled) {
				d.settled = piece.To
			}
		}
		return nil
	})
}

// unsettle deletes the parts that a late event changes.
func (d *DB) unsettle(at time.Time, call string) error {
	if call != "" {
		var started time.Time
		row := d.conn.QueryRowContext(context.Background(), "SELECT MIN(started) FROM calls WHERE id = ?1 OR id = (SELECT parent FROM calls WHERE id = ?1)", call)
		if err := row.Scan(instant{&started}); err != nil {
			return err
		}
		if !started.IsZero() && started.Before(at) {
			at = started
		}
	}
	at = part(at)
	if err := d.exec("DELETE FROM ledger_parts WHERE started >= ?", at.UnixMicro()); err != nil {
		return err
	}
	d.settled = at
	return nil
}
