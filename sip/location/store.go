package location

import (
	"context"
	"hash/maphash"
	"slices"
	"sync/atomic"
	"time"

	"ringway/store"
)

// Options of a Store; the zero value works.
type Options struct {
	Persister Persister        // nil keeps nothing across a restart
	Now       func() time.Time // nil takes time.Now
	Sweep     time.Duration    // how often Run looks for bindings that ended; 0 takes one second
}

// Store holds the bindings of all addresses of record. Its methods may be called from any goroutine.
type Store struct {
	o       Options
	base    time.Time // deadlines count from here
	seed    maphash.Seed
	shards  [shardCount]shard
	version atomic.Uint64 // last one given to a record
	count   atomic.Int64  // bindings
	watcher atomic.Pointer[Watcher]
}

const shardCount = 64

// New makes an empty store.
func New(o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sweep <= 0 {
		o.Sweep = time.Second
	}
	s := &Store{o: o, base: o.Now(), seed: maphash.MakeSeed()}
	for i := range s.shards {
		s.shards[i].records = make(map[string]*record)
	}
	return s
}

// Watch makes w hear of changes of reachability from now on; the earlier watcher is replaced, nil ends it.
func (s *Store) Watch(w Watcher) {
	if w == nil {
		s.watcher.Store(nil)
		return
	}
	s.watcher.Store(&w)
}

// Version is the state of one address of record: 0 while it has no binding. It never returns to an earlier value.
type Version uint64

// Get returns copies of the live bindings of aor, in the order in which they were made, and the version to Replace.
func (s *Store) Get(aor string, now time.Time) ([]Binding, Version) {
	h := s.shard(aor)
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.records[aor]
	if r == nil {
		return nil, 0
	}
	return live(r.bindings, now), Version(r.version)
}

// Replace makes bindings those of aor, all at once, if nothing changed since Get returned the version; else it changes
// nothing and returns false, and the caller decides again. Bindings that ended are left out.
func (s *Store) Replace(aor string, v Version, bindings []Binding) bool {
	now := s.o.Now()
	owned := make([]Binding, 0, len(bindings))
	for _, b := range bindings {
		if b.Live(now) {
			b.AOR = aor
			owned = append(owned, b.own())
		}
	}
	h := s.shard(aor)
	h.mu.Lock()
	r := h.records[aor]
	if (r == nil && v != 0) || (r != nil && r.version != uint64(v)) {
		h.mu.Unlock()
		return false
	}
	if r != nil || len(owned) > 0 {
		h.put(s, aor, owned)
	}
	h.mu.Unlock()
	s.deliver(h)
	return true
}

// Lookup returns copies of the live bindings of aor, those to be tried first in front.
func (s *Store) Lookup(aor string, now time.Time) []Binding {
	list, _ := s.Get(aor, now)
	slices.SortStableFunc(list, bestFirst)
	return list
}

// Registered tells whether aor has a live binding.
func (s *Store) Registered(aor string, now time.Time) bool {
	h := s.shard(aor)
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.records[aor]; r != nil {
		return slices.ContainsFunc(r.bindings, func(b Binding) bool { return b.Live(now) })
	}
	return false
}

// Len is the number of bindings, those that ended since the last Expire included.
func (s *Store) Len() int { return int(s.count.Load()) }

// Restore puts back what a Persister kept, at the start and before traffic. Bindings that ended meanwhile by the wall
// clock are dropped (and their removal saved); nobody is told to persist again what was just read. It returns how many
// came back; the watcher hears of them.
func (s *Store) Restore(kept []store.Binding) int {
	now, restored := s.o.Now(), 0
	for _, k := range kept {
		b := Binding{Binding: k}.own()
		// From here on the deadline is a duration of the running clock.
		left := k.Expires.Sub(now.Round(0))
		b.Expires = now.Add(left)
		h := s.shard(k.AOR)
		h.mu.Lock()
		if left <= 0 {
			h.notices = append(h.notices, notice{save: &store.BindingChange{Binding: k, Removed: true}})
		} else {
			h.restore(s, b)
			restored++
		}
		h.mu.Unlock()
		s.deliver(h)
	}
	return restored
}

// Expire drops the bindings that ended until now, telling Persister and Watcher, and returns how many.
func (s *Store) Expire(now time.Time) int {
	gone := 0
	for i := range s.shards {
		h := &s.shards[i]
		h.mu.Lock()
		n := h.expire(s, now)
		h.mu.Unlock()
		if n > 0 {
			s.deliver(h)
		}
		gone += n
	}
	return gone
}

// Run expires bindings until ctx ends. Its owner starts it in a goroutine and counts it.
func (s *Store) Run(ctx context.Context) {
	t := time.NewTicker(s.o.Sweep)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.Expire(s.o.Now())
		}
	}
}

func (s *Store) shard(aor string) *shard {
	return &s.shards[maphash.String(s.seed, aor)%shardCount]
}

// earliest is the first deadline of a non-empty list, since base.
func (s *Store) earliest(list []Binding) time.Duration {
	first := list[0].Expires.Sub(s.base)
	for _, b := range list[1:] {
		first = min(first, b.Expires.Sub(s.base))
	}
	return first
}

// live copies the bindings that hold at now.
func live(list []Binding, now time.Time) []Binding {
	out := make([]Binding, 0, len(list)+1)
	for _, b := range list {
		if b.Live(now) {
			b.Path = slices.Clone(b.Path)
			out = append(out, b)
		}
	}
	return out
}
