package transaction

import (
	sipmsg "github.com/emiago/sipgo/sip"
)

// Requests that the table makes itself out of the INVITE.

// newAck acknowledges a failure (RFC 3261 §17.1.1.3): the INVITE's top Via, Route, From, Call-ID and number, the response's To.
func newAck(invite *sipmsg.Request, res *sipmsg.Response) *sipmsg.Request {
	ack := derive(invite, sipmsg.ACK)
	if to := res.To(); to != nil {
		ack.AppendHeader(to)
	} else {
		ack.AppendHeader(invite.To())
	}
	return ack
}

// newCancel cancels an INVITE (RFC 3261 §9.1), with the Reason of RFC 3326.
func newCancel(invite *sipmsg.Request, reason string) *sipmsg.Request {
	c := derive(invite, sipmsg.CANCEL)
	c.AppendHeader(invite.To())
	if reason != "" {
		c.AppendHeader(sipmsg.NewHeader("Reason", reason))
	}
	return c
}

// derive takes over all that ACK and CANCEL have in common, but To.
func derive(invite *sipmsg.Request, method sipmsg.RequestMethod) *sipmsg.Request {
	r := sipmsg.NewRequest(method, invite.Recipient)
	r.AppendHeader(invite.Via().Clone())
	for _, h := range invite.GetHeaders("route") {
		r.AppendHeader(h)
	}
	hops := sipmsg.MaxForwardsHeader(70)
	r.AppendHeader(&hops)
	r.AppendHeader(invite.From())
	r.AppendHeader(invite.CallID())
	r.AppendHeader(&sipmsg.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: method})
	r.SetTransport(invite.MessageData.Transport())
	return r
}
