package leg

import sipmsg "github.com/emiago/sipgo/sip"

// Input is one stimulus of a leg: a message of its dialog, a command of its call, or the passing of time.
type Input interface{ input() }

// Tx names a server transaction for its responses; the shell gives it and gets it back in Respond.
type Tx uint64

// Request is a request of this dialog: the INVITE that makes it, and later ones. ACK has an input of its own, CANCEL is
// matched by the transaction table and comes as Canceled.
type Request struct {
	Tx  Tx
	Req *sipmsg.Request
}

// Ack is the ACK to a 2xx of ours.
type Ack struct{ Req *sipmsg.Request }

// Canceled says that the far end cancelled the INVITE that it sent us. Reason is the value of its Reason header.
type Canceled struct{ Reason string }

// Response is a response to a request of ours, also a repeated or forked 2xx.
type Response struct{ Res *sipmsg.Response }

// Failed says that a request of ours will get no response: a time-out (Timer B, F) or a transport that cannot reach the peer.
type Failed struct {
	Method    sipmsg.RequestMethod
	CSeq      uint32
	Transport bool // true: could not be sent; false: nothing came
}

// Invite starts a UAC leg: INVITE with our offer.
type Invite struct{ Media Media }

// Ring sends 180 to the caller; repeated ones are sent again.
type Ring struct{}

// Progress sends 183 with an answer: early media.
type Progress struct{ Media Media }

// Answer sends 200 with our answer, or with our offer where the INVITE had none.
type Answer struct{ Media Media }

// Modify sends a re-INVITE that offers Media: another address, other codecs, another direction.
type Modify struct{ Media Media }

// Info sends INFO with a body.
type Info struct{ Type, Body string }

// Probe sends OPTIONS inside the dialog; the answer is an Alive event, or the leg ends.
type Probe struct{}

// Hangup ends the leg as its state asks: a final response, CANCEL, or BYE.
type Hangup struct{ Cause Cause }

// Tick says that the moment of the last Wake has come. Early and surplus ticks do no harm.
type Tick struct{}

func (Request) input()  {}
func (Ack) input()      {}
func (Canceled) input() {}
func (Response) input() {}
func (Failed) input()   {}
func (Invite) input()   {}
func (Ring) input()     {}
func (Progress) input() {}
func (Answer) input()   {}
func (Modify) input()   {}
func (Info) input()     {}
func (Probe) input()    {}
func (Hangup) input()   {}
func (Tick) input()     {}

// Cause is why we end a leg, in the far end's words.
type Cause struct {
	Status  int             // final response to an unanswered INVITE, and the SIP cause of a Reason header; 0 is 480
	Q850    int             // Q.850 cause for a Reason header; 0 leaves it out
	Text    string          // text of the Reason header
	Headers []sipmsg.Header // more headers of the final response: Warning, Retry-After, Contact
}
