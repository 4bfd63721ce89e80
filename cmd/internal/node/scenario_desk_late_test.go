package node

import (
	"context"
	"testing"
	"time"

	"ringway/console/desk"
	"ringway/store"
)

// Who opens her desk while her phone rings, or loads it anew, takes the call there all the same.
func TestADeskThatOpensWhileThePhoneRings(t *testing.T) {
	o := openOffice(t, answersItself)
	phone := o.agent("zh1")
	caller := o.customer("zh-TW").Invite("help")
	caller.Expect(200)
	first := phone.ExpectCall()
	first.Ring(1)
	o.event(caller, store.LegRinging, "")
	early := o.browser("zh1")
	if s := early.offered("ringing"); !s.CanAccept || s.Card == nil {
		t.Errorf("%+v", s)
	}
	early.close()
	b := o.browser("zh1")
	offer := b.see("the offer, and why it is hers", func(s *desk.State) bool { return s.Offer != nil && s.Offer.Card.Why.Text != "" }).Offer
	b.shown(offer.ID)
	b.accept(offer.ID)
	first.ExpectCancel()
	second := phone.ExpectCall()
	if h := second.Invitation().GetHeader("Call-Info"); h == nil {
		t.Error("the phone is not asked to answer")
	}
	second.Answer()
	o.event(caller, store.VisitConnect, "")
	b.see("the call", func(s *desk.State) bool { return s.Call != nil && s.Offer == nil })
	if got := o.offers(caller); len(got) != 1 {
		t.Errorf("the call was offered to %v", got)
	}
	caller.Bye()
	second.ExpectBye()
	o.quiet(patience)
	o.silent()
}

// A restart gives a wrap-up back: its call, what was written and said of it, and the time that is left.
func TestAWrapUpOutlivesARestart(t *testing.T) {
	o := openOffice(t, edit{"queues.yaml", "    wrap_up: 200ms\n", "    wrap_up: 2m\n    wrap_up_extension: 30s\n    dispositions: {required: true, items: [refund, other]}\n"})
	o.mon.Finish()
	ctx := context.Background()
	phone := o.phone("zh1")
	b := o.desk("zh1")
	caller := o.customer("zh-TW").Invite("help")
	caller.Expect(200)
	in := phone.ExpectCall()
	in.Answer()
	o.event(caller, store.VisitConnect, "")
	call := b.see("the call", func(s *desk.State) bool { return s.Call != nil }).Call.ID
	caller.Bye()
	in.ExpectBye()
	before := b.see("wrap-up", func(s *desk.State) bool { return s.WrapUp != nil && s.WrapUp.Card.Customer != nil }).WrapUp
	b.ok(o.n.hub.Write(ctx, "zh1", call, "wants the money back"))
	b.ok(o.n.hub.Dispose(ctx, "zh1", call, desk.Choice{Code: "refund"}))
	b.ok(o.n.hub.ExtendWrapUp(ctx, "zh1", 30*time.Second))
	o.over(caller)

	address := o.server
	o.close()
	o.listen = address
	o.start()
	b = o.browser("zh1")
	after := b.see("the same wrap-up", func(s *desk.State) bool {
		return s.WrapUp != nil && s.WrapUp.Note != "" && s.WrapUp.Card.Customer != nil && s.WrapUp.Card.Customer.ID != ""
	}).WrapUp
	if after.Call != call || after.Queue != "help" || after.Note != "wants the money back" || after.Disposition == nil || after.Disposition.Code != "refund" ||
		after.Extended != 30 || !after.Dispositions.Required {
		t.Errorf("%+v", after)
	}
	if moved := after.Until.Sub(before.Until) - 30*time.Second; moved.Abs() > time.Second {
		t.Errorf("the restart moved its end by %s", moved)
	}
	if after.Card.Customer.ID != before.Card.Customer.ID {
		t.Errorf("the card was %+v, is %+v", before.Card.Customer, after.Card.Customer)
	}
	b.ok(o.n.hub.EndWrapUp(ctx, "zh1"))
	b.see("the end of it", func(s *desk.State) bool { return s.WrapUp == nil })
	b.ok(o.n.records.Flush(ctx))
	if all, err := o.n.db.Outcomes(ctx, call); err != nil || len(all) != 1 || all[0].Code != "refund" {
		t.Errorf("%+v, %v", all, err)
	}
}
