package rtp

import (
	"strings"

	"ringway/codecs"
	"ringway/rtp/dtmf"
)

// route is one direction of a Join, an immutable value: where packets of one session go. Equal codecs need no more (and a
// kernel path could be given the same value); else flow transcodes, and that belongs to the loop of to.
type route struct {
	from, to   *Session
	flow       *flow // nil: relay
	eventClock int   // of from's telephone events, in Hz
	audioClock int   // of from's codec
	peerEvent  int   // of to's telephone events
}

// link is both directions of a Join.
type link struct{ there, back *route }

// newLink makes the routes between two sessions that agreed on a and b.
func newLink(x *Session, a *Params, y *Session, b *Params) (link, error) {
	there, err := newRoute(x, a, y, b)
	if err != nil {
		return link{}, err
	}
	back, err := newRoute(y, b, x, a)
	if err != nil {
		there.close()
		return link{}, err
	}
	return link{there, back}, nil
}

func newRoute(from *Session, in *Params, to *Session, out *Params) (*route, error) {
	r := &route{from: from, to: to, eventClock: in.eventClock(), audioClock: in.Codec.ClockRate, peerEvent: out.eventClock()}
	if relays(in, out) {
		return r, nil
	}
	var err error
	r.flow, err = newFlow(to, in, out)
	return r, err
}

// relays tells whether packets need not be opened: the codec is the same, and so is the packet time where the codec is
// cut by time alone. Opus decoders take any packet time.
func relays(in, out *Params) bool {
	if !sameCodec(in.Codec, out.Codec) {
		return false
	}
	return in.ptime() == out.ptime() || strings.EqualFold(in.Codec.Name, "opus")
}

func sameCodec(a, b codecs.Format) bool {
	return strings.EqualFold(a.Name, b.Name) && a.ClockRate == b.ClockRate && max(a.Channels, 1) == max(b.Channels, 1)
}

// sameMedia tells whether routes made for p are good for q too.
func (p *Params) sameMedia(q *Params) bool {
	return sameCodec(p.Codec, q.Codec) && p.Codec.Fmtp == q.Codec.Fmtp && p.ptime() == q.ptime() && p.eventClock() == q.eventClock()
}

func (r *route) close() {
	if r != nil && r.flow != nil {
		r.flow.close()
	}
}

// close gives routes back that were never installed.
func (l link) close() {
	l.there.close()
	l.back.close()
}

// install puts the routes in force; the zero link changes nothing.
func (l link) install(x, y *Session) {
	if l.there == nil {
		return
	}
	if x.loop == y.loop {
		if !x.loop.do(func() { x.route(l.there, l.back); y.route(l.back, l.there) }) {
			l.close()
		}
		return
	}
	if !x.loop.do(func() { x.route(l.there, l.back) }) {
		l.back.close()
	}
	if !y.loop.do(func() { y.route(l.back, l.there) }) {
		l.there.close()
	}
}

// Join makes each hear the other: by relay where codecs are equal, else by transcoding. Sessions that were joined with
// others are parted from them. A session without Params is heard once Apply gave it some. ErrCodec when there is no way
// between the codecs.
func Join(a, b *Session) error {
	if a == b || a.e != b.e {
		return ErrClosed
	}
	a.e.routing.Lock()
	defer a.e.routing.Unlock()
	if a.released.Load() || b.released.Load() {
		return ErrClosed
	}
	var l link
	if a.agreed != nil && b.agreed != nil {
		var err error
		if l, err = newLink(a, a.agreed, b, b.agreed); err != nil {
			return err
		}
	}
	for _, s := range []*Session{a, b} {
		if s.peer != nil {
			part(s, s.peer)
		}
	}
	a.peer, b.peer = b, a
	l.install(a, b)
	return nil
}

