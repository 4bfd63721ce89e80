package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/acd"
	"ringway/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestADeskShowsItsAgent(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	if _, err := o.hub.Open(ctx, "nobody", "t"); !errors.Is(err, ErrAgent) {
		t.Error(err)
	}
	tab := o.open("mei", "t1")
	s := o.see(tab, "the first state", func(*State) bool { return true })
	if s.Agent.Name != "Mei Lin" || s.Agent.State != "offline" || fmt.Sprint(s.Agent.MayJoin) != "[{help 700} {view 701}]" || fmt.Sprint(s.Reasons) != "[tea lunch]" ||
		len(s.Phones) != 1 || !s.Phones[0].Registered || !s.Phones[0].AutoAnswer || s.Tabs != 1 {
		t.Errorf("%+v", s)
	}
	if err := o.hub.NotReady(ctx, "mei", "tea"); !refused(err, acd.NotJoined) {
		t.Errorf("not ready without a queue: %v", err)
	}
	o.ok(o.hub.Join(ctx, "mei", "help"))
	o.see(tab, "joined", func(s *State) bool { return s.Agent.State == "available" && len(s.Agent.Joined) == 1 })
	o.ok(o.hub.NotReady(ctx, "mei", "lunch"))
	o.see(tab, "not ready", func(s *State) bool { return s.Agent.State == "not_ready" && s.Agent.Reason == "lunch" })
	o.ok(o.hub.Ready(ctx, "mei"))
	o.see(tab, "ready", func(s *State) bool { return s.Agent.State == "available" && s.Agent.Next == nil })
	o.router.Post(acd.Phone{Account: "mei"})
	o.hub.Touch("mei")
	o.see(tab, "unreachable", func(s *State) bool { return !s.Agent.Reachable && !s.Phones[0].Registered })
	o.ok(o.hub.Leave(ctx, "mei", ""))
	o.see(tab, "offline", func(s *State) bool { return s.Agent.State == "offline" })
}

func TestTabsKnowOfEachOther(t *testing.T) {
	o := openOffice(t)
	first := o.open("mei", "t0")
	o.see(first, "alone", func(s *State) bool { return s.Tabs == 1 })
	second := o.open("mei", "t1")
	o.see(first, "two", func(s *State) bool { return s.Tabs == 2 })
	again := o.open("mei", "t1")
	<-second.Done()
	second.Close() // the stream that was replaced ends late
	o.see(again, "still two", func(s *State) bool { return s.Tabs == 2 })
	for i := 2; i <= maxTabs; i++ {
		o.open("mei", fmt.Sprint("t", i))
	}
	<-first.Done() // one too many: the oldest
	if !o.hub.IsOpen("mei") || o.hub.IsOpen("ken") {
		t.Error("whose desk is open?")
	}
}

