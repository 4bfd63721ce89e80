package auth

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// Failure limits; see Limits.
const (
	pairBurst    = 8                // wrong passwords of one user from one source
	pairRefill   = 30 * time.Second // and one more so often
	sourceBurst  = 40               // wrong passwords from one source, whoever they were for
	sourceRefill = 5 * time.Second
	banTime      = 5 * time.Minute
	tellEvery    = time.Minute // a log line of one source
	tellRoom     = 1024        // sources that had a line within that time
	failureRoom  = 65536       // places in each table
)

// Limits bound what a stranger may try. Zero fields take the defaults of this file.
type Limits struct {
	PerUser    int           // wrong passwords of one user from one source before it waits
	PerUserGap time.Duration // one more try is granted so often
	PerSource  int           // wrong passwords from one source (an IPv4 address, an IPv6 /64) before it is banned
	SourceGap  time.Duration
	Ban        time.Duration // how long a banned source hears nothing
	Room       int           // entries of each table
}

func (l Limits) withDefaults() Limits {
	l.PerUser = or(l.PerUser, pairBurst)
	l.PerUserGap = or(l.PerUserGap, pairRefill)
	l.PerSource = or(l.PerSource, sourceBurst)
	l.SourceGap = or(l.SourceGap, sourceRefill)
	l.Ban = or(l.Ban, banTime)
	l.Room = or(l.Room, failureRoom)
	return l
}

func or[T int | time.Duration](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}

// failures counts wrong passwords in leaky buckets, per (source, user) and per source, in tables of fixed room.
//
//	wrong ──▶ pair bucket full?   ──▶ this source waits for this user only: the user is never locked out elsewhere
//	      └─▶ source bucket full? ──▶ the source is banned for a while, but for users who got in from it before: one
//	                                  guesser in an office does not silence the office
type failures struct {
	mu      sync.Mutex // a leaf; guards all below
	pairs   map[uint64]bucket
	sources map[uint64]bucket
	bans    map[uint64]time.Time // source → end
	friends map[uint64]time.Time // (source, user) that got in → when
	told    map[uint64]time.Time // source → when the log told of it last
	seed    maphash.Seed
	l       Limits
}

// bucket is the moment until which it leaks empty: each failure moves it on by one gap.
type bucket struct{ empty time.Time }

func newFailures(l Limits) *failures {
	return &failures{
		pairs: map[uint64]bucket{}, sources: map[uint64]bucket{}, bans: map[uint64]time.Time{}, friends: map[uint64]time.Time{},
		told: map[uint64]time.Time{},
		seed: maphash.MakeSeed(), l: l,
	}
}

// try is whether a source may have a password checked.
type try int

const (
	tryAllowed try = iota
	tryWait        // too many wrong ones for this user
	tryBanned      // too many wrong ones in all
)

// keys are the places of a source and of a user from it: IPv4 /32, IPv6 /64, mapped addresses unmapped.
func (f *failures) keys(from netip.Addr, user string) (source, pair uint64) {
	from = from.Unmap().WithZone("")
	bits := 32
	if from.Is6() {
		bits = 64
	}
	if p, err := from.Prefix(bits); err == nil {
		from = p.Addr()
	}
	source = maphash.Comparable(f.seed, from)
	return source, maphash.Comparable(f.seed, pairKey{source, user})
}

type pairKey struct {
	source uint64
	user   string
}

func (f *failures) check(from netip.Addr, user string, now time.Time) try {
	source, pair := f.keys(from, user)
	f.mu.Lock()
	defer f.mu.Unlock()
	if until, banned := f.bans[source]; banned {
		if _, friend := f.friends[pair]; !friend && now.Before(until) {
			return tryBanned
		}
	}
	if b, ok := f.pairs[pair]; ok && b.full(now, f.l.PerUser, f.l.PerUserGap) {
		return tryWait
	}
	return tryAllowed
}

// wrong counts a wrong password; true when it banned the source just now.
func (f *failures) wrong(from netip.Addr, user string, now time.Time) (banned bool) {
	source, pair := f.keys(from, user)
	f.mu.Lock()
	defer f.mu.Unlock()
	put(f.pairs, pair, f.pairs[pair].add(now, f.l.PerUserGap), f.l.Room, func(b bucket) bool { return b.empty.Before(now) })
	s := f.sources[source].add(now, f.l.SourceGap)
	put(f.sources, source, s, f.l.Room, func(b bucket) bool { return b.empty.Before(now) })
	if !s.full(now, f.l.PerSource, f.l.SourceGap) {
		return false
	}
	until, was := f.bans[source]
	put(f.bans, source, now.Add(f.l.Ban), f.l.Room, func(t time.Time) bool { return t.Before(now) })
	return !was || until.Before(now)
}

// tell says whether the log may tell of a source now: each has a line in a minute, and of more sources than there is room
// for, in a flood from everywhere, the counters tell.
func (f *failures) tell(from netip.Addr, now time.Time) bool {
	source, _ := f.keys(from, "")
	f.mu.Lock()
	defer f.mu.Unlock()
	last, known := f.told[source]
	if known && now.Sub(last) < tellEvery {
		return false
	}
	if !known && len(f.told) >= tellRoom {
		for s, t := range f.told {
			if now.Sub(t) >= tellEvery {
				delete(f.told, s)
			}
		}
		if len(f.told) >= tellRoom {
			return false
		}
	}
	f.told[source] = now
	return true
}

// right remembers that a user got in from a source.
func (f *failures) right(from netip.Addr, user string, now time.Time) {
	_, pair := f.keys(from, user)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.pairs, pair)
	if last, ok := f.friends[pair]; ok && now.Sub(last) < time.Minute {
		return
	}
	put(f.friends, pair, now, f.l.Room, func(t time.Time) bool { return now.Sub(t) > 24*time.Hour })
}

func (b bucket) add(now time.Time, gap time.Duration) bucket {
	if b.empty.Before(now) {
		b.empty = now
	}
	return bucket{b.empty.Add(gap)}
}

func (b bucket) full(now time.Time, burst int, gap time.Duration) bool {
	return b.empty.Sub(now) > time.Duration(burst-1)*gap
}

// put sets an entry; at the bound a few others are looked at, and one that is over, or else any, goes.
func put[V any](m map[uint64]V, key uint64, v V, room int, over func(V) bool) {
	if _, ok := m[key]; !ok && len(m) >= room {
		var victim uint64
		seen := 0
		for k, old := range m {
			victim = k
			if seen++; seen == 8 || over(old) {
				break
			}
		}
		delete(m, victim)
	}
	m[key] = v
}
