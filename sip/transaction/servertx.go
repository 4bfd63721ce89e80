package transaction

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// serverTx is what the table keeps of a request that waits for its answer, or of an INVITE that waits for its ACK.
type serverTx struct {
	table *Table
	shard *shard
	key   key
	merge mergeKey
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
	kept := next == completed && t.keeps(tx.invite, tx.reply) // by retire
	if action&startLong != 0 && !kept {
		sh.after(&tx.life, tx.longLife(), tx)
	}
	if action&startShort != 0 {
		sh.after(&tx.life, t.wait(t.timers.T4, tx.reliable), tx)
	}
	tx.tell(action, req, out)
	if before == proceeding && next != proceeding {
		t.live.Add(-1)
		if next != terminated && !kept {
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

// retire leaves of an answered request its key and its answer. The lock is held.
func (tx *serverTx) retire(p packet) {
	sh := tx.shard
	sh.wheel.clear(&tx.life)
	tx.notify = nil
	if sh.servers[tx.key] == tx {
		delete(sh.servers, tx.key)
		sh.keep(keptAnswer{key: tx.key, merge: tx.merge, to: pathOf(tx.reply)}, p.raw)
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