func TestTheCardIsShownBeforeThePhoneRings(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	o.past = []store.PastCall{{Call: "c0", Queue: "help", Agent: "ken", Code: "refund", Sub: "late", Duration: time.Minute, Note: "was angry"}}
	o.customers["k1"] = Customer{Name: "of the table", Fields: map[string]string{"tier": "gold"}}
	o.lookup, o.slow = LookupPending, make(chan struct{})
	tab := o.ready("mei", "t")
	ticket, out := o.customer("c1", "help", Call{Number: "+886", Dialled: "help", Claims: store.Claims{Customer: "k1", Name: "Ann Wu", Language: "zh-TW"}})
	p := o.present(out)
	s := o.see(tab, "the card", func(s *State) bool { return s.Offer != nil && s.Offer.Phase == phaseCard && s.Offer.CanAccept })
	c := s.Offer.Card
	if c.Call != "c1" || c.Customer.Name != "Ann Wu" || c.Customer.Language != "zh-TW" || c.Lookup != LookupPending || c.Why.Text != "because" || c.Entered == nil ||
		len(c.Why.Candidates) == 0 || s.Offer.Mode != "ring" || s.Offer.Deadline.Sub(s.Offer.Since) < 20*time.Second {
		t.Errorf("%+v %+v", s.Offer, c)
	}
	close(o.slow) // what a database knows comes when it comes
	s = o.see(tab, "history", func(s *State) bool { return s.Offer != nil && len(s.Offer.Card.History) == 1 })
	if h := s.Offer.Card.History[0]; h.Agent != "Ken Sato" || h.Label != "Refund: Too late" || h.Note != "was angry" || s.Offer.Card.Customer.Fields["tier"] != "gold" ||
		s.Offer.Card.Customer.Name != "Ann Wu" {
		t.Errorf("%+v %+v", h, s.Offer.Card.Customer)
	}
	o.mu.Lock()
	o.lookup, o.fields = LookupOK, map[string]string{"points": "7"}
	o.mu.Unlock()
	o.hub.Refresh("c1")
	o.see(tab, "look-up", func(s *State) bool {
		return s.Offer != nil && s.Offer.Card.Lookup == LookupOK && s.Offer.Card.Customer.Fields["points"] == "7"
	})
	if err := o.hub.Decline(ctx, "ken", out.Offers[0].ID, ""); !errors.Is(err, ErrGone) {
		t.Errorf("somebody else declined: %v", err)
	}
	o.ok(o.hub.Shown(ctx, "mei", out.Offers[0].ID))
	o.ok(o.hub.Shown(ctx, "mei", out.Offers[0].ID))
	o.answer(p, store.DeskShown)
	p.Ring()
	o.see(tab, "ringing", func(s *State) bool { return s.Offer != nil && s.Offer.Phase == phaseRinging })
	o.ok(o.hub.Accept(ctx, "mei", out.Offers[0].ID))
	o.answer(p, store.DeskAccepted)
	o.see(tab, "accepted", func(s *State) bool { return s.Offer != nil && !s.Offer.CanAccept })
	o.router.Post(acd.LegUp{Agent: "mei", Leg: "l1", Call: "c1"})
	ticket.Report(out.Offers[0].ID, store.Answered, 200)
	p.Close()
	s = o.see(tab, "the call", func(s *State) bool { return s.Call != nil })
	if s.Offer != nil || s.Call.ID != "c1" || s.Call.Kind != "customer" || !s.Call.Can.Hangup || s.Call.Card.Customer.Name != "Ann Wu" || !s.Call.Dispositions.Required {
		t.Errorf("%+v %+v", s.Offer, s.Call)
	}
	if err := o.hub.Accept(ctx, "mei", out.Offers[0].ID); !errors.Is(err, ErrGone) {
		t.Errorf("accepted again: %v", err)
	}
	o.router.Post(acd.LegHeld{Leg: "l1", Held: true})
	o.see(tab, "held", func(s *State) bool { return s.Call != nil && s.Call.Held && s.Call.HeldSince != nil })
	o.router.Post(acd.LegHeld{Leg: "l1"})
	o.see(tab, "not held", func(s *State) bool { return s.Call != nil && !s.Call.Held && s.Call.HeldSeconds > 0 })
	o.ok(o.hub.NotReady(ctx, "mei", "tea"))
	o.see(tab, "next state", func(s *State) bool { return s.Agent.Next != nil && s.Agent.Next.Reason == "tea" })
	o.ok(o.hub.Hangup(ctx, "mei"))
	if fmt.Sprint(o.hungUp) != "[mei c1]" {
		t.Error(o.hungUp)
	}
	if err := o.hub.Transfer(ctx, "mei", "1", false); !refused(err, "cannot_transfer") {
		t.Error(err)
	}
	o.afterTheCall(tab)
}

// afterTheCall is what follows: note, disposition, wrap-up.
func (o *office) afterTheCall(tab *Tab) {
	t, ctx := o.t, context.Background()
	o.ok(o.hub.Write(ctx, "mei", "c1", "wants her money back"))
	o.router.Post(acd.LegDown{Leg: "l1"})
	s := o.see(tab, "wrap-up", func(s *State) bool { return s.WrapUp != nil && s.WrapUp.Note != "" })
	if s.Call != nil || s.WrapUp.Call != "c1" || s.WrapUp.Card.Customer.Name != "Ann Wu" || len(s.WrapUp.Dispositions.Items) != 2 || s.WrapUp.Disposition != nil {
		t.Errorf("%+v", s.WrapUp)
	}
	if err := o.hub.EndWrapUp(ctx, "mei"); !refused(err, acd.Undisposed) {
		t.Errorf("ended without a disposition: %v", err)
	}
	o.ok(o.hub.ExtendWrapUp(ctx, "mei", time.Minute))
	o.see(tab, "extended", func(s *State) bool { return s.WrapUp != nil && s.WrapUp.Extended == 60 })
	if err := o.hub.Dispose(ctx, "mei", "c1", Choice{Code: "joy"}); !refused(err, acd.UnknownCode) {
		t.Error(err)
	}
	o.ok(o.hub.Dispose(ctx, "mei", "c1", Choice{Code: "refund", Sub: "late"}))
	o.see(tab, "disposition", func(s *State) bool {
		return s.WrapUp != nil && s.WrapUp.Disposition != nil && *s.WrapUp.Disposition == Choice{"refund", "late"}
	})
	o.hub.Forget("k1")
	o.see(tab, "a customer forgotten", func(s *State) bool {
		return s.WrapUp != nil && s.WrapUp.Card.Customer.Name == "" && s.WrapUp.Note == "" && s.WrapUp.Card.History[0].Note == ""
	})
	o.ok(o.hub.EndWrapUp(ctx, "mei"))
	o.see(tab, "the next state", func(s *State) bool { return s.WrapUp == nil && s.Agent.State == "not_ready" && s.Agent.Reason == "tea" })
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.notes) != 1 || o.notes[0].Customer != "k1" || o.notes[0].Text != "wants her money back" {
		t.Errorf("%+v", o.notes)
	}
}

