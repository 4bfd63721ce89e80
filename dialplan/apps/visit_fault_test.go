package apps

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ringway/dialplan"
	"ringway/store"
)

// faulty is a floor on which one thing panics.
type faulty struct {
	*floor
	where string
}

func (f faulty) fail(where string) {
	if f.where == where {
		panic("a bug in " + where)
	}
}

func (f faulty) Next(ctx context.Context) (TicketEvent, error) {
	e, err := f.floor.Next(ctx)
	if err == nil {
		f.fail("the ticket")
	}
	return e, err
}

func (f faulty) Digits(ctx context.Context, c dialplan.Collect) (string, error) {
	f.fail("keys")
	return f.floor.Digits(ctx, c)
}

func (f faulty) Play(context.Context, dialplan.Play) (string, error) {
	f.fail("speech")
	return "", nil
}

func (f faulty) Present(o Offer) Presentation {
	f.fail("the desk")
	return f.floor.Present(o)
}

// TestAPanicOfAPumpReachesTheScript: what a goroutine of a visit panics for comes to the script's own, where it costs one call,
// after the router was told that the caller is gone and every other goroutine has ended.
func TestAPanicOfAPumpReachesTheScript(t *testing.T) {
	dies := func(context.Context, dialplan.Dial) (dialplan.DialResult, error) { panic("a bug in the phone") }
	offer := TicketEvent{Kind: TicketOffer, Ring: time.Second, Offers: []Offer{{ID: "o", Agent: "mei", Phones: []dialplan.Phone{{Account: "mei"}}}}}
	said := TicketEvent{Kind: TicketAnnounce, File: "please-hold"}
	for _, c := range []struct {
		where string
		desk  bool
		event TicketEvent
	}{
		{"the ticket", false, said},
		{"keys", false, TicketEvent{}},
		{"speech", false, said},
		{"the desk", true, offer},
		{"the phone", false, offer},
		{"the phone", true, offer},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := faulty{&floor{start: time.Now(), events: make(chan TicketEvent, 4), phone: dies}, c.where}
			if c.desk {
				f.desk = &screen{f: f.floor, answers: make(chan store.DeskAnswer, 1)}
			}
			if c.event.Kind != "" {
				f.events <- c.event
			}
			v := &visit{ch: f, ticket: faultyTicket{f}, queue: "help", log: func(string) {}}
			var got *fault
			func() {
				defer func() { got, _ = recover().(*fault) }()
				result, err := v.run(t.Context())
				t.Errorf("%s: the visit ended with %q, %v", c.where, result, err)
			}()
			if got == nil || got.value != "a bug in "+c.where {
				t.Errorf("a bug in %s came to the script as %v", c.where, got)
			}
			if !slices.ContainsFunc(f.said, func(s string) bool { return strings.HasSuffix(s, "ticket: leave abandoned") }) {
				t.Errorf("a bug in %s: the router was told %q", c.where, f.said)
			}
		})
	}
}

// faultyTicket is the floor as a ticket: its Ringing is another than the channel's.
type faultyTicket struct{ faulty }

func (faultyTicket) Ringing(string) {}
