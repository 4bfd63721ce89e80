package sdp

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ringway/codecs"
	"ringway/codecs/builtin"
)

// parse reads lines joined by CRLF.
func parse(t *testing.T, lines ...string) *Session {
	t.Helper()
	s, err := Parse([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func named1(t *testing.T, names ...string) *codecs.Set {
	t.Helper()
	set, missing := builtin.All().Named(names)
	if missing != nil {
		t.Fatal(missing)
	}
	return set
}

func head(media ...string) []string {
	return append([]string{"v=0", "o=- 1 1 IN IP4 192.0.2.7", "s=-", "c=IN IP4 192.0.2.7", "t=0 0"}, media...)
}

func TestOfferGoesThroughTheAnswerer(t *testing.T) {
	set := named1(t, "opus", "G722", "PCMU", "PCMA")
	offer := NewOffer(OfferOptions{Local: local(), Codecs: set, Prefer: "pcmu", ID: 9, RTCPMux: true})
	far := parse(t, string(offer.Marshal()))
	peer := netip.MustParseAddrPort("198.51.100.9:4000")
	answer, theirs, err := Answer(far, AnswerOptions{Local: peer, Codecs: set})
	if err != nil {
		t.Fatal(err)
	}
	ours, err := Accept(offer, parse(t, string(answer.Marshal())))
	if err != nil {
		t.Fatal(err)
	}
	if ours.Codec.Name != "PCMU" || theirs.Codec.Name != "PCMU" {
		t.Errorf("codecs %s and %s, want PCMU, which was put first", ours.Codec.Name, theirs.Codec.Name)
	}
	if ours.Remote != peer || theirs.Remote != local() || !ours.RTCPMux || ours.RemoteRTCP != peer {
		t.Errorf("addresses: ours %v %v, theirs %v", ours.Remote, ours.RemoteRTCP, theirs.Remote)
	}
	if ours.SendPT != theirs.RecvPT || ours.RecvPT != theirs.SendPT || ours.DTMF != theirs.DTMF || ours.DTMF.Clock != 8000 {
		t.Errorf("payload types: ours %+v, theirs %+v", ours, theirs)
	}
}

func TestEventFollowsTheCodecsClock(t *testing.T) {
	offer := NewOffer(OfferOptions{Local: local(), Codecs: builtin.All()})
	for prefer, clock := range map[string]int{"opus": 48000, "PCMA": 8000, "G722": 8000} {
		_, a, err := Answer(offer, AnswerOptions{Local: local(), Codecs: builtin.All(), Prefer: prefer})
		if err != nil || a.Codec.Name != prefer || a.DTMF.Clock != clock {
			t.Errorf("%s: %s with events at %d Hz (%v), want %d", prefer, a.Codec.Name, a.DTMF.Clock, err, clock)
		}
	}
	only := parse(t, head("m=audio 4000 RTP/AVP 96 101", "a=rtpmap:96 opus/48000/2", "a=rtpmap:101 telephone-event/8000")...)
	if _, a, err := Answer(only, AnswerOptions{Local: local(), Codecs: builtin.All()}); err != nil || a.DTMF.Clock != 8000 {
		t.Errorf("events at 8000 Hz beside Opus: %+v %v", a.DTMF, err)
	}
	if _, a, _ := Answer(only, AnswerOptions{Local: local(), Codecs: builtin.All(), NoDTMF: true}); a.DTMF.Clock != 0 {
		t.Error("telephone-event although it was not wanted")
	}
}

func TestHoldIsMirrored(t *testing.T) {
	for _, c := range []struct {
		address, theirs string
		want            Direction // what we want
		ours            Direction
		held            bool
	}{
		{"192.0.2.7", "sendrecv", SendRecv, SendRecv, false},
		{"192.0.2.7", "sendonly", SendRecv, RecvOnly, true},
		{"192.0.2.7", "recvonly", SendRecv, SendOnly, false},
		{"192.0.2.7", "inactive", SendRecv, Inactive, true},
		{"0.0.0.0", "sendrecv", SendRecv, RecvOnly, true},
		{"0.0.0.0", "recvonly", SendRecv, Inactive, true},
		{"192.0.2.7", "sendrecv", SendOnly, SendOnly, false},
		{"192.0.2.7", "sendonly", SendOnly, Inactive, true},
	} {
		description := []string{"v=0", "c=IN IP4 " + c.address, "m=audio 4000 RTP/AVP 0", "a=" + c.theirs}
		answer, a, err := Answer(parse(t, description...), AnswerOptions{Local: local(), Codecs: builtin.All(), Direction: c.want})
		if err != nil {
			t.Fatal(err)
		}
		if a.Direction != c.ours || a.Held != c.held || answer.Media[0].Direction != c.ours {
			t.Errorf("%s %s, we want %s: got %s held %v, want %s %v", c.address, c.theirs, c.want, a.Direction, a.Held, c.ours, c.held)
		}
		offer := NewOffer(OfferOptions{Local: local(), Codecs: builtin.All(), Direction: c.want})
		if a, err = Accept(offer, parse(t, description...)); err != nil || a.Direction != c.ours || a.Held != c.held {
			t.Errorf("as answer, %s %s: got %s held %v (%v), want %s %v", c.address, c.theirs, a.Direction, a.Held, err, c.ours, c.held)
		}
		if held := c.address == "0.0.0.0"; held == a.Remote.IsValid() {
			t.Errorf("c=%s: we would send to %v", c.address, a.Remote)
		}
	}
}

func TestSessionLevelIsInherited(t *testing.T) {
	s := parse(t, "v=0", "c=IN IP4 192.0.2.7", "a=sendonly", "a=ptime:40", "a=fingerprint:sha-256 AB", "m=audio 4000 RTP/AVP 0", "m=audio 4002 RTP/AVP 0", "a=sendrecv")
	if d := s.Media[0].Direction; d != SendOnly {
		t.Errorf("the session's direction is not inherited: %s", d)
	}
	if d := s.Media[1].Direction; d != SendRecv {
		t.Errorf("a line's own direction does not win: %s", d)
	}
	if v, ok := s.Attribute(1, "Fingerprint"); !ok || v != "sha-256 AB" {
		t.Errorf("session attribute: %q %v", v, ok)
	}
	if s.Media[0].PTime != 40*time.Millisecond {
		t.Errorf("ptime %v", s.Media[0].PTime)
	}
}

func TestVersionGrowsOnlyOnChange(t *testing.T) {
	o := OfferOptions{Local: local(), Codecs: builtin.All(), ID: 77}
	first := NewOffer(o)
	o.Previous = first
	if again := NewOffer(o); again.Origin != first.Origin {
		t.Errorf("nothing changed, but o= went from %+v to %+v", first.Origin, again.Origin)
	}
	o.Direction = SendOnly
	held := NewOffer(o)
	if held.Origin.Version != first.Origin.Version+1 || held.Origin.ID != 77 {
		t.Errorf("hold: o= went from %+v to %+v", first.Origin, held.Origin)
	}
	offer := parse(t, head("m=audio 4000 RTP/AVP 0")...)
	a := AnswerOptions{Local: local(), Codecs: builtin.All(), Previous: held}
	answer, _, err := Answer(offer, a)
	if err != nil || answer.Origin.Version != held.Origin.Version+1 {
		t.Errorf("answer: version %d (%v)", answer.Origin.Version, err)
	}
	a.Previous = answer
	if same, _, _ := Answer(offer, a); same.Origin != answer.Origin {
		t.Errorf("the same offer again: o= went from %+v to %+v", answer.Origin, same.Origin)
	}
}

func TestNewOfferKeepsLinesAndPayloadTypes(t *testing.T) {
	offer := parse(t, head("m=video 4000 RTP/AVP 97", "m=audio 4002 RTP/AVP 111 120", "a=rtpmap:111 opus/48000/2", "a=rtpmap:120 telephone-event/48000")...)
	answer, _, err := Answer(offer, AnswerOptions{Local: local(), Codecs: builtin.All()})
	if err != nil {
		t.Fatal(err)
	}
	again := parse(t, string(NewOffer(OfferOptions{Local: local(), Codecs: builtin.All(), Previous: answer}).Marshal()))
	if len(again.Media) != 2 || again.Media[0].Kind != "video" || again.Media[0].Port != 0 || again.Media[1].Port == 0 {
		t.Fatalf("lines moved:\n%s", again.Marshal())
	}
	seen := map[uint8]string{}
	for _, f := range again.Media[1].Formats {
		if other, ok := seen[f.PayloadType]; ok {
			t.Errorf("%d is %s and %s", f.PayloadType, other, f.Name)
		}
		seen[f.PayloadType] = f.Name
	}
	if seen[111] != "opus" || seen[120] != "telephone-event" {
		t.Errorf("payload types of the session changed: %v", seen)
	}
}

func TestAnswerWithOtherNumbers(t *testing.T) {
	offer := NewOffer(OfferOptions{Local: local(), Codecs: named1(t, "opus", "PCMU")})
	a, err := Accept(offer, parse(t, head("m=audio 4000 RTP/AVP 120 0 121", "a=rtpmap:120 opus/48000/2", "a=fmtp:120 maxaveragebitrate=16000", "a=rtpmap:121 telephone-event/48000")...))
	if err != nil {
		t.Fatal(err)
	}
	if a.SendPT != 120 || a.RecvPT != 96 || a.Codec.Fmtp != "maxaveragebitrate=16000" || a.DTMF != (Event{SendPT: 121, RecvPT: 100, Clock: 48000}) {
		t.Errorf("%+v", a)
	}
	if len(a.Also) != 1 || a.Also[0].Name != "PCMU" {
		t.Errorf("further codecs: %+v", a.Also)
	}
	a, err = Accept(offer, parse(t, head("m=audio 4000 RTP/AVP 96 101")...))
	if err != nil || a.Codec.Name != "opus" || a.DTMF.Clock != 8000 {
		t.Errorf("an answer without rtpmaps: %+v, %v", a, err)
	}
}

func TestBadAnswers(t *testing.T) {
	offer := NewOffer(OfferOptions{Local: local(), Codecs: named1(t, "PCMU")})
	for _, c := range []struct {
		media string
		want  error
	}{
		{"m=audio 0 RTP/AVP 0", ErrRejected},
		{"m=audio 4000 RTP/AVP 8", ErrNoCommonCodec},
		{"m=audio 4000 RTP/AVP 101", ErrNoCommonCodec},
		{"m=video 4000 RTP/AVP 0", ErrAnswer},
		{"m=audio 4000 RTP/SAVP 0", ErrAnswer},
		{"b=AS:64", ErrAnswer},
	} {
		if _, err := Accept(offer, parse(t, head(c.media)...)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.media, err, c.want)
		}
	}
}

func TestPacketTime(t *testing.T) {
	opus, pcmu := codecs.Format{Name: "opus"}, codecs.Format{Name: "PCMU"}
	for _, c := range []struct {
		f               codecs.Format
		want, most, got int
	}{
		{pcmu, 0, 0, 20}, {pcmu, 30, 0, 30}, {opus, 30, 0, 20}, {pcmu, 25, 0, 20}, {pcmu, 5, 0, 10}, {pcmu, 200, 0, 60},
		{pcmu, 50, 0, 40}, {pcmu, 60, 40, 40}, {pcmu, 0, 15, 10}, {pcmu, 20, 3, 10},
	} {
		ms := time.Millisecond
		if got := packetTime(c.f, time.Duration(c.want)*ms, time.Duration(c.most)*ms); got != time.Duration(c.got)*ms {
			t.Errorf("%s %d, at most %d: got %v, want %d ms", c.f.Name, c.want, c.most, got, c.got)
		}
	}
}

func TestMarshalKeepsLinesApart(t *testing.T) {
	s := &Session{Name: "a\r\nm=audio 1 RTP/AVP 0", Origin: Origin{User: "x\ny z"}, Attributes: []Attribute{{Key: "k", Value: "v\r\nc=IN IP4 192.0.2.66"}}}
	back, err := Parse(s.Marshal())
	if err != nil || len(back.Media) != 0 || !back.Connection.IsZero() {
		t.Errorf("%v\n%s", err, s.Marshal())
	}
}
