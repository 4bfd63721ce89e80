package rtp

import "time"

// The rules of learning: how long after answer a stranger may begin to speak, how long the source may still change after
// the first packet, how long a source of equal rank must be silent before another takes over, and how many packets in a
// row a stranger must send before we believe it.
const (
	strangerTime  = time.Second
	learningTime  = time.Second
	overtakeTime  = 200 * time.Millisecond
	strangerProof = 5
)

// rank is how much a source is trusted; a higher one displaces a lower one.
type rank uint8

const (
	stranger  rank = iota // any other address
	sameHost              // any port of the address that the leg's SIP comes from
	signalled             // the address in their session description
)

type learning uint8

const (
	unheard learning = iota
	hearing
	locked
)

var learningNames = [...]string{"unheard", "hearing", "locked"}

func (l learning) String() string { return learningNames[l] }

// verdict is what a packet's source may do.
type verdict uint8

const (
	refused  verdict = iota
	accepted         // it is the source
	moved            // it is the source from now on: send there
)

// source finds out where a leg's media comes from, and so where it is sent. It is pure: packets and times in, verdicts
// out.
//
//	          packet of rank ≥ sameHost               1 s after the first packet
//	unheard ────────────────────────────▶ hearing ──────────────────────────────▶ locked ──▶ only the source
//	   │ ▲                                  │  └ a higher rank, or an equal one once            │
//	   │ └──────────── relearn ◀────────────┼──── the source is silent, takes over              │
//	   │                                    └───────────────────────────────────────────────────┘
//	   └ a stranger who began within 1 s after answer and spoke on, in sequence, for 1 s while nobody better did: locked,
//	     but whoever is better and speaks later takes over (back to hearing)
//
// Until a stranger is believed its packets go nowhere and nothing is sent to it, so an outsider who sprays a port during
// call set-up hears nothing unless the real phone says nothing at all, and then only until it does.
type source struct {
	expected endpoint // in their session description; zero: none yet
	sip      host     // of their SIP; zero: unknown

	state    learning
	heard    endpoint // the source
	trust    rank     // of heard
	known    bool     // heard was the source before a relearn: as good as sameHost
	since    time.Duration
	last     time.Duration
	answered time.Duration // when the stranger's second began
	open     bool          // it has begun

	guest candidate
}

// candidate is a stranger on probation.
type candidate struct {
	from endpoint
	ssrc uint32
	next uint16
	n    int
	at   time.Duration
}

// hear judges a packet.
func (s *source) hear(now time.Duration, from endpoint, ssrc uint32, seq uint16) verdict {
	if s.state == hearing && now-s.since >= learningTime {
		s.state = locked
	}
	if from == s.heard && s.state != unheard {
		s.last = now
		return accepted
	}
	r := s.rank(from)
	switch {
	case r == stranger:
		if s.state != unheard {
			return refused
		}
		return s.probe(now, candidate{from: from, ssrc: ssrc, next: seq + 1, n: 1, at: now})
	case s.state == unheard, s.state == locked && s.trust == stranger:
		s.state, s.since = hearing, now
	case s.state == locked:
		return refused
	case r < s.trust, r == s.trust && now-s.last < overtakeTime:
		return refused
	}
	s.heard, s.trust, s.last, s.known = from, r, now, false
	return moved
}

func (s *source) rank(from endpoint) rank {
	switch {
	case from == s.expected:
		return signalled
	case from.host() == s.sip, s.known && from == s.heard:
		return sameHost
	}
	return stranger
}

// probe puts a stranger on probation and believes it in the end.
func (s *source) probe(now time.Duration, c candidate) verdict {
	g := &s.guest
	if g.n > 0 && g.from == c.from && g.ssrc == c.ssrc && g.next == c.next-1 {
		g.next, g.n = c.next, g.n+1
		if g.n >= strangerProof && now-g.at >= learningTime {
			s.state, s.heard, s.trust, s.last = locked, c.from, stranger, now
			return moved
		}
		return refused
	}
	if s.mayBegin(now) {
		*g = c
	}
	return refused
}

// mayBegin tells whether a stranger may begin to speak now.
func (s *source) mayBegin(now time.Duration) bool {
	return s.open && s.state == unheard && now-s.answered <= strangerTime
}

// strange tells whether packets of strangers can still matter.
func (s *source) strange(now time.Duration) bool {
	return s.mayBegin(now) || s.state == unheard && s.guest.n > 0 && now-s.answered <= strangerTime+2*learningTime
}

// answer opens the second in which strangers may begin.
func (s *source) answer(now time.Duration) {
	if !s.open {
		s.open, s.answered = true, now
	}
}

// settle locks a source whose window has passed; true when it just did.
func (s *source) settle(now time.Duration) bool {
	if s.state == hearing && now-s.since >= learningTime {
		s.state = locked
		return true
	}
	return false
}

// relearn opens the search again; strangers get their second anew.
func (s *source) relearn(now time.Duration) {
	s.known = s.heard.valid()
	s.state, s.guest = unheard, candidate{}
	if s.open {
		s.answered = now
	}
}
