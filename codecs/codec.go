// Package codecs says what a speech codec is to the rest of the switch: formats as SDP names them, encoders and decoders
// of 16-bit mono PCM, and the ordered Set of codecs that a node offers. Codecs live in packages of their own and are
// listed once, in codecs/builtin.
package codecs

import "errors"

// Errors of encoders and decoders.
var (
	// ErrShortBuffer means that the destination cannot hold one packet or frame.
	ErrShortBuffer = errors.New("codecs: destination buffer too short")
	// ErrRate means that the codec cannot be opened at the asked PCM rate; ask Rates first.
	ErrRate = errors.New("codecs: unsupported PCM rate")
	// ErrPayload means that a received payload is no frame of this codec.
	ErrPayload = errors.New("codecs: malformed payload")
	// ErrFrame means that PCM to encode is no whole packet of this codec: nothing at all, or a length it cannot pack.
	ErrFrame = errors.New("codecs: PCM is no whole packet")
)

// Format is one RTP payload format as an rtpmap and fmtp line name it (RFC 8866 §6.6, §6.15).
type Format struct {
	Name        string // encoding name as registered: "PCMU", "G722", "opus"; compared without case
	PayloadType uint8  // static number, or the dynamic one that we prefer to offer
	ClockRate   int    // RTP clock in Hz: 8000 for G.722 (RFC 3551 §4.5.2), 48000 for Opus (RFC 7587 §4.1)
	Channels    int    // as in the rtpmap: 1, and 2 for Opus
	Fmtp        string // parameters we offer, without the "a=fmtp:96 " before them
}

// Codec makes encoders and decoders of one payload format.
type Codec interface {
	// Format is what we offer.
	Format() Format
	// Rates lists the PCM rates in Hz at which the codec can be opened, ascending: G.711 {8000}, G.722 {16000},
	// Opus {8000, 16000, 48000}. Two codecs that share a rate need no resampler between them.
	Rates() []int
	// NewEncoder opens an encoder; ErrRate when o.Rate is not one of Rates.
	NewEncoder(o EncoderOptions) (Encoder, error)
	// NewDecoder opens a decoder that yields PCM of rate Hz; ErrRate when it is not one of Rates.
	NewDecoder(rate int) (Decoder, error)
}

// EncoderOptions say how to open an encoder. The zero value of all but Rate is good.
type EncoderOptions struct {
	Rate       int    // PCM rate in Hz
	Fmtp       string // what the far end asked for in its fmtp line
	Bitrate    int    // bit/s; 0 is the codec's default
	Complexity int    // 1–10; 0 is the codec's default
	LossPct    int    // expected loss: Opus adds in-band FEC above 0
}

// Encoder turns PCM into payloads. It belongs to one goroutine and allocates nothing once opened.
type Encoder interface {
	// Encode writes one packet for pcm (any whole multiple of 10 ms that the codec allows) and returns its length.
	Encode(dst []byte, pcm []int16) (int, error)
	Close()
}

// Decoder turns payloads into PCM. It belongs to one goroutine and allocates nothing once opened.
type Decoder interface {
	// Decode writes the samples of one packet and returns how many.
	Decode(pcm []int16, payload []byte) (int, error)
	// Conceal writes len(pcm) samples for a packet that never came. next is the payload after the gap where it is
	// already here, else nil: a codec with in-band FEC recovers the lost frame from it.
	Conceal(pcm []int16, next []byte) (int, error)
	Close()
}
