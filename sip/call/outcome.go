package call

import (
	"ringway/sip/leg"
	"ringway/store"
)

// outcome is what the end of an unanswered leg of ours means for whoever was called (semantics §3, Misses). elsewhere says
// that we hold another dialog on the same phone: then 486 is busy, else it is the button that declines.
func outcome(e leg.End, elsewhere bool) store.OfferOutcome {
	switch e.Why {
	case leg.MediaImpossible:
		return store.MediaFailed
	case leg.RangTooLong:
		return rangOr(e.Rang)
	case leg.NoResponse:
		return rangOr(e.Rang)
	case leg.Unreachable, leg.Dead:
		return store.OfferUnreachable
	case leg.Refused:
		return refusal(e.Status, e.Rang, elsewhere)
	}
	return rangOr(e.Rang)
}

// refusal maps a final response.
func refusal(status int, rang, elsewhere bool) store.OfferOutcome {
	switch {
	case status == 603, status == 480, status >= 300 && status < 400:
		return store.Declined
	case status == 486:
		if elsewhere {
			return store.Busy
		}
		return store.Declined
	case status == 600:
		return store.Busy
	case status == 488, status == 606, status == 415:
		return store.MediaFailed
	}
	return rangOr(rang)
}

// rangOr is no answer of a phone that rang, and unreachable for one that never said so.
func rangOr(rang bool) store.OfferOutcome {
	if rang {
		return store.NoAnswer
	}
	return store.OfferUnreachable
}

// weight orders outcomes of several phones of one target, and of several targets: the one that tells most wins.
func weight(o store.OfferOutcome) int {
	switch o {
	case store.Answered:
		return 8
	case store.Declined:
		return 7
	case store.Busy:
		return 6
	case store.NoAnswer:
		return 5
	case store.MediaFailed:
		return 4
	case store.LostRace, store.CallerLeft:
		return 3
	case store.ReservationLapsed: // a fault of ours covers that another phone was not there
		return 2
	case store.OfferUnreachable:
		return 1
	}
	return 0
}
