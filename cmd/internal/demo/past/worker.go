package past

import (
	"time"

	"ringway/acd"
	"ringway/store"
)

// worker is a robot agent: she comes, pauses and goes by the clock where she lives.
type worker struct {
	*acd.Person
	zone *time.Location
}

// A working day by her clock, in minutes, each give or take some.
const (
	comes = 8*60 + 55
	eats  = 12*60 + 20
	goes  = 18*60 + 5
)

// hire plans somebody's days.
func (w *world) hire(p *acd.Person) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	k := &worker{p, zone}
	w.people = append(w.people, k)
	for _, phone := range p.Phones {
		w.input(acd.Phone{Account: phone.Account, Registered: true})
	}
	for day := w.o.From.In(zone).AddDate(0, 0, -1); day.Before(w.o.To); day = day.AddDate(0, 0, 1) {
		if d := day.Weekday(); (d == time.Saturday || d == time.Sunday) && !w.chance(30) {
			continue
		}
		w.day(k, day)
	}
}

// day plans one working day.
func (w *world) day(k *worker, day time.Time) {
	y, m, d := day.Date()
	at := func(minute int, verb acd.Verb, reason string) time.Time {
		t := time.Date(y, m, d, 0, minute+w.dice.IntN(11)-5, w.dice.IntN(60), 0, k.zone).UTC()
		if t.After(w.o.From) && t.Before(w.o.To) {
			w.agenda.plan(t, func() { w.input(acd.Command{Agent: k.ID, Verb: verb, Reason: reason}) })
		}
		return t
	}
	at(comes, acd.Join, "")
	at(eats+w.dice.IntN(40), acd.Pause, "lunch")
	at(eats+85, acd.Resume, "")
	for n := range 1 + w.dice.IntN(3) {
		minute := []int{10*60 + 20, 15*60 + 10, 16*60 + 40}[n] + w.dice.IntN(20)
		at(minute, acd.Pause, []string{"break", "training", "admin"}[w.dice.IntN(3)])
		at(minute+20, acd.Resume, "")
	}
	at(goes, acd.LeaveVerb, "")
}

// ring lets a robot's phone ring: most answer, some do not.
func (w *world) ring(o acd.OfferOut, a acd.AgentOffer) {
	if w.chance(1) { // her network is down
		w.after(w.between(1, 3), func() { w.input(acd.OfferResult{Offer: a.ID, Outcome: store.OfferUnreachable, Status: 408}) })
		w.after(5*time.Minute, func() {
			for _, p := range a.Accounts {
				w.input(acd.Phone{Account: p.Account, Registered: true})
			}
		})
		return
	}
	w.after(w.between(0, 1), func() { w.input(acd.OfferRinging{Offer: a.ID}) })
	switch n := w.dice.IntN(100); {
	case n < 2:
		w.after(w.between(2, 8), func() { w.input(acd.OfferResult{Offer: a.ID, Outcome: store.Declined, Status: 603}) })
	case n < 5:
		w.after(o.RingTime, func() {
			w.input(acd.OfferResult{Offer: a.ID, Outcome: store.NoAnswer, Status: 408})
			w.after(w.between(30, 240), func() { w.input(acd.Command{Agent: a.Agent, Verb: acd.Resume}) })
		})
	default:
		w.after(w.between(2, 9), func() { w.answer(o, a) })
	}
}
