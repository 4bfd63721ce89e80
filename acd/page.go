package acd

import (
	"time"

	"ringway/store"
)

// A desk in a browser is called a page here, for a desk is also a phone (desk.go). While one is open, calls of preview queues wait
// for her yes. Who became ready at a page is ready only while one is open, or was a moment ago; who joined by phone or by a
// command depends on none. A page that closes never touches a call.
//
//	ready at a page ──last page closes──▶ pageGrace ──▶ not ready (store.DeskLost), after the call where there is one
//	                                        └── a page opens again ──▶ as before

// pageGrace is how long a lost page may be away.
const pageGrace = time.Minute

// deskOpen takes the first page that opens, and the last that closes.
func (s *State) deskOpen(in DeskOpen) {
	a := s.byID[in.Agent]
	if a == nil || a.page == in.Open {
		s.ignored++
		return
	}
	a.page, a.pageUntil = in.Open, time.Time{}
	switch {
	case in.Open && a.paused && a.pauseReason == store.DeskLost && a.bucket != store.NotReady:
		a.paused, a.pauseReason, a.pageReady = false, "", true // it came back before it was missed
	case !in.Open && a.pageReady:
		a.pageUntil = s.now.Add(pageGrace)
	}
	s.save(a)
	s.touch(a)
}

// readyAt notes where she became ready.
func (s *State) readyAt(a *agent, page bool) {
	a.pageReady, a.pageUntil = page, time.Time{}
	if page && !a.page {
		a.pageUntil = s.now.Add(pageGrace)
	}
}

// loseDesk makes her not ready: the page at which she became ready has been away too long.
func (s *State) loseDesk(a *agent) {
	a.pageUntil = time.Time{}
	if a.page || !a.pageReady {
		return
	}
	a.pageReady = false
	if a.loggedIn() && !a.paused {
		a.paused, a.pauseReason = true, store.DeskLost
	}
	s.save(a)
}

// deskAnswer takes what her desk did with an offer. What it does to the offer's end follows as OfferResult: a decline may lose
// against an answer at the phone.
func (s *State) deskAnswer(in DeskAnswer) {
	o := s.offers[in.Offer]
	if o == nil || o.state >= offerConnected || !o.takes(in.Act) {
		s.ignored++
		return
	}
	reason := ""
	switch in.Act {
	case store.DeskShown:
		o.shown = true
	case store.DeskAccepted:
		o.accepted = true
		s.rings(o)
	case store.DeskClosed:
		o.preview, reason = false, store.PreviewWithoutDesk
		s.rings(o)
	case store.DeskDeclined:
		if store.IsReason(in.Reason) {
			reason = in.Reason
		}
	}
	s.event(store.Event{Kind: store.OfferDesk, Call: o.visit.call, Visit: o.visit.id, Offer: o.id, Queue: o.queue.Name, Agent: o.agent.id(),
		State: string(in.Act), Reason: reason})
	s.touch(o.agent)
}

// takes tells whether an act of the desk means something: each but a decline counts once.
func (o *offer) takes(act store.DeskAct) bool {
	switch act {
	case store.DeskShown:
		return !o.shown
	case store.DeskAccepted:
		return !o.accepted
	case store.DeskClosed:
		return o.preview && !o.accepted
	case store.DeskDeclined:
		return true
	}
	return false
}

// rings gives the phones their ring time from now on.
func (s *State) rings(o *offer) {
	o.deadline = s.now.Add(o.queue.RingTime + offerGrace)
	s.timers.set(&o.timer, o.deadline)
}
