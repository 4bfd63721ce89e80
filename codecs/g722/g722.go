// Package g722 is ITU-T G.722 at 64 kbit/s: wideband speech, 16 kHz PCM, one byte for two samples. Its RTP clock says 8000
// although the signal is 16 kHz, an old mistake that RFC 3551 §4.5.2 keeps for compatibility; so 20 ms are 160 bytes and 160
// ticks, exactly as in G.711.
package g722

import (
	"ringway/codecs"

	adpcm "github.com/gotranspile/g722"
)

const rate = 16000

type codec struct{}

// Codec is G.722 with its static payload type 9.
func Codec() codecs.Codec { return codec{} }

// Format is the static payload format (RFC 3551 §6).
func (codec) Format() codecs.Format {
	return codecs.Format{Name: "G722", PayloadType: 9, ClockRate: 8000, Channels: 1}
}

// Rates is 16 kHz alone.
func (codec) Rates() []int { return []int{rate} }

// NewEncoder opens an encoder.
func (codec) NewEncoder(o codecs.EncoderOptions) (codecs.Encoder, error) {
	if o.Rate != rate {
		return nil, codecs.ErrRate
	}
	return &encoder{adpcm.NewEncoder(adpcm.Rate64000, 0)}, nil
}

// NewDecoder opens a decoder with concealment.
func (codec) NewDecoder(hz int) (codecs.Decoder, error) {
	if hz != rate {
		return nil, codecs.ErrRate
	}
	return &decoder{adpcm.NewDecoder(adpcm.Rate64000, 0), codecs.NewConcealer(rate)}, nil
}

type encoder struct{ lib *adpcm.Encoder }

// Encode writes one byte for two samples.
func (e *encoder) Encode(dst []byte, pcm []int16) (int, error) {
	if len(pcm) == 0 || len(pcm)%2 != 0 {
		return 0, codecs.ErrFrame
	}
	if len(dst) < len(pcm)/2 {
		return 0, codecs.ErrShortBuffer
	}
	return e.lib.Encode(dst, pcm), nil
}

// Close does nothing.
func (e *encoder) Close() {}

type decoder struct {
	lib     *adpcm.Decoder
	conceal *codecs.Concealer
}

// Decode yields two samples for each byte: any payload but an empty one is good G.722.
func (d *decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if len(payload) == 0 {
		return 0, codecs.ErrPayload
	}
	if len(pcm) < 2*len(payload) {
		return 0, codecs.ErrShortBuffer
	}
	n := d.lib.Decode(pcm, payload)
	d.conceal.Good(pcm[:n])
	return n, nil
}

// Conceal fills pcm. The predictor keeps its state over the gap; it adapts within milliseconds after it.
func (d *decoder) Conceal(pcm []int16, _ []byte) (int, error) {
	d.conceal.Conceal(pcm)
	return len(pcm), nil
}

// Close does nothing.
func (d *decoder) Close() {}
