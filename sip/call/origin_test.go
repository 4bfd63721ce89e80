package call

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ringway/dialplan"
	"ringway/store"
)

// callsBack has the switch ring alice so that she speaks with a customer.
func (r *rig) callsBack(change ...func(*Origin)) (string, error) {
	o := Origin{Caller: Caller{Kind: store.Internal, Account: "alice", Agent: "alicia", Context: "phones", Number: "alice", Name: "Alicia", Exten: "100"},
		Phones: []dialplan.Phone{{Account: "alice"}}, Name: "Lin Yi-Chen", Number: "+886911", Ring: 5 * time.Second, Customer: "customer-7", Returns: "c9"}
	for _, f := range change {
		f(&o)
	}
	return r.m.Originate(o)
}

func toApp(o *Origin) { o.App, o.Caller.Exten = "lin", "" }

// TestSheIsRungAndThenTheCustomer: through the plan, and at the app without it; what each of them sees, who hears whom, and
// what is on record.
func TestSheIsRungAndThenTheCustomer(t *testing.T) {
	for name, to := range map[string]func(*Origin){"bob": func(*Origin) {}, "lin": toApp} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.phones.belong(map[string]string{"alice": "alicia"})
			alice, customer := r.phone("alice"), r.phone(name)
			id, err := r.callsBack(to)
			if err != nil {
				t.Fatal(err)
			}
			a := alice.rings()
			if from := a.invite.get("From"); !strings.HasPrefix(from, `"Lin Yi-Chen" <sip:+886911@`) {
				t.Errorf("her phone shows %s", from)
			}
			if l := r.notes.lastUp(); !l.Outgoing || l.Account != "alice" {
				t.Errorf("before she picked up: %+v", l)
			}
			if _, err := r.callsBack(to); !errors.Is(err, ErrBusy) {
				t.Errorf("a second call while her phone rings: %v", err)
			}
			a.accept(alice.sdp("0"))
			b := customer.rings()
			if from := b.invite.get("From"); !strings.HasPrefix(from, `"Alicia" <sip:alice@`) {
				t.Errorf("the customer sees %s", from)
			}
			if s, _ := r.m.Call(id); !s.Answer.IsZero() {
				t.Error("the call is answered before the customer has")
			}
			b.accept(customer.sdp("0"))
			r.notes.saw(t, "call.answer")
			alice.speak(mediaPort(a.invite), 10, 0x55)
			customer.hears(0x55)
			customer.speak(mediaPort(b.invite), 10, 0x66)
			alice.hears(0x66)
			a.hangup()
			b.gone()
			r.wants(store.DispositionAnswered, Normal, "caller", 200)
			if c := r.notes.cdr(t); c.ID != id || c.Customer != "customer-7" || c.Returns != "c9" || c.Account != "alice" {
				t.Errorf("on record: %+v", c)
			}
		})
	}
}

// TestNobodyPicksUp: each way in which it comes to nothing leaves nothing behind, and says why.
func TestNobodyPicksUp(t *testing.T) {
	for _, c := range []struct {
		name        string
		do          func(id string, r *rig, alice, customer *phone)
		disposition store.Disposition
		cause       Cause
	}{
		{"she declines", func(_ string, _ *rig, alice, _ *phone) { alice.rings().reply(603, "") }, store.DispositionFailed, Rejected},
		{"she does not hear it", func(_ string, _ *rig, alice, _ *phone) {
			a := alice.rings()
			a.reply(180, "")
			a.cancelled()
		}, store.DispositionNoAnswer, NoAnswer},
		{"a manager ends it", func(id string, r *rig, alice, _ *phone) {
			a := alice.rings()
			a.reply(180, "")
			r.m.End(id, Normal)
			a.cancelled()
		}, store.DispositionNoAnswer, Normal},
		{"the customer declines", func(_ string, _ *rig, alice, customer *phone) {
			a := alice.rings()
			a.accept(alice.sdp("0"))
			customer.rings().reply(603, "")
			a.gone()
		}, store.DispositionFailed, Rejected},
		{"she hangs up while it rings there", func(_ string, _ *rig, alice, customer *phone) {
			a := alice.rings()
			a.accept(alice.sdp("0"))
			b := customer.rings()
			b.reply(180, "")
			a.hangup()
			b.cancelled()
		}, store.DispositionNoAnswer, Normal},
		{"the customer's app is gone", func(_ string, r *rig, alice, customer *phone) {
			a := alice.rings()
			r.phones.forget(customer.name)
			a.accept(alice.sdp("0"))
			a.gone()
		}, store.DispositionNoAnswer, NoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			alice, customer := r.phone("alice"), r.phone("lin")
			id, err := r.callsBack(toApp, func(o *Origin) { o.Ring = time.Second })
			if err != nil {
				t.Fatal(err)
			}
			c.do(id, r, alice, customer)
			row := r.notes.cdr(t)
			if row.Disposition != c.disposition || row.Cause != string(c.cause) || !row.Answer.IsZero() {
				t.Errorf("on record: %s, %s, answered %s", row.Disposition, row.Cause, row.Answer)
			}
		})
	}
}

