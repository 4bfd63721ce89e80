package leg

import (
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

func TestCallerRingsAnswersHangsUp(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.expect("offered")
	b.state(Incoming)
	b.step(Ring{})
	b.expect("180 INVITE")
	b.state(Ringing)
	b.step(Answer{Media: here})
	b.expect("200 INVITE", "answered")
	b.state(Accepted)
	if a := b.leg.Agreed(); a == nil || a.Codec.Name != "PCMU" || a.Remote.String() != "198.51.100.7:40000" {
		t.Fatalf("agreed on %+v", a)
	}
	b.step(b.ack(""))
	b.expect("acknowledged")
	b.state(Confirmed)
	b.step(b.from("BYE", "", `Reason: Q.850;cause=16;text="Done"`))
	b.expect("200 BYE", "finished:bye")
	b.state(Ended)
}

func TestEarlyMediaAnswerIsRepeatedIn200(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Progress{Media: here})
	b.expect("183 INVITE", "early_media")
	b.state(Early)
	early := string(b.outs[0].(Respond).Res.Body())
	b.step(Progress{Media: here})
	b.expect("183 INVITE") // as it is every minute
	b.step(Ring{})
	b.expect("180 INVITE")
	b.state(Early)
	b.step(Answer{Media: here})
	if final := string(b.outs[0].(Respond).Res.Body()); final != early {
		t.Fatalf("183 said\n%s\n200 says\n%s", early, final)
	}
}

func TestLostAckRepeats200AndEndsInBye(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Answer{Media: here})
	outs := b.pass(31 * time.Second)
	// 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5 s (and 31.5 s)
	if n := count(outs, "200 INVITE"); n != 9 {
		t.Fatalf("200 was repeated %d times in 31 s", n)
	}
	outs = b.pass(2 * time.Second)
	if count(outs, "BYE") != 1 || count(outs, "finished:no_ack/408") != 1 {
		t.Fatalf("after 32 s: %v", names(outs))
	}
	b.step(b.ack(""))
	b.expect() // late ACK after BYE
}

func TestHangupBeforeAckWaitsForIt(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Answer{Media: here})
	b.step(Hangup{Cause: Cause{Q850: 16, Text: "Normal"}})
	b.expect()
	b.state(Ending)
	b.step(b.ack(""))
	b.expect("BYE")
	if r := b.sent(sipmsg.BYE).GetHeader("Reason"); r == nil || r.Value() != `Q.850;cause=16;text="Normal"` {
		t.Fatalf("Reason: %v", r)
	}
	b.step(b.answer(sipmsg.BYE, 200, "them", ""))
	b.expect("finished:hangup")
}

func TestHangupBeforeAckThatNeverComes(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Answer{Media: here})
	b.step(Hangup{})
	outs := b.pass(33 * time.Second)
	if count(outs, "BYE") != 1 {
		t.Fatalf("%v", names(outs))
	}
	b.step(Failed{Method: sipmsg.BYE, CSeq: b.sent(sipmsg.BYE).CSeq().SeqNo})
	b.expect("finished:hangup")
}

func TestByeBeforeAck(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Answer{Media: here})
	b.step(b.from("BYE", ""))
	b.expect("200 BYE", "finished:bye")
	if outs := b.pass(time.Minute); len(outs) != 0 {
		t.Fatalf("after the end: %v", names(outs))
	}
}

func TestCallerGivesUp(t *testing.T) {
	for _, c := range []struct {
		name string
		in   func(b *bench) Input
		want []string
	}{
		{"CANCEL", func(b *bench) Input { return Canceled{Reason: "Q.850;cause=16"} }, []string{"487 INVITE", "finished:cancel/487"}},
		{"BYE in an early dialog", func(b *bench) Input { return b.from("BYE", "") }, []string{"200 BYE", "487 INVITE", "finished:bye/487"}},
		{"we refuse", func(b *bench) Input { return Hangup{Cause: Cause{Status: 486, Q850: 17}} }, []string{"486 INVITE", "finished:hangup/486"}},
		{"we refuse without a status", func(b *bench) Input { return Hangup{} }, []string{"480 INVITE", "finished:hangup/480"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newUAS(t)
			b.step(b.from("INVITE", phoneSDP))
			b.step(Ring{})
			b.step(c.in(b))
			b.expect(c.want...)
			b.step(Answer{Media: here})
			b.expect()
		})
	}
}

func TestCancelAfter200IsTooLate(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Answer{Media: here})
	b.step(Canceled{})
	b.expect()
	b.step(b.ack(""))
	b.expect("acknowledged")
}

func TestOffersThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, body string
		extra      []string
		want       string
		header     string
	}{
		{"broken line", "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\nm=audio x RTP/AVP 0\r\n", nil, "488", "line 3"},
		{"no common codec", strings.Replace(phoneSDP, "0 8 101", "18", 1), nil, "488", "305"},
		{"100rel", phoneSDP, []string{"Require: 100rel"}, "420", "Unsupported: 100rel"},
		{"text body", "hello", []string{"Content-Type: text/plain"}, "415", "Accept: application/sdp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newUAS(t)
			b.step(b.from("INVITE", c.body, c.extra...))
			b.state(Ended)
			text := b.outs[0].(Respond).Res.String()
			if !strings.HasPrefix(text, "SIP/2.0 "+c.want) || !strings.Contains(text, c.header) {
				t.Fatalf("want %s with %q:\n%s", c.want, c.header, text)
			}
		})
	}
}

func TestInviteWithoutOffer(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", ""))
	b.step(Progress{Media: here})
	b.expect("180 INVITE") // no early media without an offer
	b.step(Answer{Media: here})
	b.expect("200 INVITE", "answered")
	if b.leg.Agreed() != nil {
		t.Fatal("agreed before the ACK")
	}
	b.step(b.ack(phoneSDP))
	b.expect("acknowledged")
	if b.leg.Agreed() == nil {
		t.Fatal("nothing agreed after the ACK")
	}
}

func TestAckWithoutAnswerEndsInBye(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", ""))
	b.step(Answer{Media: here})
	b.step(b.ack(""))
	b.expect("BYE", "finished:media_impossible/488")
}

func TestRequestsInsideTheDialog(t *testing.T) {
	for _, c := range []struct {
		method, body string
		extra        []string
		want         []string
	}{
		{"OPTIONS", "", nil, []string{"200 OPTIONS"}},
		{"UPDATE", phoneSDP, nil, []string{"501 UPDATE"}},
		{"REFER", "", []string{"Refer-To: <sip:900@example.org>"}, []string{"501 REFER"}},
		{"PRACK", "", nil, []string{"501 PRACK"}},
		{"NOTIFY", "", []string{"Event: refer"}, []string{"481 NOTIFY"}},
		{"REGISTER", "", nil, []string{"405 REGISTER"}},
		{"WIBBLE", "", nil, []string{"501 WIBBLE"}},
		{"OPTIONS", "", []string{"Require: gruu"}, []string{"420 OPTIONS"}},
		{"INFO", "Signal=5\r\nDuration=200\r\n", []string{"Content-Type: application/dtmf-relay"}, []string{"200 INFO", "digit"}},
		{"INFO", "#", []string{"Content-Type: application/dtmf"}, []string{"200 INFO", "digit"}},
		{"INFO", "Signal=55", []string{"Content-Type: application/dtmf-relay"}, []string{"400 INFO"}},
		{"INFO", "<x/>", []string{"Content-Type: application/media_control+xml"}, []string{"415 INFO"}},
		{"INFO", "", nil, []string{"200 INFO"}},
	} {
		t.Run(c.method+strings.Join(c.extra, ""), func(t *testing.T) {
			b := newUAS(t).up()
			b.step(b.from(c.method, c.body, c.extra...))
			b.expect(c.want...)
			res := b.outs[0].(Respond).Res
			if res.StatusCode == 501 || res.StatusCode == 405 {
				if h := res.GetHeader("Allow"); h == nil || h.Value() != Allow {
					t.Fatalf("Allow: %v", h)
				}
			}
			b.state(Confirmed)
		})
	}
}

func TestOutOfOrderAndStrangers(t *testing.T) {
	b := newUAS(t).up()
	b.cseq = 1
	b.step(b.from("BYE", ""))
	b.expect("500 BYE")
	b.cseq = 10
	r := b.from("BYE", "")
	r.Req.From().Params.Add("tag", "stranger")
	b.step(r)
	b.expect("481 BYE")
	b.step(b.from("BYE", ""))
	b.expect("200 BYE", "finished:bye")
}

func TestInviteWhileTheFirstIsUnanswered(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Ring{})
	b.step(b.from("INVITE", phoneSDP))
	b.expect("500 INVITE")
	if b.outs[0].(Respond).Res.GetHeader("Retry-After") == nil {
		t.Fatal("500 without Retry-After")
	}
	b.step(Answer{Media: here})
	b.expect("200 INVITE", "answered")
}
