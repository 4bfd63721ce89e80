// Package opus is Opus (RFC 6716, 7587) by libopus, tuned for speech: mono, VBR around 24 kbit/s, no DTX. It opens at 8, 16
// and 48 kHz whatever the far end encodes at, so a call between Opus and G.711 runs libopus at 8 kHz, where it costs less
// than half, and needs no resampler.
package opus

import (
	"errors"

	"ringway/codecs"

	libopus "github.com/hraban/opus"
)

// Defaults of encoders.
const (
	defaultBitrate    = 24000
	defaultComplexity = 5
	minBitrate        = 6000
	maxBitrate        = 128000
)

// minRoom is the least destination in bytes: libopus fits its packet into any, but starves the sound to do so.
const minRoom = 256

// maxPacketMs is the longest packet of all: 120 ms (RFC 6716 §3.2.5).
const maxPacketMs = 120

type codec struct{}

// Codec is Opus. Its rtpmap always says 48000/2, also for mono (RFC 7587 §7).
func Codec() codecs.Codec { return codec{} }

// Format offers in-band FEC, which our decoder uses.
func (codec) Format() codecs.Format {
	return codecs.Format{Name: "opus", PayloadType: 96, ClockRate: 48000, Channels: 2, Fmtp: "useinbandfec=1"}
}

// Rates are those that other codecs and our prompts have.
func (codec) Rates() []int { return []int{8000, 16000, 48000} }

func known(rate int) bool { return rate == 8000 || rate == 16000 || rate == 48000 }

// NewEncoder opens an encoder. The far end's fmtp may lower the bit rate, ask for constant bit rate, limit the bandwidth
// and refuse FEC; FEC is on when loss is expected, unless refused.
func (codec) NewEncoder(o codecs.EncoderOptions) (codecs.Encoder, error) {
	if !known(o.Rate) {
		return nil, codecs.ErrRate
	}
	lib, err := libopus.NewEncoder(o.Rate, 1, libopus.AppVoIP)
	if err != nil {
		return nil, err
	}
	if err := tune(lib, o); err != nil {
		return nil, err
	}
	return &encoder{lib: lib, rate: o.Rate}, nil
}

func tune(lib *libopus.Encoder, o codecs.EncoderOptions) error {
	want := parseParams(o.Fmtp)
	bitrate := o.Bitrate
	if bitrate <= 0 {
		bitrate = defaultBitrate
	}
	if want.maxBitrate > 0 {
		bitrate = min(bitrate, want.maxBitrate)
	}
	complexity := o.Complexity
	if complexity <= 0 {
		complexity = defaultComplexity
	}
	loss := min(max(o.LossPct, 0), 100)
	errs := []error{
		lib.SetBitrate(min(max(bitrate, minBitrate), maxBitrate)),
		lib.SetComplexity(min(complexity, 10)),
		lib.SetDTX(false),
		lib.SetVBR(!want.constant),
		lib.SetInBandFEC(loss > 0 && !want.noFEC),
		lib.SetPacketLossPerc(loss),
	}
	if b, ok := want.bandwidth(); ok {
		errs = append(errs, lib.SetMaxBandwidth(b))
	}
	return errors.Join(errs...)
}

type encoder struct {
	lib  *libopus.Encoder
	rate int
}

// Encode packs 10, 20, 40 or 60 ms.
func (e *encoder) Encode(dst []byte, pcm []int16) (int, error) {
	if e.lib == nil || !packable(len(pcm), e.rate) {
		return 0, codecs.ErrFrame
	}
	if len(dst) < minRoom {
		return 0, codecs.ErrShortBuffer
	}
	n, err := e.lib.Encode(pcm, dst[:len(dst):len(dst)]) // the library reads the capacity as the size
	if err != nil {
		return 0, codecs.ErrShortBuffer
	}
	return n, nil
}

// packable says whether n samples are a packet length that every decoder knows and that RTP packet times name.
func packable(n, rate int) bool {
	switch n * 100 / rate {
	case 1, 2, 4, 6:
		return n*100%rate == 0
	}
	return false
}

// Close gives the state back to the garbage collector.
func (e *encoder) Close() { e.lib = nil }

// NewDecoder opens a decoder that yields mono at rate, whatever was encoded.
func (codec) NewDecoder(rate int) (codecs.Decoder, error) {
	if !known(rate) {
		return nil, codecs.ErrRate
	}
	lib, err := libopus.NewDecoder(rate, 1)
	if err != nil {
		return nil, err
	}
	return &decoder{lib: lib, rate: rate}, nil
}

type decoder struct {
	lib  *libopus.Decoder
	rate int
}

// Decode yields one packet, up to 120 ms.
func (d *decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if d.lib == nil || len(payload) == 0 {
		return 0, codecs.ErrPayload
	}
	if len(pcm) == 0 {
		return 0, codecs.ErrShortBuffer
	}
	n, err := d.lib.Decode(payload, pcm[:len(pcm):len(pcm)])
	switch {
	case errors.Is(err, libopus.ErrBufferTooSmall):
		return 0, codecs.ErrShortBuffer
	case err != nil:
		return 0, codecs.ErrPayload
	}
	return n, nil
}

// Conceal fills pcm, any multiple of 2.5 ms up to 120 ms, from the redundancy in next where it carries some, else by
// libopus's own concealment.
func (d *decoder) Conceal(pcm []int16, next []byte) (int, error) {
	unit := d.rate / 400
	if d.lib == nil || len(pcm) == 0 || len(pcm)%unit != 0 || len(pcm) > maxPacketMs*d.rate/1000 {
		return 0, codecs.ErrFrame
	}
	out := pcm[:len(pcm):len(pcm)]
	if len(next) > 0 && d.lib.DecodeFEC(next, out) == nil {
		return len(pcm), nil
	}
	if err := d.lib.DecodePLC(out); err != nil {
		return 0, codecs.ErrPayload
	}
	return len(pcm), nil
}

// Close gives the state back to the garbage collector.
func (d *decoder) Close() { d.lib = nil }
