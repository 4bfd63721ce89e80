// Package l16 is uncompressed 16-bit PCM in network byte order (RFC 3551 §4.5.11): for tests, recorders and links where
// bandwidth is free. Its payload types are dynamic.
package l16

import (
	"encoding/binary"

	"ringway/codecs"
)

type codec struct{ rate int }

// Narrow is L16 at 8 kHz.
func Narrow() codecs.Codec { return codec{8000} }

// Wide is L16 at 16 kHz.
func Wide() codecs.Codec { return codec{16000} }

// Format has a dynamic payload type.
func (c codec) Format() codecs.Format {
	pt := uint8(97)
	if c.rate == 8000 {
		pt = 98
	}
	return codecs.Format{Name: "L16", PayloadType: pt, ClockRate: c.rate, Channels: 1}
}

// Rates is the one rate that the rtpmap names.
func (c codec) Rates() []int { return []int{c.rate} }

// NewEncoder opens an encoder, which has no state.
func (c codec) NewEncoder(o codecs.EncoderOptions) (codecs.Encoder, error) {
	if o.Rate != c.rate {
		return nil, codecs.ErrRate
	}
	return encoder{}, nil
}

// NewDecoder opens a decoder with concealment.
func (c codec) NewDecoder(hz int) (codecs.Decoder, error) {
	if hz != c.rate {
		return nil, codecs.ErrRate
	}
	return &decoder{codecs.NewConcealer(hz)}, nil
}

type encoder struct{}

// Encode writes two bytes for each sample.
func (encoder) Encode(dst []byte, pcm []int16) (int, error) {
	if len(pcm) == 0 {
		return 0, codecs.ErrFrame
	}
	if len(dst) < 2*len(pcm) {
		return 0, codecs.ErrShortBuffer
	}
	for i, s := range pcm {
		binary.BigEndian.PutUint16(dst[2*i:], uint16(s))
	}
	return 2 * len(pcm), nil
}

// Close does nothing.
func (encoder) Close() {}

type decoder struct{ conceal *codecs.Concealer }

// Decode yields one sample for two bytes; an odd length is malformed.
func (d *decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if len(payload) == 0 || len(payload)%2 != 0 {
		return 0, codecs.ErrPayload
	}
	n := len(payload) / 2
	if len(pcm) < n {
		return 0, codecs.ErrShortBuffer
	}
	for i := range n {
		pcm[i] = int16(binary.BigEndian.Uint16(payload[2*i:]))
	}
	d.conceal.Good(pcm[:n])
	return n, nil
}

// Conceal fills pcm; the next payload holds nothing about the lost one.
func (d *decoder) Conceal(pcm []int16, _ []byte) (int, error) {
	d.conceal.Conceal(pcm)
	return len(pcm), nil
}

// Close does nothing.
func (d *decoder) Close() {}
