package transaction

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Server is a server transaction: one request that we answer. Its methods may be called from any goroutine.
type Server struct {
	tx   *serverTx
	req  *sipmsg.Request
	flow transport.Flow
}

// serverTx is what the table keeps. It holds no request, so that a lingering transaction is a few hundred bytes.
type serverTx struct {
	table *Table
	shard *shard
	key   key
	merge key
	reply transport.Flow // where responses go

	invite   bool
	reliable bool

	// Under shard.mu.
	state     serverState
	last      packet
	notify    func(ServerEvent)
	interval  time.Duration // of timer G
	resend    alarm
	life      alarm
	lingering lingerer
}

// Request returns the request. It belongs to the caller of Core.Request's goroutine; the table never reads it again.
func (s *Server) Request() *sipmsg.Request { return s.req }

// Flow returns the path on which the request came.
func (s *Server) Flow() transport.Flow { return s.flow }

// Notify sets who is told of CANCEL, ACK and the lack of it. Call it inside Core.Request; fn only posts.
func (s *Server) Notify(fn func(ServerEvent)) {
	s.tx.shard.mu.Lock()
	defer s.tx.shard.mu.Unlock()
	s.tx.notify = fn
}

// Respond sends a response: provisionals, then one final. After a 2xx to INVITE the caller repeats it by Respond until its ACK
// came (RFC 3261 §13.3.1.4). The error is ErrFinal after a final response, ErrTerminated after the end of the transaction, or
// why sending failed; the response stays the last one then, and goes out again when the request is repeated.
func (s *Server) Respond(res *sipmsg.Response) error {
	t, tx := s.tx.table, s.tx
	if t.stopped.Load() {
		return ErrStopped
	}
	p, err := t.pack(res)
	if err != nil {
		return err
	}
	var out outbox
	var sent error
	tx.shard.mu.Lock()
	before := tx.state
	action := tx.apply(answer(res.StatusCode), nil, &out)
	if action&sendNew != 0 {
		tx.last = p
	}
	last := tx.state == terminated
	tx.shard.mu.Unlock()
	switch {
	case action&sendNew != 0:
		sent = t.transmit(tx.reply, p)
	case last || before == terminated:
		sent = ErrTerminated
	default:
		sent = ErrFinal
	}
	t.flush(&out)
	return sent
}

// answer is the stimulus of a status.
func answer(status int) serverStimulus {
	switch {
	case status < 200:
		return provisional
	case status < 300:
		return success
	case status == 401, status == 407:
		return challenge
	}
	return failure
}

// apply takes one stimulus and performs what it means inside the table. The lock is held.
func (tx *serverTx) apply(in serverStimulus, req *sipmsg.Request, out *outbox) serverAction {
	t, sh := tx.table, tx.shard
	before := tx.state
	next, action := serverStep(tx.state, tx.invite, in)
	tx.state = next
	if action&sendLast != 0 && !tx.last.empty() {
		t.count.repeats.Add(1)
		out.send(tx.reply, tx.last, nil)
	}
	if action&startResend != 0 && !tx.reliable && t.mayRepeat(tx.reply) {
		tx.interval = t.timers.grow(tx.interval)
		sh.after(&tx.resend, tx.interval, tx)
	}
	if action&stopResend != 0 {
		sh.wheel.clear(&tx.resend)
	}
	if action&startLong != 0 {
		sh.after(&tx.life, tx.longLife(), tx)
	}
	if action&startShort != 0 {
		sh.after(&tx.life, t.wait(t.timers.T4, tx.reliable), tx)
	}
	tx.tell(action, req, out)
	if before == proceeding && next != proceeding {
		t.live.Add(-1)
		if next != terminated {
			sh.linger(tx)
		}
	}
	if next == terminated {
		tx.remove()
	}
	return action
}

// longLife is timer H, J or L. J is zero on a reliable transport (RFC 3261 §17.2.2); L and H are not.
func (tx *serverTx) longLife() time.Duration {
	t := tx.table
	if tx.invite {
		return t.timers.long()
	}
	return t.wait(t.timers.long(), tx.reliable)
}

// tell queues the events of an action.
func (tx *serverTx) tell(action serverAction, req *sipmsg.Request, out *outbox) {
	var kind ServerEventKind
	switch {
	case action&tellCancelled != 0:
		kind = Cancelled
	case action&tellAcked != 0:
		kind = Acked
	case action&tellUnacked != 0:
		kind = Unacked
	default:
		return
	}
	if notify := tx.notify; notify != nil {
		out.tell(func() { notify(ServerEvent{Kind: kind, Request: req}) })
	}
}

// remove takes a terminated transaction out of the table. The lock is held.
func (tx *serverTx) remove() {
	sh := tx.shard
	sh.wheel.clear(&tx.resend)
	sh.wheel.clear(&tx.life)
	sh.unlinger(&tx.lingering)
	if sh.servers[tx.key] == tx {
		delete(sh.servers, tx.key)
		tx.table.merges.remove(tx.merge, tx.key)
	}
	tx.last, tx.notify = packet{}, nil
}

// ring is called by the wheel.
func (tx *serverTx) ring(a *alarm, out *outbox) {
	if a == &tx.resend {
		tx.apply(resendDue, nil, out)
		return
	}
	tx.apply(lifeOver, nil, out)
}

// evict ends a lingering transaction early, because too many linger.
func (tx *serverTx) evict() {
	tx.state = terminated
	tx.remove()
}
