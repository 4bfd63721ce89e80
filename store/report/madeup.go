package report

import (
	"context"
	"fmt"
	"time"

	"ringway/store/ledger"
)

// Histories knows which times on record are a sample that never was, as the demo's weeks before its first start. A Ledger
// may be one.
type Histories interface {
	MadeUp(ctx context.Context, now time.Time) ([]ledger.Span, error)
}

// Range is a time within a report's span.
type Range struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// mark notes which part of the span is made up: nobody shall take it for what people did.
func (j *job) mark(ctx context.Context) error {
	h, ok := j.Ledger.(Histories)
	if !ok {
		return nil
	}
	all, err := h.MadeUp(ctx, j.now)
	if err != nil {
		return fmt.Errorf("made-up histories: %w", err)
	}
	for _, s := range all {
		if s.Overlap(j.span.From, j.span.To) == 0 {
			continue
		}
		from, to := s.From, s.To
		if from.Before(j.span.From) {
			from = j.span.From
		}
		if to.After(j.span.To) {
			to = j.span.To
		}
		j.table.MadeUp = append(j.table.MadeUp, Range{from.UTC(), to.UTC()})
	}
	return nil
}

// sample says what of the table is made up, "" where nothing is.
func (t *Table) sample() string {
	if len(t.MadeUp) == 0 {
		return ""
	}
	first, last := t.MadeUp[0], t.MadeUp[len(t.MadeUp)-1]
	if !first.From.After(t.From) && !last.To.Before(t.To) && len(t.MadeUp) == 1 {
		return t.say("Made-up sample history: none of these figures is real.")
	}
	return t.say("Partly a made-up sample history: what is told from %s to %s never was, what came after happened on this switch.",
		stamp(first.From, t.location()), stamp(last.To, t.location()))
}
