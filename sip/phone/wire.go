package phone

import (
	"errors"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// core is the phone as transaction.Core. It runs on the shard goroutine and only posts.
type core struct{ p *Phone }

// Request takes a new request: an INVITE that makes a call, one inside a call, or one that a phone answers by itself.
func (k core) Request(s *transaction.Server) {
	p, req := k.p, s.Request()
	do := func() { p.request(s) }
	if req.Method == sipmsg.INVITE && !req.To().Params.Has("tag") {
		c := p.incoming(s) // here, since a CANCEL may come as soon as we return
		do = func() { p.invited(c, s) }
	}
	if err := p.post(do, req.Method == sipmsg.BYE); err != nil {
		p.answer(s, 503)
	}
}

// Ack takes the ACK to a 2xx of ours; one without a call is dropped.
func (k core) Ack(req *sipmsg.Request, _ transport.Flow) {
	k.p.toLeg(req.To().Params.GetOr("tag", ""), leg.Ack{Req: req})
}

// Response takes a 2xx to INVITE beyond the first.
func (k core) Response(res *sipmsg.Response, _ transport.Flow) {
	k.p.toLeg(res.From().Params.GetOr("tag", ""), leg.Response{Res: res})
}

// toLeg posts an input to the call with a tag.
func (p *Phone) toLeg(tag string, in leg.Input) {
	p.box.put(func() { //nolint:errcheck // a closed phone has no calls, and what is lost here is repeated by the far end
		if c := p.legs[tag]; c != nil {
			c.step(in)
		}
	}, true)
}

// incoming makes the call of an INVITE, and lets its CANCEL find it.
func (p *Phone) incoming(s *transaction.Server) *Call {
	req := s.Request()
	c := &Call{p: p, id: strings.Clone(string(*req.CallID())), tag: token(), incoming: true, flow: s.Flow()}
	c.Notify(nil)
	c.leg = leg.NewUAS(p.legOptions(c.tag))
	c.from, c.to = partyOf(req.From().DisplayName, req.From().Address), partyOf(req.To().DisplayName, req.To().Address)
	for _, h := range req.Headers() {
		c.headers = append(c.headers, Header{h.Name(), strings.Clone(h.Value())})
	}
	s.Notify(func(e transaction.ServerEvent) {
		if e.Kind == transaction.Cancelled {
			reason := ""
			if e.Request != nil && e.Request.GetHeader("reason") != nil {
				reason = e.Request.GetHeader("reason").Value()
			}
			p.toLeg(c.tag, leg.Canceled{Reason: reason})
		}
	})
	return c
}

func partyOf(name string, u sipmsg.Uri) Party {
	return Party{strings.Clone(name), strings.Clone(u.User), strings.Clone(u.Host)}
}

// invited gives the INVITE to its leg, and the call, where its form is right, to the user.
func (p *Phone) invited(c *Call, s *transaction.Server) {
	if p.ending || p.o.Incoming == nil {
		p.answer(s, 480)
		return
	}
	p.legs[c.tag] = c
	c.request(s)
}

// request takes a request that makes no call.
func (p *Phone) request(s *transaction.Server) {
	req := s.Request()
	if tag := req.To().Params.GetOr("tag", ""); tag != "" {
		if c := p.legs[tag]; c != nil && c.id == string(*req.CallID()) {
			c.request(s)
			return
		}
		p.answer(s, 481)
		return
	}
	switch req.Method {
	case sipmsg.OPTIONS:
		p.answer(s, 200, sipmsg.NewHeader("Allow", leg.Allow), sipmsg.NewHeader("Accept", "application/sdp"))
	case sipmsg.BYE, sipmsg.INFO:
		p.answer(s, 481)
	default:
		p.answer(s, 501, sipmsg.NewHeader("Allow", leg.Allow))
	}
}

// answer sends a response of the phone itself.
func (p *Phone) answer(s *transaction.Server, status int, headers ...sipmsg.Header) {
	res := leg.NewResponse(s.Request(), status, token())
	for _, h := range headers {
		res.AppendHeader(h)
	}
	if err := s.Respond(res); err != nil {
		p.o.Log.Debug("response not sent", "aor", p.AOR(), "status", status, "err", err)
	}
}

// request hands a request of the dialog to the leg, with a number for its answers.
func (c *Call) request(s *transaction.Server) {
	c.p.txs++
	c.servers = append(c.servers, serverTx{tx: c.p.txs, server: s})
	c.step(leg.Request{Tx: c.p.txs, Req: s.Request()})
}

// step feeds one input to the dialog and does what it says. Events come last, since they may step again.
func (c *Call) step(in leg.Input) {
	if c.over {
		return
	}
	var events []leg.Event
	for _, o := range c.leg.Step(c.p.o.Now(), in) {
		switch o := o.(type) {
		case leg.Send:
			c.send(o.Req)
		case leg.SendAck:
			if err := c.p.table.SendAck(o.Req, c.flow); err != nil {
				c.p.o.Log.Debug("ACK not sent", "call", c.id, "err", err)
			}
		case leg.SendCancel:
			if c.invite != nil {
				c.invite.Cancel(o.Reason)
			}
		case leg.Respond:
			c.respond(o)
		case leg.Wake:
			c.due = o.At
		case leg.Event:
			events = append(events, o)
		}
	}
	if _, ok := in.(leg.Ack); ok {
		c.dropKept()
	}
	for _, e := range events {
		c.event(e)
	}
}

// send starts a client transaction; its responses come back through the mailbox.
func (c *Call) send(req *sipmsg.Request) {
	method, seq := req.Method, req.CSeq().SeqNo
	fail := func(transport bool) {
		c.post(func() { c.step(leg.Failed{Method: method, CSeq: seq, Transport: transport}) })
	}
	tx, err := c.p.table.Send(req, c.flow, func(e transaction.ClientEvent) {
		if e.Kind != transaction.Response {
			fail(e.Kind == transaction.TransportError)
			return
		}
		c.post(func() { c.step(leg.Response{Res: e.Response}) })
	})
	if err != nil {
		fail(true)
		return
	}
	if method == sipmsg.INVITE {
		c.invite = tx
	}
}

// respond answers a request of the far end; a 2xx to INVITE is kept, to be repeated until its ACK.
func (c *Call) respond(o leg.Respond) {
	for i, s := range c.servers {
		if s.tx != o.Tx {
			continue
		}
		if err := s.server.Respond(o.Res); err != nil && !errors.Is(err, transaction.ErrTerminated) {
			c.p.o.Log.Debug("response not sent", "call", c.id, "err", err)
		}
		switch {
		case o.Res.StatusCode < 200:
		case o.Res.IsSuccess() && o.Res.CSeq().MethodName == sipmsg.INVITE:
			c.servers[i].kept = true
		default:
			c.servers = append(c.servers[:i], c.servers[i+1:]...)
		}
		return
	}
}

// dropKept lets go of 2xx that were acknowledged.
func (c *Call) dropKept() {
	live := c.servers[:0]
	for _, s := range c.servers {
		if !s.kept {
			live = append(live, s)
		}
	}
	clear(c.servers[len(live):])
	c.servers = live
}

// kinds are the events of a leg in the words of a phone. Those that are missing are of no use to it.
var kinds = map[leg.Kind]Kind{leg.RingingHeard: Ringing, leg.EarlyMedia: EarlyMedia, leg.Answered: Answered,
	leg.Acknowledged: Acknowledged, leg.MediaChanged: Changed, leg.Held: Held, leg.Resumed: Resumed, leg.ModifyFailed: ChangeFailed}

// event tells the user what happened.
func (c *Call) event(e leg.Event) {
	switch kind, ok := kinds[e.Kind]; {
	case e.Kind == leg.Offered:
		c.offer = c.leg.Offer()
		c.p.o.Incoming(c)
	case e.Kind == leg.Finished:
		c.finish(ended(e.End))
	case ok:
		(*c.notify.Load())(Event{Kind: kind, Status: e.Status, Agreed: e.Agreed})
	}
}

// ended is the end of a leg in the words of a phone.
func ended(e leg.End) Event {
	out := Event{Kind: Ended, Status: e.Status, Reason: e.Why.String()}
	if e.Text != "" {
		out.Reason += ": " + e.Text
	}
	switch e.Why {
	case leg.ByeReceived, leg.CancelReceived, leg.Refused:
		out.Far = true
	}
	return out
}

// finish is the end of the call, once.
func (c *Call) finish(e Event) {
	if c.over {
		return
	}
	c.over, c.due = true, time.Time{}
	c.servers, c.invite = nil, nil
	delete(c.p.legs, c.tag)
	(*c.notify.Load())(e)
}
