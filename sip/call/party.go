package call

import (
	"net/netip"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp"
	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

// party is one leg of a call with all that hangs on it: dialog, flow, media, row. Owned by the call's loop.
type party struct {
	c       *Call
	leg     *leg.Leg
	tag     string // the leg's and its Call-ID: read by Manager, never changed
	callID  string
	flow    transport.Flow
	servers []serverTx
	invite  *transaction.Client // UAC: the INVITE under way, for CANCEL
	wake    *alarm

	media    *rtp.Session
	playback *rtp.Playback // hold music
	held     bool          // this side put the other on hold: the phone, its owner's desk, or both

	phoneHold, deskHold bool   // what held is made of; settleHold puts it in force
	silent              *alarm // the next probe
	packets             uint64 // received when the silence was last looked at
	deadline            *alarm // RTP time-out
	spoken              uint64 // packets received when it began

	target  *target // of a Dial
	origin  bool    // the switch rings its person so that she becomes the caller
	account string
	agent   string
	row     store.Leg
	left    string // why its part ended, where somebody else has the caller next: store.TransferBlind
	up      bool   // Agents was told
	down    bool   // row written, media given back: talking is over, though the dialog may have messages left
	gone    bool   // the dialog is over too
	route   *Route // through a trunk, nil for phones
}

// serverTx is a request that the leg has not answered finally, or a 2xx that waits for its ACK.
type serverTx struct {
	tx     leg.Tx
	server *transaction.Server
	kept   bool // answered with a 2xx to INVITE: kept until the ACK
}

// newCaller makes leg A.
func (c *Call) newCaller(s *transaction.Server) *party {
	p := &party{c: c, flow: s.Flow(), account: c.caller.Account, agent: c.caller.Agent}
	tag := newTag()
	p.leg = leg.NewUAS(c.m.legOptions(tag, p.flow))
	req := s.Request()
	p.tag, p.callID = tag, strings.Clone(string(*req.CallID()))
	p.row = store.Leg{ID: newID(), Call: c.id, Direction: store.In, Account: c.caller.Account, Agent: c.caller.Agent, Trunk: c.caller.Trunk,
		SIPID: p.callID, Remote: p.flow.Remote.String(), UserAgent: agentName(req), Start: c.now()}
	c.join(p)
	s.Notify(func(e transaction.ServerEvent) {
		if e.Kind == transaction.Cancelled {
			reason := ""
			if e.Request != nil {
				reason = leg.ReasonOf(e.Request)
			}
			c.post(message{p: p, in: leg.Canceled{Reason: reason}}, true)
		}
	})
	return p
}

// join makes the party findable by its tag.
func (c *Call) join(p *party) {
	c.parties = append(c.parties, p)
	c.m.addParty(p)
}

// name is who is at the other end, for snapshots.
func (p *party) name() string {
	switch {
	case p.agent != "":
		return p.agent
	case p.account != "":
		return p.account
	}
	return p.row.Trunk
}

// step feeds one input to the dialog and does what it says. Events are handled last, since they may step again.
func (p *party) step(in leg.Input) {
	outs := p.leg.Step(p.c.now(), in)
	var events []leg.Event
	for _, o := range outs {
		switch o := o.(type) {
		case leg.Send:
			p.send(o.Req)
		case leg.SendAck:
			if err := p.c.m.signal.SendAck(o.Req, p.flow); err != nil {
				p.c.log().Debug("ACK not sent", "leg", p.row.ID, "err", err)
			}
		case leg.SendCancel:
			if p.invite != nil {
				p.invite.Cancel(o.Reason)
			}
		case leg.Respond:
			p.respond(o)
		case leg.Wake:
			p.wake.stop()
			p.wake = nil
			if !o.At.IsZero() {
				p.wake = p.c.at(o.At, func() { p.step(leg.Tick{}) })
			}
		case leg.Event:
			events = append(events, o)
		}
	}
	if _, ok := in.(leg.Ack); ok {
		p.dropKept()
	}
	clear(outs)
	for _, e := range events {
		p.c.legEvent(p, e)
	}
}

// send starts a client transaction; its responses come back as messages.
func (p *party) send(req *sipmsg.Request) {
	c, method := p.c, req.Method
	seq := req.CSeq().SeqNo
	tx, err := c.m.signal.Send(req, p.flow, func(e transaction.ClientEvent) {
		in, urgent := clientInput(e, method, seq)
		c.post(message{p: p, in: in}, urgent)
	})
	if err != nil {
		c.post(message{p: p, in: leg.Failed{Method: method, CSeq: seq, Transport: true}}, true)
		return
	}
	if method == sipmsg.INVITE {
		p.invite = tx
	}
}

// clientInput is an event of a transaction as an input of the leg; the ones that end something are urgent.
func clientInput(e transaction.ClientEvent, method sipmsg.RequestMethod, seq uint32) (in leg.Input, urgent bool) {
	switch e.Kind {
	case transaction.Response:
		return leg.Response{Res: e.Response}, e.Response.StatusCode >= 200
	case transaction.TransportError:
		return leg.Failed{Method: method, CSeq: seq, Transport: true}, true
	}
	return leg.Failed{Method: method, CSeq: seq}, true
}

// respond answers a request of the far end.
func (p *party) respond(o leg.Respond) {
	for i, s := range p.servers {
		if s.tx != o.Tx {
			continue
		}
		if err := s.server.Respond(o.Res); err != nil {
			p.c.log().Debug("response not sent", "leg", p.row.ID, "err", err)
		}
		switch {
		case o.Res.StatusCode < 200:
		case o.Res.IsSuccess() && o.Res.CSeq().MethodName == sipmsg.INVITE:
			p.servers[i].kept = true
		default:
			p.servers = append(p.servers[:i], p.servers[i+1:]...)
		}
		return
	}
}

// dropKept lets go of 2xx that were acknowledged.
func (p *party) dropKept() {
	live := p.servers[:0]
	for _, s := range p.servers {
		if !s.kept {
			live = append(live, s)
		}
	}
	clear(p.servers[len(live):])
	p.servers = live
}

// started tells that a dialog is being set up.
func (p *party) started() {
	p.c.event(store.Event{Kind: store.LegStart, Leg: p.row.ID, State: string(p.row.Direction), Agent: p.agent, Offer: p.row.Offer})
	p.c.m.countPhone(p.account, 1)
	if p.outgoing() {
		p.tellUp()
	}
}

// outgoing says that the call is of the phone's own person: she dialled, or had the switch ring her first.
func (p *party) outgoing() bool { return p.row.Direction == store.In || p.origin }

// tellUp tells Agents that the phone is busy.
func (p *party) tellUp() {
	if p.account == "" || p.up || p.down {
		return
	}
	p.up = true
	p.c.m.o.Agents.LegUp(p.agentLeg())
}

func (p *party) agentLeg() AgentLeg {
	l := AgentLeg{Leg: p.row.ID, Left: p.left, Call: p.c.id, Account: p.account, Offer: p.row.Offer, Outgoing: p.outgoing()}
	switch {
	case p.row.Offer != "":
		l.Agent = p.agent
	case p.target != nil:
		l.Queue = p.target.dial.spec.Queue
	}
	return l
}

// finishTalk is the end of what the leg is for: once, from the end of the call, of its dialog, or of its Dial. Messages of
// the dialog may still be to come.
func (p *party) finishTalk(cause string, status int) {
	if p.down {
		return
	}
	p.down = true
	for _, a := range []*alarm{p.silent, p.deadline} {
		a.stop()
	}
	p.row.End, p.row.Cause, p.row.Status = p.c.now(), cause, status
	if p.media != nil {
		p.media.Release() // first: the loop takes it as one command, and Stats is its final word
		p.row.Quality = p.media.Stats().Quality
	}
	p.route.release()
	p.c.m.countPhone(p.account, -1)
	row := p.row
	p.c.event(store.Event{Kind: store.LegEnd, Leg: p.row.ID, State: itoa(status), Reason: cause, Agent: p.agent, Offer: p.row.Offer})
	p.c.record(store.Record{Leg: &row})
	if p.up {
		p.c.m.o.Agents.LegDown(p.agentLeg())
	}
}

// leave takes the party out of the call: its dialog is over.
func (p *party) leave() {
	if p.gone {
		return
	}
	p.gone = true
	p.wake.stop()
	p.servers, p.invite = nil, nil
	p.c.m.dropParty(p)
	live := p.c.parties[:0]
	for _, q := range p.c.parties {
		if q != p {
			live = append(live, q)
		}
	}
	clear(p.c.parties[len(live):])
	p.c.parties = live
}

// hangup ends the leg for a cause of ours.
func (p *party) hangup(c leg.Cause, word string) {
	p.finishTalk(word, 0)
	p.step(leg.Hangup{Cause: c})
}

// address is where we tell this side to send its media.
func (p *party) address() netip.AddrPort {
	shown := p.c.m.o.Paths.Shown(p.flow).Addr()
	if !shown.IsValid() || shown.IsUnspecified() {
		shown = p.media.Local().Addr()
	}
	return netip.AddrPortFrom(shown, p.media.Local().Port())
}

// agentName is a User-Agent header, capped; control characters do not survive.
func agentName(m leg.Message) string {
	s := leg.HeaderValue(m, "User-Agent")
	return strings.Clone(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s[:min(len(s), 120)]))
}
