package leg

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/codecs"
)

// paper is a codec that exists on paper only: negotiation needs no more.
type paper struct{ f codecs.Format }

func (p paper) Format() codecs.Format                                    { return p.f }
func (p paper) Rates() []int                                             { return []int{8000} }
func (p paper) NewEncoder(codecs.EncoderOptions) (codecs.Encoder, error) { return nil, codecs.ErrRate }
func (p paper) NewDecoder(int) (codecs.Decoder, error)                   { return nil, codecs.ErrRate }

var speech = codecs.NewSet(
	paper{codecs.Format{Name: "PCMU", PayloadType: 0, ClockRate: 8000, Channels: 1}},
	paper{codecs.Format{Name: "PCMA", PayloadType: 8, ClockRate: 8000, Channels: 1}},
)

var (
	start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	here  = Media{Local: netip.MustParseAddrPort("192.0.2.1:30000")}
)

func options() Options {
	return Options{Tag: "us", Contact: sipmsg.Uri{Scheme: "sip", Host: "192.0.2.1", Port: 5060}, Agent: "Ringway", Session: 7,
		Codecs: speech}
}

// bench drives one leg and remembers what it said.
type bench struct {
	t    *testing.T
	leg  *Leg
	now  time.Time
	wake time.Time
	outs []Output // of the last step
	all  []Output
	cseq int // of the far end
	tx   Tx
}

func newUAS(t *testing.T) *bench { return &bench{t: t, leg: NewUAS(options()), now: start, cseq: 1} }

func newUAC(t *testing.T, change ...func(*Callee)) *bench {
	c := Callee{CallID: "call-b", Target: sipmsg.Uri{Scheme: "sip", User: "mei", Host: "198.51.100.7", Port: 5070},
		From: sipmsg.Uri{Scheme: "sip", User: "123", Host: "192.0.2.1"}, FromName: `Ann "A"`}
	for _, f := range change {
		f(&c)
	}
	return &bench{t: t, leg: NewUAC(options(), c), now: start, cseq: 1}
}

// step feeds one input. What is to be sent must survive a journey as text.
func (b *bench) step(in Input) []Output {
	b.t.Helper()
	b.outs = append([]Output(nil), b.leg.Step(b.now, in)...)
	for _, o := range b.outs {
		switch o := o.(type) {
		case Wake:
			b.wake = o.At
		case Send:
			parse(b.t, o.Req.String())
		case SendAck:
			parse(b.t, o.Req.String())
		case Respond:
			parse(b.t, o.Res.String())
		}
	}
	b.all = append(b.all, b.outs...)
	return b.outs
}

// pass lets time go by, with a Tick at each moment that the leg asked for; it returns what came out.
func (b *bench) pass(d time.Duration) []Output {
	b.t.Helper()
	var got []Output
	end := b.now.Add(d)
	for !b.wake.IsZero() && !b.wake.After(end) && b.leg.State() != Ended {
		b.now = b.wake
		b.wake = time.Time{}
		got = append(got, b.step(Tick{})...)
	}
	b.now = end
	return got
}

