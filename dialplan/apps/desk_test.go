package apps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ringway/dialplan"
	"ringway/store"
)

// floor is a caller's channel and her ticket, with one agent's desk and phone. What happens is written down with its time.
type floor struct {
	dialplan.Channel // nothing else is asked of it
	start            time.Time
	events           chan TicketEvent
	desk             *screen // nil: no desk is open
	phone            func(ctx context.Context, d dialplan.Dial) (dialplan.DialResult, error)

	mu   sync.Mutex // guards what follows
	said []string
}

// screen is what the test's desk shows.
type screen struct {
	f       *floor
	answers chan store.DeskAnswer
	late    bool // it opens while the phone rings
}

func (s *screen) Open() bool                       { return !s.late }
func (s *screen) Answers() <-chan store.DeskAnswer { return s.answers }
func (s *screen) Ring()                            { s.f.note("desk: ringing") }
func (s *screen) Close()                           { s.f.note("desk: closed") }

func (f *floor) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, fmt.Sprintf("%dms ", time.Since(f.start).Milliseconds())+fmt.Sprintf(format, args...))
}

func (f *floor) StartMusic(context.Context, string) error { return nil }

func (f *floor) Digits(ctx context.Context, _ dialplan.Collect) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

func (f *floor) StopMusic(context.Context) error { return nil }

// slip is the floor as a ticket: its Ringing is another than the channel's.
type slip struct{ *floor }

func (s slip) Ringing(string) { s.note("ticket: ringing") }

func (f *floor) Settings() QueueSettings   { return QueueSettings{} }
func (f *floor) Leave(r store.VisitResult) { f.note("ticket: leave %s", r) }

func (f *floor) Report(_ string, o store.OfferOutcome, _ int) {
	f.note("ticket: %s", o)
	if o != store.Answered {
		f.events <- TicketEvent{Kind: TicketResult, Result: store.TimedOut}
	}
}

func (f *floor) Desk(_ string, act store.DeskAct, reason string) {
	f.note("ticket: desk %s", strings.TrimSpace(string(act)+" "+reason))
}

func (f *floor) Present(o Offer) Presentation {
	if f.desk == nil {
		return nil
	}
	f.note("desk: card, preview %t", o.Preview)
	return f.desk
}

func (f *floor) Next(ctx context.Context) (TicketEvent, error) {
	select {
	case e, ok := <-f.events:
		if !ok {
			return TicketEvent{}, io.EOF
		}
		return e, nil
	case <-ctx.Done():
		return TicketEvent{}, ctx.Err()
	}
}

func (f *floor) Dial(ctx context.Context, d dialplan.Dial) (dialplan.DialResult, error) {
	auto := ""
	if d.Targets[0].Phones[0].AutoAnswer {
		auto = ", answers itself"
	}
	f.note("INVITE, ring %s%s", d.Ring, auto)
	r, err := f.phone(ctx, d)
	f.note("over: %s %v", r.Outcome, err)
	return r, err
}

// rings is a phone that rings after a while and is answered after another, unless somebody else ends it. One that answers by
// itself takes 10 ms. A conversation lasts a minute, and no word to stop ringing ends it.
func (f *floor) rings(after, answer time.Duration) func(context.Context, dialplan.Dial) (dialplan.DialResult, error) {
	return func(ctx context.Context, d dialplan.Dial) (dialplan.DialResult, error) {
		if d.Targets[0].Phones[0].AutoAnswer {
			answer = 10 * time.Millisecond
		}
		ringing, answered, out := time.After(after), time.After(after+answer), time.After(d.Ring)
		for {
			select {
			case <-ringing:
				d.OnRinging(d.Targets[0])
			case <-answered:
				d.OnConnect(d.Targets[0])
				time.Sleep(time.Minute)
				return dialplan.DialResult{Outcome: store.Answered}, ctx.Err()
			case <-out:
				return dialplan.DialResult{Outcome: store.NoAnswer, Status: 408}, nil
			case <-ctx.Done():
				f.note("CANCEL: %v", context.Cause(ctx))
				return dialplan.DialResult{Outcome: store.CallerLeft}, ctx.Err()
			}
		}
	}
}

// at lets the desk do something at a time.
func (f *floor) at(ms int, act store.DeskAct, reason string) {
	time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { f.desk.answers <- store.DeskAnswer{Act: act, Reason: reason} })
}

