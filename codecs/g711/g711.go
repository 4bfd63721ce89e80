// Package g711 is ITU-T G.711 at 8 kHz: µ-law (PCMU, payload type 0) and A-law (PCMA, payload type 8), one byte a sample,
// with packet loss concealment by repetition of the last pitch period.
package g711

import (
	"ringway/codecs"

	lawlib "github.com/zaf/g711"
)

const rate = 8000

// law is one of the two companding laws.
type law struct {
	format codecs.Format
	encode [1 << 16]uint8 // by the sample's bits
	decode [256]int16
}

// The two codecs are built once: 64 KB of table each, one load a sample instead of a search for the segment.
var (
	mu = newLaw(codecs.Format{Name: "PCMU", PayloadType: 0, ClockRate: rate, Channels: 1}, lawlib.EncodeUlawFrame, lawlib.DecodeUlawFrame)
	a  = newLaw(codecs.Format{Name: "PCMA", PayloadType: 8, ClockRate: rate, Channels: 1}, lawlib.EncodeAlawFrame, lawlib.DecodeAlawFrame)
)

// PCMU is µ-law.
func PCMU() codecs.Codec { return mu }

// PCMA is A-law.
func PCMA() codecs.Codec { return a }

func newLaw(f codecs.Format, encode func(int16) uint8, decode func(uint8) int16) *law {
	l := &law{format: f}
	for i := range l.encode {
		l.encode[i] = encode(int16(i))
	}
	for i := range l.decode {
		l.decode[i] = decode(uint8(i))
	}
	return l
}

// Format is the static payload format (RFC 3551 §6).
func (l *law) Format() codecs.Format { return l.format }

// Rates is 8 kHz alone.
func (l *law) Rates() []int { return []int{rate} }

// NewEncoder opens an encoder, which has no state.
func (l *law) NewEncoder(o codecs.EncoderOptions) (codecs.Encoder, error) {
	if o.Rate != rate {
		return nil, codecs.ErrRate
	}
	return encoder{l}, nil
}

// NewDecoder opens a decoder with concealment.
func (l *law) NewDecoder(hz int) (codecs.Decoder, error) {
	if hz != rate {
		return nil, codecs.ErrRate
	}
	return &decoder{law: l, conceal: codecs.NewConcealer(rate)}, nil
}

type encoder struct{ law *law }

// Encode writes one byte for each sample.
func (e encoder) Encode(dst []byte, pcm []int16) (int, error) {
	if len(pcm) == 0 {
		return 0, codecs.ErrFrame
	}
	if len(dst) < len(pcm) {
		return 0, codecs.ErrShortBuffer
	}
	dst = dst[:len(pcm)]
	table := &e.law.encode
	for i, s := range pcm {
		dst[i] = table[uint16(s)]
	}
	return len(pcm), nil
}

// Close does nothing.
func (e encoder) Close() {}

type decoder struct {
	law     *law
	conceal *codecs.Concealer
}

// Decode yields one sample for each byte: any payload but an empty one is good G.711.
func (d *decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if len(payload) == 0 {
		return 0, codecs.ErrPayload
	}
	if len(pcm) < len(payload) {
		return 0, codecs.ErrShortBuffer
	}
	pcm = pcm[:len(payload)]
	table := &d.law.decode
	for i, b := range payload {
		pcm[i] = table[b]
	}
	d.conceal.Good(pcm)
	return len(pcm), nil
}

// Conceal fills pcm; the next payload holds nothing about the lost one.
func (d *decoder) Conceal(pcm []int16, _ []byte) (int, error) {
	d.conceal.Conceal(pcm)
	return len(pcm), nil
}

// Close does nothing.
func (d *decoder) Close() {}
