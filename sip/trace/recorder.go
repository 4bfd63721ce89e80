package trace

import (
	"cmp"
	"container/list"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ringway/sip/transport"
)

// shards keep calls apart, so that loops of the transport rarely meet.
const shards = 8

// Bounds of what is kept of one call.
const (
	maxMessages = 250
	keptFirst   = 30 // of a call with more: how it began
	overhead    = 200
)

// Options of a Recorder; the zero value works.
type Options struct {
	Bytes int // kept in all; 0: 4 MiB
	Now   func() time.Time
	// Calls finds the Call-IDs of a call that is up, for captures of calls; nil: none.
	Calls func(call string) []string
}

// Message is one message as it went by, secrets included: Masked takes them out.
type Message = transport.Trace

// Recorder sees every message.
type Recorder struct {
	o      Options
	seed   maphash.Seed
	shards [shards]shard
	active atomic.Pointer[[]*capture] // that run; nil: none

	mu       sync.Mutex // guards what follows
	captures []*capture
	next     int
}

// shard keeps the calls of some Call-IDs, those longest silent go first.
type shard struct {
	mu    sync.Mutex // guards what follows
	calls map[string]*conversation
	order *list.List // of *conversation, the latest last
	bytes int
	most  int
}

// conversation is the messages with one Call-ID.
type conversation struct {
	id       string
	place    *list.Element
	messages []Message
	bytes    int
	cut      bool
}

// New makes a recorder.
func New(o Options) *Recorder {
	if o.Bytes <= 0 {
		o.Bytes = 4 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &Recorder{o: o, seed: maphash.MakeSeed()}
	for i := range r.shards {
		r.shards[i] = shard{calls: map[string]*conversation{}, order: list.New(), most: o.Bytes / shards}
	}
	return r
}

// Tap takes one message. It never blocks for long: a shard's lock is held for a few instructions.
func (r *Recorder) Tap(m Message) {
	ladder := m.CallID != "" && !passing(m.Text)
	active := r.active.Load()
	if !ladder && active == nil {
		return
	}
	s := r.shard(m.CallID)
	s.mu.Lock() // over both, so that a capture that begins to follow a call misses nothing and has nothing twice
	if ladder {
		s.putLocked(m)
	}
	ended := active != nil && offer(*active, m)
	s.mu.Unlock()
	if ended {
		r.mu.Lock()
		r.publishLocked(m.At)
		r.mu.Unlock()
	}
}

// passing are requests of which no ladder is drawn.
func passing(text string) bool {
	return strings.HasPrefix(text, "REGISTER ") || strings.HasPrefix(text, "OPTIONS ")
}

func (r *Recorder) shard(callID string) *shard {
	return &r.shards[maphash.String(r.seed, callID)%shards]
}

// putLocked keeps a message. Only an INVITE begins a conversation.
func (s *shard) putLocked(m Message) {
	c := s.calls[m.CallID]
	if c == nil {
		if !strings.HasPrefix(m.Text, "INVITE ") {
			return
		}
		c = &conversation{id: m.CallID, messages: make([]Message, 0, 8)}
		c.place = s.order.PushBack(c)
		s.calls[c.id] = c
	} else {
		s.order.MoveToBack(c.place)
	}
	if len(c.messages) >= maxMessages {
		s.count(c, -size(c.messages[keptFirst]))
		c.messages = slices.Delete(c.messages, keptFirst, keptFirst+1)
		c.cut = true
	}
	c.messages = append(c.messages, m)
	s.count(c, size(m))
	for s.bytes > s.most && s.order.Len() > 0 {
		s.drop(s.order.Front())
	}
}

func size(m Message) int { return len(m.Text) + overhead }

func (s *shard) count(c *conversation, by int) {
	c.bytes += by
	s.bytes += by
}

func (s *shard) drop(e *list.Element) {
	c, _ := s.order.Remove(e).(*conversation)
	s.bytes -= c.bytes
	delete(s.calls, c.id)
}

// Messages are those kept of some Call-IDs, in the order of time. It is false where some are gone.
func (r *Recorder) Messages(callIDs ...string) (out []Message, complete bool) {
	complete = true
	for _, id := range callIDs {
		s := r.shard(id)
		s.mu.Lock()
		if c := s.calls[id]; c != nil {
			out = append(out, c.messages...)
			complete = complete && !c.cut
		} else {
			complete = false
		}
		s.mu.Unlock()
	}
	slices.SortStableFunc(out, func(a, b Message) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return out, complete
}

// Clear forgets everything that was kept, captures too.
func (r *Recorder) Clear() {
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.Lock()
		for s.order.Len() > 0 {
			s.drop(s.order.Front())
		}
		s.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.captures = nil
	r.active.Store(nil)
}