// TestAnOfferPassesTheDesk: each story is what was said, with its times.
func TestAnOfferPassesTheDesk(t *testing.T) {
	for _, c := range []struct {
		name    string
		preview bool
		noDesk  bool
		play    func(f *floor)
		want    string
	}{
		{"without a desk the phone rings at once, and never answers by itself", false, true, func(f *floor) { f.phone = f.rings(50*time.Millisecond, time.Second) },
			"0ms INVITE, ring 20s|50ms ticket: ringing|1050ms ticket: answered|61050ms over: answered <nil>"},
		{"the card is shown before the INVITE", false, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, time.Second)
			f.at(40, store.DeskShown, "")
		}, "0ms desk: card, preview false|40ms ticket: desk shown|40ms desk: ringing|40ms INVITE, ring 20s|90ms ticket: ringing|1090ms ticket: answered|" +
			"1090ms desk: closed|61090ms over: answered <nil>|61090ms desk: closed"},
		{"a desk that does not show it holds it up for 150 ms", false, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, time.Second)
			f.at(400, store.DeskShown, "")
		}, "0ms desk: card, preview false|150ms desk: ringing|150ms INVITE, ring 20s|200ms ticket: ringing|400ms ticket: desk shown|1200ms ticket: answered|" +
			"1200ms desk: closed|61200ms over: answered <nil>|61200ms desk: closed"},
		{"a decline before the phone rings", false, false, func(f *floor) { f.at(20, store.DeskDeclined, "tea") },
			"0ms desk: card, preview false|20ms ticket: desk declined tea|20ms desk: closed|20ms ticket: declined"},
		{"a decline while it rings is a CANCEL", false, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(10, store.DeskShown, "")
			f.at(900, store.DeskDeclined, "")
		}, "0ms desk: card, preview false|10ms ticket: desk shown|10ms desk: ringing|10ms INVITE, ring 20s|60ms ticket: ringing|900ms ticket: desk declined|" +
			"900ms CANCEL: declined at desk|900ms over: caller_left context canceled|900ms desk: closed|900ms ticket: declined"},
		{"an answer at the phone beats a decline at the desk", false, false, func(f *floor) {
			f.phone = func(ctx context.Context, d dialplan.Dial) (dialplan.DialResult, error) {
				<-ctx.Done() // the 200 was on its way
				d.OnConnect(d.Targets[0])
				time.Sleep(time.Second)
				return dialplan.DialResult{Outcome: store.Answered}, ctx.Err()
			}
			f.at(10, store.DeskShown, "")
			f.at(900, store.DeskDeclined, "")
		}, "0ms desk: card, preview false|10ms ticket: desk shown|10ms desk: ringing|10ms INVITE, ring 20s|900ms ticket: desk declined|900ms ticket: answered|" +
			"900ms desk: closed|1900ms over: answered context canceled|1900ms desk: closed"},
		{"accepted while it rings: INVITE anew, and the phone answers", false, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(10, store.DeskShown, "")
			f.at(900, store.DeskAccepted, "")
			f.at(905, store.DeskAccepted, "")
		}, "0ms desk: card, preview false|10ms ticket: desk shown|10ms desk: ringing|10ms INVITE, ring 20s|60ms ticket: ringing|900ms ticket: desk accepted|" +
			"900ms CANCEL: accepted at desk|900ms over: caller_left context canceled|900ms INVITE, ring 20s, answers itself|" +
			"905ms ticket: desk accepted|950ms ticket: ringing|960ms ticket: answered|960ms desk: closed|60960ms over: answered <nil>|60960ms desk: closed"},
		{"accepted before it rings: cancelled only when it does", false, false, func(f *floor) {
			f.phone = f.rings(500*time.Millisecond, 5*time.Second)
			f.at(10, store.DeskShown, "")
			f.at(100, store.DeskAccepted, "")
		}, "0ms desk: card, preview false|10ms ticket: desk shown|10ms desk: ringing|10ms INVITE, ring 20s|100ms ticket: desk accepted|510ms ticket: ringing|" +
			"510ms CANCEL: accepted at desk|510ms over: caller_left context canceled|510ms INVITE, ring 20s, answers itself|" +
			"1010ms ticket: ringing|1020ms ticket: answered|1020ms desk: closed|61020ms over: answered <nil>|61020ms desk: closed"},
		{"accepted with the card: one INVITE", false, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(100, store.DeskAccepted, "")
		}, "0ms desk: card, preview false|100ms ticket: desk accepted|100ms desk: ringing|100ms INVITE, ring 20s, answers itself|150ms ticket: ringing|" +
			"160ms ticket: answered|160ms desk: closed|60160ms over: answered <nil>|60160ms desk: closed"},
		{"the desk closes over a card: the phone rings", false, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, time.Second)
			f.at(30, store.DeskClosed, "")
		}, "0ms desk: card, preview false|30ms ticket: desk closed|30ms desk: ringing|30ms INVITE, ring 20s|80ms ticket: ringing|1080ms ticket: answered|" +
			"1080ms desk: closed|61080ms over: answered <nil>|61080ms desk: closed"},
		{"a desk that opens while it rings accepts", false, false, func(f *floor) {
			f.desk.late = true
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(800, store.DeskShown, "")
			f.at(900, store.DeskAccepted, "")
		}, "0ms desk: card, preview false|0ms desk: ringing|0ms INVITE, ring 20s|50ms ticket: ringing|800ms ticket: desk shown|900ms ticket: desk accepted|" +
			"900ms CANCEL: accepted at desk|900ms over: caller_left context canceled|900ms INVITE, ring 20s, answers itself|" +
			"950ms ticket: ringing|960ms ticket: answered|960ms desk: closed|60960ms over: answered <nil>|60960ms desk: closed"},
		{"a desk that opens while it rings declines", false, false, func(f *floor) {
			f.desk.late = true
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(900, store.DeskDeclined, "")
		}, "0ms desk: card, preview false|0ms desk: ringing|0ms INVITE, ring 20s|50ms ticket: ringing|900ms ticket: desk declined|" +
			"900ms CANCEL: declined at desk|900ms over: caller_left context canceled|900ms desk: closed|900ms ticket: declined"},
		{"preview: the desk closed before the card, and opens again while it rings", true, false, func(f *floor) {
			f.desk.late = true
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(900, store.DeskAccepted, "")
		}, "0ms desk: card, preview true|0ms ticket: desk closed|0ms desk: ringing|0ms INVITE, ring 20s|50ms ticket: ringing|900ms ticket: desk accepted|" +
			"900ms CANCEL: accepted at desk|900ms over: caller_left context canceled|900ms INVITE, ring 20s, answers itself|" +
			"950ms ticket: ringing|960ms ticket: answered|960ms desk: closed|60960ms over: answered <nil>|60960ms desk: closed"},
		{"preview: accept, then ring", true, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, 5*time.Second)
			f.at(30, store.DeskShown, "")
			f.at(9000, store.DeskAccepted, "")
		}, "0ms desk: card, preview true|30ms ticket: desk shown|9000ms ticket: desk accepted|9000ms desk: ringing|9000ms INVITE, ring 20s, answers itself|" +
			"9050ms ticket: ringing|9060ms ticket: answered|9060ms desk: closed|69060ms over: answered <nil>|69060ms desk: closed"},
		{"preview: no yes within the ring time is no answer", true, false, func(f *floor) { f.at(30, store.DeskShown, "") },
			"0ms desk: card, preview true|30ms ticket: desk shown|20000ms desk: closed|20000ms ticket: no_answer"},
		{"preview: declined", true, false, func(f *floor) { f.at(700, store.DeskDeclined, "tea") },
			"0ms desk: card, preview true|700ms ticket: desk declined tea|700ms desk: closed|700ms ticket: declined"},
		{"preview: the desk closes, the phone rings", true, false, func(f *floor) {
			f.phone = f.rings(50*time.Millisecond, time.Second)
			f.at(700, store.DeskClosed, "")
		}, "0ms desk: card, preview true|700ms ticket: desk closed|700ms desk: ringing|700ms INVITE, ring 20s|750ms ticket: ringing|1750ms ticket: answered|" +
			"1750ms desk: closed|61750ms over: answered <nil>|61750ms desk: closed"},
		{"preview: the desk closed before the card", true, true, func(f *floor) { f.phone = f.rings(50*time.Millisecond, time.Second) },
			"0ms ticket: desk closed|0ms INVITE, ring 20s|50ms ticket: ringing|1050ms ticket: answered|61050ms over: answered <nil>"},
		{"the router takes the offer back", true, false, func(f *floor) {
			time.AfterFunc(time.Second, func() { f.events <- TicketEvent{Kind: TicketCancel, Offer: "o", Reason: "caller_left"} })
		}, "0ms desk: card, preview true|1000ms desk: closed|1000ms ticket: caller_left"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &floor{start: time.Now(), events: make(chan TicketEvent, 4)}
				if !c.noDesk {
					f.desk = &screen{f: f, answers: make(chan store.DeskAnswer, 8)}
				}
				c.play(f)
				f.events <- TicketEvent{Kind: TicketOffer, Ring: 20 * time.Second, Offers: []Offer{{ID: "o", Agent: "mei", Preview: c.preview,
					Phones: []dialplan.Phone{{Account: "mei", AutoAnswer: true}}}}}
				v := &visit{ch: f, ticket: slip{f}, queue: "help", log: func(string) {}}
				if _, err := v.run(t.Context()); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				f.mu.Lock()
				defer f.mu.Unlock()
				got := slices.DeleteFunc(slices.Clone(f.said), func(s string) bool { return strings.Contains(s, "ticket: leave") })
				if text := strings.Join(got, "|"); text != c.want {
					t.Errorf("\ngot  %s\nwant %s", text, c.want)
				}
			})
		})
	}
}
