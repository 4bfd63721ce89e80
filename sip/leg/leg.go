package leg

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp/sdp"
)

// Leg is one dialog. It belongs to one goroutine; only Step changes it.
type Leg struct {
	o      Options
	callee *Callee // UAC, until the INVITE is answered: what it may be sent again with
	role   Role
	state  State
	dialog dialog

	invite    *sipmsg.Request // UAS: the INVITE until its final response; UAC: ours until its final response
	tx        Tx              // UAS: the server transaction of invite
	early     bool            // UAC: a provisional above 100 was heard
	heard     bool            // UAC: any provisional was heard, so CANCEL may leave
	asked     int             // UAC: how often we answered a challenge
	cause     Cause           // why we are cancelling or ending
	why       Why             // the same for the last event
	forks     map[string]bool // UAC: tags of further 2xx, which got ACK and BYE
	credit    sipmsg.Header   // UAC: credentials of the INVITE with the number creditSeq, for its ACK
	creditSeq uint32

	accept   accept   // our 2xx that waits for its ACK
	media    media    // both descriptions and what they agree on
	reinvite reinvite // our re-INVITE under way
	bye      uint32   // CSeq of our BYE, 0 before
	probe    uint32   // CSeq of our OPTIONS under way, 0 where none

	due     [timers]time.Time
	wake    time.Time
	ignored uint64
	out     []Output
}

// NewUAS makes the leg of a caller; its first input is the Request with the INVITE.
func NewUAS(o Options) *Leg { return &Leg{o: o, role: UAS} }

// NewUAC makes the leg towards a phone or trunk; its first input is Invite.
func NewUAC(o Options, c Callee) *Leg {
	l := &Leg{o: o, role: UAC, callee: &c}
	to := c.To
	if to.Host == "" {
		to = sipmsg.Uri{Scheme: c.Target.Scheme, User: c.Target.User, Host: c.Target.Host, Port: c.Target.Port}
	}
	from := sipmsg.FromHeader{DisplayName: displayName(c.FromName), Address: c.From}
	from.Params.Add("tag", o.Tag)
	l.dialog = dialog{callID: c.CallID, local: from, remote: sipmsg.ToHeader{Address: to}, target: c.Target, routes: c.Route,
		maxForwards: c.MaxForwards}
	return l
}

// State is where the leg stands.
func (l *Leg) State() State { return l.state }

// Role is ours in the dialog.
func (l *Leg) Role() Role { return l.role }

// CallID is the Call-ID header of the dialog.
func (l *Leg) CallID() string { return l.dialog.callID }

// Tag is our tag: the key by which the shell finds the leg.
func (l *Leg) Tag() string { return l.o.Tag }

// Target is where requests of the dialog go: the first route, or the far end's Contact.
func (l *Leg) Target() sipmsg.Uri {
	if len(l.dialog.routes) > 0 {
		return l.dialog.routes[0]
	}
	return l.dialog.target
}

// Offer is an offer of the far end that waits for our answer, nil where none does. Read only.
func (l *Leg) Offer() *sdp.Session { return l.media.pending }

// Agreed is what the two sides agreed on last, nil before they did.
func (l *Leg) Agreed() *sdp.Agreed { return l.media.agreed }

// OnHold tells whether the far end has put us on hold.
func (l *Leg) OnHold() bool { return l.media.held }

// Ignored counts inputs that did not fit the state.
func (l *Leg) Ignored() uint64 { return l.ignored }

// Step takes one input at the moment now and returns what to do, in order. The slice is valid until the next Step; whoever
// has done all of it clears it, since messages would live on in it.
func (l *Leg) Step(now time.Time, in Input) []Output {
	l.out = l.out[:0]
	if l.state == Ended {
		l.ignored++
		return nil
	}
	switch in := in.(type) {
	case Request:
		l.request(now, in)
	case Ack:
		l.acknowledged(now, in.Req)
	case Canceled:
		l.canceled(in.Reason)
	case Response:
		l.response(now, in.Res)
	case Failed:
		l.failed(now, in)
	case Tick:
		l.tick(now)
	case Hangup:
		l.hangup(now, in.Cause)
	default:
		l.command(now, in)
	}
	l.scheduleWake()
	return l.out
}

// command dispatches what the call asks of a living leg.
func (l *Leg) command(now time.Time, in Input) {
	switch in := in.(type) {
	case Invite:
		l.start(now, in.Media)
	case Ring:
		l.ring()
	case Progress:
		l.progress(in.Media)
	case Answer:
		l.answer(now, in.Media)
	case Modify:
		l.modify(now, in.Media)
	case Info:
		l.info(in)
	case Probe:
		l.sendProbe()
	default:
		l.ignored++
	}
}

func (l *Leg) emit(o Output) { l.out = append(l.out, o) }

// end is the only way into Ended: the last event, and no timer left.
func (l *Leg) end(e End) {
	if l.state == Ended {
		return
	}
	l.state = Ended
	l.due = [timers]time.Time{}
	l.callee, l.invite, l.accept, l.reinvite, l.forks, l.media.pending = nil, nil, accept{}, reinvite{}, nil, nil
	e.Rang = l.early
	l.emit(Event{Kind: Finished, Status: e.Status, End: e})
}

// send starts a client transaction, with the headers that every request of ours has.
func (l *Leg) send(req *sipmsg.Request, body []byte, contentType string) {
	if l.o.Agent != "" {
		req.AppendHeader(sipmsg.NewHeader("User-Agent", l.o.Agent))
	}
	if contentType != "" {
		t := sipmsg.ContentTypeHeader(contentType)
		req.AppendHeader(&t)
	}
	if len(body) > 0 {
		req.SetBody(body)
	}
	l.emit(Send{Req: req})
}

// displayName makes a name safe inside the quotes that the serialiser puts around it.
func displayName(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '"' || r == '\\' {
			out = append(out, '\\')
		}
		if r >= ' ' && r != 0x7f {
			out = append(out, r)
		}
	}
	return string(out)
}
