package sdp

import (
	"strings"

	"ringway/codecs"
)

// Words of m= lines and of rtpmaps.
const (
	audio          = "audio"
	telephoneEvent = "telephone-event"
	noise          = "CN"
)

// IsRTP says whether the formats of the m= line are RTP payload types.
func (m *Media) IsRTP() bool { return strings.Contains(strings.ToUpper(m.Proto), "RTP/") }

// speakable says whether we can serve the line: plain RTP audio that is not disabled. Secured profiles (RTP/SAVP,
// UDP/TLS/RTP/SAVPF) are refused and never answered in the clear.
func (m *Media) speakable() bool { return m.Port != 0 && m.plain() }

// plain says whether the line is unsecured RTP audio, disabled or not.
func (m *Media) plain() bool {
	return m.Kind == audio && (strings.EqualFold(m.Proto, "RTP/AVP") || strings.EqualFold(m.Proto, "RTP/AVPF"))
}

// rtpmap is what an a=rtpmap line would say.
type rtpmap struct {
	name     string
	clock    int
	channels int
}

// statics are the payload types that need no rtpmap (RFC 3551 §6), audio only: nothing else is ever chosen.
var statics = map[uint8]rtpmap{
	0: {"PCMU", 8000, 1}, 3: {"GSM", 8000, 1}, 4: {"G723", 8000, 1}, 5: {"DVI4", 8000, 1}, 6: {"DVI4", 16000, 1},
	7: {"LPC", 8000, 1}, 8: {"PCMA", 8000, 1}, 9: {"G722", 8000, 1}, 10: {"L16", 44100, 2}, 11: {"L16", 44100, 1},
	12: {"QCELP", 8000, 1}, 13: {noise, 8000, 1}, 14: {"MPA", 90000, 1}, 15: {"G728", 8000, 1}, 16: {"DVI4", 11025, 1},
	17: {"DVI4", 22050, 1}, 18: {"G729", 8000, 1},
}

// static is a format before any rtpmap names it: that of its number, else one with an empty Name.
func static(pt uint8) codecs.Format {
	m := statics[pt]
	return codecs.Format{Name: m.name, PayloadType: pt, ClockRate: m.clock, Channels: m.channels}
}

// mend sets right what phones get wrong in rtpmaps: G722/16000 (its clock is 8000, RFC 3551 §4.5.2), opus/48000 without its
// two channels (RFC 7587 §7), and a second channel of a codec that has one.
func mend(f *codecs.Format) {
	switch {
	case strings.EqualFold(f.Name, "G722"):
		f.ClockRate, f.Channels = 8000, 1
	case strings.EqualFold(f.Name, "opus"):
		f.Channels = 2
	case strings.EqualFold(f.Name, telephoneEvent):
		f.Channels = 1
	}
}

// same says whether a and b name one encoding, whatever their payload types.
func same(a, b codecs.Format) bool {
	return a.Name != "" && strings.EqualFold(a.Name, b.Name) && a.ClockRate == b.ClockRate && max(a.Channels, 1) == max(b.Channels, 1)
}

func isEvent(f codecs.Format) bool { return strings.EqualFold(f.Name, telephoneEvent) }

// eventFor finds telephone-event for a codec: with its clock rate, as RFC 4733 §2.1 asks, else any.
func eventFor(list []codecs.Format, clock int) (codecs.Format, bool) {
	var other codecs.Format
	for _, f := range list {
		switch {
		case !isEvent(f):
		case f.ClockRate == clock:
			return f, true
		case other.Name == "":
			other = f
		}
	}
	return other, other.Name != ""
}

// find returns the first format of list that is the same encoding as f.
func find(list []codecs.Format, f codecs.Format) (codecs.Format, bool) {
	for _, g := range list {
		if same(f, g) {
			return g, true
		}
	}
	return codecs.Format{}, false
}
