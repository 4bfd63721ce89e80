package call

import (
	"ringway/sip/leg"
	"ringway/store"
)

// Cause is the word for why a call ended: in the CDR, in events and logs, and as the argument of hangup.
type Cause string

// Causes. The first group may be named by a dialplan.
const (
	Normal      Cause = "normal"
	Busy        Cause = "busy"
	Congestion  Cause = "congestion"
	Unallocated Cause = "unallocated"
	Rejected    Cause = "rejected"
	NoAnswer    Cause = "no_answer"

	Canceled     Cause = "canceled"      // the caller gave up before the answer
	Forbidden    Cause = "forbidden"     // no entry context
	BadOffer     Cause = "bad_offer"     // an offer that cannot be read, or media that came to nothing
	NoCodec      Cause = "no_codec"      // nothing in common
	NoPorts      Cause = "no_ports"      // the RTP range is used up
	Malformed    Cause = "malformed"     // an INVITE refused for its form
	NoAck        Cause = "no_ack"        // our 200 was never acknowledged
	Dead         Cause = "dead"          // a peer that does not answer inside its dialog
	RTPTimeout   Cause = "rtp_timeout"   // silence on an answered leg
	TooLong      Cause = "duration"      // the limit on an answered call
	NeverAnswer  Cause = "unanswered"    // the limit on a call that nobody answers
	MailboxFull  Cause = "mailbox_full"  // more messages than a call may have waiting
	Panicked     Cause = "panic"         // a fault of ours
	ShuttingDown Cause = "shutdown"      // the switch stops
	ScriptFailed Cause = "script_failed" // the dialplan could not go on
)

// verdict is what a cause means elsewhere.
type verdict struct {
	status      int // final response to an INVITE that waits, SIP cause in Reason
	q850        int
	text        string
	unanswered  store.Disposition // of a call that was never answered; an answered one is always answered
	mayBeCaller bool              // the caller is the one who ends it
}

// verdicts is the one table of causes: SIP status, Q.850 (ITU-T Q.850 §2.2.7), CDR disposition.
var verdicts = map[Cause]verdict{
	Normal:       {480, 16, "Normal call clearing", store.DispositionNoAnswer, true},
	Busy:         {486, 17, "User busy", store.DispositionBusy, false},
	Congestion:   {503, 42, "Switching equipment congestion", store.DispositionFailed, false},
	Unallocated:  {404, 1, "Unallocated number", store.DispositionFailed, false},
	Rejected:     {603, 21, "Call rejected", store.DispositionFailed, false},
	NoAnswer:     {480, 19, "No answer", store.DispositionNoAnswer, false},
	Canceled:     {487, 16, "Call canceled", store.DispositionCanceled, true},
	Forbidden:    {403, 57, "Not allowed", store.DispositionFailed, false},
	BadOffer:     {488, 88, "Media cannot be used", store.DispositionFailed, false},
	NoCodec:      {488, 65, "No codec in common", store.DispositionFailed, false},
	NoPorts:      {503, 34, "No media port", store.DispositionFailed, false},
	Malformed:    {400, 95, "Malformed request", store.DispositionFailed, false},
	NoAck:        {408, 102, "No ACK", store.DispositionFailed, false},
	Dead:         {408, 41, "Peer does not answer", store.DispositionFailed, false},
	RTPTimeout:   {408, 41, "No media", store.DispositionFailed, false},
	TooLong:      {480, 31, "Duration limit", store.DispositionFailed, false},
	NeverAnswer:  {480, 19, "Not answered in time", store.DispositionNoAnswer, false},
	MailboxFull:  {500, 41, "Overload", store.DispositionFailed, false},
	Panicked:     {500, 41, "Internal error", store.DispositionFailed, false},
	ShuttingDown: {503, 41, "Shutting down", store.DispositionFailed, false},
	ScriptFailed: {500, 41, "Dialplan failed", store.DispositionFailed, false},
}

// verdict of a cause; an unknown word of a dialplan is a rejection.
func (c Cause) verdict() verdict {
	if v, ok := verdicts[c]; ok {
		return v
	}
	return verdicts[Rejected]
}

// leg is the cause in the words of a dialog.
func (c Cause) leg() leg.Cause {
	v := c.verdict()
	return leg.Cause{Status: v.status, Q850: v.q850, Text: v.text}
}

// causeOf is why the call ends when the caller's own leg ended like this.
func causeOf(e leg.End) Cause {
	switch e.Why {
	case leg.ByeReceived:
		if e.Status == 487 {
			return Canceled
		}
		return Normal
	case leg.CancelReceived:
		return Canceled
	case leg.NoAck:
		return NoAck
	case leg.MediaImpossible:
		if e.Q850 == NoCodec.verdict().q850 {
			return NoCodec
		}
		return BadOffer
	case leg.Malformed:
		return Malformed
	case leg.Dead, leg.NoResponse, leg.Unreachable:
		return Dead
	}
	return Normal
}
