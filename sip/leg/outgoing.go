package leg

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// start sends the INVITE of a UAC leg.
func (l *Leg) start(now time.Time, m Media) {
	if l.role != UAC || l.state != Idle {
		l.ignored++
		return
	}
	body, err := l.media.offer(m, l.o)
	if err != nil {
		l.end(End{Why: MediaImpossible, Status: 488, Text: err.Error()})
		return
	}
	l.state = Calling
	l.sendInvite(now, body, nil)
}

// sendInvite sends the first INVITE, or the same again with credentials.
func (l *Leg) sendInvite(now time.Time, body []byte, credentials sipmsg.Header) {
	req := l.dialog.request(sipmsg.INVITE)
	l.credit, l.creditSeq = credentials, req.CSeq().SeqNo
	req.AppendHeader(&sipmsg.ContactHeader{Address: l.o.Contact})
	req.AppendHeader(sipmsg.NewHeader("Allow", Allow))
	for _, h := range l.callee.Headers {
		req.AppendHeader(h)
	}
	if credentials != nil {
		req.AppendHeader(credentials)
	}
	l.invite = req
	l.set(ringing, now.Add(l.o.timerC()))
	l.send(req, body, contentSDP)
}

// response sorts a response to one of our requests by the number of the request.
func (l *Leg) response(now time.Time, res *sipmsg.Response) {
	cs := res.CSeq()
	if cs == nil || res.To() == nil {
		l.ignored++
		return
	}
	switch cs.MethodName {
	case sipmsg.INVITE:
		switch {
		case l.reinvite.seq == cs.SeqNo && cs.SeqNo != 0:
			l.modifyResponse(now, res)
		case l.role == UAC && cs.SeqNo == l.dialog.inviteSeq && l.waiting():
			l.inviteResponse(now, res)
		case l.role == UAC && cs.SeqNo <= l.dialog.inviteSeq && res.IsSuccess():
			l.repeatedAccept(res)
		default:
			l.ignored++
		}
	case sipmsg.BYE:
		l.byeResponse(res)
	case sipmsg.OPTIONS:
		l.probeResponse(cs.SeqNo, res)
	default:
		if res.StatusCode == 481 && l.state == Confirmed { // §12.2.1.2: the far end knows no such dialog
			l.dead(481)
		}
	}
}

// waiting tells whether the first INVITE of a UAC leg has no final response yet.
func (l *Leg) waiting() bool {
	return l.state == Calling || l.state == Proceeding || l.state == Early || l.state == Cancelling
}

// inviteResponse takes a response to the first INVITE.
func (l *Leg) inviteResponse(now time.Time, res *sipmsg.Response) {
	switch {
	case res.StatusCode < 200:
		l.provisional(now, res)
	case res.StatusCode < 300:
		l.accepted(res)
	default:
		l.refused(now, res)
	}
}

// provisional takes 1xx. Those with different tags are branches of a fork: the last one that spoke is the one we show.
func (l *Leg) provisional(now time.Time, res *sipmsg.Response) {
	first := !l.heard
	l.heard = true
	if l.state == Cancelling {
		if first {
			l.sendCancel(now)
		}
		return
	}
	if l.state == Calling {
		l.state = Proceeding
	}
	if res.StatusCode == 100 {
		return
	}
	l.early = true
	l.set(ringing, now.Add(l.o.timerC())) // §16.7 item 2
	l.dialog.fromCallee(res)
	if len(res.Body()) > 0 && isSDP(res) && l.media.preview(res) == nil {
		l.state = Early
		l.emit(Event{Kind: EarlyMedia, Status: res.StatusCode, Agreed: l.media.agreed})
		return
	}
	l.emit(Event{Kind: RingingHeard, Status: res.StatusCode})
}

// accepted takes the first 2xx: ACK at once; BYE behind it where we had given up or the answer is of no use.
func (l *Leg) accepted(res *sipmsg.Response) {
	gaveUp := l.state == Cancelling
	l.callee, l.invite = nil, nil
	l.stop(ringing)
	l.stop(cancelWait)
	l.dialog.fromCallee(res)
	l.state = Confirmed
	l.ack(&l.dialog, l.dialog.inviteSeq)
	if gaveUp { // the 200 crossed our CANCEL (§9.1)
		l.sendBye()
		return
	}
	if err := l.media.final(res); err != nil {
		l.die(MediaImpossible, Cause{Status: 488, Q850: 47, Text: err.Error()})
		return
	}
	l.emit(Event{Kind: Answered, Status: res.StatusCode, Agreed: l.media.agreed})
	l.tellMedia(l.media.agreed)
}

