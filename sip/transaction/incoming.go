package transaction

import (
	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// request takes any request but ACK and CANCEL: a repetition goes to its transaction, a new one goes to the core, which
// decides whether a transaction is made of it.
func (t *Table) request(req *sipmsg.Request, flow transport.Flow) {
	k := t.hash.server(req, req.Method)
	sh := t.shard(k)
	if t.repeated(sh, k) {
		return
	}
	if t.full(req) {
		t.count.full.Add(1)
		t.overloaded(req, flow)
		return
	}
	merge := t.hash.merge(req)
	if t.merges.others(merge, k) {
		t.count.merged.Add(1)
		t.stateless(req, flow, 482, "Loop Detected")
		return
	}
	t.count.requests.Add(1)
	s := &Server{
		table: t, shard: sh, key: k, merge: merge, req: req, flow: flow,
		replyPort: transport.ReplyFlow(flow, req.Via()).Remote.Port(), invite: req.IsInvite(),
	}
	if s.invite && merge == 0 {
		s.Notify(nil) // inside a dialog whoever takes it answers on another goroutine: 100 at once
	}
	t.o.Core.Request(s)
	sh.mu.Lock()
	s.enter()
	sh.mu.Unlock()
}

// repeated gives a request that came before its last answer again.
func (t *Table) repeated(sh *shard, k key) bool {
	var out outbox
	sh.mu.Lock()
	tx := sh.servers[k]
	if tx != nil {
		tx.apply(repeated, nil, &out)
	}
	to, text, kept := transport.Flow{}, []byte(nil), false
	if tx == nil {
		to, text, kept = sh.kept.find(k)
	}
	sh.mu.Unlock()
	if kept {
		t.count.repeats.Add(1)
		out.send(to, packet{raw: text}, nil)
	}
	t.flush(&out)
	return kept || tx != nil
}

// full says whether a new request is too many. Requests inside dialogs have a reserve of a quarter.
func (t *Table) full(req *sipmsg.Request) bool {
	limit := t.liveMax
	if req.To().Params.Has("tag") {
		limit += limit / 4
	}
	return t.live.Load() >= limit
}

func (t *Table) overloaded(req *sipmsg.Request, flow transport.Flow) {
	res := transport.NewResponse(req, 503, "Service Unavailable")
	res.AppendHeader(sipmsg.NewHeader("Retry-After", "5"))
	t.answer(res, flow)
}

// stateless answers without a transaction.
func (t *Table) stateless(req *sipmsg.Request, flow transport.Flow, status int, reason string) {
	t.answer(transport.NewResponse(req, status, reason), flow)
}

func (t *Table) answer(res *sipmsg.Response, flow transport.Flow) {
	if err := t.o.Send(flow, res); err != nil {
		t.log.Debug("stateless answer not sent", "err", err)
	}
}

// ack finds the failed INVITE that an ACK belongs to; every other ACK goes to the core.
func (t *Table) ack(req *sipmsg.Request, flow transport.Flow) {
	k := t.hash.server(req, sipmsg.INVITE)
	sh := t.shard(k)
	var out outbox
	pass := true
	sh.mu.Lock()
	if tx := sh.servers[k]; tx != nil {
		pass = tx.apply(ackCame, req, &out)&passAck != 0
	}
	sh.mu.Unlock()
	t.flush(&out)
	if pass {
		t.o.Core.Ack(req, flow)
	}
}

// cancel answers a CANCEL, without a transaction of its own: the answer to a repetition is the same, and the INVITE is told
// only while it has no final response.
func (t *Table) cancel(req *sipmsg.Request, flow transport.Flow) {
	k := t.hash.server(req, sipmsg.INVITE)
	sh := t.shard(k)
	var out outbox
	sh.mu.Lock()
	tx := sh.servers[k]
	if tx != nil {
		tx.apply(cancelCame, req, &out)
	}
	sh.mu.Unlock()
	if tx == nil {
		t.stateless(req, flow, 481, "Call/Transaction Does Not Exist")
		return
	}
	t.stateless(req, flow, 200, "OK")
	t.flush(&out)
}

// response finds the request of ours that is answered. A 2xx to INVITE that finds none goes to the core; all else is dropped.
func (t *Table) response(res *sipmsg.Response, flow transport.Flow) {
	cseq := res.CSeq()
	k := t.hash.client(res.Via().Params.GetOr("branch", ""), cseq.MethodName)
	sh := t.shard(k)
	var out outbox
	sh.mu.Lock()
	tx := sh.clients[k]
	if tx != nil {
		tx.apply(outcome(res.StatusCode), res, nil, &out)
	}
	sh.mu.Unlock()
	switch {
	case tx != nil:
		t.flush(&out)
	case cseq.MethodName == sipmsg.INVITE && res.IsSuccess():
		t.o.Core.Response(res, flow)
	default:
		t.count.strays.Add(1)
	}
}

// outcome is the stimulus of a status.
func outcome(status int) clientStimulus {
	switch {
	case status < 200:
		return got1xx
	case status < 300:
		return got2xx
	}
	return gotFailure
}
