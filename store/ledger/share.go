package ledger

import (
	"slices"
	"time"

	"ringway/store"
)

// Share is what a conversation, a wait or a call has in a figure that is a sum: what a list of them says of each.
type Share string

// Shares of visits, each with its whole length.
const (
	WaitShare     Share = "wait"
	TalkShare     Share = "talk"
	HoldShare     Share = "hold" // consulting included
	WrapUpShare   Share = "wrap_up"
	HandlingShare Share = "handling" // talk + hold + wrap-up
	RatingShare   Share = "rating"   // no length: what the caller gave
)

// Shares of visits that are cut at a span have the names of the queues' figures.
const (
	QueueTime  Share = "queue_time"
	RingTime   Share = "ring_time"
	TalkTime   Share = "talk_time"
	HoldTime   Share = "hold_time"
	WrapUpTime Share = "wrap_up_time"
)

// CallTime is the share of calls that is cut at a span.
const CallTime Share = "call_time"

// CallTimeIn is the share of calls that they were in one bucket.
func CallTimeIn(b CallBucket) Share { return CallTime + "_" + Share(b) }

// callShares are the buckets of the shares of calls.
var callShares = func() map[Share]CallBucket {
	out := map[Share]CallBucket{CallTime: ""}
	for _, b := range CallBuckets {
		out[CallTimeIn(b)] = b
	}
	return out
}()

// visitShares are the buckets of the shares of visits that are cut at a span.
var visitShares = map[Share][]CallBucket{QueueTime: {Queue}, RingTime: {Ringing}, TalkTime: {Talk}, HoldTime: {Hold, Consult}}

// Known says whether there is such a share.
func (s Share) Known() bool {
	switch s {
	case WaitShare, TalkShare, HoldShare, WrapUpShare, HandlingShare, RatingShare, WrapUpTime:
		return true
	}
	_, visits := visitShares[s]
	return visits || s.OfCalls()
}

// OfCalls says whether calls have it, and not visits.
func (s Share) OfCalls() bool {
	_, ok := callShares[s]
	return ok
}

// Shares says what each visit, or each call, of the books has: by identifier, in seconds, or as a rating. Only what is cut
// looks at the spans, which do not overlap. What has nothing is left out where the share is cut, and where it is a rating.
func (b *Books) Shares(s Share, in ...Span) map[string]float64 {
	if s.OfCalls() {
		return b.callShares(callShares[s], in)
	}
	out := map[string]float64{}
	if buckets, cut := visitShares[s]; cut {
		for _, c := range b.Calls {
			if d := overlap(in, c.Start, c.End); c.Visit != "" && d > 0 && slices.Contains(buckets, c.Bucket) {
				out[c.Visit] += d.Seconds()
			}
		}
		return out
	}
	if s == WrapUpTime {
		for _, a := range b.Agents {
			if d := overlap(in, a.Start, a.End); a.Bucket == store.WrapUp && a.Queue != "" && d > 0 {
				out[a.Visit] += d.Seconds()
			}
		}
		return out
	}
	handled, rated := b.handlings(), b.ratings()
	for _, v := range b.Visits {
		if c, ok := rated[v.Call]; s == RatingShare && ok {
			out[v.ID] = c.Rating
		} else if s != RatingShare {
			out[v.ID] = v.share(s, handled[v.ID], b.Until).Seconds()
		}
	}
	return out
}

// overlap is how much of [start, end) lies in some spans.
func overlap(in []Span, start, end time.Time) (sum time.Duration) {
	for _, s := range in {
		sum += s.Overlap(start, end)
	}
	return sum
}

// share is a visit's whole length of something.
func (v Visit) share(s Share, h *handling, until time.Time) time.Duration {
	if h == nil {
		h = &handling{}
	}
	switch s {
	case WaitShare:
		return v.Wait(until)
	case TalkShare:
		return h.talk
	case HoldShare:
		return h.hold
	case WrapUpShare:
		return h.wrap
	}
	return h.talk + h.hold + h.wrap
}

// callShares are those of calls: in one bucket, or whole.
func (b *Books) callShares(bucket CallBucket, in []Span) map[string]float64 {
	out := map[string]float64{}
	if bucket == "" {
		for _, c := range b.Rows {
			end := c.End
			if end.IsZero() {
				end = b.Until
			}
			if d := overlap(in, c.Start, end); d > 0 {
				out[c.ID] = d.Seconds()
			}
		}
		return out
	}
	for _, c := range b.Calls {
		if d := overlap(in, c.Start, c.End); c.Bucket == bucket && d > 0 {
			out[c.Call] += d.Seconds()
		}
	}
	return out
}
