package rtp

import (
	"time"

	"ringway/codecs"
	"ringway/rtp/jitter"
)

// How a recording is laid on its clock.
const (
	trackWindow = 2 * time.Second        // of sound that is placed and not yet written
	trackLag    = 300 * time.Millisecond // how long after a moment the file is written up to it: whatever comes late has come
	trackDrift  = 5 * time.Millisecond   // by so much a stream may be early or late before it is drawn to its place
	trackJump   = 200 * time.Millisecond // and by so much before it is put there at once
	trackJudge  = time.Second            // how long a stream is watched before it is drawn
	trackPause  = time.Second / 2        // after a silence of so much it may be put in its place where it is off by
	trackAfter  = 40 * time.Millisecond  // this much: nobody hears it
)

// track is one side of a recording: it decodes what came through a tap and lays it on the recording's clock, which both
// sides share. Within a stream the timestamps say where a packet belongs; where the stream as a whole belongs is said by the
// packets that came soonest, as their way was the shortest. The far end's clock runs a little faster or slower than ours, so
// a stream wanders: it is drawn back by making packets one sample in eighty shorter or longer, which nobody hears, and the
// two sides of an hour stay in step.
//
//	came        │    │  │       │ │         │
//	placed     ─┴────┴────┴────┴────┴────  ─┴──     lost, left out (silence suppression) or held: silence
//
// What never came is silence, never invented. After a stall of the network of more than trackJump the packets that come all
// at once are heard where they came, cut.
type track struct {
	tap    *tap
	codecs *codecs.Set
	rate   int // of the file, in Hz
	start  time.Duration

	buffer    *jitter.Buffer
	decoder   codecs.Decoder // nil: nothing came yet, or nobody can decode it
	resampler *resampler
	clock     int // RTP clock in Hz
	inRate    int // of the decoder
	raw, pcm  []int16

	began bool
	ssrc  uint32
	ref   uint32 // a timestamp of the stream, the last that came
	ext   int64  // how far it lies behind the stream's first
	base  int64  // position of the first, in samples of the file
	next  int64  // behind the last sample that was placed
	low   int64  // how late the soonest packet was since judged
	since time.Duration
	came  time.Duration // the last packet
	slew  int64         // samples that the stream is still to be moved

	before int64 // base before the last jump
	jumped time.Duration

	window  []int16 // by position modulo its length
	written int64   // position up to which the file is written
}

func newTrack(t *tap, set *codecs.Set, rate int, start time.Duration) *track {
	return &track{tap: t, codecs: set, rate: rate, start: start, window: make([]int16, rate*int(trackWindow/time.Second)),
		buffer: jitter.New(jitter.Options{Min: 100 * time.Millisecond, Max: 160 * time.Millisecond})}
}

// samples is a span in samples of the file.
func (k *track) samples(d time.Duration) int64 { return int64(d) * int64(k.rate) / int64(time.Second) }

// hear places all that came up to a moment; buf has room for one payload.
func (k *track) hear(until time.Duration, buf []byte) {
	for {
		v, ok := k.tap.take(until, buf)
		if !ok {
			break
		}
		switch v.kind {
		case tapFormat:
			k.play(v.came + time.Hour)
			k.tune(v.format())
		case tapAudio, tapEvent:
			k.push(&v)
		}
		k.play(v.came)
	}
	k.play(until)
}

// tune opens the decoder for what comes from now on.
func (k *track) tune(f codecs.Format) {
	k.close()
	k.buffer.Clear()
	k.began = false
	codec, ok := k.codecs.Lookup(f.Name, f.ClockRate, f.Channels)
	if !ok {
		return
	}
	rates := codec.Rates()
	k.inRate, k.clock = rates[0], max(f.ClockRate, 1)
	for _, r := range rates {
		if r <= k.rate {
			k.inRate = r
		}
	}
	var err error
	if k.decoder, err = codec.NewDecoder(k.inRate); err != nil {
		k.decoder = nil
		return
	}
	k.resampler = newResampler(k.inRate, k.rate)
	k.raw = make([]int16, k.inRate*longestPacket/1000)
	k.pcm = make([]int16, 0, k.rate*longestPacket/1000+2)
}

// push puts a packet in order, and finds where its stream belongs.
func (k *track) push(v *tapped) {
	if k.decoder == nil {
		return
	}
	if k.began && v.ssrc != k.ssrc {
		k.play(v.came + time.Hour)
		k.buffer.Clear()
		k.began = false
	}
	if v.kind == tapAudio {
		k.follow(v)
	}
	if k.buffer.Push(v.came, jitter.Packet{Seq: v.seq, TS: v.ts, Payload: v.payload}) == jitter.Reset {
		k.anchor(v)
	}
}

