package transaction

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Client is a client transaction: one request of ours. Its methods may be called from any goroutine.
type Client struct {
	tx  *clientTx
	req *sipmsg.Request
}

// clientTx is what the table keeps.
type clientTx struct {
	table *Table
	shard *shard
	key   key
	flow  transport.Flow

	invite   bool
	reliable bool

	// Under shard.mu.
	state     clientState
	req       *sipmsg.Request // until the final response
	sent      packet          // the request, then the ACK
	notify    func(ClientEvent)
	interval  time.Duration // of timers A and E
	asked     bool          // Cancel was called
	reason    string
	repeat    alarm
	life      alarm
	lingering lingerer
}

// Request returns the request as it was sent. It must not be changed while the transaction lives.
func (c *Client) Request() *sipmsg.Request { return c.req }

// Cancel cancels an INVITE: at once when a provisional response has come, else when it comes (RFC 3261 §9.1). The final
// response still arrives as an event, or Timeout 64·T1 after the CANCEL. reason is the value of a Reason header (RFC 3326), or
// empty. A second call, or one after the final response, does nothing.
func (c *Client) Cancel(reason string) {
	tx := c.tx
	var out outbox
	tx.shard.mu.Lock()
	if !tx.asked && tx.state != over && tx.state != failed {
		tx.asked, tx.reason = true, reason
		tx.apply(cancelAsked, nil, nil, &out)
	}
	tx.shard.mu.Unlock()
	tx.table.flush(&out)
}

// apply takes one stimulus and performs what it means inside the table. The lock is held.
func (tx *clientTx) apply(in clientStimulus, res *sipmsg.Response, err error, out *outbox) {
	t, sh := tx.table, tx.shard
	before := tx.state
	next, action := clientStep(tx.state, tx.invite, tx.asked && in == got1xx, in)
	tx.state = next
	if action&(repeatRequest|repeatACK) != 0 {
		t.count.repeats.Add(1)
		out.send(tx.flow, tx.sent, tx.broken)
	}
	tx.schedule(action)
	if action&sendACK != 0 {
		tx.sendACK(res, out)
	}
	if action&sendCANCEL != 0 {
		cancel := newCancel(tx.req, tx.reason)
		flow := tx.flow
		out.tell(func() { t.sendCancel(cancel, flow) })
	}
	tx.tell(action, res, err, out)
	if before <= ringing && next > ringing {
		t.live.Add(-1)
		tx.req = nil
		if next == failed {
			sh.linger(tx)
		}
	}
	if next == over {
		tx.remove()
	}
}

// schedule sets and clears the timers. The lock is held.
func (tx *clientTx) schedule(action clientAction) {
	t, sh := tx.table, tx.shard
	if action&stopRepeat != 0 {
		sh.wheel.clear(&tx.repeat)
	}
	if action&doubleRepeat != 0 && !tx.reliable {
		tx.interval *= 2
		if !tx.invite {
			tx.interval = min(tx.interval, t.timers.T2)
		}
		sh.after(&tx.repeat, tx.interval, tx)
	}
	if action&slowRepeat != 0 && !tx.reliable {
		sh.after(&tx.repeat, t.timers.T2, tx)
	}
	if action&stopLife != 0 {
		sh.wheel.clear(&tx.life)
	}
	if action&startCancel != 0 {
		sh.after(&tx.life, t.timers.long(), tx)
	}
	if action&startD != 0 {
		sh.after(&tx.life, t.wait(t.timers.long(), tx.reliable), tx)
	}
}

// sendACK builds the ACK to a failure and keeps it to repeat. The lock is held.
func (tx *clientTx) sendACK(res *sipmsg.Response, out *outbox) {
	p, err := tx.table.pack(newAck(tx.req, res))
	if err != nil {
		return // a response with a To that can't be written again; it will be repeated in vain
	}
	tx.sent = p
	out.send(tx.flow, p, tx.broken)
}

// tell queues the events of an action.
func (tx *clientTx) tell(action clientAction, res *sipmsg.Response, err error, out *outbox) {
	var e ClientEvent
	switch {
	case action&tellResponse != 0:
		e = ClientEvent{Kind: Response, Response: res}
	case action&tellTimeout != 0:
		e = ClientEvent{Kind: Timeout}
	case action&tellError != 0:
		e = ClientEvent{Kind: TransportError, Err: err}
	default:
		return
	}
	if notify := tx.notify; notify != nil {
		out.tell(func() { notify(e) })
	}
}

// broken is told, without the lock, that a repetition or an ACK could not be sent.
func (tx *clientTx) broken(err error) {
	var out outbox
	tx.shard.mu.Lock()
	tx.apply(sendFailed, nil, err, &out)
	tx.shard.mu.Unlock()
	tx.table.flush(&out)
}

// remove takes a terminated transaction out of the table. The lock is held.
func (tx *clientTx) remove() {
	sh := tx.shard
	sh.wheel.clear(&tx.repeat)
	sh.wheel.clear(&tx.life)
	sh.unlinger(&tx.lingering)
	if sh.clients[tx.key] == tx {
		delete(sh.clients, tx.key)
	}
	tx.req, tx.sent, tx.notify = nil, packet{}, nil
}

// ring is called by the wheel.
func (tx *clientTx) ring(a *alarm, out *outbox) {
	if a == &tx.repeat {
		tx.apply(repeatDue, nil, nil, out)
		return
	}
	tx.apply(timeOver, nil, nil, out)
}

// evict ends a lingering transaction early, because too many linger.
func (tx *clientTx) evict() {
	tx.state = over
	tx.remove()
}
