package siptest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// ExpectCall waits for an INVITE.
func (p *Handset) ExpectCall() *Call {
	p.t.Helper()
	limit := time.NewTimer(p.Patience)
	defer limit.Stop()
	select {
	case c := <-p.incoming:
		return c
	case <-limit.C:
		p.t.Fatalf("siptest: nobody called %s in %v", p.User, p.Patience)
		return nil
	}
}

// Calls delivers incoming calls, for phones that are scripted by a goroutine of the test.
func (p *Handset) Calls() <-chan *Call { return p.incoming }

// ring enters a new incoming call.
func (p *Handset) ring(req *sipmsg.Request) {
	c := p.newCall(req.CallID().Value())
	c.tag, c.invite = token(), req
	c.from, c.to = req.To().Value()+";tag="+c.tag, req.From().Value()
	if m := req.Contact(); m != nil {
		c.target = m.Address.String()
	}
	for _, h := range req.GetHeaders("record-route") {
		c.routes += fmt.Sprintf("Route: %s\r\n", h.Value())
	}
	p.mu.Lock()
	p.calls[c.ID] = c
	p.mu.Unlock()
	c.learn(req.Body())
	select {
	case p.incoming <- c:
	default:
		p.t.Errorf("siptest: %s has more calls waiting than a test should", p.User)
	}
}

// Invitation returns the INVITE that came, nil for calls of our own.
func (c *Call) Invitation() *sipmsg.Request { return c.invite }

// Ring sends 180 that many times.
func (c *Call) Ring(times int) {
	for range times {
		c.answerWith(180, "", "")
	}
}

// Progress sends 183 with SDP: early media.
func (c *Call) Progress() { c.answerWith(183, c.offer(mirrored(c.invite.Body())), "") }

// Answer sends 200 with SDP and repeats it until the ACK comes.
func (c *Call) Answer() { c.AnswerWith(c.offer(mirrored(c.invite.Body()))) }

// AnswerWith sends 200 with that SDP and repeats it until the ACK comes. A call that was cancelled, or has its final answer, gets no other.
func (c *Call) AnswerWith(body string) {
	c.p.mu.Lock()
	late := c.final
	c.final = true
	done := c.acked
	c.p.mu.Unlock()
	if late {
		return
	}
	text := c.p.reply(c.invite, 200, c.tag, "", body)
	c.p.remember(c.invite, text)
	c.p.sendUntil(text, done)
}

// Decline sends a final failure (486, 603, 302 …) with header lines, and repeats it until the ACK comes, unless the call has its final answer.
func (c *Call) Decline(status int, headers ...string) {
	c.p.mu.Lock()
	late := c.final
	c.final = true
	done := c.acked
	c.p.mu.Unlock()
	if late {
		return
	}
	text := c.p.reply(c.invite, status, c.tag, strings.Join(headers, ""), "")
	c.p.remember(c.invite, text)
	c.p.sendUntil(text, done)
}

func (c *Call) answerWith(status int, body, headers string) {
	text := c.p.reply(c.invite, status, c.tag, headers, body)
	c.p.remember(c.invite, text)
	c.p.send(text)
}

// cancelled answers a CANCEL: 200 to it, 487 to the INVITE unless that has its final answer.
func (c *Call) cancelled(req *sipmsg.Request) {
	c.p.respond(req, 200, "")
	c.p.mu.Lock()
	late := c.final
	c.withdrawn = c.withdrawn || !late
	c.p.mu.Unlock()
	if !late && !c.p.Silent {
		c.Decline(487)
	}
}

func (c *Call) ackReceived(req *sipmsg.Request) {
	c.p.mu.Lock()
	first := !c.ackedClosed
	c.ackedClosed = true
	if first {
		close(c.acked)
	}
	c.p.mu.Unlock()
	if len(req.Body()) > 0 {
		c.learn(req.Body())
	}
	c.post(req)
}

// mirrored is the direction that answers an offer.
func mirrored(offer []byte) string {
	lines := strings.Split(strings.ReplaceAll(string(offer), "\r", ""), "\n")
	switch {
	case slices.Contains(lines, "a=sendonly"):
		return "recvonly"
	case slices.Contains(lines, "a=recvonly"):
		return "sendonly"
	case slices.Contains(lines, "a=inactive"):
		return "inactive"
	}
	return "sendrecv"
}
