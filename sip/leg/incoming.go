package leg

import (
	"errors"
	"strconv"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp/sdp"
)

const contentSDP = "application/sdp"

// accept is a 2xx of ours until its ACK (RFC 3261 §13.3.1.4), to the first INVITE or to a re-INVITE:
//
//	200 ──▶ 0.5 s ──▶ 1 s ──▶ 2 s ──▶ 4 s ──▶ 4 s … until ACK; BYE after 32 s
type accept struct {
	seq      uint32 // CSeq of the INVITE; 0: none waits
	tx       Tx
	res      *sipmsg.Response
	interval time.Duration
	offered  bool // the 2xx carries our offer: the ACK must bring the answer
}

// incoming takes the INVITE that makes a UAS leg: well formed, acceptable extensions, a usable offer.
func (l *Leg) incoming(r Request) {
	l.invite, l.tx, l.state = r.Req, r.Tx, Incoming
	l.dialog.fromCaller(r.Req, l.o.Tag)
	if tags := required(r.Req); tags != "" {
		l.refuse(Cause{Status: 420, Headers: []sipmsg.Header{sipmsg.NewHeader("Unsupported", tags)}}, Malformed, "requires "+tags)
		return
	}
	if c, why, ok := l.readOffer(r.Req); !ok {
		l.refuse(c, why, c.Text)
		return
	}
	l.emit(Event{Kind: Offered})
}

// readOffer parses the offer of an INVITE, where there is one.
func (l *Leg) readOffer(req *sipmsg.Request) (Cause, Why, bool) {
	if len(req.Body()) == 0 {
		l.media.pending = nil
		return Cause{}, 0, true
	}
	if !isSDP(req) {
		return Cause{Status: 415, Text: "body is not application/sdp",
			Headers: []sipmsg.Header{sipmsg.NewHeader("Accept", contentSDP)}}, Malformed, false
	}
	if err := l.media.read(req.Body(), l.o.Codecs); err != nil {
		return l.unusable(err), MediaImpossible, false
	}
	return Cause{}, 0, true
}

// isSDP tells whether the body of a message is a session description; without a Content-Type we believe so.
func isSDP(m Message) bool {
	for h := range Headers(m, "Content-Type") {
		kind, _, _ := strings.Cut(h.Value(), ";")
		return strings.EqualFold(strings.TrimSpace(kind), contentSDP)
	}
	return true
}

// warning is the Warning header that names what was wrong (§20.43).
func (l *Leg) warning(err error) sipmsg.Header {
	code, text := sdp.Warning(err)
	agent := l.o.Contact.Host
	if agent == "" {
		agent = "ringway"
	}
	return sipmsg.NewHeader("Warning", strconv.Itoa(code)+" "+agent+` "`+text+`"`)
}

// noBearer is Q.850's "bearer capability not implemented": the two sides have no codec in common (§2.2.7.1.32).
const noBearer = 65

// unusable is the refusal of a session description: 488 with a Warning that names the line.
func (l *Leg) unusable(err error) Cause {
	c := Cause{Status: 488, Text: err.Error(), Headers: []sipmsg.Header{l.warning(err)}}
	if errors.Is(err, sdp.ErrNoCommonCodec) {
		c.Q850, c.Text = noBearer, "No codec in common" // nothing that the far end sent goes into a Reason
	}
	return c
}

// refuse answers the first INVITE finally and ends the leg.
func (l *Leg) refuse(c Cause, why Why, text string) {
	l.replyInvite(c)
	l.end(End{Why: why, Status: c.Status, Q850: c.Q850, Text: text})
}

// replyInvite sends a final refusal to the INVITE that waits.
func (l *Leg) replyInvite(c Cause) {
	if l.invite == nil {
		return
	}
	headers := c.Headers
	if v := FormatReason(Cause{Q850: c.Q850, Text: c.Text}); v != "" && c.Q850 > 0 {
		headers = append(headers[:len(headers):len(headers)], sipmsg.NewHeader("Reason", v))
	}
	l.reply(Request{Tx: l.tx, Req: l.invite}, c.Status, headers...)
	l.invite = nil
}

// ring sends 180.
func (l *Leg) ring() {
	switch l.state {
	case Incoming, Ringing:
		l.state = Ringing
	case Early: // the 180 says nothing of media: what 183 agreed on goes on
	default:
		l.ignored++
		return
	}
	if l.role == UAC {
		l.ignored++
		return
	}
	l.reply(Request{Tx: l.tx, Req: l.invite}, 180)
}

