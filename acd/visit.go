package acd

import (
	"slices"
	"strconv"
	"time"

	"ringway/store"
)

// enter takes a caller into a queue, or turns her away with a result: closed, full, empty, restart.
func (s *State) enter(in Enter) {
	if in.Visit == "" || s.visits[in.Visit] != nil {
		s.ignored++
		return
	}
	q := s.named[in.Queue]
	v := &visit{id: in.Visit, call: in.Call, queue: q, caller: newCaller(in.Profile), byTransfer: in.ByTransfer, enter: s.now,
		claim: s.now.Add(-in.Profile.Priority), seq: s.timers.seq, explain: true, state: visitOver}
	if q == nil {
		v.queue = &queue{Queue: &Queue{Name: in.Queue}, removed: true}
	}
	v.serviceLevel, v.shortAbandon = v.queue.ServiceLevel, v.queue.ShortAbandon
	v.timer.fire = v
	state := ""
	if in.ByTransfer {
		state = "transfer"
	}
	s.event(store.Event{Kind: store.VisitEnter, Call: v.call, Visit: v.id, Queue: in.Queue, State: state, Data: v.queue.terms()})
	if refusal := s.refuses(q); refusal != "" {
		s.finishVisit(v, refusal)
		return
	}
	s.timers.seq++
	v.state, v.seq = visitWaiting, s.timers.seq
	s.visits[v.id] = v
	q.line = insert(q.line, v)
	if q.Announce.Every > 0 {
		v.announceAt = s.now.Add(q.Announce.Every)
	}
	s.saveVisit(v, "", time.Time{})
	s.await(v)
}

// refuses tells why a queue takes nobody now, "" where it does.
func (s *State) refuses(q *queue) store.VisitResult {
	switch {
	case s.closing != "":
		return s.closing
	case q == nil:
		return store.Closed
	case q.MaxLength > 0 && len(q.line) >= q.MaxLength:
		return store.Full
	case !q.JoinEmpty && q.joined.count() == 0:
		return store.Empty
	}
	return ""
}

// await puts a visit among the waiting, in the class of its step, to be matched at the end of this step.
func (s *State) await(v *visit) {
	v.state = visitWaiting
	s.classify(v)
	s.waiting = append(s.waiting, v)
	s.setVisitTimer(v)
}

// unawait takes a visit out of its class; it keeps its place in the line.
func (s *State) unawait(v *visit) {
	if v.class != nil {
		v.class.remove(v)
		v.class = nil
	}
}

// leave ends a visit, or the conversation of a connected one. A waiting caller's step can name any reason.
func (s *State) leave(in Leave) {
	v := s.visits[in.Visit]
	if v == nil {
		s.ignored++
		return
	}
	if v.state == visitConnected {
		s.endConversation(v.served, "")
		return
	}
	reason := in.Reason
	if reason == "" || reason == store.Connected {
		reason = store.Abandoned
	}
	s.dismiss(v, reason)
}

// dismiss ends a visit without an agent: offers in flight are cancelled, their agents keep their idle time.
func (s *State) dismiss(v *visit, result store.VisitResult) {
	for _, o := range slices.Clone(v.offers) {
		s.emit(CancelOffer{Visit: v.id, Offer: o.id, Reason: store.CallerLeft})
		s.finishOffer(o, store.CallerLeft, 0)
	}
	s.unawait(v)
	v.queue.line = withdraw(v.queue.line, v)
	delete(s.visits, v.id)
	s.timers.remove(&v.timer)
	s.finishVisit(v, result)
}

// dismissAll ends every visit that is not connected; no new one begins.
func (s *State) dismissAll(result store.VisitResult) {
	if result == "" || result == store.Connected {
		s.ignored++
		return
	}
	s.closing = result
	for _, q := range s.queues {
		for _, v := range slices.Clone(q.line) {
			s.dismiss(v, result)
		}
	}
}

func (s *State) finishVisit(v *visit, result store.VisitResult) {
	v.state = visitOver
	s.event(store.Event{Kind: store.VisitLeave, Call: v.call, Visit: v.id, Queue: v.queue.Name, State: string(result)})
	s.saveVisit(v, result, time.Time{})
	s.emit(Result{Visit: v.id, Result: result})
}

// saveVisit writes the row of a visit: open while result is empty.
func (s *State) saveVisit(v *visit, result store.VisitResult, end time.Time) {
	p := v.caller.profile
	row := store.Visit{ID: v.id, Call: v.call, Queue: v.queue.Name, ByTransfer: v.byTransfer, Language: p.Language, Region: p.Region,
		Zone: p.Zone, Priority: v.enter.Sub(v.claim), Enter: v.enter, Connect: v.connect, End: end, Result: result, Steps: v.step + 1,
		Offers: v.made, EndReason: v.left, ServiceLevel: v.serviceLevel, ShortAbandon: v.shortAbandon}
	if result != "" {
		row.Leave = s.now
	}
	if v.served != nil {
		row.Leave, row.Agent, row.Offer = v.connect, v.served.agent.id(), v.served.id
	}
	s.record(store.Record{Visit: &row})
}

