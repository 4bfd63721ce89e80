package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"ringway/console/stream"
	"ringway/store"
	"ringway/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func event(boot string, seq uint64) store.Event {
	return store.Event{Node: "n", Boot: boot, Seq: seq, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Kind: store.AgentState,
		Agent: "mei", State: "talk"}
}

// node is a switch as the stream sees it: runs, whose events come to the hub at once and on record when commit is called.
type node struct {
	t    testing.TB
	db   *memory.DB
	hub  *stream.Hub
	size int
	runs int
	boot string

	mu      sync.Mutex
	seq     uint64
	waiting []store.Event // for commit
}

func start(t testing.TB, size int) *node {
	n := &node{t: t, db: memory.New(), size: size}
	n.boots()
	t.Cleanup(func() { n.hub.Close() })
	return n
}

// boots begins the next run.
func (n *node) boots() {
	if n.hub != nil {
		n.hub.Close()
	}
	n.runs++
	n.boot, n.seq, n.waiting = fmt.Sprint("boot", n.runs), 0, nil
	n.hub = stream.New(stream.Options{Boot: n.boot, Past: n.db, Size: n.size, Pause: time.Microsecond, Late: 50 * time.Millisecond})
	n.emit(store.Event{Kind: store.NodeStart, Reason: "v1"})
}

func (n *node) emit(e store.Event) store.EventPlace {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seq++
	base := event(n.boot, n.seq)
	e.Node, e.Boot, e.Seq, e.At = base.Node, base.Boot, base.Seq, base.At
	n.hub.Post(e)
	n.waiting = append(n.waiting, e)
	return e.Place()
}

func (n *node) agent(id string) store.EventPlace {
	return n.emit(store.Event{Kind: store.AgentState, Agent: id, State: "talk"})
}

// commit brings to record what waits, but for the last ones.
func (n *node) commit(but int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := max(len(n.waiting)-but, 0)
	var rs []store.Record
	for _, e := range n.waiting[:k] {
		rs = append(rs, store.Record{Event: &e})
	}
	n.waiting = n.waiting[k:]
	if err := n.db.Save(context.Background(), rs); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) stops() {
	n.emit(store.Event{Kind: store.NodeStop})
	n.commit(0)
}

// place is where a client stands: all it keeps between two connections.
type client struct {
	t     testing.TB
	at    store.EventPlace
	got   []string
	gaps  []stream.Gap
	limit int
}

// reads connects, takes items until it has seen the place (or n items, where n is not 0), and disconnects.
func (c *client) reads(h *stream.Hub, until store.EventPlace, n int) {
	c.t.Helper()
	r, err := h.Open(c.at, stream.Filter{})
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Close()
	c.takes(r, until, n)
}

func (c *client) takes(r *stream.Reader, until store.EventPlace, n int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for c.at != until {
		items, err := r.Next(ctx, max(c.limit, 1))
		if err != nil {
			c.t.Fatalf("at %v, waiting for %v: %v", c.at, until, err)
		}
		for _, i := range items {
			c.at = i.ID
			if i.Gap != nil {
				c.gaps = append(c.gaps, *i.Gap)
			} else {
				c.got = append(c.got, i.Event.Place().String())
			}
			if n--; n == 0 {
				return // the connection breaks in the middle of what was sent
			}
		}
	}
}

func places(boot string, from, to uint64) (out []string) {
	for s := from; s <= to; s++ {
		out = append(out, store.EventPlace{Boot: boot, Seq: s}.String())
	}
	return out
}

