package leg

import (
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp/sdp"
)

func TestHoldIsMirroredAndTakenBack(t *testing.T) {
	b := newUAS(t).up()
	b.step(b.from("INVITE", phoneHold))
	b.expect("200 INVITE", "held")
	if d := b.leg.Agreed().Direction; d != sdp.RecvOnly {
		t.Fatalf("our direction is %s", d)
	}
	b.step(b.ack(""))
	b.expect()
	b.step(b.from("INVITE", phoneBack))
	b.expect("200 INVITE", "resumed")
	b.step(b.ack(""))
	b.state(Confirmed)
}

func TestReinviteBeforeAckImpliesIt(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", phoneSDP))
	b.step(Answer{Media: here})
	b.step(b.from("INVITE", phoneHold))
	b.expect("acknowledged", "200 INVITE", "held")
}

func TestReinviteBeforeTheAnswerInAckIs491(t *testing.T) {
	b := newUAS(t)
	b.step(b.from("INVITE", ""))
	b.step(Answer{Media: here})
	b.step(b.from("INVITE", phoneHold))
	b.expect("491 INVITE")
}

func TestReinviteAgainstBye(t *testing.T) {
	b := newUAS(t).up()
	b.step(Hangup{})
	b.step(b.from("INVITE", phoneHold))
	b.expect("481 INVITE")
}

func TestBrokenReinviteLeavesTheSession(t *testing.T) {
	b := newUAS(t).up()
	before := b.leg.Agreed()
	b.step(b.from("INVITE", "v=0\r\nm=audio x RTP/AVP 0\r\n"))
	b.expect("488 INVITE")
	if b.leg.Agreed() != before || b.leg.State() != Confirmed {
		t.Fatal("the session changed")
	}
	b.step(b.from("INVITE", phoneHold))
	b.expect("200 INVITE", "held")
}

func TestReinviteWithoutOffer(t *testing.T) {
	b := newUAS(t).up()
	b.step(b.from("INVITE", ""))
	b.expect("200 INVITE")
	b.step(b.ack(phoneHold))
	b.expect("held")
}

func TestOurReinvite(t *testing.T) {
	other := here
	other.Direction = sdp.SendOnly
	b := newUAC(t).up()
	b.step(Modify{Media: other})
	b.expect("INVITE")
	b.step(b.from("INVITE", phoneHold)) // glare
	b.expect("491 INVITE")
	b.step(b.answer(sipmsg.INVITE, 491, "them", ""))
	b.expect()
	b.step(b.from("INVITE", phoneHold)) // theirs comes again first
	b.expect("200 INVITE", "held")
	b.step(b.ack(""))
	b.expect()
	outs := b.pass(2 * time.Second)
	if len(outs) != 0 {
		t.Fatalf("tried again after less than 2.1 s: %v", names(outs))
	}
	outs = b.pass(2 * time.Second)
	if count(outs, "INVITE") != 1 {
		t.Fatalf("not tried again within 4 s: %v", names(outs))
	}
	b.step(b.answer(sipmsg.INVITE, 488, "them", ""))
	b.expect("modify_failed")
	b.state(Confirmed)
}

func TestGlareOfTheOtherSideIsShort(t *testing.T) {
	b := newUAS(t).up()
	b.step(Modify{Media: here})
	b.step(b.answer(sipmsg.INVITE, 491, "them", ""))
	if outs := b.pass(2 * time.Second); count(outs, "INVITE") != 1 {
		t.Fatalf("not tried again within 2 s: %v", names(outs))
	}
}

func TestOurReinviteAgainstDeath(t *testing.T) {
	for _, c := range []struct {
		in   func(b *bench) Input
		want []string
	}{
		{func(b *bench) Input { return b.answer(sipmsg.INVITE, 481, "them", "") }, []string{"finished:dead/481"}},
		{func(b *bench) Input { return b.answer(sipmsg.INVITE, 408, "them", "") }, []string{"BYE", "finished:dead/408"}},
		{func(b *bench) Input { return Failed{Method: sipmsg.INVITE, CSeq: b.sent(sipmsg.INVITE).CSeq().SeqNo} }, []string{"BYE", "finished:dead/408"}},
		{func(b *bench) Input { return b.from("BYE", "") }, []string{"200 BYE", "finished:bye"}},
	} {
		b := newUAS(t).up()
		b.step(Modify{Media: here})
		b.step(c.in(b))
		b.expect(c.want...)
	}
}

func TestOur200ToReinviteUnacknowledged(t *testing.T) {
	b := newUAS(t).up()
	b.step(b.from("INVITE", phoneHold))
	outs := b.pass(33 * time.Second)
	if count(outs, "BYE") != 1 || count(outs, "finished:no_ack/408") != 1 {
		t.Fatalf("%v", names(outs))
	}
}