// ack acknowledges a 2xx, each time it comes: a request outside any transaction (§13.2.2.4), with the credentials of its
// INVITE (§22.1).
func (l *Leg) ack(d *dialog, seq uint32) {
	req := d.build(sipmsg.ACK, seq)
	if l.credit != nil && seq == l.creditSeq {
		req.AppendHeader(l.credit)
	}
	l.emit(SendAck{Req: req})
}

// repeatedAccept takes a 2xx after the first: the same one again is acknowledged again, one from another branch of a fork
// is acknowledged and hung up (§13.2.2.4).
func (l *Leg) repeatedAccept(res *sipmsg.Response) {
	tag := toTag(res)
	if tag == l.dialog.remoteTag() {
		l.ack(&l.dialog, res.CSeq().SeqNo)
		return
	}
	known := l.forks[tag]
	fork := l.dialog
	fork.fromCallee(res)
	l.ack(&fork, res.CSeq().SeqNo)
	if known || len(l.forks) >= maxForks {
		return
	}
	if l.forks == nil {
		l.forks = make(map[string]bool)
	}
	l.forks[tag] = true
	bye := fork.request(sipmsg.BYE)
	l.dialog.localSeq = fork.localSeq // one count for all branches, so that a number names one request of the leg
	bye.AppendHeader(sipmsg.NewHeader("Reason", `SIP;cause=200;text="Call completed elsewhere"`))
	l.send(bye, nil, "")
}

// maxForks bounds how many surplus answers of one INVITE we hang up; more are acknowledged only.
const maxForks = 8

// refused takes 3xx–6xx to the first INVITE; a challenge may be answered.
func (l *Leg) refused(now time.Time, res *sipmsg.Response) {
	if h := l.credentials(res); h != nil {
		l.asked++
		body := l.invite.Body()
		l.dialog.remote.Params, l.dialog.target, l.dialog.routes = nil, l.callee.Target, l.callee.Route
		l.heard = false
		l.sendInvite(now, body, h)
		return
	}
	e := End{Why: Refused, Status: res.StatusCode}
	if l.state == Cancelling {
		e = End{Why: l.why, Status: l.cause.Status, Text: l.cause.Text}
	} else {
		e.SIP, e.Q850, e.Text = ParseReason(ReasonOf(res))
		if res.StatusCode < 400 {
			e.Targets = contacts(res)
		}
	}
	l.end(e)
}

// credentials answers a challenge to the first INVITE; not once we gave up, and at most twice.
func (l *Leg) credentials(res *sipmsg.Response) sipmsg.Header {
	if res.StatusCode != 401 && res.StatusCode != 407 || l.state == Cancelling || l.callee.Authorize == nil || l.asked >= 2 {
		return nil
	}
	return l.callee.Authorize(l.invite, res)
}

// contacts lists the targets of a redirection, at most eight.
func contacts(res *sipmsg.Response) []sipmsg.Uri {
	var out []sipmsg.Uri
	for h := range Headers(res, "Contact") {
		if c, ok := h.(*sipmsg.ContactHeader); ok && !c.Address.Wildcard && len(out) < 8 {
			out = append(out, *c.Address.Clone())
		}
	}
	return out
}

// cancel gives up an INVITE of ours. CANCEL may leave only after a provisional (§9.1); until one comes we wait.
func (l *Leg) cancel(now time.Time) {
	l.state = Cancelling
	l.stop(ringing)
	if l.heard {
		l.sendCancel(now)
	}
}

func (l *Leg) sendCancel(now time.Time) {
	l.emit(SendCancel{Reason: FormatReason(l.cause)})
	l.set(cancelWait, now.Add(giveUp))
}

// rangTooLong is Timer C.
func (l *Leg) rangTooLong(now time.Time) {
	if !l.waiting() || l.state == Cancelling {
		return
	}
	l.cause, l.why = Cause{Status: 408, Q850: 19, Text: "no answer"}, RangTooLong
	l.cancel(now)
}