// TestCallsThatAreNotPlaced: nothing rings where it can't come to anything.
func TestCallsThatAreNotPlaced(t *testing.T) {
	r := newRig(t)
	if _, err := r.callsBack(); !errors.Is(err, ErrNoPhone) {
		t.Errorf("without a phone: %v", err)
	}
	alice := r.phone("alice")
	for _, context := range []string{"", "nowhere"} {
		if _, err := r.callsBack(func(o *Origin) { o.Caller.Context = context }); !errors.Is(err, ErrForbidden) {
			t.Errorf("from context %q: %v", context, err)
		}
	}
	if _, err := r.callsBack(func(o *Origin) { o.Caller.Exten = "999" }); !errors.Is(err, ErrForbidden) {
		t.Errorf("a number that no rule allows: %v", err)
	}
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	if _, err := r.callsBack(); !errors.Is(err, ErrBusy) {
		t.Errorf("while she talks: %v", err)
	}
	a.hangup()
	r.notes.cdr(t)
	alice.quiet(200 * time.Millisecond)
}

// TestOneCallOfMany: of several that are asked for at once, one rings her phone, and afterwards the phone is free again.
func TestOneCallOfMany(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	declines := func() {
		t.Helper()
		alice.rings().reply(603, "")
		alice.expect("ACK")
		r.notes.cdr(t)
		for end := time.Now().Add(10 * time.Second); r.m.dialogs("alice") > 0; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("her phone is in use for ever")
			}
		}
	}
	for range 3 {
		var placed atomic.Int32
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				switch _, err := r.callsBack(); {
				case err == nil:
					placed.Add(1)
				case !errors.Is(err, ErrBusy):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := placed.Load(); n != 1 {
			t.Fatalf("%d calls were placed", n)
		}
		declines()
	}
	if _, err := r.callsBack(func(o *Origin) { o.Caller.Exten = "999" }); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
	if _, err := r.callsBack(); err != nil {
		t.Errorf("after one that was refused: %v", err)
	}
	declines()
}

// TestTwoPhonesOfHers: the first that is picked up is the caller, the other one stops ringing.
func TestTwoPhonesOfHers(t *testing.T) {
	r := newRig(t)
	desk, mobile, bob := r.phone("alice"), r.phone("alice-mobile"), r.phone("bob")
	if _, err := r.callsBack(func(o *Origin) {
		o.Phones = append(o.Phones, dialplan.Phone{Account: "alice-mobile", AutoAnswer: true})
	}); err != nil {
		t.Fatal(err)
	}
	d, m := desk.rings(), mobile.rings()
	if !strings.Contains(m.invite.get("Call-Info"), "answer-after=0") || d.invite.get("Call-Info") != "" {
		t.Error("only the phone that is marked answers by itself")
	}
	d.reply(180, "")
	m.accept(mobile.sdp("0"))
	d.cancelled()
	b := bob.rings()
	b.accept(bob.sdp("0"))
	r.notes.saw(t, "call.answer")
	b.hangup()
	m.gone()
	if row := r.notes.cdr(t); row.Account != "alice-mobile" || row.EndedBy != "agent" {
		t.Errorf("on record: %+v", row)
	}
}
