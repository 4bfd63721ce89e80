package ledger_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/storetest"
)

// dice takes its numbers from a property test, so that a failure shrinks.
type dice struct{ t *rapid.T }

func (d dice) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "dice") }

// day is some traffic and its books at some instant.
func day(t *rapid.T) *ledger.Books {
	traffic := storetest.Traffic{Dice: dice{t}, Start: t0, Agents: 1 + dice{t}.IntN(3), Episodes: 1 + dice{t}.IntN(4), Loners: dice{t}.IntN(5), HandsOn: true}
	if (dice{t}).IntN(3) == 0 { // the node is lost and comes back
		traffic.Crash = t0.Add(time.Duration(10+dice{t}.IntN(50)) * time.Minute)
	}
	var events []store.Event
	for _, r := range traffic.Records() {
		if r.Event != nil {
			e := *r.Event
			e.At = e.At.Truncate(time.Microsecond) // as on record
			events = append(events, e)
		}
	}
	if !traffic.Crash.IsZero() {
		events = append(events, closedAfter(t, events)...)
	}
	return ledger.Build(rapid.Permutation(events).Draw(t, "order"), t0.Add(time.Duration(dice{t}.IntN(7200))*time.Second))
}

// closedAfter are the ends of calls that the crash left open, as the next start of the switch writes them.
func closedAfter(t *rapid.T, events []store.Event) []store.Event {
	byCall, over, last := map[string][]store.Event{}, map[string]bool{}, map[string]uint64{}
	for _, e := range events {
		if e.Call != "" {
			byCall[e.Call] = append(byCall[e.Call], e)
			over[e.Call] = over[e.Call] || e.Kind == store.CallEnd
		}
		last[e.Boot] = max(last[e.Boot], e.Seq)
	}
	closer := ledger.Closer{Last: func(_, boot string) (uint64, error) { return last[boot], nil }}
	var out []store.Event
	for _, call := range slices.Sorted(maps.Keys(byCall)) {
		if over[call] {
			continue
		}
		ends, err := closer.Interrupted(call, byCall[call])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, ends...)
	}
	return out
}

func TestTheBooksBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := day(t)
		agentsTouch(t, b)
		callsAddUp(t, b)
		viewsAgree(t, b)
		spansAddUp(t, b)
	})
}

// agentsTouch: an agent's segments follow each other without gap or overlap, and her buckets add up to logged-in time.
func agentsTouch(t *rapid.T, b *ledger.Books) {
	all := ledger.Span{From: t0, To: b.Until}
	lengths := map[string]time.Duration{}
	for i, s := range b.Agents {
		if i > 0 && b.Agents[i-1].Agent == s.Agent && !b.Agents[i-1].End.Equal(s.Start) {
			t.Fatalf("%s: %s is followed by %s", s.Agent, b.Agents[i-1].End, s.Start)
		}
		if s.Bucket != store.Offline {
			lengths[s.Agent] += s.End.Sub(s.Start)
		}
	}
	for _, a := range b.AgentTallies(all) {
		var sum time.Duration
		for _, bucket := range ledger.AgentBuckets[1:] {
			sum += a.Time[bucket]
		}
		if sum != a.LoggedIn() || sum != lengths[a.Agent] {
			t.Fatalf("%s: buckets sum to %s, logged in %s, segments %s", a.Agent, sum, a.LoggedIn(), lengths[a.Agent])
		}
	}
}

// callsAddUp: a call's segments touch and sum to its length.
func callsAddUp(t *rapid.T, b *ledger.Books) {
	sums := map[string]time.Duration{}
	for i, s := range b.Calls {
		if i > 0 && b.Calls[i-1].Call == s.Call && !b.Calls[i-1].End.Equal(s.Start) {
			t.Fatalf("%s: a gap at %s", s.Call, s.Start)
		}
		sums[s.Call] += s.End.Sub(s.Start)
	}
	for _, c := range b.Rows {
		end := c.End
		if end.IsZero() {
			end = b.Until
		}
		if sums[c.ID] != end.Sub(c.Start) {
			t.Fatalf("%s lasts %s and its segments sum to %s", c.ID, end.Sub(c.Start), sums[c.ID])
		}
	}
}

// viewsAgree: what the queues say of conversations is what the agents say.
func viewsAgree(t *rapid.T, b *ledger.Books) {
	s := ledger.Span{From: t0.Add(20 * time.Minute), To: t0.Add(50 * time.Minute)}
	queues := b.QueueTallies(s)[0]
	var talk, hold, wrap time.Duration
	var handled, offers int
	for _, a := range b.AgentTallies(s) {
		talk, hold, wrap = talk+a.Time[store.Talk], hold+a.Time[store.Hold]+a.Time[store.Consult], wrap+a.Time[store.WrapUp]
		handled, offers = handled+a.Work.Handled, offers+a.Offers.Made
	}
	if talk != queues.Time[ledger.Talk] || hold != queues.Time[ledger.Hold]+queues.Time[ledger.Consult] || wrap != queues.Wrap {
		t.Fatalf("queues: talk %s, hold %s, wrap-up %s; agents: %s, %s, %s", queues.Time[ledger.Talk],
			queues.Time[ledger.Hold]+queues.Time[ledger.Consult], queues.Wrap, talk, hold, wrap)
	}
	if handled != queues.Work.Handled || offers != queues.Offers.Made {
		t.Fatalf("queues: %d handled, %d offers; agents: %d, %d", queues.Work.Handled, queues.Offers.Made, handled, offers)
	}
	a := queues.Arrived
	if a.Offered() != a.Answered+a.Abandoned+a.FlowOut+a.Waiting || queues.Ended.Waiting != 0 {
		t.Fatalf("offered does not add up: %+v, by end %+v", a, queues.Ended)
	}
}

// spansAddUp: the hours of a day sum to the day.
func spansAddUp(t *rapid.T, b *ledger.Books) {
	whole := ledger.Span{From: t0.Add(-time.Hour), To: t0.Add(5 * time.Hour)}
	total := b.QueueTallies(whole)[0]
	var talk, wrap time.Duration
	var offered, ended int
	for _, p := range whole.Split(17 * time.Minute) {
		q := b.QueueTallies(p)[0]
		talk, wrap = talk+q.Time[ledger.Talk], wrap+q.Wrap
		offered, ended = offered+q.Arrived.Offered(), ended+q.Ended.Offered()
	}
	if talk != total.Time[ledger.Talk] || wrap != total.Wrap || offered != total.Arrived.Offered() || ended != total.Ended.Offered() {
		t.Fatalf("pieces: %s %s %d %d, whole: %s %s %d %d", talk, wrap, offered, ended, total.Time[ledger.Talk], total.Wrap,
			total.Arrived.Offered(), total.Ended.Offered())
	}
}
