package transaction

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// shardCount spreads the locks; timers are advanced shard by shard.
const shardCount = 8

// Table matches messages to transactions. All its methods may be called from any goroutine.
type Table struct {
	o         Options
	log       *slog.Logger
	now       func() time.Time
	timers    Timers
	liveMax   int64
	lingering int // for each shard

	hash     hasher
	branches brancher
	shards   [shardCount]*shard
	merges   merges
	live     atomic.Int64 // without a final response
	count    counters

	stopped atomic.Bool
	stop    chan struct{}
	wake    chan struct{} // capacity 1: an alarm was set
	group   sync.WaitGroup
	once    sync.Once
}

// New starts a table and its timer goroutine.
func New(o Options) *Table {
	t := &Table{
		o: o, log: o.Log, now: o.Now, timers: o.Timers.withDefaults(),
		liveMax: 100_000, lingering: 65_536 / shardCount,
		hash: newHasher(), branches: newBrancher(),
		stop: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	if t.now == nil {
		t.now = time.Now
	}
	if t.o.Reliable == nil {
		t.o.Reliable = transport.Reliable
	}
	if o.Limits.Live > 0 {
		t.liveMax = int64(o.Limits.Live)
	}
	if o.Limits.Lingering > 0 {
		t.lingering = max(1, o.Limits.Lingering/shardCount)
	}
	t.merges.init()
	for i := range t.shards {
		t.shards[i] = newShard(t)
	}
	t.group.Add(1)
	go t.runTimers()
	return t
}

func (t *Table) shard(k key) *shard { return t.shards[k[0]%shardCount] }

// Receive takes one validated message; it is transport's Handler.
func (t *Table) Receive(msg sipmsg.Message, flow transport.Flow) {
	if t.stopped.Load() {
		return
	}
	switch m := msg.(type) {
	case *sipmsg.Request:
		switch m.Method {
		case sipmsg.ACK:
			t.ack(m, flow)
		case sipmsg.CANCEL:
			t.cancel(m, flow)
		default:
			t.request(m, flow)
		}
	case *sipmsg.Response:
		t.response(m, flow)
	}
}

// mayRepeat says whether failures may be repeated to that address unasked.
func (t *Table) mayRepeat(f transport.Flow) bool { return t.o.Verified == nil || t.o.Verified(f) }

// Closed ends the client transactions of a flow whose connection ended; it is transport's Options.Closed.
func (t *Table) Closed(flow transport.Flow, err error) {
	for _, s := range t.shards {
		var out outbox
		s.mu.Lock()
		for _, tx := range s.clients {
			if tx.flow == flow {
				tx.apply(sendFailed, nil, err, &out)
			}
		}
		s.mu.Unlock()
		t.flush(&out)
	}
}

// Stop ends the timers and waits for them; nothing is sent or told afterwards.
func (t *Table) Stop() {
	t.once.Do(func() {
		t.stopped.Store(true)
		close(t.stop)
	})
	t.group.Wait()
}
