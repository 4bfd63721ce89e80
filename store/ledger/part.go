package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// Books can be cut into parts that add up again: a part has the calls that began in its span, whole, with all that belongs
// to them, and the agents' segments cut at the span's edges.

// Part is the share of a span.
func (b *Books) Part(s Span) *Books {
	out := &Books{Until: b.Until, Repeat: b.Repeat}
	mine := map[string]bool{}
	for _, c := range b.Rows {
		if s.Holds(c.Start) {
			mine[c.ID] = true
			out.Rows = append(out.Rows, c)
		}
	}
	for _, v := range b.Visits {
		if mine[v.Call] {
			out.Visits = append(out.Visits, v)
		}
	}
	for _, o := range b.Offers {
		if mine[o.Call] {
			out.Offers = append(out.Offers, o)
		}
	}
	for _, c := range b.Calls {
		if mine[c.Call] {
			out.Calls = append(out.Calls, c)
		}
	}
	for _, a := range b.Agents {
		if s.Overlap(a.Start, a.End) > 0 {
			a.Start, a.End = later(a.Start, s.From), earlier(a.End, s.To)
			out.Agents = append(out.Agents, a)
		}
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Add takes in another part. Arrange comes after the last one.
func (b *Books) Add(part *Books) {
	b.Rows = append(b.Rows, part.Rows...)
	b.Visits = append(b.Visits, part.Visits...)
	b.Offers = append(b.Offers, part.Offers...)
	b.Calls = append(b.Calls, part.Calls...)
	b.Agents = append(b.Agents, part.Agents...)
}

// Arrange puts books that were added up in order, and makes segments whole that were cut at an edge.
func (b *Books) Arrange() {
	b.order()
	slices.SortFunc(b.Agents, func(x, y AgentSegment) int {
		return cmp.Or(strings.Compare(x.Agent, y.Agent), x.Start.Compare(y.Start))
	})
	whole := b.Agents[:0]
	for _, s := range b.Agents {
		if n := len(whole); n > 0 && whole[n-1].continues(s) {
			whole[n-1].End = s.End
			continue
		}
		whole = append(whole, s)
	}
	b.Agents = whole
}

// continues says whether the next segment is the rest of this one.
func (s AgentSegment) continues(next AgentSegment) bool {
	end := s.End
	s.Start, s.End = next.Start, next.End
	return end.Equal(next.Start) && s == next
}

// order sorts everything but the segments.
func (b *Books) order() {
	slices.SortFunc(b.Rows, func(x, y Call) int { return cmp.Or(x.Start.Compare(y.Start), strings.Compare(x.ID, y.ID)) })
	slices.SortFunc(b.Visits, func(x, y Visit) int { return cmp.Or(x.Enter.Compare(y.Enter), strings.Compare(x.ID, y.ID)) })
	slices.SortFunc(b.Offers, func(x, y Offer) int { return cmp.Or(x.Start.Compare(y.Start), strings.Compare(x.ID, y.ID)) })
}

// Settled says whether nothing that goes on can change the books any more: every call is over, and so is the work after it.
// A part asks the books it is of, which know the agents' segments to the end.
func (b *Books) Settled(of *Books) bool {
	mine := map[string]bool{}
	for _, c := range b.Rows {
		if c.End.IsZero() {
			return false
		}
		mine[c.ID] = true
	}
	for _, s := range of.Agents {
		if s.Bucket == store.WrapUp && mine[s.Call] && !s.End.Before(of.Until) {
			return false
		}
	}
	return true
}

// Last is when the last of the calls ended; zero without any.
func (b *Books) Last() time.Time {
	var last time.Time
	for _, c := range b.Rows {
		last = later(c.End, last)
	}
	return last
}
