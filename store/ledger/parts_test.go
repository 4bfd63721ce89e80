package ledger_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ringway/store/ledger"
)

// What packed books say, cut into parts and put together again, is what the books say.
func TestPartsAddUpToTheBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := day(t)
		whole := ledger.Span{From: t0.Add(-2 * time.Hour), To: t0.Add(8 * time.Hour)}
		sum := &ledger.Books{Until: b.Until}
		for _, piece := range whole.Split(15 * time.Minute) {
			if err := sum.Unpack(b.Part(piece).Pack()); err != nil {
				t.Fatal(err)
			}
		}
		sum.Arrange()
		for _, s := range append(whole.Split(17*time.Minute), whole) {
			got, want := everything(sum, s), everything(b, s)
			for name, v := range want {
				if got[name] != v {
					t.Fatalf("%v: of %s the parts say %g, the books %g", s, name, got[name], v)
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%v: the parts have %d figures, the books %d", s, len(got), len(want))
			}
		}
	})
}

// everything are all figures of a span, by subject and name.
func everything(b *ledger.Books, s ledger.Span) map[string]float64 {
	out := map[string]float64{}
	put := func(subject string, figures []ledger.Figure) {
		for _, f := range figures {
			if f.Known {
				out[subject+" "+f.Name] = f.Value
			}
		}
	}
	for _, q := range b.QueueTallies(s) {
		put("queue "+q.Queue, q.Figures())
	}
	for _, a := range b.AgentTallies(s) {
		put("agent "+a.Agent, a.Figures())
	}
	c := b.CustomerCalls(s)
	put("calls", c.Figures())
	return out
}

// Tallies of pieces, merged, are the tally of the whole; one walk over many spans says what one walk for each says.
func TestPiecesMergeToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := day(t)
		whole := ledger.Span{From: t0.Add(-time.Hour), To: t0.Add(6 * time.Hour)}
		if b.Until.Before(whole.To) { // nobody tallies the future
			whole.To = b.Until
		}
		if !whole.From.Before(whole.To) {
			return
		}
		pieces := whole.Split(time.Duration(7+dice{t}.IntN(90)) * time.Minute)
		queues, agents := map[string]*ledger.QueueTally{}, map[string]*ledger.AgentTally{}
		calls := b.CustomerCalls(pieces[0])
		for i, tallies := range b.Tally(pieces, ledger.ByQueue) {
			if i > 0 {
				calls.Merge(b.CustomerCalls(pieces[i]))
			}
			seen := map[string]bool{}
			for _, q := range tallies {
				seen[q.Queue] = true
				if queues[q.Queue] == nil {
					queues[q.Queue] = &ledger.QueueTally{Queue: q.Queue, Span: pieces[0]}
				}
				queues[q.Queue].Merge(q)
			}
			for name, q := range queues {
				if !seen[name] {
					q.Merge(ledger.QueueTally{Span: pieces[i]})
				}
			}
			seen = map[string]bool{}
			for _, a := range b.AgentTallies(pieces[i]) {
				seen[a.Agent] = true
				if agents[a.Agent] == nil {
					agents[a.Agent] = &a
				} else {
					agents[a.Agent].Merge(a)
				}
			}
			for name, a := range agents {
				if !seen[name] {
					a.Merge(ledger.AgentTally{Span: pieces[i], Until: a.Until})
				}
			}
		}
		for _, q := range b.QueueTallies(whole) {
			if m := queues[q.Queue]; m != nil {
				same(t, "queue "+q.Queue, m.Figures(), q.Figures())
			}
		}
		for _, a := range b.AgentTallies(whole) {
			same(t, "agent "+a.Agent, agents[a.Agent].Figures(), a.Figures())
		}
		c := b.CustomerCalls(whole)
		same(t, "calls", calls.Figures(), c.Figures())
	})
}

func same(t *rapid.T, what string, got, want []ledger.Figure) {
	t.Helper()
	byName := func(a, b ledger.Figure) int { return compareText(a.Name, b.Name) }
	slices.SortFunc(got, byName)
	slices.SortFunc(want, byName)
	for i, w := range want {
		if i >= len(got) || got[i].Name != w.Name || got[i].Known != w.Known || math.Abs(got[i].Value-w.Value) > 1e-6 {
			t.Fatalf("%s: merged %+v, whole %+v", what, got[min(i, len(got)-1)], w)
		}
	}
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Damaged books are an error, never a panic and never a large allocation.
func TestDamagedBooksAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		packed := day(t).Pack()
		at := dice{t}.IntN(len(packed))
		switch n := (dice{t}).IntN(3); n {
		case 0:
			packed = packed[:at]
		case 1:
			packed[at] ^= byte(1 + dice{t}.IntN(255))
		default:
			packed = append(packed, 0)
		}
		var b ledger.Books
		b.Unpack(packed) //nolint:errcheck // some changes still make sense
	})
	var b ledger.Books
	for _, text := range []string{"", "\x00", "\x01\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x02\x00\x00\x00\x00\x00\x00"} {
		if err := b.Unpack([]byte(text)); err == nil {
			t.Errorf("%q is taken for books", text)
		}
	}
}
