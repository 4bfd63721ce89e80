package siptest

import (
	"fmt"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Call is one dialog of a phone.
type Call struct {
	*Media
	p  *Handset
	ID string // Call-ID

	inbox    chan sipmsg.Message // what the script waits for
	answered chan struct{}       // closed by the first answer to our INVITE
	acked    chan struct{}       // closed by the ACK to our 2xx

	// Under the phone's lock.
	outgoing       bool
	from, to       string // ours and theirs, as the headers of our requests have them
	tag            string // ours
	target         string // the far Contact
	routes         string // Route lines
	cseq           int    // of our last request
	inviteBranch   string
	inviteURI      string
	inviteHeaders  string
	inviteBody     string          // instead of our offer
	tried          bool            // credentials were sent
	invite         *sipmsg.Request // incoming
	final          bool            // we gave our final answer, or got theirs
	answeredClosed bool
	ackedClosed    bool
	ended          bool
	established    bool // by a 2xx to our INVITE
	withdrawn      bool // a CANCEL came in time
}

// Invite calls a number, or a whole SIP URI, and returns at once. A challenge is answered by itself.
func (p *Handset) Invite(to string, headers ...string) *Call {
	p.t.Helper()
	return p.InviteWith(to, "", headers...)
}

// InviteWith calls with another SDP than our own; "" is ours.
func (p *Handset) InviteWith(to, body string, headers ...string) *Call {
	p.t.Helper()
	uri := to
	if !strings.HasPrefix(to, "sip:") {
		uri = "sip:" + to + "@" + p.Domain
	}
	c := p.newCall(token())
	c.outgoing, c.tag = true, token()
	c.from, c.to = p.address()+";tag="+c.tag, "<"+uri+">"
	c.inviteURI, c.inviteHeaders, c.inviteBody = uri, strings.Join(headers, ""), body
	p.mu.Lock()
	p.calls[c.ID] = c
	p.mu.Unlock()
	c.sendInvite("")
	return c
}

func (p *Handset) newCall(id string) *Call {
	return &Call{Media: newMedia(p), p: p, ID: id, inbox: make(chan sipmsg.Message, 256), answered: make(chan struct{}), acked: make(chan struct{})}
}

// sendInvite sends the INVITE, with credentials the second time.
func (c *Call) sendInvite(auth string) {
	p := c.p
	body := c.inviteBody
	if body == "" && !p.NoMedia {
		body = c.offer("sendrecv")
	}
	p.mu.Lock()
	c.cseq++
	c.inviteBranch = branch()
	c.answered, c.answeredClosed = make(chan struct{}), false
	done := c.answered
	text := p.text(request{method: "INVITE", uri: c.inviteURI, branch: c.inviteBranch, from: c.from, to: c.to, callID: c.ID,
		cseq: c.cseq, headers: c.inviteHeaders + auth, body: body})
	p.mu.Unlock()
	p.sendUntil(text, done)
}

// Expect waits for a response to our INVITE with that status and returns it. 100 and repeated answers are passed over; any other provisional
// is too when a higher status is wanted, but another final answer fails the test.
func (c *Call) Expect(status int) *sipmsg.Response {
	c.p.t.Helper()
	var seen []string
	res, ok := c.await(func(m sipmsg.Message) bool {
		r, is := m.(*sipmsg.Response)
		if !is || r.CSeq().MethodName != sipmsg.INVITE {
			return false
		}
		seen = append(seen, fmt.Sprint(r.StatusCode))
		return r.StatusCode == status || r.StatusCode >= 200
	}).(*sipmsg.Response)
	if !ok || res.StatusCode != status {
		c.p.t.Fatalf("siptest: %s wanted %d to INVITE, got %s", c.p.User, status, strings.Join(seen, ", "))
	}
	return res
}

// ExpectFinal waits for the final answer to our INVITE, whatever it is.
func (c *Call) ExpectFinal() *sipmsg.Response {
	c.p.t.Helper()
	res, ok := c.await(func(m sipmsg.Message) bool {
		r, is := m.(*sipmsg.Response)
		return is && r.CSeq().MethodName == sipmsg.INVITE && r.StatusCode >= 200
	}).(*sipmsg.Response)
	if !ok {
		c.p.t.Fatalf("siptest: %s got no final answer to INVITE", c.p.User)
	}
	return res
}

// ExpectRequest waits for a request in this call: "BYE", "ACK", "CANCEL", "INVITE" (a re-INVITE), "INFO".
func (c *Call) ExpectRequest(method string) *sipmsg.Request {
	c.p.t.Helper()
	var seen []string
	req, ok := c.await(func(m sipmsg.Message) bool {
		seen = append(seen, nameOf(m))
		r, is := m.(*sipmsg.Request)
		return is && string(r.Method) == method
	}).(*sipmsg.Request)
	if !ok {
		c.p.t.Fatalf("siptest: %s wanted %s, got %s", c.p.User, method, strings.Join(seen, ", "))
	}
	return req
}

// ExpectBye waits for the far side's BYE.
func (c *Call) ExpectBye() *sipmsg.Request { c.p.t.Helper(); return c.ExpectRequest("BYE") }

// ExpectCancel waits for the far side's CANCEL.
func (c *Call) ExpectCancel() *sipmsg.Request { c.p.t.Helper(); return c.ExpectRequest("CANCEL") }

// ExpectAck waits for the ACK to our answer.
func (c *Call) ExpectAck() *sipmsg.Request { c.p.t.Helper(); return c.ExpectRequest("ACK") }

// await takes messages until one fits; nil when patience ends.
func (c *Call) await(fits func(sipmsg.Message) bool) sipmsg.Message {
	limit := time.NewTimer(c.p.Patience)
	defer limit.Stop()
	for {
		select {
		case m := <-c.inbox:
			if fits(m) {
				return m
			}
		case <-limit.C:
			return nil
		case <-c.p.stop:
			return nil
		}
	}
}

// Close gives the call's media port back. For phones that have many calls; all others leave it to the clean-up.
func (c *Call) Close() { c.closeMedia() }

// Lose makes the phone forget the call, as one that was switched off and on: its media end, what comes for the dialog is answered
// with 481.
func (c *Call) Lose() {
	c.p.mu.Lock()
	delete(c.p.calls, c.ID)
	c.p.mu.Unlock()
	c.closeMedia()
}

// Ended tells whether a BYE was sent or came.
func (c *Call) Ended() bool {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	return c.ended
}

// Established tells whether our INVITE was answered with 2xx.
func (c *Call) Established() bool {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	return c.established
}

// Cancelled tells whether the caller took an incoming call back.
func (c *Call) Cancelled() bool {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	return c.withdrawn
}

// Over tells whether nothing can be said in the call any more.
func (c *Call) Over() bool { return c.Ended() || c.Cancelled() }

// Bye ends the call and waits for the answer, which it returns.
func (c *Call) Bye(headers ...string) *sipmsg.Response {
	c.p.t.Helper()
	c.p.mu.Lock()
	c.ended = true
	c.p.mu.Unlock()
	return c.Ask("BYE", "", headers...)
}

// Ask sends a request inside the call and returns the final answer: "INFO", "OPTIONS", "UPDATE", "BYE". body is SDP, or empty.
func (c *Call) Ask(method, body string, headers ...string) *sipmsg.Response {
	c.p.t.Helper()
	r := c.inDialog(method)
	r.headers += strings.Join(headers, "")
	r.body = body
	res := c.p.transact(c.p.text(r), r.branch)
	if auth := c.p.credentials(res, method, r.uri); auth != "" {
		again := c.inDialog(method)
		again.headers += strings.Join(headers, "") + auth
		again.body = body
		res = c.p.transact(c.p.text(again), again.branch)
	}
	return res
}

// Reinvite offers that direction ("sendonly" is hold, "sendrecv" resumes), acknowledges, and returns the final answer.
func (c *Call) Reinvite(direction string) *sipmsg.Response {
	c.p.t.Helper()
	r := c.inDialog("INVITE")
	r.body = c.offer(direction)
	res := c.p.transact(c.p.text(r), r.branch)
	if res.StatusCode < 300 {
		c.learn(res.Body())
		c.sendAck(r.cseq, "")
		return res
	}
	c.ackFailure(res, r.uri, r.branch)
	return res
}

// inDialog prepares a request inside the dialog.
func (c *Call) inDialog(method string) request {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	c.cseq++
	return request{method: method, uri: c.target, branch: branch(), from: c.from, to: c.to, callID: c.ID, cseq: c.cseq, headers: c.routes}
}

// Cancel cancels our INVITE and waits for the 200 to the CANCEL. The INVITE's own answer is Expect(487).
func (c *Call) Cancel(headers ...string) *sipmsg.Response {
	c.p.t.Helper()
	c.p.mu.Lock()
	key := c.inviteBranch
	text := c.p.text(request{method: "CANCEL", uri: c.inviteURI, branch: key, from: c.from, to: "<" + c.inviteURI + ">", callID: c.ID,
		cseq: c.cseq, headers: strings.Join(headers, "")})
	c.p.mu.Unlock()
	return c.p.transact(text, key)
}

// Ack acknowledges the 2xx now, for phones with NoAck.
func (c *Call) Ack() {
	c.p.mu.Lock()
	n := c.cseq
	c.p.mu.Unlock()
	c.sendAck(n, "")
}

func (c *Call) sendAck(cseq int, body string) {
	c.p.mu.Lock()
	text := c.p.text(request{method: "ACK", uri: c.target, branch: branch(), from: c.from, to: c.to, callID: c.ID, cseq: cseq, headers: c.routes, body: body})
	c.p.mu.Unlock()
	c.p.send(text)
}

// ackFailure acknowledges a 3xx–6xx inside the INVITE's transaction.
func (c *Call) ackFailure(res *sipmsg.Response, uri, branch string) {
	c.p.send(c.p.text(request{method: "ACK", uri: uri, branch: branch, from: c.from, to: res.To().Value(), callID: c.ID, cseq: int(res.CSeq().SeqNo)}))
}
