package transport

import (
	"math/rand/v2"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"
)

// shard parses, validates and hands on the messages of its Call-IDs, one at a time and in order.
type shard struct {
	layer *Layer
	box   *mailbox

	turn   sync.Mutex // held by whoever handles messages: runShard, or a reader while nothing waits before its message
	fields []field    // scratch of the parser
}

// runShard works until the mailbox is closed.
func (s *shard) runShard() {
	defer s.layer.work.Done()
	var spare []letter
	for range s.box.wake {
		s.turn.Lock()
		batch := s.box.take(spare)
		s.layer.answers.begin()
		for i := range batch {
			s.handle(&batch[i], s.late(&batch[i]))
			batch[i] = letter{}
		}
		s.layer.answers.end()
		s.turn.Unlock()
		spare = batch
	}
}

// handleNow handles a message on the reader's goroutine when nothing waits before it. It is false when the message must go
// through the mailbox.
func (s *shard) handleNow(m *letter) bool {
	if !s.turn.TryLock() {
		return false
	}
	defer s.turn.Unlock()
	if !s.box.empty() {
		return false
	}
	s.handle(m, false)
	return true
}

// late says whether a message waited too long to be worth the work.
func (s *shard) late(m *letter) bool {
	return !m.peek.urgent && s.layer.now().Sub(m.at) > s.layer.limits.MaxDelay
}

// handle deals with one message. A panic costs this message only.
func (s *shard) handle(m *letter, late bool) {
	defer s.layer.contain(m.flow)
	if late {
		s.shed(m)
		return
	}
	p := parse(m.text, s.layer.limits, s.fields)
	s.fields = p.scanned.fields
	if p.fault == nil && m.hangUp {
		p.fault = badRequest("stream message without Content-Length")
	}
	if p.fault != nil {
		s.refuse(m, &p.scanned, p.fault)
		return
	}
	p.msg.SetTransport(m.flow.Proto.Upper())
	if req, ok := p.msg.(*sipmsg.Request); ok {
		s.layer.count.Requests.Add(1)
		stamp(req.Via(), m.flow.Remote)
	} else {
		s.layer.count.Responses.Add(1)
	}
	s.layer.handler(p.msg, m.flow)
}

// refuse answers a faulty message, or stays silent, and says so in the log at most once a minute and source.
func (s *shard) refuse(m *letter, sc *scanned, fault *Fault) {
	s.layer.count.Malformed.Add(1)
	s.layer.complain(m.flow, fault.Why)
	s.answer(m, sc, fault)
	if m.hangUp {
		s.layer.hangUp(m.flow, fault)
	}
}

func (s *shard) answer(m *letter, sc *scanned, fault *Fault) {
	b, to, ok := refusal(sc, fault, m.flow, len(m.text))
	if !ok || !allowedDestination(to.Remote) {
		s.layer.count.Silent.Add(1)
		return
	}
	if s.layer.Write(to, b) == nil {
		s.layer.count.Refused.Add(1)
	}
}

// shed drops a new request that waited too long; an INVITE learns it by 503, which is cheaper than its retransmissions, and
// when to come again, not all at once.
func (s *shard) shed(m *letter) {
	s.layer.count.Overload.Add(1)
	if m.peek.method != string(sipmsg.INVITE) {
		return
	}
	sc := scan(m.text, s.layer.limits, s.fields)
	s.fields = sc.fields
	if sc.why == "" {
		s.answer(m, &sc, &Fault{Status: 503, Reason: "Service Unavailable", Why: "overload", Again: 5 + rand.IntN(5)})
	}
}
