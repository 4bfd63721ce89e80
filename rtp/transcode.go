package rtp

import (
	"fmt"
	"time"

	"ringway/codecs"
	"ringway/rtp/jitter"
)

const (
	longestPacket = 120 // ms of PCM that one packet may hold
	mostConcealed = 5   // packets in a row that are invented; then the stream has a hole
	longestHole   = 10  // seconds; a timestamp further ahead is a new clock
)

// flow is one direction of a transcoded Join. It belongs to the loop of the session that hears it.
//
//	packets ─▶ jitter buffer ─▶ decoder ─▶ (resampler) ─▶ pcm of one packet time ─▶ encoder ─▶ sender
//	             │ lost: the decoder conceals, with the FEC of the next packet where that is here
//	             └ gap: a deadline on the loop's wheel
//
// Nothing here has a clock: packets go out when packets come in, and timestamps follow theirs, so two clocks that drift
// apart need no correction. Both codecs run at a rate that both know (8 kHz between Opus and G.711), else a resampler
// stands between them (G.711 ↔ G.722).
type flow struct {
	buffer    *jitter.Buffer
	decoder   codecs.Decoder
	encoder   codecs.Encoder
	resampler *resampler
	timer     timer // the deadline of a gap
	closed    bool

	inClock, outClock int // RTP clocks in Hz
	inRate, outRate   int // PCM rates in Hz
	frame             int // samples of a packet we send
	pcm               []int16
	ready             []int16 // samples that wait for the packet to be full

	began     bool
	expect    uint32 // timestamp of the next sample in
	base      uint32 // our timestamp of position 0
	pos       int64  // position of ready[0], in samples of outRate
	last      int    // samples of the last packet in
	concealed int    // packets in a row
	marker    bool   // the next packet begins a talk spurt
}

// newFlow opens what stands between two sessions; s is the one that hears.
func newFlow(s *Session, in, out *Params) (*flow, error) {
	from, ok := s.e.o.Codecs.Lookup(in.Codec.Name, in.Codec.ClockRate, in.Codec.Channels)
	to, ok2 := s.e.o.Codecs.Lookup(out.Codec.Name, out.Codec.ClockRate, out.Codec.Channels)
	if !ok || !ok2 {
		return nil, fmt.Errorf("%w: %s to %s", ErrCodec, in.Codec.Name, out.Codec.Name)
	}
	f := &flow{inClock: in.Codec.ClockRate, outClock: out.Codec.ClockRate, marker: true}
	f.inRate, f.outRate = rates(from.Rates(), to.Rates())
	f.resampler = newResampler(f.inRate, f.outRate)
	var err error
	if f.decoder, err = from.NewDecoder(f.inRate); err != nil {
		return nil, fmt.Errorf("rtp: %s decoder: %w", in.Codec.Name, err)
	}
	f.encoder, f.frame, err = openEncoder(to, s.e.o.encoding(f.outRate, out.Codec.Fmtp), out.ptime())
	if err != nil {
		f.decoder.Close()
		return nil, fmt.Errorf("rtp: %s encoder: %w", out.Codec.Name, err)
	}
	f.buffer = jitter.New(jitter.Options{})
	f.pcm = make([]int16, f.inRate*longestPacket/1000)
	f.ready = make([]int16, 0, f.frame+f.outRate*longestPacket/1000+2)
	f.last = f.inRate / 50
	f.timer.fire = func(*timer) { s.loop.current = s; f.drain(s) }
	return f, nil
}

func (o *Options) encoding(rate int, fmtp string) codecs.EncoderOptions {
	return codecs.EncoderOptions{Rate: rate, Fmtp: fmtp, Complexity: o.Complexity, LossPct: o.LossPct}
}

// rates chooses the PCM rates of a pair: the highest that both know and neither needs more than; else the best of each
// below 16 kHz, with a resampler between.
func rates(in, out []int) (int, int) {
	narrow := min(in[len(in)-1], out[len(out)-1])
	for i := len(in) - 1; i >= 0; i-- {
		for _, o := range out {
			if in[i] == o && o <= narrow {
				return o, o
			}
		}
	}
	return in[0], out[0]
}

// openEncoder opens an encoder for packets of ptime, or of 20 ms where the codec knows no such packets (Opus has none of
// 30 ms), and returns the samples of one.
func openEncoder(c codecs.Codec, o codecs.EncoderOptions, ptime time.Duration) (codecs.Encoder, int, error) {
	for _, d := range []time.Duration{ptime, 20 * time.Millisecond} {
		e, err := c.NewEncoder(o)
		if err != nil {
			return nil, 0, err
		}
		n := int(d * time.Duration(o.Rate) / time.Second)
		if _, err = e.Encode(make([]byte, packetRoom), make([]int16, n)); err == nil {
			return e, n, nil
		}
		e.Close()
		if d == 20*time.Millisecond {
			return nil, 0, err
		}
	}
	return nil, 0, codecs.ErrRate
}