// expect compares outputs, written in short, with those of the last step: "INVITE", "ACK", "CANCEL", "200 INVITE", "answered".
func (b *bench) expect(want ...string) {
	b.t.Helper()
	got := names(b.outs)
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		b.t.Fatalf("got  [%s]\nwant [%s]", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func (b *bench) state(want State) {
	b.t.Helper()
	if got := b.leg.State(); got != want {
		b.t.Fatalf("state is %s, want %s", got, want)
	}
}

func names(outs []Output) []string {
	var got []string
	for _, o := range outs {
		switch o := o.(type) {
		case Send:
			got = append(got, string(o.Req.Method))
		case SendAck:
			got = append(got, "ACK")
		case SendCancel:
			got = append(got, "CANCEL")
		case Respond:
			got = append(got, fmt.Sprintf("%d %s", o.Res.StatusCode, o.Res.CSeq().MethodName))
		case Event:
			name := o.Kind.String()
			if o.Kind == Finished {
				name += ":" + o.End.Why.String()
				if o.End.Status != 0 {
					name += fmt.Sprintf("/%d", o.End.Status)
				}
			}
			got = append(got, name)
		}
	}
	return got
}

func count(outs []Output, name string) (n int) {
	for _, o := range names(outs) {
		if o == name {
			n++
		}
	}
	return n
}

func parse(t *testing.T, text string) sipmsg.Message {
	t.Helper()
	if !strings.Contains(text, "Via:") {
		text = strings.Replace(text, "\r\n", "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n", 1)
	}
	m, err := sipmsg.ParseMessage([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}

const phoneSDP = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\n" +
	"a=rtpmap:101 telephone-event/8000\r\n"

var phoneHold = strings.Replace(strings.Replace(phoneSDP, "- 1 1", "- 1 2", 1), "m=audio", "a=sendonly\r\nm=audio", 1)
var phoneBack = strings.Replace(phoneSDP, "- 1 1", "- 1 3", 1)

// from is a request of the far end: a caller where we are UAS, the one we called where we are UAC.
func (b *bench) from(method, body string, extra ...string) Request {
	b.t.Helper()
	to, callID, fromTag := "", "call-a", "them"
	if b.leg.Role() == UAC {
		callID = "call-b"
	}
	if b.leg.State() != Idle {
		to = ";tag=us"
	}
	head := fmt.Sprintf("%s sip:100@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK%d\r\n"+
		"From: <sip:123@example.org>;tag=%s\r\nTo: <sip:100@example.org>%s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n"+
		"Contact: <sip:123@198.51.100.7:5070>\r\nMax-Forwards: 70\r\n", method, b.cseq, fromTag, to, callID, b.cseq, method)
	b.cseq++
	b.tx++
	return Request{Tx: b.tx, Req: b.message(head, body, extra).(*sipmsg.Request)}
}

func (b *bench) message(head, body string, extra []string) sipmsg.Message {
	for _, h := range extra {
		head += h + "\r\n"
	}
	if body != "" && !strings.Contains(head, "Content-Type") {
		head += "Content-Type: application/sdp\r\n"
	}
	return parse(b.t, fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body))
}

// ack is the ACK to our last 2xx.
func (b *bench) ack(body string) Ack {
	b.t.Helper()
	seq := 0
	for _, o := range b.all {
		if r, ok := o.(Respond); ok && r.Res.CSeq().MethodName == sipmsg.INVITE && r.Res.StatusCode == 200 {
			seq = int(r.Res.CSeq().SeqNo)
		}
	}
	keep := b.cseq
	b.cseq = seq
	r := b.from("ACK", body)
	b.cseq = keep
	return Ack{Req: r.Req}
}

// sent is our last request of a method.
func (b *bench) sent(method sipmsg.RequestMethod) *sipmsg.Request {
	b.t.Helper()
	for i := len(b.all) - 1; i >= 0; i-- {
		switch o := b.all[i].(type) {
		case Send:
			if o.Req.Method == method {
				return o.Req
			}
		case SendAck:
			if method == sipmsg.ACK {
				return o.Req
			}
		}
	}
	b.t.Fatalf("no %s was sent", method)
	return nil
}

// answer is a response to our last request of a method; tag "" is none.
func (b *bench) answer(method sipmsg.RequestMethod, status int, tag, body string, extra ...string) Response {
	b.t.Helper()
	req := b.sent(method)
	to := "<sip:mei@198.51.100.7>"
	if tag != "" {
		to += ";tag=" + tag
	}
	head := fmt.Sprintf("SIP/2.0 %d %s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\nFrom: <sip:123@192.0.2.1>;tag=us\r\nTo: %s\r\n"+
		"Call-ID: %s\r\nCSeq: %s\r\nContact: <sip:mei@198.51.100.7:5071>\r\n", status, Phrase(status), to, b.leg.CallID(), req.CSeq().Value())
	return Response{Res: b.message(head, body, extra).(*sipmsg.Response)}
}

// up brings a leg into a confirmed call.
func (b *bench) up() *bench {
	b.t.Helper()
	if b.leg.Role() == UAS {
		b.step(b.from("INVITE", phoneSDP))
		b.step(Answer{Media: here})
		b.step(b.ack(""))
	} else {
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 200, "them", phoneSDP))
	}
	b.state(Confirmed)
	return b
}
