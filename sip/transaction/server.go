package transaction

import (
	"net/netip"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Server is a server transaction: one request that we answer. Its methods may be called from any goroutine.
//
// The table holds nothing of it at first. What it becomes is decided by what the core does first:
//
//	401, 407; a failure, to somebody who has proven nothing   → nothing: the answer is stateless (RFC 3261 §8.2.7)
//	another final answer, not to INVITE                       → its key and text, to be given again (keptAnswers)
//	Notify, a provisional, a final answer to INVITE, or
//	return without any                                        → a serverTx
//
// So a flood of strangers leaves no trace, and a repeated request of theirs is judged again and gets such an answer again.
type Server struct {
	table     *Table
	shard     *shard
	key       key
	merge     mergeKey
	req       *sipmsg.Request
	flow      transport.Flow
	replyPort uint16 // where responses go, at the flow's remote address
	invite    bool

	// Under shard.mu.
	tx    *serverTx // nil: the table holds no transaction
	ended error     // what a further response gets when the table holds none any more
}

// Request returns the request. It belongs to the caller of Core.Request's goroutine; the table does not read it after that.
func (s *Server) Request() *sipmsg.Request { return s.req }

// Flow returns the path on which the request came.
func (s *Server) Flow() transport.Flow { return s.flow }

func (s *Server) reply() transport.Flow {
	f := s.flow
	f.Remote = netip.AddrPortFrom(f.Remote.Addr(), s.replyPort)
	return f
}

// Notify sets who is told of CANCEL, ACK and the lack of it. Call it inside Core.Request; fn only posts. An INVITE outside of
// dialogs is answered with 100 by it: who calls it takes the request.
func (s *Server) Notify(fn func(ServerEvent)) {
	s.shard.mu.Lock()
	fresh := s.enter()
	if s.tx != nil {
		s.tx.notify = fn
	}
	s.shard.mu.Unlock()
	if fresh {
		s.trying()
	}
}

// enter makes the transaction, if there is none and there was none. The lock is held.
func (s *Server) enter() bool {
	if s.tx != nil || s.ended != nil {
		return false
	}
	t, sh := s.table, s.shard
	s.tx = &serverTx{
		table: t, shard: sh, key: s.key, merge: s.merge, reply: s.reply(),
		invite: s.invite, reliable: t.o.Reliable(s.flow),
	}
	if sh.servers[s.key] != nil { // made meanwhile under another Call-ID: only a forged branch does that
		s.tx.state = terminated
		return false
	}
	sh.servers[s.key] = s.tx
	t.merges.add(s.merge, s.key)
	t.live.Add(1)
	if !s.invite {
		sh.after(&s.tx.life, t.timers.long(), s.tx) // RFC 4320: after that nobody waits for an answer
	}
	return true
}

// trying tells the sender of an INVITE that it arrived, unless something better went out already.
func (s *Server) trying() {
	if !s.invite {
		return
	}
	p, err := s.table.pack(transport.NewResponse(s.req, 100, "Trying"))
	if err == nil {
		s.shard.mu.Lock()
		first := s.tx.state == proceeding && s.tx.last.empty()
		if first {
			s.tx.last = p
		}
		s.shard.mu.Unlock()
		if first {
			err = s.table.transmit(s.reply(), p)
		}
	}
	if err != nil {
		s.table.log.Debug("100 Trying not sent", "err", err)
	}
}

// Respond sends a response: provisionals, then one final. After a 2xx to INVITE the caller repeats it by Respond until its ACK
// came (RFC 3261 §13.3.1.4). The error is ErrFinal after a final response, ErrTerminated after the end of the transaction, or
// why sending failed; the response stays the last one then, and goes out again when the request is repeated.
func (s *Server) Respond(res *sipmsg.Response) error {
	t := s.table
	if t.stopped.Load() {
		return ErrStopped
	}
	room := texts.Get().(*text)
	defer texts.Put(room)
	p, err := t.packInto(room, res)
	if err != nil {
		return err
	}
	var out outbox
	s.shard.mu.Lock()
	err = s.respond(answer(res.StatusCode), p, &out)
	s.shard.mu.Unlock()
	if err == nil {
		err = t.transmit(s.reply(), p)
	}
	t.flush(&out)
	return err
}

// respond says by nil that p may go out. It copies what it keeps of p. The lock is held.
func (s *Server) respond(in serverStimulus, p packet, out *outbox) error {
	if s.tx == nil {
		if s.ended != nil {
			return s.ended
		}
		if s.leavesNothing(in) {
			s.ended = ErrTerminated
			return nil
		}
		if in >= success && s.table.keeps(s.invite, s.flow) {
			s.ended = ErrFinal
			s.shard.keep(keptAnswer{key: s.key, merge: s.merge, to: pathOf(s.reply())}, p.raw)
			s.table.merges.add(s.merge, s.key)
			return nil
		}
		s.enter()
	}
	tx := s.tx
	before := tx.state
	action := tx.apply(in, nil, out)
	switch {
	case action&sendNew == 0 && (before == terminated || tx.state == terminated):
		return ErrTerminated
	case action&sendNew == 0:
		return ErrFinal
	case tx.state == completed && tx.table.keeps(tx.invite, tx.reply):
		tx.retire(p)
	case tx.state != terminated:
		tx.last = p.own()
	}
	return nil
}

// leavesNothing says which first answers need no memory.
func (s *Server) leavesNothing(in serverStimulus) bool {
	return in == challenge || in == failure && !s.table.mayRepeat(s.reply())
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
