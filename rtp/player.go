package rtp

import "time"

// PlayOptions say how a sound is played.
type PlayOptions struct {
	Loop bool // start again at the end, as music does
}

// Playback is one sound being played to one session. Its end is told by one PlayDone event.
type Playback struct {
	s      *Session
	source *Source
	loop   bool
}

// Source is what is played.
func (p *Playback) Source() *Source { return p.source }

// Play sends a sound to the leg in place of what its peer says, from now on until it ends or is stopped. It replaces a
// playback that is running. A session that has no Params yet begins with Apply.
func (s *Session) Play(src *Source, o PlayOptions) *Playback {
	p := &Playback{s: s, source: src, loop: o.Loop}
	if s.do(func() { s.player.start(s, p) }) != nil {
		s.tell(Event{Kind: PlayDone, Playback: p, Result: PlayStopped})
	}
	return p
}

// Stop ends the playback; a PlayDone event with PlayStopped follows unless it was over.
func (p *Playback) Stop() {
	_ = p.s.do(func() {
		if p.s.player.playback == p {
			p.s.player.stop(p.s, PlayStopped)
		}
	})
}

// player sends the packets of a sound at the pace of the loop's wheel. It is owned by the loop.
//
//	tick    ─┬────────┬────────┬────────┬──▶      the packets are those of the cache; only the 12 bytes of the
//	packet   0        1        2        0         header are the leg's own
type player struct {
	playback *Playback
	sound    *encoded
	frame    int
	ts       uint32
	began    bool
	timer    timer
}

func (p *player) playing() bool { return p.playback != nil }

func (p *player) start(s *Session, b *Playback) {
	p.stop(s, PlayStopped)
	p.playback, p.frame, p.began = b, 0, false
	p.tune(s)
}

// tune finds the encoding for what the leg hears now.
func (p *player) tune(s *Session) {
	if s.params == nil {
		return
	}
	sound, ok := s.e.sounds.get(p.playback.source, s.params)
	if !ok {
		p.stop(s, PlayFailed)
		return
	}
	if p.sound != nil { // another codec: go on at the same moment
		p.frame = int(time.Duration(p.frame) * p.sound.ptime / sound.ptime)
	}
	p.sound, p.began = sound, false
	s.loop.wheel.spread(&p.timer, ticks(sound.ptime))
}

// retune follows a change of the leg's codec.
func (p *player) retune(s *Session) {
	if p.playback == nil {
		return
	}
	if p.sound == nil || !p.sound.suits(s.params) {
		p.tune(s)
	}
}

func (e *encoded) suits(p *Params) bool {
	return sameCodec(e.codec.Format(), p.Codec) && e.key.fmtp == p.Codec.Fmtp && e.key.ptime == p.ptime()
}

// stop ends what is played.
func (p *player) stop(s *Session, why PlayResult) {
	b := p.playback
	if b == nil {
		return
	}
	s.loop.wheel.stop(&p.timer)
	p.playback, p.sound = nil, nil
	s.tx.detach()
	s.tell(Event{Kind: PlayDone, Playback: b, Result: why})
}

// playFrame sends the next packet of the sound that is played.
func (s *Session) playFrame() {
	p := &s.player
	if p.playback == nil {
		return
	}
	if p.sound.failed.Load() {
		p.stop(s, PlayFailed)
		return
	}
	if p.frame >= len(p.sound.frames) {
		if !p.playback.loop {
			p.stop(s, PlayFinished)
			return
		}
		p.frame = 0
	}
	s.loop.wheel.after(&p.timer, ticks(p.sound.ptime))
	if p.frame >= int(p.sound.ready.Load()) {
		p.began = false // the encoder is behind: wait for it
		return
	}
	s.playOne(p, p.sound.frames[p.frame])
	p.frame++
}

func (s *Session) playOne(p *player, payload []byte) {
	fresh := !p.began
	if p.began {
		p.ts += p.sound.step
	} else {
		p.began, p.ts = true, s.tx.timeline(s.loop.now)
	}
	if !s.open() || s.dialer.busy() || len(payload) == 0 {
		return
	}
	b := s.loop.poller.room(headerSize + len(payload))
	copy(b[headerSize:], payload)
	putHeader(b, header{pt: s.params.SendPT, marker: fresh, seq: s.tx.next(s.loop.now, p.ts), ts: p.ts, ssrc: s.tx.ssrc})
	s.send(b, len(payload))
}