// progress sends 183 with the answer; again, it repeats the same answer.
func (l *Leg) progress(m Media) {
	if l.role == UAC || l.state != Incoming && l.state != Ringing && l.state != Early {
		l.ignored++
		return
	}
	if l.media.pending == nil { // without an offer and without 100rel there is no early media (RFC 3262 §5)
		l.ring()
		return
	}
	again := l.state == Early && l.media.answered
	body, err := l.media.answer(m, l.o)
	if err != nil {
		l.refuse(l.unusable(err), MediaImpossible, err.Error())
		return
	}
	l.state = Early
	l.replyBody(Request{Tx: l.tx, Req: l.invite}, 183, body)
	if !again {
		l.emit(Event{Kind: EarlyMedia, Status: 183, Agreed: l.media.agreed})
	}
}

// answer sends 200 and begins to repeat it.
func (l *Leg) answer(now time.Time, m Media) {
	if l.role == UAC || l.state != Incoming && l.state != Ringing && l.state != Early {
		l.ignored++
		return
	}
	r := Request{Tx: l.tx, Req: l.invite}
	offered := l.media.pending == nil
	body, err := l.media.respond(m, l.o)
	if err != nil {
		l.refuse(l.unusable(err), MediaImpossible, err.Error())
		return
	}
	l.invite = nil
	l.state = Accepted
	l.sendAccept(now, r, body, offered)
	e := Event{Kind: Answered, Status: 200}
	if !offered {
		e.Agreed = l.media.agreed
	}
	l.emit(e)
}

// sendAccept sends a 2xx with a description and starts its clocks.
func (l *Leg) sendAccept(now time.Time, r Request, body []byte, offered bool) {
	res := l.replyBody(r, 200, body)
	l.accept = accept{seq: r.Req.CSeq().SeqNo, tx: r.Tx, res: res, interval: T1, offered: offered}
	l.set(retransmit, now.Add(T1))
	l.set(noAck, now.Add(giveUp))
}

// repeatAccept sends the 2xx again, at intervals that double up to T2.
func (l *Leg) repeatAccept(now time.Time) {
	if l.accept.seq == 0 {
		return
	}
	l.emit(Respond{Tx: l.accept.tx, Res: l.accept.res})
	l.accept.interval = min(2*l.accept.interval, T2)
	l.set(retransmit, now.Add(l.accept.interval))
}

// neverAcknowledged hangs up 64·T1 after a 2xx that was not acknowledged (§13.3.1.4).
func (l *Leg) neverAcknowledged() {
	l.forgetAccept()
	if l.state == Ending {
		l.sendBye()
		return
	}
	l.die(NoAck, Cause{Status: 408, Q850: 102, Text: "no ACK"})
}

func (l *Leg) forgetAccept() {
	l.accept = accept{}
	l.stop(retransmit)
	l.stop(noAck)
}

// acknowledged takes the ACK to a 2xx of ours. An ACK to something older is a late one.
func (l *Leg) acknowledged(now time.Time, req *sipmsg.Request) {
	if l.accept.seq == 0 || req.CSeq().SeqNo != l.accept.seq || fromTag(req) != l.dialog.remoteTag() {
		l.ignored++
		return
	}
	offered, first := l.accept.offered, l.state == Accepted
	l.forgetAccept()
	if l.state == Ending { // we hung up in between: now BYE may go
		l.sendBye()
		return
	}
	l.state = Confirmed
	before := l.media.agreed
	if offered && !l.answerInAck(req) {
		return
	}
	if first {
		l.emit(Event{Kind: Acknowledged, Agreed: l.media.agreed})
		before = l.media.agreed
	}
	l.tellMedia(before)
	l.retryModify(now)
}

// answerInAck reads the answer to the offer in our 2xx; without a usable one the call has no media, so it ends.
func (l *Leg) answerInAck(req *sipmsg.Request) bool {
	err := errNoAnswer
	if len(req.Body()) > 0 && isSDP(req) {
		err = l.media.accept(req.Body())
	}
	if err == nil {
		return true
	}
	l.die(MediaImpossible, Cause{Status: 488, Q850: 47, Text: err.Error()})
	return false
}

// canceled takes the caller's CANCEL: it is too late once a final response left (§9.2).
func (l *Leg) canceled(reason string) {
	if l.role != UAS || l.state != Incoming && l.state != Ringing && l.state != Early {
		l.ignored++
		return
	}
	e := End{Why: CancelReceived, Status: 487}
	e.SIP, e.Q850, e.Text = ParseReason(reason)
	l.replyInvite(Cause{Status: e.Status})
	l.end(e)
}

// retryAfter is the Retry-After header of §14.2: a random value between 0 and 10 s.
func (l *Leg) retryAfter() sipmsg.Header {
	return sipmsg.NewHeader("Retry-After", strconv.FormatInt(l.o.random(11), 10))
}
