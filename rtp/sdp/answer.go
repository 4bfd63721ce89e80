package sdp

import (
	"fmt"
	"net/netip"
	"strings"

	"ringway/codecs"
)

// Answer answers an offer: one m= line for each of its own, in order, at most one audio line accepted, all else port 0
// (RFC 3264 §6). With ErrNoMedia or ErrNoCommonCodec the returned session refuses every line.
//
//	offer                                   answer
//	m=audio 4000 RTP/SAVP 0                 m=audio 0 RTP/SAVP 0         secured: not yet, and never in the clear
//	m=audio 4002 RTP/AVP 111 0 101          m=audio 30000 RTP/AVP 111 101   the first line with a codec of ours
//	m=video 4004 RTP/AVP 96                 m=video 0 RTP/AVP 96
//	m=audio 4006 RTP/AVP 0                  m=audio 0 RTP/AVP 0          one stream is enough
func Answer(offer *Session, o AnswerOptions) (*Session, Agreed, error) {
	s := newSession(o.Local, o.ID, o.Previous)
	s.Media = make([]Media, 0, len(offer.Media))
	var got Agreed
	var foreign *Media // speakable, but without a codec of ours
	done := false
	for i := range offer.Media {
		m := &offer.Media[i]
		if done || !m.speakable() {
			s.Media = append(s.Media, refuse(m))
			continue
		}
		f, ours, ok := choose(m.Formats, o.Codecs, o.Prefer)
		if !ok {
			foreign = m
			s.Media = append(s.Media, refuse(m))
			continue
		}
		var mine Media
		mine, got = accept(m, f, ours, o)
		got.Media = i
		s.Media = append(s.Media, mine)
		done = true
	}
	s.renew(o.Previous)
	switch {
	case done:
		return s, got, nil
	case foreign != nil:
		return s, Agreed{}, fmt.Errorf("%w: line %d offers %s", ErrNoCommonCodec, foreign.Line, names(foreign.Formats))
	}
	return s, Agreed{}, fmt.Errorf("%w: %s", ErrNoMedia, describe(offer))
}

// choose picks the format that both speak: the preferred one, else the first of the offer.
func choose(list []codecs.Format, set *codecs.Set, prefer string) (theirs, ours codecs.Format, ok bool) {
	if set == nil {
		return
	}
	for _, f := range list {
		c, found := set.Lookup(f.Name, f.ClockRate, f.Channels)
		if !found {
			continue
		}
		if preferred := prefer != "" && strings.EqualFold(f.Name, prefer); preferred || !ok {
			theirs, ours, ok = f, c.Format(), true
			if preferred {
				break
			}
		}
	}
	return
}

// accept makes our line for m with one codec, their payload types, and what follows from it.
func accept(m *Media, theirs, ours codecs.Format, o AnswerOptions) (Media, Agreed) {
	pt := theirs.PayloadType
	want := m.Direction
	if m.Held() {
		want = want.And(SendOnly)
	}
	ptime := o.PTime
	if ptime == 0 {
		ptime = m.PTime
	}
	got := Agreed{
		Remote:    m.Remote(),
		RTCPMux:   m.RTCPMux && !o.NoRTCPMux,
		Codec:     codecs.Format{Name: ours.Name, PayloadType: pt, ClockRate: ours.ClockRate, Channels: ours.Channels, Fmtp: strings.Clone(theirs.Fmtp)}, // the description goes, the agreement stays
		SendPT:    pt,
		RecvPT:    pt,
		PTime:     packetTime(ours, ptime, m.MaxPTime),
		MaxPTime:  m.MaxPTime,
		Direction: o.Direction.And(want.Mirror()),
		Held:      !want.Receives(),
	}
	got.RemoteRTCP = m.RemoteRTCP(got.RTCPMux)
	mine := Media{
		Kind: m.Kind, Port: int(o.Local.Port()), Proto: m.Proto, Connection: Address{Addr: o.Local.Addr().Unmap()},
		Direction: got.Direction, PTime: got.PTime, RTCPMux: got.RTCPMux,
		Formats: []codecs.Format{{Name: ours.Name, PayloadType: pt, ClockRate: ours.ClockRate, Channels: ours.Channels, Fmtp: ours.Fmtp}},
	}
	if e, ok := eventFor(m.Formats, ours.ClockRate); ok && !o.NoDTMF {
		got.DTMF = Event{SendPT: e.PayloadType, RecvPT: e.PayloadType, Clock: e.ClockRate}
		mine.Formats = append(mine.Formats, event(e.PayloadType, e.ClockRate))
	}
	if !got.RTCPMux {
		mine.RTCP = controlPort(o.Local, o.RTCPPort)
	}
	return mine, got
}

// controlPort is what an a=rtcp line must say: nothing where the next port is meant.
func controlPort(local netip.AddrPort, port uint16) netip.AddrPort {
	if port == 0 || port == local.Port()+1 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(netip.Addr{}, port)
}

// refuse answers a line with port 0; its formats mean nothing then, but one must stand there.
func refuse(m *Media) Media {
	r := Media{Kind: m.Kind, Proto: m.Proto}
	if len(m.Tokens) > 0 {
		r.Tokens = m.Tokens[:1]
	}
	if len(m.Formats) > 0 {
		r.Formats = []codecs.Format{{PayloadType: m.Formats[0].PayloadType}}
	}
	return r
}

// describe names what was offered, for the Warning.
func describe(s *Session) string {
	if len(s.Media) == 0 {
		return "no m= line"
	}
	var b strings.Builder
	for i := range s.Media {
		m := &s.Media[i]
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "line %d is %.16s %d %.24s", m.Line, m.Kind, m.Port, m.Proto)
	}
	return b.String()
}

// names lists the first encodings of an m= line, for the Warning.
func names(list []codecs.Format) string {
	const enough = 8
	var out []string
	for _, f := range list[:min(len(list), enough)] {
		if f.Name == "" {
			out = append(out, fmt.Sprintf("payload type %d without rtpmap", f.PayloadType))
		} else {
			out = append(out, fmt.Sprintf("%.32s/%d", f.Name, f.ClockRate))
		}
	}
	return strings.Join(out, ", ")
}