func (f *flow) close() {
	if !f.closed {
		f.closed = true
		f.decoder.Close()
		f.encoder.Close()
	}
}

// push takes a packet of the peer for s.
func (f *flow) push(s *Session, pk *packet) {
	r := f.buffer.Push(s.loop.now, jitter.Packet{Seq: pk.seq, TS: pk.ts, Marker: pk.marker, Payload: pk.payload()})
	if r == jitter.Reset {
		f.began = false
	}
	f.drain(s)
}

// skip takes the place of a packet without audio: its number is not missing.
func (f *flow) skip(s *Session, pk *packet) {
	f.buffer.Push(s.loop.now, jitter.Packet{Seq: pk.seq, TS: pk.ts})
	f.drain(s)
}

// drain plays what the buffer has and waits for what it has not.
func (f *flow) drain(s *Session) {
	s.loop.poller.linger()
	for {
		p, state := f.buffer.Pop(s.loop.now)
		switch state {
		case jitter.Ready:
			f.play(s, p)
		case jitter.Lost:
			f.conceal(s)
		case jitter.Waiting:
			s.loop.wheel.after(&f.timer, ticks(f.buffer.Deadline()-s.loop.now))
			return
		default:
			s.loop.wheel.stop(&f.timer)
			return
		}
	}
}

// play decodes a packet whose turn it is.
func (f *flow) play(s *Session, p jitter.Packet) {
	if len(p.Payload) == 0 { // a telephone event stood here
		return
	}
	n, err := f.decoder.Decode(f.pcm, p.Payload)
	if err != nil || n == 0 {
		s.dropped++
		return
	}
	f.concealed = 0
	f.place(s, p.TS)
	f.last = n
	f.take(s, f.pcm[:n])
	f.expect = p.TS + uint32(n*f.inClock/f.inRate)
}

// place follows their timestamps: silence that they left out stays out, and the next packet is marked.
func (f *flow) place(s *Session, ts uint32) {
	hole := int(int32(ts - f.expect))
	if !f.began || hole < -f.inClock || hole > longestHole*f.inClock {
		f.began, f.marker = true, true
		f.base, f.pos, f.ready = s.tx.timeline(s.loop.now), 0, f.ready[:0]
		return
	}
	samples := int64(hole) * int64(f.outRate) / int64(f.inClock)
	if samples < int64(f.frame)/4 {
		return // rounding, or an overlap after a lost packet
	}
	if n := len(f.ready); n > 0 {
		samples -= int64(f.frame - n)
		f.ready = f.ready[:f.frame]
		clear(f.ready[n:])
		f.emit(s)
	}
	f.pos += max(samples, 0)
	f.marker = true
}

// conceal fills the place of one lost packet.
func (f *flow) conceal(s *Session) {
	if f.concealed++; !f.began || f.concealed > mostConcealed {
		return
	}
	var next []byte
	if p, missing, ok := f.buffer.Peek(); ok && missing == 0 {
		next = p.Payload
		if hole := int(int32(p.TS-f.expect)) * f.inRate / f.inClock; len(next) > 0 && hole < f.last/2 {
			return // their numbers skip, their audio does not
		}
		if len(next) == 0 {
			next = nil
		}
	}
	n, err := f.decoder.Conceal(f.pcm[:f.last], next)
	if err != nil || n == 0 {
		return
	}
	f.take(s, f.pcm[:n])
	f.expect += uint32(n * f.inClock / f.inRate)
}

// take collects samples and sends what is full.
func (f *flow) take(s *Session, pcm []int16) {
	if f.resampler != nil {
		f.ready = f.resampler.run(f.ready, pcm)
	} else {
		f.ready = append(f.ready, pcm...)
	}
	for len(f.ready) >= f.frame {
		f.emit(s)
	}
}

// emit sends the first packet time of what is ready.
func (f *flow) emit(s *Session) {
	b := s.loop.poller.room(packetRoom)
	n, err := f.encoder.Encode(b[headerSize:], f.ready[:f.frame:f.frame])
	ts := f.base + uint32(f.pos*int64(f.outClock)/int64(f.outRate))
	f.pos += int64(f.frame)
	f.ready = f.ready[:copy(f.ready, f.ready[f.frame:])]
	if err != nil || n == 0 { // an error, or silence that the codec leaves out
		f.marker = true
		return
	}
	putHeader(b, header{pt: s.params.SendPT, marker: f.marker, seq: s.tx.next(s.loop.now, ts), ts: ts, ssrc: s.tx.ssrc})
	f.marker = false
	s.send(b[:headerSize+n], n)
}
