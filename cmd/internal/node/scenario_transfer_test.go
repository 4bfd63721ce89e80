package node

import (
	"context"
	"errors"
	"slices"
	"testing"

	"ringway/sip/call"
	"ringway/store"
)

// An agent hands her caller to another queue, and from there to a colleague's number: one call, two visits, and the figures
// say who handed on.
func TestTransferToQueueAndNumber(t *testing.T) {
	o := openOffice(t)
	zh1, fly1, en1 := o.agent("zh1"), o.agent("fly1"), o.phone("en1")
	a := o.customer("zh-TW").Invite("help")
	a.Expect(200)
	in := zh1.ExpectCall()
	in.Answer()
	o.event(a, store.VisitConnect, "")
	o.b.mu.Lock()
	id := o.b.calls[a.ID]
	o.b.mu.Unlock()
	if err := o.n.TransferToQueue(context.Background(), "zh1", id, "nowhere"); !errors.Is(err, call.ErrCannotTransfer) {
		t.Errorf("a queue that does not exist: %v", err)
	}
	if err := o.n.TransferToQueue(context.Background(), "zh1", id, "flights"); err != nil {
		t.Fatal(err)
	}
	in.ExpectBye()
	second := fly1.ExpectCall()
	second.Answer()
	o.want("zh1", store.Available) // after wrap-up
	o.want("fly1", store.Talk)
	if err := o.n.TransferToNumber(context.Background(), "zh1", id, "211"); !errors.Is(err, call.ErrNotTalking) {
		t.Errorf("who handed the caller on already: %v", err)
	}
	if err := o.n.TransferToNumber(context.Background(), "fly1", id, "211"); err != nil {
		t.Fatal(err)
	}
	second.ExpectBye()
	third := en1.ExpectCall()
	third.Answer()
	a.Bye()
	third.ExpectBye()
	o.quiet(patience)
	o.silent()
	var entered, left []string
	for _, e := range o.events(a) {
		switch e.Kind {
		case store.VisitEnter:
			entered = append(entered, e.Queue+" "+e.State)
		case store.VisitEnd:
			left = append(left, e.Agent+" "+e.Reason)
		}
	}
	if want := []string{"help ", "flights transfer"}; !slices.Equal(entered, want) {
		t.Errorf("visits: %q, want %q", entered, want)
	}
	if want := []string{"zh1 transfer_blind", "fly1 transfer_blind"}; !slices.Equal(left, want) {
		t.Errorf("handed on: %q, want %q", left, want)
	}
}
