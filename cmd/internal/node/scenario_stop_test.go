package node

import (
	"testing"

	"ringway/sip/siptest"
	"ringway/store"
)

func TestStoppingWithCallersWaitingIsNoAbandon(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	talking, in := o.talk(o.customer("zh-TW"), "help", zh1)
	var waiting []*siptest.Call
	for range 2 {
		c := o.customer("zh-TW").Invite("help")
		c.Expect(200)
		o.event(c, store.VisitEnter, "")
		waiting = append(waiting, c)
	}
	zh2 := o.phone("zh2")
	o.dial(zh2, "*45")
	rung := zh2.ExpectCall()
	rung.Ring(1)
	o.event(waiting[0], store.OfferRinging, "")
	o.close()
	for _, c := range waiting {
		if v := o.visit(c); v.Result != store.Restart || v.Leave.IsZero() {
			t.Errorf("a caller who waited left as %q", v.Result)
		}
		if row := o.over(c); row.EndedBy != "switch" {
			t.Errorf("her call was ended by %q", row.EndedBy)
		}
		c.Close()
	}
	if v := o.visit(talking); v.Result != store.Connected || v.End.IsZero() {
		t.Errorf("who talked: %+v", v)
	}
	talking.Close()
	in.Close()
	rung.Close()
}