func TestPreviewWaitsForAYes(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	tab := o.ready("ken", "t")
	ticket, out := o.customer("c1", "view", Call{})
	p := o.present(out)
	s := o.see(tab, "the preview", func(s *State) bool { return s.Offer != nil && s.Offer.Phase == phasePreview && s.Offer.CanAccept })
	if s.Offer.Mode != "preview" {
		t.Error(s.Offer.Mode)
	}
	o.ok(o.hub.Accept(ctx, "ken", out.Offers[0].ID))
	o.answer(p, store.DeskAccepted)
	p.Ring()
	o.see(tab, "ringing", func(s *State) bool { return s.Offer != nil && s.Offer.Phase == phaseRinging && !s.Offer.CanAccept })
	o.ok(o.hub.Decline(ctx, "ken", out.Offers[0].ID, "tea"))
	o.answer(p, store.DeskDeclined)
	ticket.Report(out.Offers[0].ID, store.Declined, 0)
	p.Close()
	o.see(tab, "over", func(s *State) bool { return s.Offer == nil })
	ticket.Leave(store.Abandoned)

	tab.Close()
	<-tab.Done()
	if p := o.present(out); p.Open() {
		t.Error("an offer is said to be on a desk where none is open")
	}
}

func TestADeskThatClosesSaysSo(t *testing.T) {
	o := openOffice(t)
	tab := o.ready("ken", "t")
	ticket, out := o.customer("c1", "view", Call{})
	p := o.present(out)
	o.see(tab, "the preview", func(s *State) bool { return s.Offer != nil })
	tab.Close()
	o.answer(p, store.DeskClosed)
	p.Ring() // the phone rings instead
	late := o.open("ken", "t2")
	o.see(late, "the offer, at a desk that opens again", func(s *State) bool { return s.Offer != nil && s.Offer.Phase == phaseRinging && !s.Offer.CanAccept })
	o.ok(o.hub.Decline(context.Background(), "ken", out.Offers[0].ID, ""))
	o.answer(p, store.DeskDeclined)
	p.Close()
	ticket.Leave(store.Abandoned)
}

func TestAPhoneThatDoesNotAnswerItselfIsAnsweredThere(t *testing.T) {
	o := openOffice(t)
	tab := o.ready("ken", "t")
	ticket, out := o.customer("c1", "help", Call{})
	p := o.present(out)
	o.see(tab, "the card", func(s *State) bool { return s.Offer != nil && !s.Offer.CanAccept })
	if err := o.hub.Accept(context.Background(), "ken", out.Offers[0].ID); !errors.Is(err, ErrPhone) {
		t.Error(err)
	}
	p.Close()
	ticket.Leave(store.Abandoned)
}

// A desk that opens, or is loaded anew, while the phone rings shows the offer and can take or decline it, as any other.
func TestADeskThatOpensLate(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	o.router.Post(acd.Command{Agent: "mei", Verb: acd.Join})
	ticket, out := o.customer("c1", "help", Call{Number: "+886"})
	p := o.present(out)
	if p.Open() {
		t.Error("an offer is said to be on a desk where none is open")
	}
	p.Ring()
	offer := out.Offers[0].ID
	if err := o.hub.Accept(ctx, "ken", offer); !errors.Is(err, ErrGone) {
		t.Errorf("somebody else accepted: %v", err)
	}
	tab := o.open("mei", "t")
	s := o.see(tab, "the offer, and why it is hers", func(s *State) bool { return s.Offer != nil && s.Offer.CanAccept && s.Offer.Card.Why.Text == "because" })
	if s.Offer.Phase != phaseRinging || s.Offer.Card.Number != "+886" {
		t.Errorf("%+v %+v", s.Offer, s.Offer.Card)
	}
	o.ok(o.hub.Shown(ctx, "mei", offer))
	o.answer(p, store.DeskShown)
	tab.Close()
	<-tab.Done()
	o.answer(p, store.DeskClosed)
	again := o.open("mei", "t")
	o.see(again, "the offer, after a reload", func(s *State) bool { return s.Offer != nil && s.Offer.CanAccept })
	o.ok(o.hub.Accept(ctx, "mei", offer))
	o.answer(p, store.DeskAccepted)
	o.ok(o.hub.Decline(ctx, "mei", offer, "tea"))
	o.answer(p, store.DeskDeclined)
	p.Close()
	ticket.Leave(store.Abandoned)
}