// prioritise gives a waiting caller another head start; an offer in flight goes on.
func (s *State) prioritise(in Prioritise) {
	v := s.visits[in.Visit]
	if v == nil || v.state == visitConnected {
		s.ignored++
		return
	}
	v.queue.line = withdraw(v.queue.line, v)
	s.unawait(v)
	p := v.caller.profile
	p.Priority = in.Priority
	v.caller = newCaller(p)
	v.claim = v.enter.Add(-in.Priority)
	v.queue.line = insert(v.queue.line, v)
	s.saveVisit(v, "", time.Time{})
	if v.state == visitWaiting {
		s.await(v)
	}
}

// due does what a visit's clock asks for: time out, widen, announce, lift bans.
func (v *visit) due(s *State) {
	q := v.queue
	if q.MaxWait > 0 && !v.enter.Add(q.MaxWait).After(s.now) {
		s.dismiss(v, store.TimedOut)
		return
	}
	if n := len(v.bans); n > 0 {
		v.bans = slices.DeleteFunc(v.bans, func(b ban) bool { return !b.until.After(s.now) })
		if len(v.bans) < n && v.state == visitWaiting {
			s.waiting = append(s.waiting, v)
		}
	}
	s.widen(v)
	if !v.announceAt.IsZero() && !v.announceAt.After(s.now) {
		s.announce(v)
	}
	s.setVisitTimer(v)
}

// widen moves a visit to the last step that it has reached.
func (s *State) widen(v *visit) {
	step := v.queue.stepAt(s.now.Sub(v.enter))
	if step <= v.step {
		return
	}
	v.step, v.explain = step, true
	s.event(store.Event{Kind: store.VisitStep, Call: v.call, Visit: v.id, Queue: v.queue.Name, State: strconv.Itoa(step)})
	if v.state == visitWaiting {
		s.unawait(v)
		s.classify(v)
		s.waiting = append(s.waiting, v)
	}
}

// stepAt is the number of the last step reached after a wait.
func (q *Queue) stepAt(waited time.Duration) int {
	n := 0
	for i, st := range q.Steps {
		if st.After <= waited {
			n = i
		}
	}
	return n
}

// announce speaks to a caller who waits; while a phone rings for her the turn is skipped.
func (s *State) announce(v *visit) {
	every := v.queue.Announce.Every
	if every <= 0 {
		v.announceAt = time.Time{}
		return
	}
	for !v.announceAt.After(s.now) {
		v.announceAt = v.announceAt.Add(every)
	}
	if v.state != visitWaiting {
		return
	}
	a := Announce{Visit: v.id, File: v.queue.Announce.File}
	if v.queue.Announce.Position {
		a.Position = v.position()
	}
	s.emit(a)
}

// position is the place in the line, from 1.
func (v *visit) position() int {
	i, _ := slices.BinarySearchFunc(v.queue.line, v, compareVisits)
	return i + 1
}

func (s *State) setVisitTimer(v *visit) {
	q := v.queue
	next := v.announceAt
	if q.MaxWait > 0 {
		next = earliest(next, v.enter.Add(q.MaxWait))
	}
	if v.step+1 < len(q.Steps) {
		next = earliest(next, v.enter.Add(q.Steps[v.step+1].After))
	}
	for _, b := range v.bans {
		next = earliest(next, b.until)
	}
	s.timers.set(&v.timer, next)
}

// emptied makes the callers of a queue leave when the last agent has left and the queue says so. Whoever is being rung
// for may still be answered.
func (s *State) emptied(q *queue) {
	if !q.LeaveEmpty || q.removed || q.joined.count() > 0 {
		return
	}
	for _, v := range slices.Clone(q.line) {
		if v.state == visitWaiting {
			s.dismiss(v, store.Empty)
		}
	}
}

func (v *visit) banned(agent string, now time.Time) bool {
	return slices.ContainsFunc(v.bans, func(b ban) bool { return b.agent == agent && b.until.After(now) })
}

// terms are the queue's thresholds at the moment a visit begins: reports count it by them for ever, whatever is edited later.
func (q *queue) terms() map[string]string {
	if q.removed {
		return nil
	}
	return map[string]string{
		store.DataServiceLevel: strconv.FormatFloat(q.ServiceLevel.Seconds(), 'f', -1, 64),
		store.DataShortAbandon: strconv.FormatFloat(q.ShortAbandon.Seconds(), 'f', -1, 64),
	}
}
