package phone

import "ringway/rtp/sdp"

// Kind is what an Event of a call tells.
type Kind uint8

// Kinds of events, in the order in which a call may meet them.
const (
	Ringing      Kind = iota // outgoing: the far end rings; Status
	EarlyMedia               // outgoing: 18x with a description; Status, Agreed
	Answered                 // 200 came, or ours was sent; Agreed, except where the far end answers in its ACK
	Acknowledged             // incoming: the ACK to our 200 came; Agreed
	Changed                  // a re-INVITE of either side agreed on something else; Agreed
	Held                     // the far end put us on hold; Agreed
	Resumed                  // and took us back; Agreed
	ChangeFailed             // our Hold or Resume was refused and all stays as it was; Status
	Ended                    // the call is over: Status, Reason, Far. The last event, exactly one
)

var kindNames = [...]string{"ringing", "early_media", "answered", "acknowledged", "changed", "held", "resumed", "change_failed", "ended"}

// String is the kind's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// Event is one thing that happened to a call.
type Event struct {
	Kind   Kind
	Status int         // SIP status behind it, 0 where none: the final one of a call that was never answered
	Agreed *sdp.Agreed // what both sides agreed on; read only; nil where nothing is new
	Reason string      // Ended: why, in one word (bye, cancel, refused, …), with the far end's text where it gave one
	Far    bool        // Ended: the far end ended it
}
