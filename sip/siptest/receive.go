package siptest

import (
	"fmt"
	"slices"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// receive does with a message what a phone does, and hands it to the script.
func (p *Handset) receive(msg sipmsg.Message) {
	switch m := msg.(type) {
	case *sipmsg.Response:
		p.response(m)
	case *sipmsg.Request:
		p.request(m)
	}
}

func (p *Handset) response(res *sipmsg.Response) {
	key := res.Via().Params.GetOr("branch", "")
	method := res.CSeq().MethodName
	p.mu.Lock()
	c := p.calls[res.CallID().Value()]
	waiter := p.waiters[key]
	ofInvite := c != nil && method == sipmsg.INVITE && c.outgoing && key == c.inviteBranch
	p.mu.Unlock()
	if ofInvite {
		c.inviteAnswered(res)
		return
	}
	if waiter != nil {
		select {
		case waiter <- res:
		default:
		}
	}
}

// inviteAnswered deals with an answer to our first INVITE: credentials, ACK, the dialog.
func (c *Call) inviteAnswered(res *sipmsg.Response) {
	p := c.p
	p.mu.Lock()
	if !c.answeredClosed {
		c.answeredClosed = true
		close(c.answered)
	}
	retry := !c.tried && (res.StatusCode == 401 || res.StatusCode == 407)
	if retry {
		c.tried = true
	}
	uri, key, cseq := c.inviteURI, c.inviteBranch, c.cseq
	repeated := c.final && res.StatusCode >= 200
	c.final = res.StatusCode >= 200 && !retry
	p.mu.Unlock()
	switch {
	case res.StatusCode >= 300:
		c.ackFailure(res, uri, key)
		if retry {
			if auth := p.credentials(res, "INVITE", uri); auth != "" {
				c.sendInvite(auth)
				return
			}
		}
	case res.StatusCode > 100:
		c.establish(res)
		body := ""
		if res.StatusCode >= 200 && p.NoMedia {
			body = c.offer("sendrecv")
		}
		if res.StatusCode >= 200 && !p.NoAck {
			c.sendAck(cseq, body)
		}
	}
	if !repeated {
		c.post(res)
	}
}

// establish takes dialog and media from a response to our INVITE.
func (c *Call) establish(res *sipmsg.Response) {
	c.p.mu.Lock()
	c.established = c.established || res.StatusCode >= 200
	c.to = res.To().Value()
	if m := res.Contact(); m != nil {
		c.target = m.Address.String()
	}
	c.routes = ""
	routes := res.GetHeaders("record-route")
	slices.Reverse(routes)
	for _, h := range routes {
		c.routes += fmt.Sprintf("Route: %s\r\n", h.Value())
	}
	c.p.mu.Unlock()
	c.learn(res.Body())
}

func (c *Call) post(m sipmsg.Message) {
	select {
	case c.inbox <- m:
	default:
		c.p.t.Errorf("siptest: %s has more messages waiting than a test should", c.p.User)
	}
}

// request answers a request by itself where a phone would, and repeats the answer to a repeated one.
func (p *Handset) request(req *sipmsg.Request) {
	key := string(req.Method) + req.Via().Params.GetOr("branch", "")
	p.mu.Lock()
	c := p.calls[req.CallID().Value()]
	again, repeated := p.replies[key]
	if !repeated {
		p.replies[key] = ""
	}
	p.mu.Unlock()
	switch {
	case req.IsAck():
		if c != nil {
			c.ackReceived(req)
		}
	case repeated:
		if again != "" {
			p.send(again)
		}
	case req.IsInvite() && c == nil:
		p.ring(req)
	case c == nil:
		p.post(req)
		p.respond(req, outsideCalls(req), "")
	default:
		c.inside(req)
	}
}

// outsideCalls is the answer to a request that belongs to no call: one that says it does is told that there is none.
func outsideCalls(req *sipmsg.Request) int {
	switch req.Method {
	case sipmsg.OPTIONS, sipmsg.MESSAGE, sipmsg.NOTIFY:
		if !req.To().Params.Has("tag") {
			return 200
		}
	}
	return 481
}

// post hands a request outside of calls to the script, where one listens.
func (p *Handset) post(req *sipmsg.Request) {
	select {
	case p.outside <- req:
	default:
	}
}

// ExpectOutside waits for a request outside of calls: "MESSAGE", "OPTIONS", "NOTIFY". It was answered with 200.
func (p *Handset) ExpectOutside(method string) *sipmsg.Request {
	p.t.Helper()
	limit := time.NewTimer(p.Patience)
	defer limit.Stop()
	for {
		select {
		case req := <-p.outside:
			if string(req.Method) == method {
				return req
			}
		case <-limit.C:
			p.t.Fatalf("siptest: %s got no %s", p.User, method)
			return nil
		}
	}
}

// respond sends a response and remembers it for repetitions.
func (p *Handset) respond(req *sipmsg.Request, status int, body string) {
	if p.Silent {
		return
	}
	text := p.reply(req, status, token(), "", body)
	p.remember(req, text)
	p.send(text)
}

func (p *Handset) remember(req *sipmsg.Request, text string) {
	p.mu.Lock()
	p.replies[string(req.Method)+req.Via().Params.GetOr("branch", "")] = text
	p.mu.Unlock()
}

// inside answers a request of a call.
func (c *Call) inside(req *sipmsg.Request) {
	body := ""
	switch req.Method {
	case sipmsg.CANCEL:
		c.cancelled(req)
		c.post(req)
		return
	case sipmsg.INVITE, sipmsg.UPDATE:
		if len(req.Body()) > 0 {
			c.learn(req.Body())
		}
		body = c.offer(mirrored(req.Body()))
	case sipmsg.BYE:
		c.p.mu.Lock()
		c.ended = true
		c.p.mu.Unlock()
	}
	c.p.respond(req, 200, body)
	c.post(req)
}
