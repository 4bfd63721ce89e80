package phone

import (
	"testing"

	"ringway/codecs"
	"ringway/codecs/l16"
	"ringway/rtp/sdp"
)

func TestCallIsAnsweredHeldAndEnded(t *testing.T) {
	for _, tcp := range []bool{false, true} {
		p := newPair(t, tcp)
		mine, his, tp := p.call(t)
		if his.From() != (Party{`Alice \"Al\" L`, "alice", "example.org"}) || his.To().User != "bob" || his.Header("x-booking") != "B-42" || his.ID() != mine.ID() {
			t.Fatalf("bob sees %+v → %+v, booking %q", his.From(), his.To(), his.Header("x-booking"))
		}
		if his.Offer() == nil || !his.Incoming() || mine.Incoming() {
			t.Fatal("the offer or the direction is lost")
		}
		his.Ring()
		if e := tp.await(t, Ringing); e.Status != 180 {
			t.Fatalf("ringing with %d", e.Status)
		}
		his.Answer(voice)
		a, b := tp.await(t, Answered).Agreed, p.bobs.await(t, Answered).Agreed
		if a == nil || b == nil || a.Codec.Name != "PCMU" || b.Codec.Name != "PCMU" || a.Remote != voice.Local {
			t.Fatalf("agreed on %+v and %+v", a, b)
		}
		p.bobs.await(t, Acknowledged)
		mine.Hold()
		if e := p.bobs.await(t, Held); !e.Agreed.Held || e.Agreed.Direction != sdp.RecvOnly {
			t.Fatalf("held with %+v", e.Agreed)
		}
		if e := tp.await(t, Changed); e.Agreed.Direction != sdp.SendOnly {
			t.Fatalf("hold agreed on %s", e.Agreed.Direction)
		}
		mine.Resume()
		p.bobs.await(t, Resumed)
		tp.await(t, Changed)
		his.Hangup()
		if e := tp.await(t, Ended); !e.Far || e.Reason != "bye" {
			t.Fatalf("alice's end: %+v", e)
		}
		if e := p.bobs.await(t, Ended); e.Far || e.Reason != "hangup" {
			t.Fatalf("bob's end: %+v", e)
		}
	}
}

func TestCallIsRejected(t *testing.T) {
	p := newPair(t, false)
	for given, want := range map[int]int{486: 486, 603: 603, 200: 480} {
		_, his, tp := p.call(t)
		his.Reject(given)
		if e := tp.await(t, Ended); e.Status != want || !e.Far || e.Reason != "refused" {
			t.Fatalf("rejected with %d: %+v", given, e)
		}
		p.bobs.await(t, Ended)
	}
}

func TestCallerGivesUp(t *testing.T) {
	p := newPair(t, false)
	mine, his, tp := p.call(t)
	his.Ring()
	tp.await(t, Ringing)
	mine.Hangup()
	if e := p.bobs.await(t, Ended); e.Reason != "cancel" || !e.Far {
		t.Fatalf("bob's end: %+v", e)
	}
	tp.await(t, Ended)
	his.Answer(voice) // too late: nothing happens
}

func TestEarlyMediaComesBeforeTheAnswer(t *testing.T) {
	p := newPair(t, false)
	mine, his, tp := p.call(t)
	his.Progress(voice)
	if e := tp.await(t, EarlyMedia); e.Status != 183 || e.Agreed == nil {
		t.Fatalf("early media: %+v", e)
	}
	his.Answer(voice)
	tp.await(t, Answered)
	mine.Hangup()
	tp.await(t, Ended)
}

func TestCodecsMustMeet(t *testing.T) {
	p := newPair(t, false)
	tp := newTape()
	carol := openPhone(t, Options{Server: p.bob.Addr(), User: "carol", Codecs: codecs.NewSet(l16.Narrow())})
	if _, err := carol.Call(CallOptions{To: "sip:bob@example.org", Media: voice, Notify: tp.put}); err != nil {
		t.Fatal(err)
	}
	if e := tp.await(t, Ended); e.Status != 488 || len(p.ringing) != 0 {
		t.Fatalf("ended with %+v, rang %d", e, len(p.ringing))
	}
}

func TestCloseEndsCallsInEveryState(t *testing.T) {
	p := newPair(t, false)
	_, his, up := p.call(t)
	his.Answer(voice)
	up.await(t, Answered)
	_, his, ringing := p.call(t)
	his.Ring()
	ringing.await(t, Ringing)
	p.alice.Close(soon(t))
	up.await(t, Ended)
	ringing.await(t, Ended)
	if _, err := p.alice.Call(CallOptions{To: "bob", Media: voice}); err != ErrClosed {
		t.Fatalf("call on a closed phone: %v", err)
	}
	if err := p.alice.Register(soon(t)); err != ErrClosed {
		t.Fatalf("register on a closed phone: %v", err)
	}
}

func TestCallToNobody(t *testing.T) {
	p := openPhone(t, Options{Server: newPair(t, false).alice.Addr(), User: "dave"}) // alice takes no calls
	tp := newTape()
	if _, err := p.Call(CallOptions{To: "alice", Media: voice, Notify: tp.put}); err != nil {
		t.Fatal(err)
	}
	if e := tp.await(t, Ended); e.Status != 480 || !e.Far {
		t.Fatalf("ended with %+v", e)
	}
	for _, to := range []string{"", "sip:", "a b", "bob@"} {
		if c, err := p.Call(CallOptions{To: to, Media: voice}); err == nil {
			t.Errorf("call to %q made %v", to, c)
		}
	}
}

func TestMailboxIsBounded(t *testing.T) {
	b := newMailbox()
	for range mailboxSize {
		if err := b.put(func() {}, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.put(func() {}, false); err != ErrBusy {
		t.Fatalf("one too many: %v", err)
	}
	if err := b.put(func() {}, true); err != nil {
		t.Fatalf("an end finds no place: %v", err)
	}
	if n := len(b.close()); n != mailboxSize+1 {
		t.Fatalf("%d left", n)
	}
	if err := b.put(func() {}, true); err != ErrClosed {
		t.Fatalf("after close: %v", err)
	}
}

func TestKindsHaveNames(t *testing.T) {
	if Ended.String() != "ended" || Kind(200).String() != "invalid" || regLeaving.String() != "leaving" || regState(99).String() != "invalid" {
		t.Fatal("a name is wrong")
	}
}