// Whatever the order of events, commits, disconnects, clean restarts, and however small the memory: a client that goes on
// from where it was sees each event once, in order, and no gap.
func TestResumeHasNoGapAndNoDuplicate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := start(t, rapid.IntRange(4, 16).Draw(rt, "size"))
		c := &client{t: t, limit: rapid.IntRange(1, 9).Draw(rt, "limit")}
		var want []string
		head := store.EventPlace{Boot: n.boot, Seq: 1}
		want = append(want, head.String())
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0, 1:
				for range rapid.IntRange(1, 30).Draw(rt, "events") {
					head = n.agent("mei")
					want = append(want, head.String())
				}
				n.commit(rapid.IntRange(0, n.size-1).Draw(rt, "not yet on record"))
			case 2:
				n.commit(0)
			case 3:
				c.reads(n.hub, head, rapid.IntRange(1, 40).Draw(rt, "items"))
			case 4:
				c.reads(n.hub, head, 0)
			case 5:
				n.stops()
				want = append(want, store.EventPlace{Boot: n.boot, Seq: head.Seq + 1}.String())
				n.boots()
				head = store.EventPlace{Boot: n.boot, Seq: 1}
				want = append(want, head.String())
			}
		}
		c.reads(n.hub, head, 0)
		if !slices.Equal(c.got, want) || len(c.gaps) > 0 {
			rt.Fatalf("got  %v\nwant %v\ngaps %v", c.got, want, c.gaps)
		}
		n.hub.Close()
	})
}

// A reader that stays connected while another goroutine records sees the same.
func TestReadingWhileRecording(t *testing.T) {
	n := start(t, 64)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 20_000 {
			n.agent("mei")
			if i%40 == 0 {
				n.commit(0)
			}
		}
		n.commit(0)
	}()
	c := &client{t: t, limit: 50}
	c.reads(n.hub, store.EventPlace{Boot: n.boot, Seq: 20_001}, 0)
	<-done
	if !slices.Equal(c.got, places(n.boot, 1, 20_001)) || len(c.gaps) > 0 {
		t.Errorf("%d events, gaps %v", len(c.got), c.gaps)
	}
}

func TestGaps(t *testing.T) {
	last := func(c *client) string {
		if len(c.gaps) != 1 {
			return fmt.Sprint(c.gaps)
		}
		return fmt.Sprintf("%s %s %s", c.gaps[0].Reason, c.gaps[0].After, c.gaps[0].Next)
	}
	for name, story := range map[string]struct {
		tell func(n *node, c *client) store.EventPlace
		want string
	}{
		"a crash takes what was seen but not recorded": {func(n *node, c *client) store.EventPlace {
			n.commit(0)
			c.reads(n.hub, n.agent("mei"), 0)
			n.boots()
			return store.EventPlace{Boot: n.boot, Seq: 1}
		}, "crash boot1.2 boot2.1"},
		"a crash is told even where nothing is known to be missing": {func(n *node, c *client) store.EventPlace {
			n.commit(0)
			c.reads(n.hub, store.EventPlace{Boot: n.boot, Seq: 1}, 0)
			n.boots()
			return store.EventPlace{Boot: n.boot, Seq: 1}
		}, "crash boot1.1 boot2.1"},
		"the ends that a start writes for a crashed run": {func(n *node, c *client) store.EventPlace {
			n.commit(0)
			c.reads(n.hub, n.agent("mei"), 0)
			closing := event(n.boot, store.ClosingSeq)
			n.waiting = []store.Event{closing}
			n.commit(0)
			n.boots()
			return store.EventPlace{Boot: n.boot, Seq: 1}
		}, "crash boot1.2 boot1.4611686018427387904"},
		"records given up while the database was away": {func(n *node, c *client) store.EventPlace {
			n.commit(0)
			for range 5 {
				n.agent("mei")
			}
			n.waiting = n.waiting[2:]
			for range 20 {
				n.agent("mei")
			}
			head := n.agent("mei")
			n.commit(0)
			return head
		}, "lost boot1.1 boot1.4"},
		"an id that nobody gave": {func(n *node, c *client) store.EventPlace {
			n.commit(0)
			c.at = store.EventPlace{Boot: "other", Seq: 7}
			n.agent("mei")
			c.reads(n.hub, store.EventPlace{Boot: n.boot, Seq: 2}, 1)
			return n.agent("mei")
		}, "unknown other.7 boot1.3"},
		"an id of this run that it has not come to": {func(n *node, c *client) store.EventPlace {
			c.at = store.EventPlace{Boot: n.boot, Seq: 99}
			c.reads(n.hub, store.EventPlace{Boot: n.boot, Seq: 1}, 1)
			return n.agent("mei")
		}, "unknown boot1.99 boot1.2"},
		"a database that does not take anything for long": {func(n *node, c *client) store.EventPlace {
			for range 20 {
				n.agent("mei")
			}
			return n.agent("mei")
		}, "late  boot1.15"},
	} {
		t.Run(name, func(t *testing.T) {
			n, c := start(t, 8), &client{t: t}
			c.reads(n.hub, story.tell(n, c), 0)
			if got := last(c); got != story.want {
				t.Errorf("got %q, want %q", got, story.want)
			}
		})
	}
}

