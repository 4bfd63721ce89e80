package leg

import (
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

func TestWeCallAndTheyAnswer(t *testing.T) {
	b := newUAC(t)
	b.step(Invite{Media: here})
	b.expect("INVITE")
	b.state(Calling)
	inv := b.sent(sipmsg.INVITE).String()
	for _, want := range []string{"INVITE sip:mei@198.51.100.7:5070 SIP/2.0", `From: "Ann \"A\"" <sip:123@192.0.2.1>;tag=us`,
		"Call-ID: call-b", "Max-Forwards: 70", "Allow: " + Allow, "User-Agent: Ringway", "Contact: <sip:192.0.2.1:5060>", "m=audio 30000"} {
		if !strings.Contains(inv, want) {
			t.Errorf("INVITE lacks %q:\n%s", want, inv)
		}
	}
	b.step(b.answer(sipmsg.INVITE, 100, "", ""))
	b.expect()
	b.state(Proceeding)
	b.step(b.answer(sipmsg.INVITE, 180, "them", ""))
	b.expect("ringing")
	b.step(b.answer(sipmsg.INVITE, 200, "them", phoneSDP, "Record-Route: <sip:p2.example.org;lr>", "Record-Route: <sip:p1.example.org;lr>"))
	b.expect("ACK", "answered")
	b.state(Confirmed)
	ack := b.sent(sipmsg.ACK).String()
	if !strings.HasPrefix(ack, "ACK sip:mei@198.51.100.7:5071 ") || strings.Index(ack, "p1.example") > strings.Index(ack, "p2.example") {
		t.Fatalf("target or route set is wrong:\n%s", ack)
	}
	b.step(b.answer(sipmsg.INVITE, 200, "them", phoneSDP))
	b.expect("ACK") // the 200 again: the ACK again
	b.step(Hangup{Cause: Cause{Q850: 16}})
	b.expect("BYE")
	if got := b.sent(sipmsg.BYE).CSeq().SeqNo; got != 2 {
		t.Fatalf("BYE has CSeq %d", got)
	}
	b.step(b.from("BYE", "")) // BYE against BYE
	b.expect("200 BYE", "finished:hangup")
}

func TestStrictRouterIsTolerated(t *testing.T) {
	b := newUAC(t)
	b.step(Invite{Media: here})
	b.step(b.answer(sipmsg.INVITE, 200, "them", phoneSDP, "Record-Route: <sip:strict.example.org>"))
	ack := b.sent(sipmsg.ACK).String()
	if !strings.HasPrefix(ack, "ACK sip:strict.example.org ") || !strings.Contains(ack, "Route: <sip:mei@198.51.100.7:5071>") {
		t.Fatal(ack)
	}
}

func TestCancelRaces(t *testing.T) {
	t.Run("before any provisional it waits", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(Hangup{Cause: elsewhereCause})
		b.expect()
		b.step(b.answer(sipmsg.INVITE, 180, "them", ""))
		b.expect("CANCEL")
		if r := b.outs[0].(SendCancel).Reason; r != `SIP;cause=200;text="Call completed elsewhere"` {
			t.Fatalf("Reason: %s", r)
		}
		b.step(b.answer(sipmsg.INVITE, 487, "them", ""))
		b.expect("finished:hangup/200")
	})
	t.Run("the 200 crosses it", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 180, "them", ""))
		b.step(Hangup{})
		b.expect("CANCEL")
		b.step(b.answer(sipmsg.INVITE, 200, "them", phoneSDP))
		b.expect("ACK", "BYE")
		b.step(b.answer(sipmsg.BYE, 200, "them", ""))
		b.expect("finished:hangup")
	})
	t.Run("no final answer at all", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 180, "them", ""))
		b.step(Hangup{})
		outs := b.pass(33 * time.Second)
		if got := names(outs); len(got) != 1 || got[0] != "finished:hangup" {
			t.Fatalf("%v", got)
		}
	})
	t.Run("silence before any provisional", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(Hangup{})
		b.step(Failed{Method: sipmsg.INVITE, CSeq: 1})
		b.expect("finished:hangup")
	})
}

var elsewhereCause = Cause{Status: 200, Text: "Call completed elsewhere"}

func TestForkedAnswers(t *testing.T) {
	b := newUAC(t)
	b.step(Invite{Media: here})
	b.step(b.answer(sipmsg.INVITE, 180, "one", ""))
	b.step(b.answer(sipmsg.INVITE, 183, "two", phoneSDP))
	b.expect("early_media")
	b.step(b.answer(sipmsg.INVITE, 200, "one", phoneSDP))
	b.expect("ACK", "answered")
	b.step(b.answer(sipmsg.INVITE, 200, "two", phoneSDP))
	b.expect("ACK", "BYE")
	if tag := b.sent(sipmsg.BYE).To().Params.GetOr("tag", ""); tag != "two" {
		t.Fatalf("BYE goes to %q", tag)
	}
	b.step(b.answer(sipmsg.INVITE, 200, "two", phoneSDP))
	b.expect("ACK")
	b.step(b.answer(sipmsg.BYE, 200, "two", ""))
	b.expect()
	b.state(Confirmed)
}

