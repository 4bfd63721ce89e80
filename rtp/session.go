package rtp

import (
	"net/netip"
	"time"

	"ringway/store"
)

// Session is the media of one leg. Its methods may be called from any goroutine and do not wait for packets.
type Session struct{ local netip.AddrPort }

// Local is the RTP address that the leg was given, as bound: what is advertised is the signalling's business. RTCP is one
// port above.
func (s *Session) Local() netip.AddrPort { return s.local }

// Apply puts an agreed description in force: the first one, or that of a re-INVITE. It takes effect at once for packets
// in both directions and, on a joined session, rebuilds the route to its peer.
func (s *Session) Apply(p Params) error { return ErrClosed }

// Relearn opens the search for the leg's source again, as after a re-INVITE. Until somebody speaks we go on sending to
// the old place.
func (s *Session) Relearn() {}

// Stats is what the leg lived through so far. It asks the media loop; after Release it is the final word.
func (s *Session) Stats() Stats { return Stats{} }

// Release gives the endpoint back. It parts the session, ends its playback and sends an RTCP BYE. Safe to call twice.
func (s *Session) Release() {}

// Play sends a sound to the leg in place of what its peer says, from now on until it ends or is stopped. It replaces a
// playback that is running.
func (s *Session) Play(src *Source, o PlayOptions) *Playback { return nil }

// SendDigit queues a DTMF digit (RFC 4733) of this length, at least 40 ms; 0 is 100 ms. Digits go out one after another.
func (s *Session) SendDigit(digit rune, length time.Duration) error { return ErrDigit }

// Join makes each hear the other: by relay where codecs are equal, else by transcoding. Sessions that were joined with
// others are parted from them.
func Join(a, b *Session) error { return ErrClosed }

// Part ends a Join; sessions that are not joined with each other are left alone.
func Part(a, b *Session) {}

// Stats is the quality of one leg, as received by us, with what we sent.
type Stats struct {
	store.Quality
	Bytes           uint64
	Reordered       uint64  // packets that came after a later one
	Refused         uint64  // packets from a source that may not speak on this leg
	Dropped         uint64  // malformed, of an unknown payload type, or with nowhere to go
	Sent, SentBytes uint64  // payload packets and bytes
	RemoteLost      uint64  // what the far end says it lost of ours (RTCP)
	RemoteJitterMS  float64 // and the jitter it sees
	Remote          netip.AddrPort
	Codec           string
}