// anchor begins a stream where its packet came.
func (k *track) anchor(v *tapped) {
	k.began, k.ssrc, k.ref, k.ext, k.base = true, v.ssrc, v.ts, 0, k.samples(v.came-k.start)
	k.came, k.jumped = v.came, -trackWindow
	k.restart(v.came)
}

// follow compares when a packet came with where its timestamp puts it.
func (k *track) follow(v *tapped) {
	if !k.began {
		k.anchor(v)
		return
	}
	k.ext += int64(int32(v.ts - k.ref))
	k.ref = v.ts
	late, jump, pause := k.samples(v.came-k.start)-k.place(v.ts), k.samples(trackJump), v.came-k.came
	k.came = v.came
	if pause > trackPause {
		jump = k.samples(trackAfter)
	}
	if was := late + k.base - k.before; v.came-k.jumped < trackWindow && max(was, -was) < max(late, -late) {
		k.base, k.jumped = k.before, -trackWindow // one packet was very late, its stream is not
		k.restart(v.came)
		return
	}
	switch {
	case late > jump, late < -jump:
		k.before, k.jumped = k.base, v.came
		k.base += late
		k.restart(v.came)
	case k.slew != 0: // on its way
		k.low, k.since = k.samples(trackJump), v.came
	default:
		k.low = min(k.low, late)
		if v.came-k.since >= trackJudge {
			k.judge(v.came)
		}
	}
}

// restart begins to watch a stream that was moved.
func (k *track) restart(now time.Duration) {
	k.low, k.since, k.slew = k.samples(trackJump), now, 0
}

// judge draws a stream to its place that is too far from it.
func (k *track) judge(now time.Duration) {
	if most := k.samples(trackDrift); k.low > most || k.low < -most {
		k.slew = k.low
	}
	k.low, k.since = k.samples(trackJump), now
}

// place is where a timestamp belongs.
func (k *track) place(ts uint32) int64 {
	return k.base + (k.ext+int64(int32(ts-k.ref)))*int64(k.rate)/int64(k.clock)
}

// play decodes what is in order; a packet that is given up leaves silence where it belongs.
func (k *track) play(now time.Duration) {
	for {
		p, state := k.buffer.Pop(now)
		switch {
		case state == jitter.Ready && len(p.Payload) > 0 && k.decoder != nil:
			k.decode(p)
		case state == jitter.Empty, state == jitter.Waiting:
			return
		}
	}
}

func (k *track) decode(p jitter.Packet) {
	n, err := k.decoder.Decode(k.raw, p.Payload)
	if err != nil || n == 0 {
		return
	}
	pcm := k.raw[:n]
	if k.resampler != nil {
		k.pcm = k.resampler.run(k.pcm[:0], pcm)
		pcm = k.pcm
	}
	at := k.place(p.TS)
	by := max(min(k.slew, int64(len(pcm)/80)), -int64(len(pcm)/80))
	k.slew -= by
	k.base += by
	length := int64(len(pcm)) + by
	if gap := at - k.next; gap != 0 && gap >= -8 && gap <= 8 { // rounding of clocks: no click for it
		at, length = k.next, length+gap
	}
	k.lay(at, length, pcm)
}

// lay puts samples on the track, stretched to a length that differs by a few.
func (k *track) lay(at, length int64, pcm []int16) {
	k.next = at + length
	size := int64(len(k.window))
	from, to := max(k.written-at, 0), min(length, k.written+size-at)
	if length == int64(len(pcm)) && from < to {
		n := copy(k.window[(at+from)%size:], pcm[from:to])
		copy(k.window, pcm[from+int64(n):to])
		return
	}
	for i := from; i < to; i++ {
		k.window[(at+i)%size] = stretched(pcm, i, length)
	}
}

// stretched is sample i of pcm when it lasts for length samples.
func stretched(pcm []int16, i, length int64) int16 {
	n := int64(len(pcm))
	if length == n || length < 2 || n < 2 {
		return pcm[min(i, n-1)]
	}
	at := i * (n - 1)
	j, part := at/(length-1), at%(length-1)
	if j >= n-1 {
		return pcm[n-1]
	}
	return int16((int64(pcm[j])*(length-1-part) + int64(pcm[j+1])*part) / (length - 1))
}

// take moves samples out of the track, at every second place of out, and leaves silence behind.
func (k *track) take(out []int16, n int64) {
	at := int(k.written % int64(len(k.window)))
	for i := range int(n) {
		out[2*i] = k.window[at]
		k.window[at] = 0
		if at++; at == len(k.window) {
			at = 0
		}
	}
	k.written += n
}

func (k *track) close() {
	if k.decoder != nil {
		k.decoder.Close()
		k.decoder = nil
	}
}
