package phone

import (
	mrand "math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp/sdp"
	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// Party is who stands at one end of a call.
type Party struct{ Name, User, Host string }

// Header is one more header of an INVITE.
type Header struct{ Name, Value string }

// CallOptions say whom to call. To and Media are required.
type CallOptions struct {
	To      string // user part, or a whole "sip:user@host"; without a host the phone's own domain
	Media   Media
	Headers []Header
	Notify  func(Event) // runs on the phone's goroutine and returns at once; nil: nobody listens
}

// Call is one call of a phone, in either direction. Its methods return at once and may be called from anywhere, callbacks
// included; what does not fit the state of the call is ignored.
type Call struct {
	p        *Phone
	id       string // Call-ID
	tag      string // ours: the key in Phone.legs
	incoming bool
	from, to Party
	headers  []Header     // of the INVITE that came in
	offer    *sdp.Session // that came with it
	notify   atomic.Pointer[func(Event)]

	// Owned by the phone's loop.
	flow    transport.Flow // the dialog's, for life: where its INVITE went, or came from
	leg     *leg.Leg
	media   Media
	invite  *transaction.Client // outgoing: the INVITE under way, for CANCEL
	servers []serverTx
	due     time.Time
	over    bool
}

// serverTx is a request of the far end that has no final answer yet, or a 2xx that waits for its ACK.
type serverTx struct {
	tx     leg.Tx
	server *transaction.Server
	kept   bool
}

// Call starts a call. What becomes of it is told to CallOptions.Notify; Ended comes in every case but an error.
func (p *Phone) Call(o CallOptions) (*Call, error) {
	target, err := p.target(o.To)
	if err != nil {
		return nil, err
	}
	c := &Call{p: p, id: token(), tag: token(), media: o.Media,
		from: Party{p.o.Name, p.o.User, p.o.Domain}, to: Party{User: target.User, Host: target.Host}}
	c.Notify(o.Notify)
	headers := make([]sipmsg.Header, 0, len(o.Headers))
	for _, h := range o.Headers {
		headers = append(headers, sipmsg.NewHeader(h.Name, h.Value))
	}
	c.leg = leg.NewUAC(p.legOptions(c.tag), leg.Callee{
		CallID: c.id, Target: target, From: sipmsg.Uri{Scheme: "sip", User: p.o.User, Host: p.o.Domain}, FromName: p.o.Name,
		Headers: headers, Authorize: p.authorize,
	})
	return c, p.post(func() { p.begin(c) }, false)
}

// begin sends the INVITE of a call of ours.
func (p *Phone) begin(c *Call) {
	if p.ending {
		c.finish(Event{Kind: Ended, Status: 480, Reason: "closed"})
		return
	}
	p.legs[c.tag], c.flow = c, p.flow
	c.step(leg.Invite{Media: c.sdp(sdp.SendRecv)})
}

func (p *Phone) legOptions(tag string) leg.Options {
	return leg.Options{Tag: tag, Contact: p.contact, Agent: p.o.Agent, Session: mrand.Uint64() >> 33, Codecs: p.o.Codecs, Random: mrand.Int64N}
}

// ID is the Call-ID, to find the call in a trace or a CDR.
func (c *Call) ID() string { return c.id }

// Incoming says who called whom.
func (c *Call) Incoming() bool { return c.incoming }

// From is the caller as the INVITE named it.
func (c *Call) From() Party { return c.from }

// To is the called side as the INVITE named it.
func (c *Call) To() Party { return c.to }

// Header is the first value of a header of the INVITE that came in, compared without case; "" where there is none.
func (c *Call) Header(name string) string {
	for _, h := range c.headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// Offer is the description that came with the INVITE, nil where none did. Read only.
func (c *Call) Offer() *sdp.Session { return c.offer }

// Notify sets who is told of events, from the next one on. It runs on the phone's goroutine and returns at once.
func (c *Call) Notify(fn func(Event)) {
	if fn == nil {
		fn = func(Event) {}
	}
	c.notify.Store(&fn)
}

// Ring says that the phone rings: 180.
func (c *Call) Ring() { c.do(leg.Ring{}) }

// Progress sends early media: 183 with our answer.
func (c *Call) Progress(m Media) {
	c.post(func() {
		c.media = m
		c.step(leg.Progress{Media: c.sdp(sdp.SendRecv)})
	})
}

// Answer takes the call: 200 with our answer, or with our offer where the INVITE had none.
func (c *Call) Answer(m Media) {
	c.post(func() {
		c.media = m
		c.step(leg.Answer{Media: c.sdp(sdp.SendRecv)})
	})
}

// Reject refuses the call with a final status of 400 to 699; anything else is 480.
func (c *Call) Reject(status int) {
	if status < 400 || status > 699 {
		status = 480
	}
	c.do(leg.Hangup{Cause: leg.Cause{Status: status}})
}

// Hangup ends the call as its state asks: CANCEL, a final response, or BYE.
func (c *Call) Hangup() { c.do(leg.Hangup{Cause: leg.Cause{Status: 480}}) }

// Hold puts the far end on hold by a re-INVITE with sendonly. Changed tells when it agreed.
func (c *Call) Hold() { c.post(func() { c.step(leg.Modify{Media: c.sdp(sdp.SendOnly)}) }) }

// Resume takes the far end back.
func (c *Call) Resume() { c.post(func() { c.step(leg.Modify{Media: c.sdp(sdp.SendRecv)}) }) }

func (c *Call) do(in leg.Input) { c.post(func() { c.step(in) }) }

// post gives a command a reserved place: the loop would lose the far end otherwise. A closed phone has ended the call.
func (c *Call) post(do func()) {
	if err := c.p.post(do, true); err != nil {
		c.p.o.Log.Debug("command lost", "call", c.id, "err", err)
	}
}

// sdp is our side of a description with a direction.
func (c *Call) sdp(d sdp.Direction) leg.Media {
	return leg.Media{Local: c.media.Local, Codecs: c.media.Codecs, PTime: c.media.PTime, Direction: d}
}