// Part ends a Join; sessions that are not joined with each other are left alone.
func Part(a, b *Session) {
	a.e.routing.Lock()
	defer a.e.routing.Unlock()
	if a.peer == b && b.peer == a {
		part(a, b)
	}
}

// part is for the holder of Engine.routing.
func part(a, b *Session) {
	a.peer, b.peer = nil, nil
	for _, s := range []*Session{a, b} {
		s.loop.do(func() { s.route(nil, nil) })
	}
}

// route swaps the session's routes, on its loop. The flow of the incoming one is the session's, and ends with it.
func (s *Session) route(out, in *route) {
	if old := s.in; old != nil && old != in && old.flow != nil {
		if old.from.loop == s.loop && !old.from.over {
			old.from.late += old.flow.buffer.Counters().Late
		}
		s.loop.wheel.stop(&old.flow.timer)
		old.flow.close()
	}
	if s.over {
		if in != nil && in.flow != nil {
			in.flow.close()
		}
		s.out, s.in = nil, nil
		return
	}
	s.out, s.in = out, in
	s.tx.detach()
	if in != nil {
		s.events = eventMap{mapper: dtmf.NewMapper(in.eventClock, in.peerEvent)}
	}
}

// eventMap carries the telephone events of the peer into the stream that the leg hears.
type eventMap struct {
	mapper dtmf.Mapper
	base   uint32 // our timestamp of the key that is down
}

// take takes a packet of the peer.
func (s *Session) take(r *route, pk *packet) {
	switch {
	case s.in != r || s.over: // parted meanwhile
	case !s.open() || s.player.playing() || s.dialer.busy():
		s.tx.detach()
	case pk.event:
		s.takeEvent(r, pk)
	case r.flow != nil:
		r.flow.push(s, pk)
	default:
		s.relay(pk)
	}
}

// relay sends the packet on from where it lies: our header goes right before its payload, over what was there.
//
//	received   | header | CSRC, extensions | payload | padding |
//	sent                        | header   | payload |
func (s *Session) relay(pk *packet) {
	seq, ts, fresh, ok := s.tx.relay(s.loop.now, pk.ssrc, pk.seq, pk.ts)
	if !ok {
		s.dropped++
		return
	}
	b := pk.buf[pk.off-headerSize : pk.end]
	putHeader(b, header{pt: s.params.SendPT, marker: pk.marker || fresh, seq: seq, ts: ts, ssrc: s.tx.ssrc})
	s.send(b, pk.end-pk.off)
}

// takeEvent sends a telephone event on, with payload type and clock of this leg. In a relayed stream it keeps its place
// among the audio packets; in a transcoded one it goes out at once. A leg without telephone-event gets none: the call hears
// of the digit and may use INFO.
func (s *Session) takeEvent(r *route, pk *packet) {
	if r.flow != nil {
		r.flow.skip(s, pk)
	}
	e, err := dtmf.Parse(pk.payload())
	if err != nil || s.params.DTMFSendPT == 0 {
		s.tx.detach() // its number is not missing in ours
		return
	}
	now := s.loop.now
	e, offset, first := s.events.mapper.Map(pk.ts, e)
	var seq uint16
	ts := s.tx.timeline(now)
	if r.flow != nil {
		seq = s.tx.insert()
	} else {
		theirs := pk.ts
		if r.eventClock != r.audioClock && s.tx.attached { // counted in another clock than their audio
			theirs = ts - s.tx.dts
		}
		var ok bool
		if seq, ts, _, ok = s.tx.relay(now, pk.ssrc, pk.seq, theirs); !ok {
			s.dropped++
			return
		}
	}
	if first {
		s.events.base = ts
	}
	b := pk.buf[pk.off-headerSize : pk.off+dtmf.Size]
	e.Put(b[headerSize:])
	putHeader(b, header{pt: s.params.DTMFSendPT, marker: first, seq: seq, ts: s.events.base + offset, ssrc: s.tx.ssrc})
	s.send(b, dtmf.Size)
}
