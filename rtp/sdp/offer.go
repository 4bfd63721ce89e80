package sdp

import (
	"fmt"
	"strings"

	"ringway/codecs"
)

// NewOffer makes our offer of one audio stream. A later offer in a dialog keeps the m= lines of the one before, all but
// the audio one disabled, and the payload types: a number never changes its meaning during a session (RFC 3264 §8.3.2).
func NewOffer(o OfferOptions) *Session {
	s := newSession(o.Local, o.ID, o.Previous)
	mine := Media{
		Kind: audio, Port: int(o.Local.Port()), Proto: "RTP/AVP", Connection: s.Connection,
		Direction: o.Direction, PTime: packetTime(codecs.Format{}, o.PTime, 0), RTCPMux: o.RTCPMux,
		RTCP: controlPort(o.Local, o.RTCPPort),
	}
	var before []codecs.Format
	at := -1
	if o.Previous != nil {
		at = o.Previous.stream()
		for i := range o.Previous.Media {
			s.Media = append(s.Media, refuse(&o.Previous.Media[i]))
		}
	}
	if at < 0 {
		s.Media = append(s.Media, Media{})
		at = len(s.Media) - 1
	} else {
		before = o.Previous.Media[at].Formats
		mine.Proto = o.Previous.Media[at].Proto
	}
	mine.Formats = formats(o, before)
	s.Media[at] = mine
	s.renew(o.Previous)
	return s
}

// stream is the index of the audio line in use, else of the first one, else -1.
func (s *Session) stream() int {
	first := -1
	for i := range s.Media {
		m := &s.Media[i]
		switch {
		case m.speakable():
			return i
		case m.plain() && first < 0:
			first = i
		}
	}
	return first
}

// formats numbers what we offer: as before, else as the codec prefers, else the next free dynamic payload type.
func formats(o OfferOptions, before []codecs.Format) []codecs.Format {
	var list []codecs.Format
	if o.Codecs != nil {
		all := o.Codecs.All()
		list = make([]codecs.Format, 0, len(all)+2) // with room for events
		for _, c := range all {
			list = append(list, c.Format())
		}
	}
	putFirst(list, o.Prefer)
	if !o.NoDTMF {
		list = events(list)
	}
	var used [128]bool
	for _, f := range before {
		used[f.PayloadType&127] = true
	}
	for i := range list {
		f := &list[i]
		if was, ok := find(before, *f); ok {
			f.PayloadType = was.PayloadType
			continue
		}
		f.PayloadType = free(&used, f.PayloadType&127)
	}
	return list
}

// free is want, unless it is a dynamic number that is taken, and marks it.
func free(used *[128]bool, want uint8) uint8 {
	const firstDynamic = 96
	for pt := uint8(firstDynamic); used[want] && pt < 128; pt++ {
		if !used[pt] {
			want = pt
		}
	}
	used[want] = true
	return want
}

// putFirst moves the encoding called name to the front and keeps the order of the rest.
func putFirst(list []codecs.Format, name string) {
	for i, f := range list {
		if name != "" && strings.EqualFold(f.Name, name) {
			copy(list[1:i+1], list[:i])
			list[0] = f
			return
		}
	}
}

// events adds the telephone-event formats for the clocks of the codecs, as each wants its own (RFC 4733 §2.1).
func events(list []codecs.Format) []codecs.Format {
	var narrow, full bool
	for _, f := range list {
		narrow = narrow || f.ClockRate != 48000
		full = full || f.ClockRate == 48000
	}
	if narrow {
		list = append(list, event(101, 8000))
	}
	if full {
		list = append(list, event(100, 48000))
	}
	return list
}

// Accept reads the answer to our offer. The error is ErrRejected, ErrNoCommonCodec or ErrAnswer.
//
//	what we send carries the number that the answer gives a codec, what we receive the number of our offer; they are
//	mostly, but not always, the same (RFC 3264 §6.1)
func Accept(offer, answer *Session) (Agreed, error) {
	i := offer.stream()
	if i < 0 || i >= len(answer.Media) {
		return Agreed{}, fmt.Errorf("%w: it has %d media lines", ErrAnswer, len(answer.Media))
	}
	ours, theirs := &offer.Media[i], &answer.Media[i]
	switch {
	case theirs.Kind != audio:
		return Agreed{}, fmt.Errorf("%w: line %d is %.16s where audio was offered", ErrAnswer, theirs.Line, theirs.Kind)
	case theirs.Port == 0:
		return Agreed{}, fmt.Errorf("%w: line %d", ErrRejected, theirs.Line)
	case !theirs.speakable():
		return Agreed{}, fmt.Errorf("%w: line %d is %.24s, offered was %s", ErrAnswer, theirs.Line, theirs.Proto, ours.Proto)
	}
	a := Agreed{Media: i, Remote: theirs.Remote(), RTCPMux: ours.RTCPMux && theirs.RTCPMux, MaxPTime: theirs.MaxPTime}
	a.RemoteRTCP = theirs.RemoteRTCP(a.RTCPMux)
	list := named(theirs.Formats, ours.Formats)
	if !a.match(list, ours.Formats) {
		return Agreed{}, fmt.Errorf("%w: line %d answers %s", ErrNoCommonCodec, theirs.Line, names(list))
	}
	a.matchEvent(list, ours.Formats)
	ptime := theirs.PTime
	if ptime == 0 {
		ptime = ours.PTime
	}
	a.PTime = packetTime(a.Codec, ptime, theirs.MaxPTime)
	want := theirs.Direction
	if theirs.Held() {
		want = want.And(SendOnly)
	}
	a.Direction, a.Held = ours.Direction.And(want.Mirror()), !want.Receives()
	return a, nil
}

// named gives formats of an answer that lacks rtpmaps the names that the offer gave these numbers.
func named(answer, offer []codecs.Format) []codecs.Format {
	out := append([]codecs.Format(nil), answer...)
	for i := range out {
		if out[i].Name != "" {
			continue
		}
		for _, f := range offer {
			if f.PayloadType == out[i].PayloadType {
				out[i].Name, out[i].ClockRate, out[i].Channels = f.Name, f.ClockRate, f.Channels
			}
		}
	}
	return out
}

// match takes the first codec of the answer that we offered, and notes the others.
func (a *Agreed) match(answer, offer []codecs.Format) bool {
	for _, f := range answer {
		o, ok := find(offer, f)
		switch {
		case !ok || isEvent(f):
		case a.Codec.Name == "":
			a.Codec = codecs.Format{Name: o.Name, PayloadType: f.PayloadType, ClockRate: o.ClockRate, Channels: o.Channels, Fmtp: strings.Clone(f.Fmtp)}
			a.SendPT, a.RecvPT = f.PayloadType, o.PayloadType
		case !same(o, a.Codec):
			o.Fmtp = strings.Clone(f.Fmtp)
			a.Also = append(a.Also, o)
		}
	}
	return a.Codec.Name != ""
}

// matchEvent takes the telephone-event of the codec's clock, else the one that there is.
func (a *Agreed) matchEvent(answer, offer []codecs.Format) {
	f, ok := eventFor(answer, a.Codec.ClockRate)
	if !ok {
		return
	}
	if o, ok := find(offer, f); ok {
		a.DTMF = Event{SendPT: f.PayloadType, RecvPT: o.PayloadType, Clock: f.ClockRate}
	}
}
