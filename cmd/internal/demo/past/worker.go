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
	late bool // of two in a place one comes early and one late, so that somebody is there for most of the day
}

// A working day in minutes, each give or take some: when she comes by her clock, and the rest from then.
const (
	comesEarly = 6*60 + 55
	comesLate  = 13*60 + 25
	eatsEarly  = 6*60 + 45 // while the other one is there too
	eatsLate   = 75
	goes       = 9*60 + 10
)

// breaks are when she may rest, or do something else, in minutes after she came.
var breaks = [3]int{3 * 60, 5 * 60, 8 * 60}

// hire plans somebody's days.
func (w *world) hire(p *acd.Person) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	k := &worker{p, zone, w.places[p.Zone]%2 == 1}
	w.places[p.Zone]++
	w.people = append(w.people, k)
	for _, phone := range p.Phones {
		w.input(acd.Phone{Account: phone.Account, Registered: true})
	}
	for day := w.o.From.In(zone).AddDate(0, 0, -1); !day.After(w.o.To); day = day.AddDate(0, 0, 1) {
		if d := day.Weekday(); (d == time.Saturday && k.late || d == time.Sunday && !k.late) && w.chance(60) {
			continue // the other one has this day
		}
		w.day(k, day)
	}
}

// day plans one working day.
func (w *world) day(k *worker, day time.Time) {
	y, m, d := day.Date()
	comes, eats := comesEarly, eatsEarly
	if k.late {
		comes, eats = comesLate, eatsLate
	}
	at := func(minute int, verb acd.Verb, reason string) time.Time {
		t := time.Date(y, m, d, 0, comes+minute+w.dice.IntN(11)-5, w.dice.IntN(60), 0, k.zone).UTC()
		if t.After(w.o.From) && t.Before(w.o.To) {
			w.agenda.plan(t, func() { w.input(acd.Command{Agent: k.ID, Verb: verb, Reason: reason}) })
		}
		return t
	}
	at(0, acd.Join, "")
	at(eats, acd.Pause, "lunch")
	at(eats+35, acd.Resume, "")
	for n := range 1 + w.dice.IntN(3) {
		minute := breaks[n] + w.dice.IntN(20)
		at(minute, acd.Pause, []string{"break", "training", "admin"}[w.dice.IntN(3)])
		at(minute+12, acd.Resume, "")
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
		w.after(o.RingTime, func() { w.input(acd.OfferResult{Offer: a.ID, Outcome: store.NoAnswer, Status: 408}) })
	default:
		w.after(w.between(2, 9), func() { w.answer(o, a) })
	}
}

// stands notes the state that a robot is in. One whom the queue takes for absent, since she let a call ring or declined twice
// running, is back some minutes later; if she paused or went home meanwhile, she stays away.
func (w *world) stands(agent string, state store.AgentBucket) {
	w.states[agent] = state
	if state != store.NotResponding {
		return
	}
	w.after(w.between(30, 240), func() {
		if w.states[agent] == store.NotResponding {
			w.input(acd.Command{Agent: agent, Verb: acd.Resume})
		}
	})
}