// What a reader of the record gave can't be taken back by a crash.
func TestReaderOfTheRecord(t *testing.T) {
	n := start(t, 8)
	r, err := n.hub.OpenRecord(store.EventPlace{}, stream.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n.agent("mei")
	n.commit(1)
	c := &client{t: t}
	c.takes(r, store.EventPlace{Boot: n.boot, Seq: 1}, 0)
	short, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
	defer cancel()
	if items, err := r.Next(short, 10); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("gave %v, %v, which is not on record", items, err)
	}
	for range 30 {
		n.agent("mei")
	}
	n.commit(0)
	c.takes(r, store.EventPlace{Boot: n.boot, Seq: 32}, 0)
	if len(c.got) != 32 || len(c.gaps) > 0 {
		t.Errorf("%d events, gaps %v", len(c.got), c.gaps)
	}
}

func TestFilter(t *testing.T) {
	n := start(t, 8)
	r, err := n.hub.Open(n.hub.Head(), stream.Filter{Agent: "ken", Kinds: []string{"agent.*"}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 100 { // none of his business, and more than the memory holds
		n.agent("mei")
	}
	n.emit(store.Event{Kind: store.UserEvent, Agent: "ken", State: "x"})
	n.agent("ken")
	n.commit(0)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	items, err := r.Next(ctx, 10)
	if err != nil || len(items) != 1 || items[0].Event.Agent != "ken" || items[0].Event.Kind != store.AgentState {
		t.Errorf("got %v, %v", items, err)
	}
	if hint, err := stream.CheckKind("call.ends"); err == nil || hint != "did you mean 'call.end'?" {
		t.Errorf("call.ends: %v, %q", err, hint)
	}
}

func TestSubscription(t *testing.T) {
	n := start(t, 8)
	s, err := n.hub.Subscribe(stream.Filter{Agent: "ken"})
	if err != nil {
		t.Fatal(err)
	}
	n.agent("mei")
	n.agent("ken")
	<-s.Ready()
	if got, lost := s.Take(); len(got) != 1 || got[0].Agent != "ken" || lost {
		t.Errorf("took %v, lost %v", got, lost)
	}
	for range 20 {
		n.agent("ken")
	}
	if got, lost := s.Take(); len(got) != 8 || !lost {
		t.Errorf("took %d, lost %v", len(got), lost)
	}
	s.Close()
	if n.hub.Readers() != 0 {
		t.Error("a closed subscription is still there")
	}
}

func TestBoundOfReaders(t *testing.T) {
	h := stream.New(stream.Options{Boot: "b", Readers: 1})
	s, err := h.Subscribe(stream.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Subscribe(stream.Filter{}); !errors.Is(err, stream.ErrFull) {
		t.Errorf("one more than there may be: %v", err)
	}
	s.Close()
	r, err := h.Open(h.Head(), stream.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	if _, err := r.Next(t.Context(), 1); !errors.Is(err, stream.ErrClosed) {
		t.Errorf("reading a closed hub: %v", err)
	}
}