func TestOlderCallsAreHersOrNot(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	o.stories["old"] = store.CallStory{Call: store.Call{ID: "old", Customer: "k9"}, Visits: []store.Visit{{Queue: "help", Agent: "mei"}}}
	o.ok(o.hub.Dispose(ctx, "mei", "old", Choice{Code: "other"}))
	o.ok(o.hub.Write(ctx, "mei", "old", strings.Repeat("客", store.MaxNote))) // characters count, not bytes
	o.ok(o.hub.Write(ctx, "mei", "old", "called back"))
	if len(o.notes) != 2 || o.notes[1].Customer != "k9" {
		t.Errorf("%+v", o.notes)
	}
	for name, err := range map[string]error{
		"another's call":             o.hub.Write(ctx, "ken", "old", "x"),
		"another's disposition":      o.hub.Dispose(ctx, "ken", "old", Choice{Code: "other"}),
		"a call that never was":      o.hub.Write(ctx, "mei", "new", "x"),
		"no call":                    o.hub.Dispose(ctx, "mei", "", Choice{Code: "other"}),
		"a note without an end":      o.hub.Write(ctx, "mei", "old", strings.Repeat("客", store.MaxNote+1)),
		"a call where there is none": o.hub.Hold(ctx, "mei", true),
	} {
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// A slow reader gets the newest state, and costs nobody anything.
func TestASlowReaderMissesStates(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	slow, quick := o.open("mei", "slow"), o.open("mei", "quick")
	o.ok(o.hub.Join(ctx, "mei", ""))
	for range 20 {
		o.ok(o.hub.NotReady(ctx, "mei", "tea"))
		o.see(quick, "not ready", func(s *State) bool { return s.Agent.State == "not_ready" })
		o.ok(o.hub.Ready(ctx, "mei"))
		o.see(quick, "ready", func(s *State) bool { return s.Agent.State == "available" })
	}
	if s := <-slow.States(); s.Agent.State != "available" {
		t.Errorf("the slow one sees %s", s.Agent.State)
	}
}

// What finds no room in the mailbox makes the hub look at everybody.
func TestAFullMailboxLosesNothingThatIsSeen(t *testing.T) {
	o := openOffice(t)
	tab := o.open("mei", "t")
	o.see(tab, "the first state", func(*State) bool { return true })
	hold, held := make(chan struct{}), make(chan struct{})
	o.hub.tell(func() { close(held); <-hold })
	<-held
	for o.hub.tell(func() {}) {
	}
	if err := o.hub.Shown(context.Background(), "mei", "x"); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	_, err := o.router.Do(context.Background(), acd.Command{Agent: "mei", Verb: acd.Join})
	o.ok(err)
	close(hold)
	o.see(tab, "joined", func(s *State) bool { return s.Agent.State == "available" })
}

// An offer that comes while the mailbox is full stands: who accepts it then is told to try again, and can.
func TestAnOfferIsNotLostInAFullMailbox(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	tab := o.ready("mei", "t")
	hold, held := make(chan struct{}), make(chan struct{})
	goOn := sync.OnceFunc(func() { close(hold) })
	defer goOn()
	o.hub.tell(func() { close(held); <-hold })
	<-held
	for o.hub.tell(func() {}) {
	}
	_, out := o.customer("c1", "help", Call{})
	p := o.present(out)
	if p == nil {
		t.Fatal("the desk was not told of the offer")
	}
	p.Ring()
	if err := o.hub.Accept(ctx, "mei", out.Offers[0].ID); !errors.Is(err, ErrBusy) {
		t.Errorf("accepted while the mailbox is full: %v", err)
	}
	goOn()
	o.see(tab, "the offer", func(s *State) bool { return s.Offer != nil && s.Offer.CanAccept && s.Offer.Phase == phaseRinging })
	o.ok(o.hub.Accept(ctx, "mei", out.Offers[0].ID))
	o.answer(p, store.DeskAccepted)
}
