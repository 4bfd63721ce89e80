package leg

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp/sdp"
)

// reinvite is our re-INVITE under way. When both sides send one at a time, both are refused with 491 and try again after
// different times (RFC 3261 §14.1):
//
//	owner of the Call-ID (UAC)   2.1 … 4.0 s, in units of 10 ms
//	the other (UAS)              0.0 … 2.0 s, in units of 10 ms
type reinvite struct {
	seq   uint32 // CSeq, 0: none under way
	next  *Media // what to offer as soon as we may
	tries int
}

// maxGlare is how often a re-INVITE is tried again after 491.
const maxGlare = 5

// modify offers a changed session, now or as soon as the exchange under way is over.
func (l *Leg) modify(now time.Time, m Media) {
	switch l.state {
	case Confirmed, Accepted:
		l.reinvite.next, l.reinvite.tries = &m, 0
		l.stop(backOff)
		l.retryModify(now)
	default:
		l.ignored++
	}
}

// retryModify sends the re-INVITE that waits, if no other INVITE is under way in either direction.
func (l *Leg) retryModify(time.Time) {
	if l.reinvite.next == nil || l.reinvite.seq != 0 || l.accept.seq != 0 || l.state != Confirmed || !l.due[backOff].IsZero() {
		return
	}
	body, err := l.media.offer(*l.reinvite.next, l.o)
	if err != nil {
		l.reinvite.next = nil
		l.emit(Event{Kind: ModifyFailed, Status: 488})
		return
	}
	req := l.dialog.request(sipmsg.INVITE)
	l.reinvite.seq = req.CSeq().SeqNo
	req.AppendHeader(&sipmsg.ContactHeader{Address: l.o.Contact})
	req.AppendHeader(sipmsg.NewHeader("Allow", Allow))
	l.send(req, body, contentSDP)
}

// modifyResponse takes a response to our re-INVITE. A refusal leaves the session as it is (§14.1).
func (l *Leg) modifyResponse(now time.Time, res *sipmsg.Response) {
	if res.StatusCode < 200 {
		return
	}
	l.reinvite.seq = 0
	if res.IsSuccess() {
		l.ack(&l.dialog, res.CSeq().SeqNo) // also when we hang up meanwhile
	}
	if l.state != Confirmed {
		return
	}
	before := l.media.agreed
	switch {
	case res.IsSuccess():
		l.dialog.refreshTarget(res.Contact())
		l.reinvite.next = nil
		if err := l.media.final(res); err != nil {
			l.emit(Event{Kind: ModifyFailed, Status: 488})
			return
		}
		l.tellMedia(before)
	case res.StatusCode == 491 && l.reinvite.tries < maxGlare:
		l.media.offered = nil
		l.reinvite.tries++
		l.set(backOff, now.Add(l.glare()))
	case res.StatusCode == 481 || res.StatusCode == 408:
		l.dead(res.StatusCode)
	default:
		l.media.offered, l.reinvite.next = nil, nil
		l.emit(Event{Kind: ModifyFailed, Status: res.StatusCode})
	}
}

// glare is how long to wait after 491.
func (l *Leg) glare() time.Duration {
	if l.role == UAC {
		return 2100*time.Millisecond + time.Duration(l.o.random(191))*10*time.Millisecond
	}
	return time.Duration(l.o.random(201)) * 10 * time.Millisecond
}

// reinvited takes a re-INVITE of the far end and answers it at once: hold ends at this leg.
func (l *Leg) reinvited(now time.Time, r Request) {
	switch l.state {
	case Incoming, Ringing, Early, Calling, Proceeding, Cancelling:
		if l.role == UAS { // the first INVITE has no final response yet (§14.2)
			l.reply(r, 500, l.retryAfter())
			return
		}
		l.reply(r, 491)
		return
	case Ending: // re-INVITE against BYE (RFC 5407 §3.3.1)
		l.reply(r, 481)
		return
	}
	if l.reinvite.seq != 0 || l.accept.seq != 0 && l.accept.offered {
		l.reply(r, 491)
		return
	}
	l.implyAck()
	if c, _, ok := l.readOffer(r.Req); !ok {
		l.reply(r, c.Status, c.Headers...)
		return
	}
	before, offered := l.media.agreed, l.media.pending == nil
	ours := l.media.ours
	if !offered && before != nil {
		ours.Prefer = before.Codec.Name
	}
	body, err := l.media.respond(ours, l.o)
	if err != nil {
		l.media.pending = nil
		l.reply(r, 488, l.warning(err))
		return
	}
	l.dialog.refreshTarget(r.Req.Contact())
	l.sendAccept(now, r, body, offered)
	if !offered {
		l.tellMedia(before)
	}
}

// implyAck takes a re-INVITE before the ACK as the ACK: whoever sends it has our 2xx and its answer (RFC 5407 §3.1.4).
func (l *Leg) implyAck() {
	if l.accept.seq == 0 {
		return
	}
	first := l.state == Accepted
	l.forgetAccept()
	if first {
		l.state = Confirmed
		l.emit(Event{Kind: Acknowledged, Agreed: l.media.agreed})
	}
}

// tellMedia tells the call what an exchange changed: hold, its end, or something else.
func (l *Leg) tellMedia(before *sdp.Agreed) {
	now := l.media.agreed
	switch {
	case now == nil:
	case now.Held != l.media.held:
		l.media.held = now.Held
		kind := Resumed
		if now.Held {
			kind = Held
		}
		l.emit(Event{Kind: kind, Agreed: now})
	case !sameMedia(before, now):
		l.emit(Event{Kind: MediaChanged, Agreed: now})
	}
}
