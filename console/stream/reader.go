package stream

import (
	"context"
	"errors"
	"time"

	"ringway/store"
)

// Reader reads the stream from a place on record, without end. It belongs to one goroutine.
//
//	            behind the ring                in the ring
//	Open ──▶ past ◀─────────────────────────── live
//	           └──────────────────────────────▶
//	             no more on record, and the ring goes on right there
type Reader struct {
	h     *Hub
	w     *waiter
	place store.EventPlace
	owes  time.Time // since when the database lacks what should follow; zero: it does not
	kept  bool      // only what is on record counts
}

const (
	page   = 200                    // events of one look at the past
	poll   = 100 * time.Millisecond // between looks, while the database lacks what should follow
	resume = time.Second            // after the database failed
)

// Open makes a reader that goes on behind a place: the zero place is the oldest event on record. Close it.
func (h *Hub) Open(from store.EventPlace, f Filter) (*Reader, error) {
	w, err := h.join(f)
	if err != nil {
		return nil, err
	}
	return &Reader{h: h, w: w, place: from}, nil
}

// OpenRecord makes a reader that gives only what is on record already: what it gave, a crash can't take back.
func (h *Hub) OpenRecord(from store.EventPlace, f Filter) (*Reader, error) {
	r, err := h.Open(from, f)
	if err == nil {
		r.kept = true
	}
	return r, err
}

// Close ends the reader.
func (r *Reader) Close() { r.h.leave(r.w) }

// Place is what the reader has come to: all that matched before it was returned.
func (r *Reader) Place() store.EventPlace { return r.place }

// Next waits for something and returns up to limit items, or what ended the wait: ctx's error, or ErrClosed.
func (r *Reader) Next(ctx context.Context, limit int) ([]Item, error) {
	limit = max(limit, 2) // a gap and what follows it
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		items, wait := r.step(ctx, limit)
		if len(items) > 0 {
			return items, nil
		}
		if wait == 0 {
			continue
		}
		if err := r.sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// forever waits for a notice only.
const forever = time.Duration(-1)

// sleep waits for a notice, or for so long.
func (r *Reader) sleep(ctx context.Context, d time.Duration) error {
	var after <-chan time.Time
	ready := r.w.ready
	if d != forever {
		t := time.NewTimer(d)
		defer t.Stop()
		after, ready = t.C, nil // notices of new events say nothing about old ones
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-r.h.done:
		return ErrClosed
	case <-ready:
	case <-after:
	}
	return nil
}

// step goes on as far as it can at once. wait says how long until the next step: 0 is now.
func (r *Reader) step(ctx context.Context, limit int) (items []Item, wait time.Duration) {
	if r.place.Boot == r.h.o.Boot && !r.kept {
		found, p, _ := r.h.after(r.place.Seq, limit)
		switch p {
		case live:
			r.owes = time.Time{}
			if len(found) == 0 {
				return nil, forever
			}
			return r.pass(found), 0
		case ahead:
			return r.jump(GapUnknown, r.h.Head()), 0
		}
	}
	return r.past(ctx, limit)
}

// pass takes events that follow each other; it returns those that match.
func (r *Reader) pass(found []*Entry) []Item {
	var items []Item
	for _, e := range found {
		r.place = e.Event.Place()
		if r.w.filter.Matches(&e.Event) {
			items = append(items, Item{Entry: e, ID: r.place})
		}
	}
	return items
}

// jump leaves a gap and goes on behind a place.
func (r *Reader) jump(reason string, to store.EventPlace) []Item {
	next := to
	next.Seq++
	g := &Gap{Reason: reason, After: r.place.String(), Next: next.String()}
	r.place, r.owes = to, time.Time{}
	return []Item{{Gap: g, ID: to}}
}

// past goes on by the record.
func (r *Reader) past(ctx context.Context, limit int) ([]Item, time.Duration) {
	if r.h.o.Past == nil {
		return r.jump(GapUnknown, r.h.Head()), 0
	}
	found, err := r.h.o.Past.EventsAfter(ctx, r.place, min(limit, page))
	switch {
	case errors.Is(err, store.ErrNotFound) && r.place.Boot != r.h.o.Boot:
		return r.jump(GapUnknown, r.h.Head()), 0
	case errors.Is(err, store.ErrNotFound) || err == nil && len(found) == 0:
		return r.edge(ctx)
	case err != nil:
		if ctx.Err() == nil {
			r.h.o.Log.Warn("events can't be read from the record; their readers wait", "err", err)
		}
		return nil, resume
	}
	var items []Item
	for i := range found {
		e := &found[i]
		reason, err := r.breach(ctx, e.Place())
		if err != nil {
			return items, resume
		}
		if reason != "" {
			items = append(items, r.jump(reason, store.EventPlace{Boot: e.Boot, Seq: e.Seq - 1})...)
		}
		items = append(items, r.pass([]*Entry{{Event: *e}})...)
	}
	r.owes = time.Time{}
	return items, 0
}

// edge is the end of the record. Either the ring goes on right here, or the database does not have yet what follows.
func (r *Reader) edge(ctx context.Context) ([]Item, time.Duration) {
	if head := r.h.Head(); r.kept && (r.place == head || head.Seq == 0) {
		return nil, forever
	} else if r.kept {
		return nil, poll
	}
	_, p, first := r.h.after(0, 1)
	start := store.EventPlace{Boot: r.h.o.Boot}
	if p == live && r.place.Boot != start.Boot { // the ring holds this run from its beginning
		reason, err := r.breach(ctx, store.EventPlace{Boot: start.Boot, Seq: 1})
		switch {
		case err != nil:
			return nil, resume
		case reason != "":
			return r.jump(reason, start), 0
		}
		r.place = start
		return nil, 0
	}
	now := time.Now()
	if r.owes.IsZero() {
		r.owes = now
	}
	if now.Sub(r.owes) < r.h.o.Late {
		return nil, poll
	}
	start.Seq = first - 1
	return r.jump(GapLate, start), 0
}

// breach says why next does not follow the reader's place without a gap, "" where it does.
func (r *Reader) breach(ctx context.Context, next store.EventPlace) (string, error) {
	p := r.place
	switch {
	case p.Boot == "": // from the oldest on record, whatever that is
		return "", nil
	case p.Boot == next.Boot && next.Seq == p.Seq+1:
		return "", nil
	case p.Boot == next.Boot && next.Seq >= store.ClosingSeq:
		return GapCrash, nil
	case p.Boot == next.Boot, next.Seq != 1:
		return GapLost, nil
	}
	last, err := r.h.o.Past.LastEvent(ctx, p.Boot)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return GapLost, nil
	case err != nil:
		return "", err
	case last.Seq == p.Seq && (last.Kind == store.NodeStop || last.Seq >= store.ClosingSeq):
		return "", nil
	}
	return GapCrash, nil
}
