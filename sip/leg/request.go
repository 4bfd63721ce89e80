package leg

import (
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// request takes a request of this dialog, the first INVITE included.
func (l *Leg) request(now time.Time, r Request) {
	if l.state == Idle {
		if l.role == UAS && r.Req.Method == sipmsg.INVITE {
			l.incoming(r)
			return
		}
		l.ignored++
		return
	}
	if !l.fits(r) {
		return
	}
	if unsupported := required(r.Req); unsupported != "" {
		l.reply(r, 420, sipmsg.NewHeader("Unsupported", unsupported))
		return
	}
	switch r.Req.Method {
	case sipmsg.BYE:
		l.byeReceived(now, r)
	case sipmsg.INVITE:
		l.reinvited(now, r)
	case sipmsg.INFO:
		l.infoReceived(r)
	case sipmsg.OPTIONS:
		l.reply(r, 200, sipmsg.NewHeader("Accept", contentSDP))
	case sipmsg.NOTIFY: // no subscription of ours lives in a dialog (RFC 6665 §4.1.3)
		l.reply(r, 481)
	case sipmsg.REGISTER, sipmsg.PUBLISH:
		l.reply(r, 405)
	default:
		l.reply(r, 501)
	}
}

// fits checks tags and order (§12.2.2): a wrong tag is 481, a number that does not rise is 500.
func (l *Leg) fits(r Request) bool {
	tag := fromTag(r.Req)
	if l.forks[tag] && r.Req.Method == sipmsg.BYE { // the branch that lost and hangs up itself
		l.reply(r, 200)
		return false
	}
	if tag != l.dialog.remoteTag() || string(*r.Req.CallID()) != l.dialog.callID {
		l.reply(r, 481)
		return false
	}
	if !l.dialog.inOrder(r.Req.CSeq().SeqNo) {
		l.reply(r, 500)
		return false
	}
	return true
}

// required lists the extensions that a request insists on: none of them is supported (§8.2.2.3).
func required(req *sipmsg.Request) string {
	var tags []string
	for h := range Headers(req, "Require") {
		if v := strings.TrimSpace(h.Value()); v != "" {
			tags = append(tags, v)
		}
	}
	return strings.Join(tags, ", ")
}

// byeReceived ends the dialog from the far end, in whatever state: also before the ACK, also against our own BYE.
func (l *Leg) byeReceived(now time.Time, r Request) {
	e := End{Why: ByeReceived}
	e.SIP, e.Q850, e.Text = ParseReason(ReasonOf(r.Req))
	l.reply(r, 200)
	switch l.state {
	case Incoming, Ringing, Early:
		if l.role == UAS { // §15.1.2: pending requests of the dialog still get 487
			l.replyInvite(Cause{Status: 487})
			e.Status = 487
			break
		}
		l.why, l.cause = ByeReceived, Cause{}
		l.cancel(now)
		return
	case Calling, Proceeding, Cancelling:
		return // the INVITE is still to be finished: its final response ends the leg
	case Ending:
		e = l.ours()
	}
	l.end(e)
}

// infoReceived takes digits from phones that send no telephone-events:
//
//	application/dtmf-relay   Signal=5\r\nDuration=160
//	application/dtmf         5
func (l *Leg) infoReceived(r Request) {
	kind := ""
	if h := r.Req.ContentType(); h != nil {
		kind, _, _ = strings.Cut(strings.ToLower(h.Value()), ";")
	}
	switch body := string(r.Req.Body()); strings.TrimSpace(kind) {
	case "application/dtmf-relay", "application/dtmf":
		digit, length, ok := parseDTMF(body)
		if !ok {
			l.reply(r, 400)
			return
		}
		l.reply(r, 200)
		l.emit(Event{Kind: Digit, Digit: digit, Duration: length})
	case "":
		if len(body) > 0 {
			l.reply(r, 400)
			return
		}
		l.reply(r, 200)
	default:
		l.reply(r, 415, sipmsg.NewHeader("Accept", "application/dtmf-relay, application/dtmf"))
	}
}

// parseDTMF reads one digit and its length, 160 ms where none is given and 5 s at most.
func parseDTMF(body string) (digit byte, length time.Duration, ok bool) {
	length = 160 * time.Millisecond
	for _, line := range strings.Split(body, "\n") {
		k, v, found := strings.Cut(strings.TrimSpace(line), "=")
		k, v = strings.ToLower(strings.TrimSpace(k)), strings.ToUpper(strings.TrimSpace(v))
		switch {
		case !found && digit == 0 && k != "":
			v = strings.ToUpper(k)
			fallthrough
		case k == "signal":
			if v == "10" {
				v = "*"
			} else if v == "11" {
				v = "#"
			}
			if len(v) != 1 || !strings.Contains("0123456789*#ABCD", v) {
				return 0, 0, false
			}
			digit = v[0]
		case k == "duration":
			ms := 0
			for i := 0; i < len(v) && i < 6 && v[i] >= '0' && v[i] <= '9'; i++ {
				ms = ms*10 + int(v[i]-'0')
			}
			if ms > 0 {
				length = min(time.Duration(ms)*time.Millisecond, 5*time.Second)
			}
		}
	}
	return digit, length, digit != 0
}

// info sends INFO inside a confirmed dialog.
func (l *Leg) info(in Info) {
	if l.state != Confirmed {
		l.ignored++
		return
	}
	l.send(l.dialog.request(sipmsg.INFO), []byte(in.Body), in.Type)
}

// sendProbe asks the far end whether the dialog lives (semantics: silent and held legs). One at a time.
func (l *Leg) sendProbe() {
	if l.state != Confirmed || l.probe != 0 {
		l.ignored++
		return
	}
	req := l.dialog.request(sipmsg.OPTIONS)
	l.probe = req.CSeq().SeqNo
	req.AppendHeader(sipmsg.NewHeader("Accept", contentSDP))
	l.send(req, nil, "")
}

// sendBye hangs up a dialog; the leg is over when it is answered, refused or timed out.
func (l *Leg) sendBye() {
	l.forgetAccept()
	l.stop(backOff)
	req := l.dialog.request(sipmsg.BYE)
	l.bye = req.CSeq().SeqNo
	if v := FormatReason(l.cause); v != "" {
		req.AppendHeader(sipmsg.NewHeader("Reason", v))
	}
	l.state = Ending
	l.send(req, nil, "")
}

// hangup ends the leg as its state asks; a second one changes nothing.
func (l *Leg) hangup(now time.Time, c Cause) {
	switch l.state {
	case Idle:
		l.end(End{Why: WeHungUp, Status: c.Status, Q850: c.Q850, Text: c.Text})
	case Incoming, Ringing, Early, Calling, Proceeding:
		l.cause, l.why = c, WeHungUp
		if l.role == UAC {
			l.cancel(now)
			return
		}
		if l.cause.Status < 300 {
			l.cause.Status = 480
		}
		l.replyInvite(l.cause)
		l.end(l.ours())
	case Accepted: // no BYE before the ACK or 64·T1 (§15)
		l.cause, l.why, l.state = c, WeHungUp, Ending
	case Confirmed:
		l.cause, l.why = c, WeHungUp
		l.sendBye()
	default:
		l.ignored++
	}
}

// die ends the leg by itself: BYE leaves, and nobody waits for its answer.
func (l *Leg) die(why Why, c Cause) {
	l.cause, l.why = c, why
	l.sendBye()
	l.end(l.ours())
}

// dead takes the news that the far end knows the dialog no more, or is silent (§12.2.1.2).
func (l *Leg) dead(status int) {
	switch {
	case l.state != Confirmed && l.state != Accepted:
	case status == 481:
		l.end(End{Why: Dead, Status: 481})
	default:
		l.die(Dead, Cause{Status: status, Q850: 41, Text: "no answer inside the dialog"})
	}
}

// ours is the end that we brought about.
func (l *Leg) ours() End {
	return End{Why: l.why, Status: l.cause.Status, Q850: l.cause.Q850, Text: l.cause.Text}
}

// byeResponse ends the leg with any final response to our BYE: what it says changes nothing (§15.1.1).
func (l *Leg) byeResponse(res *sipmsg.Response) {
	if l.state == Ending && res.CSeq().SeqNo == l.bye && res.StatusCode >= 200 {
		l.end(l.ours())
	}
}

// probeResponse takes the answer to OPTIONS: whatever it says but 481 and 408, somebody is there.
func (l *Leg) probeResponse(seq uint32, res *sipmsg.Response) {
	if seq != l.probe || res.StatusCode < 200 {
		return
	}
	l.probe = 0
	if res.StatusCode == 481 || res.StatusCode == 408 {
		l.dead(res.StatusCode)
		return
	}
	l.emit(Event{Kind: Alive, Status: res.StatusCode})
}

// failed takes the end of a client transaction without a response.
func (l *Leg) failed(now time.Time, f Failed) {
	status, why := 408, NoResponse
	if f.Transport {
		status, why = 503, Unreachable
	}
	switch {
	case f.Method == sipmsg.INVITE && l.waiting() && f.CSeq == l.dialog.inviteSeq:
		if l.state == Cancelling {
			l.end(l.ours())
			return
		}
		l.end(End{Why: why, Status: status})
	case f.Method == sipmsg.BYE:
		if l.state == Ending && f.CSeq == l.bye {
			l.end(l.ours())
		}
	case f.Method == sipmsg.INVITE && f.CSeq != l.reinvite.seq, f.Method == sipmsg.CANCEL:
		l.ignored++
	default:
		l.dead(status)
	}
}
