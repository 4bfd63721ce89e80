package transaction

import (
	"errors"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Send starts a client transaction for any request but ACK. The table owns req from now on. A top Via that an earlier Send made
// gets a new branch; otherwise a Via for the flow is put on top, so a proxy hands over the request with the Vias it came with. notify is
// told of every provisional response and of one final event; it may run before Send returns, and only posts. An error means
// that nothing was sent and nothing will be told.
func (t *Table) Send(req *sipmsg.Request, flow transport.Flow, notify func(ClientEvent)) (*Client, error) {
	if req.IsAck() {
		return nil, errors.New("ACK makes no transaction: use SendAck")
	}
	if t.live.Load() >= t.liveMax*5/4 {
		return nil, ErrFull
	}
	branch, err := t.brand(req, flow)
	if err != nil {
		return nil, err
	}
	return t.begin(req, flow, branch, notify)
}

// brand gives the request a top Via with a new branch.
func (t *Table) brand(req *sipmsg.Request, flow transport.Flow) (string, error) {
	via := req.Via()
	if !t.branches.ours(via) && (via == nil || via.Params.GetOr("branch", "") != "") {
		if t.o.Via == nil {
			return "", ErrNoVia
		}
		via = t.o.Via(flow)
		req.PrependHeader(via)
	}
	branch := t.branches.next()
	via.Params.Add("branch", branch)
	return branch, nil
}

// begin enters and sends a request whose Via is complete.
func (t *Table) begin(req *sipmsg.Request, flow transport.Flow, branch string, notify func(ClientEvent)) (*Client, error) {
	if t.stopped.Load() {
		return nil, ErrStopped
	}
	p, err := t.pack(req)
	if err != nil {
		return nil, err
	}
	k := t.hash.client(branch, req.Method)
	sh := t.shard(k)
	tx := &clientTx{
		table: t, shard: sh, key: k, flow: flow, req: req, sent: p, notify: notify,
		invite: req.IsInvite(), reliable: t.o.Reliable(flow), interval: t.timers.T1,
	}
	sh.mu.Lock()
	sh.clients[k] = tx
	t.live.Add(1)
	if !tx.reliable {
		sh.after(&tx.repeat, tx.interval, tx)
	}
	sh.after(&tx.life, t.timers.long(), tx)
	sh.mu.Unlock()
	t.count.sent.Add(1)
	if err := t.transmit(flow, p); err != nil {
		tx.abandon()
		return nil, err
	}
	return &Client{tx: tx, req: req}, nil
}

// abandon forgets a request that could not be sent.
func (tx *clientTx) abandon() {
	tx.shard.mu.Lock()
	defer tx.shard.mu.Unlock()
	if tx.state <= ringing {
		tx.table.live.Add(-1)
	}
	tx.state = over
	tx.remove()
}

// sendCancel sends a CANCEL, whose Via is the INVITE's, in a transaction of its own. Nobody is told of its answer: that of
// the INVITE matters.
func (t *Table) sendCancel(cancel *sipmsg.Request, flow transport.Flow) {
	branch := cancel.Via().Params.GetOr("branch", "")
	if _, err := t.begin(cancel, flow, branch, nil); err != nil {
		t.log.Debug("CANCEL not sent", "err", err)
	}
}

// SendAck sends the ACK to a 2xx, which belongs to no transaction, with a branch of its own. The same ACK may be sent again
// when its 2xx is repeated (RFC 3261 §13.2.2.4).
func (t *Table) SendAck(ack *sipmsg.Request, flow transport.Flow) error {
	if t.stopped.Load() {
		return ErrStopped
	}
	if !t.branches.ours(ack.Via()) {
		if _, err := t.brand(ack, flow); err != nil {
			return err
		}
	}
	return t.o.Send(flow, ack)
}
