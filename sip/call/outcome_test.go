package call

import (
	"testing"

	"ringway/sip/leg"
	"ringway/store"
)

// Semantics §3, Misses, word by word.
func TestOutcomes(t *testing.T) {
	refused := func(status int, rang bool) leg.End { return leg.End{Why: leg.Refused, Status: status, Rang: rang} }
	for _, c := range []struct {
		name      string
		end       leg.End
		elsewhere bool
		want      store.OfferOutcome
	}{
		{"603", refused(603, true), false, store.Declined},
		{"480", refused(480, true), false, store.Declined},
		{"486 from a free phone", refused(486, true), false, store.Declined},
		{"486 from a phone in another call", refused(486, false), true, store.Busy},
		{"600", refused(600, false), false, store.Busy},
		{"302", refused(302, false), false, store.Declined},
		{"408 after 18x", refused(408, true), false, store.NoAnswer},
		{"408 without 18x", refused(408, false), false, store.OfferUnreachable},
		{"Timer C", leg.End{Why: leg.RangTooLong, Status: 408, Rang: true}, false, store.NoAnswer},
		{"silence", leg.End{Why: leg.NoResponse, Status: 408}, false, store.OfferUnreachable},
		{"transport error", leg.End{Why: leg.Unreachable, Status: 503}, false, store.OfferUnreachable},
		{"404", refused(404, false), false, store.OfferUnreachable},
		{"503", refused(503, false), false, store.OfferUnreachable},
		{"488", refused(488, false), false, store.MediaFailed},
		{"an answer of no use", leg.End{Why: leg.MediaImpossible, Status: 488, Rang: true}, false, store.MediaFailed},
	} {
		if got := outcome(c.end, c.elsewhere); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEveryCauseHasAVerdict(t *testing.T) {
	for _, c := range []Cause{Normal, Busy, Congestion, Unallocated, Rejected, NoAnswer, Canceled, Forbidden, BadOffer, NoCodec, NoPorts,
		Malformed, NoAck, Dead, RTPTimeout, TooLong, NeverAnswer, MailboxFull, Panicked, ShuttingDown, ScriptFailed} {
		v, ok := verdicts[c]
		if !ok || v.status < 400 || v.q850 == 0 || v.text == "" || v.unanswered == "" {
			t.Errorf("%s: %+v", c, v)
		}
	}
	if len(verdicts) != 21 {
		t.Errorf("%d verdicts", len(verdicts))
	}
	if Cause("made up").verdict() != verdicts[Rejected] {
		t.Error("an unknown cause is no rejection")
	}
}

func TestHeadersThatADialplanMayAdd(t *testing.T) {
	for name, want := range map[string]bool{"X-Card": true, "Subject": true, "From": false, "v": false, "X-Ringway-Hops": false,
		"Bad Name": false, "X:": false, "": false} {
		if extraAllowed(name, "value") != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	if extraAllowed("X-Card", "a\r\nVia: evil") {
		t.Error("a line end passed")
	}
}