func TestAnswersOfAllSorts(t *testing.T) {
	changed := strings.Replace(phoneSDP, "40000", "41000", 1)
	t.Run("183 changes in 200", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 183, "them", phoneSDP))
		b.step(b.answer(sipmsg.INVITE, 200, "them", changed))
		b.expect("ACK", "answered")
		if p := b.leg.Agreed().Remote.Port(); p != 41000 {
			t.Fatalf("media go to port %d", p)
		}
	})
	t.Run("answer in 183 only", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 183, "them", phoneSDP))
		b.step(b.answer(sipmsg.INVITE, 200, "them", ""))
		b.expect("ACK", "answered")
	})
	t.Run("no answer anywhere", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 200, "them", ""))
		b.expect("ACK", "BYE", "finished:media_impossible/488")
	})
	t.Run("200 without a To tag", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 200, "", phoneSDP))
		b.expect("ACK", "answered")
	})
	t.Run("more than ten provisionals", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		for range 14 {
			b.step(b.answer(sipmsg.INVITE, 180, "them", ""))
			b.expect("ringing")
		}
		b.step(b.answer(sipmsg.INVITE, 486, "them", ""))
		b.expect("finished:refused/486")
	})
	t.Run("302", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 302, "them", ""))
		if e := b.outs[0].(Event); len(e.End.Targets) != 1 || e.End.Targets[0].User != "mei" {
			t.Fatalf("%+v", e.End)
		}
	})
	t.Run("100 and then silence", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(b.answer(sipmsg.INVITE, 100, "", ""))
		b.step(Failed{Method: sipmsg.INVITE, CSeq: 1})
		b.expect("finished:no_response/408")
	})
	t.Run("cannot be sent", func(t *testing.T) {
		b := newUAC(t)
		b.step(Invite{Media: here})
		b.step(Failed{Method: sipmsg.INVITE, CSeq: 1, Transport: true})
		b.expect("finished:unreachable/503")
	})
}

func TestTimerC(t *testing.T) {
	b := newUAC(t)
	b.step(Invite{Media: here})
	b.step(b.answer(sipmsg.INVITE, 180, "them", ""))
	b.pass(2 * time.Minute)
	b.step(b.answer(sipmsg.INVITE, 180, "them", "")) // starts it again
	if outs := b.pass(2 * time.Minute); len(outs) != 0 {
		t.Fatalf("%v", names(outs))
	}
	if outs := b.pass(2 * time.Minute); count(outs, "CANCEL") != 1 || count(outs, "finished:rang_too_long/408") != 1 {
		t.Fatalf("%v", names(outs))
	}
}

func TestChallengeIsAnsweredTwiceAtMost(t *testing.T) {
	b := newUAC(t, func(c *Callee) {
		c.Authorize = func(*sipmsg.Request, *sipmsg.Response) sipmsg.Header {
			return sipmsg.NewHeader("Authorization", "Digest x")
		}
	})
	b.step(Invite{Media: here})
	b.step(b.answer(sipmsg.INVITE, 401, "them", ""))
	b.expect("INVITE")
	if req := b.sent(sipmsg.INVITE); req.CSeq().SeqNo != 2 || req.To().Params.Has("tag") || req.GetHeader("Authorization") == nil {
		t.Fatalf("second INVITE:\n%s", req)
	}
	b.step(b.answer(sipmsg.INVITE, 407, "them", ""))
	b.expect("INVITE")
	b.step(b.answer(sipmsg.INVITE, 200, "them", phoneSDP))
	if b.sent(sipmsg.ACK).GetHeader("Authorization") == nil {
		t.Fatal("ACK without the credentials of its INVITE")
	}
}

func TestThirdChallengeEnds(t *testing.T) {
	b := newUAC(t, func(c *Callee) {
		c.Authorize = func(*sipmsg.Request, *sipmsg.Response) sipmsg.Header {
			return sipmsg.NewHeader("Authorization", "Digest x")
		}
	})
	b.step(Invite{Media: here})
	b.step(b.answer(sipmsg.INVITE, 401, "them", ""))
	b.step(b.answer(sipmsg.INVITE, 401, "them", ""))
	b.step(b.answer(sipmsg.INVITE, 401, "them", ""))
	b.expect("finished:refused/401")
}

func TestByeOfTheCalleeBeforeItsAnswer(t *testing.T) {
	b := newUAC(t)
	b.step(Invite{Media: here})
	b.step(b.answer(sipmsg.INVITE, 183, "them", phoneSDP))
	b.step(b.from("BYE", ""))
	b.expect("200 BYE", "CANCEL")
	b.step(b.answer(sipmsg.INVITE, 487, "them", ""))
	b.expect("finished:bye")
}

func TestProbe(t *testing.T) {
	for _, c := range []struct {
		name string
		in   func(b *bench) Input
		want []string
	}{
		{"200", func(b *bench) Input { return b.answer(sipmsg.OPTIONS, 200, "them", "") }, []string{"alive"}},
		{"405", func(b *bench) Input { return b.answer(sipmsg.OPTIONS, 405, "them", "") }, []string{"alive"}},
		{"481", func(b *bench) Input { return b.answer(sipmsg.OPTIONS, 481, "them", "") }, []string{"finished:dead/481"}},
		{"408", func(b *bench) Input { return b.answer(sipmsg.OPTIONS, 408, "them", "") }, []string{"BYE", "finished:dead/408"}},
		{"silence", func(b *bench) Input { return Failed{Method: sipmsg.OPTIONS, CSeq: b.sent(sipmsg.OPTIONS).CSeq().SeqNo} },
			[]string{"BYE", "finished:dead/408"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newUAC(t).up()
			b.step(Probe{})
			b.expect("OPTIONS")
			b.step(Probe{})
			b.expect() // one at a time
			b.step(c.in(b))
			b.expect(c.want...)
		})
	}
}
