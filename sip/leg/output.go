package leg

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp/sdp"
)

// Output is one thing that the shell has to do.
type Output interface{ output() }

// Send starts a client transaction for Req: INVITE, BYE, INFO or OPTIONS. Via is still missing.
type Send struct{ Req *sipmsg.Request }

// SendAck sends an ACK to a 2xx, outside any transaction. The same Req comes again for a repeated 2xx: a Via added the
// first time stays.
type SendAck struct{ Req *sipmsg.Request }

// SendCancel cancels the INVITE under way; Reason is the value of its Reason header, or empty.
type SendCancel struct{ Reason string }

// Respond answers a request; a 2xx to INVITE comes again until it is acknowledged.
type Respond struct {
	Tx  Tx
	Res *sipmsg.Response
}

// Wake asks for a Tick at that moment. A later Wake replaces it; the zero time takes it back.
type Wake struct{ At time.Time }

// Kind is what an Event tells.
type Kind uint8

// Kinds of events.
const (
	Offered      Kind = iota // UAS: the INVITE is acceptable; its offer, if any, is parsed
	RingingHeard             // UAC: 18x without SDP; Status
	EarlyMedia               // UAC: 18x with SDP; UAS: our 183 was sent; Agreed
	Answered                 // UAC: 2xx came, ACK is out; UAS: our 200 is out. Agreed unless the answer comes in the ACK
	Acknowledged             // UAS: ACK came. Agreed where the answer came with it
	MediaChanged             // a re-INVITE of either side agreed on something new; Agreed
	Held                     // the far end put us on hold; Agreed
	Resumed                  // and took us back; Agreed
	Digit                    // INFO with a digit; Digit and Duration
	Alive                    // the far end answered a Probe
	ModifyFailed             // our re-INVITE was refused; the old session stays. Status
	Finished                 // the leg is over; End. The last event of a leg
)

var kindNames = [...]string{"offered", "ringing", "early_media", "answered", "acknowledged", "media_changed", "held", "resumed",
	"digit", "alive", "modify_failed", "finished"}

// String is the kind's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// Event tells the call what happened on the leg.
type Event struct {
	Kind     Kind
	Status   int         // SIP status behind it, 0 where none
	Agreed   *sdp.Agreed // what the two sides agreed on, nil where nothing changed
	Digit    byte
	Duration time.Duration
	End      End
}

// Why is the reason a leg ended, as the leg saw it.
type Why uint8

// Reasons for an end.
const (
	ByeReceived     Why = iota // the far end hung up
	CancelReceived             // the caller gave up before our answer
	WeHungUp                   // our BYE or CANCEL; for an unanswered UAS leg our final response
	Refused                    // 3xx–6xx to our INVITE
	NoResponse                 // our INVITE met silence
	Unreachable                // our request could not be sent
	RangTooLong                // Timer C
	NoAck                      // our 200 was never acknowledged
	MediaImpossible            // an offer or answer that we cannot use
	Dead                       // 481, 408 or silence inside the dialog
	Malformed                  // an INVITE that we refused for its form (420, 415, 400)
)

var whyNames = [...]string{"bye", "cancel", "hangup", "refused", "no_response", "unreachable", "rang_too_long", "no_ack",
	"media_impossible", "dead", "malformed"}

// String is the reason's name.
func (w Why) String() string {
	if int(w) < len(whyNames) {
		return whyNames[w]
	}
	return "invalid"
}

// End is how a leg ended.
type End struct {
	Why     Why
	Status  int          // final SIP status sent or received, 0 after BYE
	SIP     int          // SIP cause of the far end's Reason header, 0 where none
	Q850    int          // Q.850 cause of it, 0 where none
	Text    string       // text of that Reason, or what was wrong
	Targets []sipmsg.Uri // Contacts of a 3xx, in order
	Rang    bool         // UAC: a provisional above 100 was heard
}

func (Send) output()       {}
func (SendAck) output()    {}
func (SendCancel) output() {}
func (Respond) output()    {}
func (Wake) output()       {}
func (Event) output()      {}
