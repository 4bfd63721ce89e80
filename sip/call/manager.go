package call

import (
	"context"
	"crypto/rand"
	"log/slog"
	mrand "math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/dialplan"
	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

// Manager makes calls and finds them again: the part of transaction.Core that is about dialogs.
type Manager struct {
	o       Options
	signal  Signaller
	workers *workers
	wg      sync.WaitGroup // calls, and connections being opened
	count   counters
	bound   atomic.Pointer[bound]

	mu       sync.RWMutex // guards what follows
	parties  map[string]*party
	calls    map[string]*Call
	phones   map[string]int     // dialogs on each account's phones
	placing  map[string]bool    // accounts whose phones a call is about to ring, which has no dialog yet
	sessions map[string]int     // calls of each app session
	served   map[string][]*Call // customers' calls by the agent, or the account of nobody, who has the caller
	closed   bool
}

type counters struct {
	setups, total, refused, overflows, panics, cdrs atomic.Int64
}

// Stats counts since New; Calls, Setups and Legs are now.
type Stats struct {
	Calls, Setups, Legs                        int
	Total, Refused, Overflows, Panics, Records int64
}

// New makes a manager; Use must follow before traffic.
func New(o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Recorder == nil {
		o.Recorder = nothing{}
	}
	if o.Agents == nil {
		o.Agents = nothing{}
	}
	if o.Trunks == nil {
		o.Trunks = nothing{}
	}
	o.Limits = o.Limits.withDefaults()
	m := &Manager{o: o, workers: newWorkers(), parties: make(map[string]*party), calls: make(map[string]*Call), phones: make(map[string]int),
		placing: make(map[string]bool), sessions: make(map[string]int), served: make(map[string][]*Call)}
	m.Bound(o.Limits.Calls, o.Limits.Duration)
	return m
}

// Use sets the transaction table, which is made after its Core.
func (m *Manager) Use(s Signaller) { m.signal = s }

// Request takes a request that belongs here: an INVITE, or anything inside a dialog. It returns false for what is others'
// business (REGISTER, MESSAGE, OPTIONS outside a dialog), unanswered.
func (m *Manager) Request(s *transaction.Server) bool {
	req := s.Request()
	tag := req.To().Params.GetOr("tag", "")
	if tag == "" {
		if req.Method != sipmsg.INVITE {
			return false
		}
		m.invite(s)
		return true
	}
	p := m.party(tag)
	if p == nil || p.callID != string(*req.CallID()) {
		if req.Method == sipmsg.REGISTER {
			return false
		}
		m.refuse(s, 481)
		return true
	}
	urgent := req.Method == sipmsg.BYE
	if !p.c.post(message{p: p, in: leg.Request{Req: req}, server: s}, urgent) {
		m.refuse(s, 503)
	}
	return true
}

// Ack takes an ACK to a 2xx; one without a dialog is dropped.
func (m *Manager) Ack(req *sipmsg.Request, _ transport.Flow) {
	if p := m.party(req.To().Params.GetOr("tag", "")); p != nil {
		p.c.post(message{p: p, in: leg.Ack{Req: req}}, true)
	}
}

// Response takes a 2xx to INVITE beyond the first: repeated, or from another branch of a fork.
func (m *Manager) Response(res *sipmsg.Response, _ transport.Flow) {
	if p := m.party(res.From().Params.GetOr("tag", "")); p != nil {
		p.c.post(message{p: p, in: leg.Response{Res: res}}, true)
	}
}

// invite takes an INVITE outside a dialog: cheapest reasons to refuse first.
func (m *Manager) invite(s *transaction.Server) {
	req := s.Request()
	if status := m.gate(); status != 0 {
		m.count.refused.Add(1)
		m.refuse(s, status, m.retryAfter())
		return
	}
	if status := loopStatus(req); status != 0 {
		m.refuse(s, status)
		return
	}
	caller, res := m.o.Gatekeeper.Admit(req, s.Flow())
	if res != nil {
		m.count.refused.Add(1)
		_ = s.Respond(res)
		return
	}
	if !m.enterSession(&caller) {
		m.count.refused.Add(1)
		m.refuse(s, 486)
		return
	}
	id := newID()
	c := m.newCall(id, caller, infoOf(id, req, caller), limitsOf(req))
	if c == nil {
		m.leaveSession(&caller)
		m.count.refused.Add(1)
		m.refuse(s, 503, m.retryAfter())
		return
	}
	c.parent = m.consulted(&caller)
	c.a = c.newCaller(s) // here, since a CANCEL may come as soon as we return
	c.post(message{do: func() { c.begin(s) }}, true)
	m.workers.give(c)
}

// gate is the overload gate: 0 lets the call in.
func (m *Manager) gate() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.closed || len(m.calls) >= m.bound.Load().calls || int(m.count.setups.Load()) >= m.o.Limits.Setups {
		return 503
	}
	return 0
}

// retryAfter spreads those we refused over half of the time again.
func (m *Manager) retryAfter() sipmsg.Header {
	s := int64(m.o.Limits.RetryAfter / time.Second)
	return sipmsg.NewHeader("Retry-After", strconv.FormatInt(max(s, 1)+mrand.Int64N(max(s/2, 1)), 10))
}

// refuse answers a request without a call.
func (m *Manager) refuse(s *transaction.Server, status int, headers ...sipmsg.Header) {
	res := leg.NewResponse(s.Request(), status, newTag())
	if m.o.Product != "" {
		res.AppendHeader(sipmsg.NewHeader("Server", m.o.Product))
	}
	for _, h := range headers {
		res.AppendHeader(h)
	}
	_ = s.Respond(res)
}

// newCall makes a call and enters it; nil when the manager is stopping, or others took the last place since the gate.
func (m *Manager) newCall(id string, caller Caller, info dialplan.Info, l limits) *Call {
	b := m.bound.Load()
	c := &Call{m: m, id: id, caller: caller, info: info, limits: l, authority: caller.Context, plan: m.o.Plan(), longest: b.duration,
		ended: make(chan struct{})}
	c.box.running = true // until who makes it has all that the loop needs
	// which hold no message
	c.caller.Number, c.caller.Name, c.caller.Exten = c.info.CallerNumber, c.info.CallerName, c.info.Dialled
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || len(m.calls) >= b.calls {
		return nil
	}
	m.calls[c.id] = c
	m.count.setups.Add(1)
	m.count.total.Add(1)
	m.wg.Add(1) // before Stop can wait
	return c
}

func (m *Manager) party(tag string) *party {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.parties[tag]
}

func (m *Manager) addParty(p *party) {
	m.mu.Lock()
	m.parties[p.tag] = p
	m.mu.Unlock()
}

func (m *Manager) dropParty(p *party) {
	m.mu.Lock()
	delete(m.parties, p.tag)
	m.mu.Unlock()
}

// forget lets go of a call whose loop ended.
func (m *Manager) forget(c *Call) {
	for _, p := range append([]*party(nil), c.parties...) {
		m.dropParty(p)
	}
	m.serves(c, "")
	m.mu.Lock()
	delete(m.calls, c.id)
	m.mu.Unlock()
	m.leaveSession(&c.caller)
	m.wg.Done()
}

// countPhone keeps how many dialogs we hold on an account's phones.
func (m *Manager) countPhone(account string, by int) {
	if account == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.phones[account] += by; m.phones[account] <= 0 {
		delete(m.phones, account)
	}
}

// dialogs is how many dialogs we hold on an account's phones.
func (m *Manager) dialogs(account string) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.phones[account]
}

// Calls lists the calls that are up, as they were after their last message. One whose record is written is over, though
// messages of its dialogs may still be due: an INVITE that nobody answers lingers for 64·T1.
func (m *Manager) Calls() []Snapshot {
	m.mu.RLock()
	defer m.mu.RUnlock()
	out := make([]Snapshot, 0, len(m.calls))
	for _, c := range m.calls {
		if s, ok := c.snapshot(); ok {
			out = append(out, s)
		}
	}
	return out
}

// Call is a call that is up, as it was after its last message; false when there is none of that id.
func (m *Manager) Call(id string) (Snapshot, bool) {
	m.mu.RLock()
	c := m.calls[id]
	m.mu.RUnlock()
	if c == nil {
		return Snapshot{}, false
	}
	return c.snapshot()
}

// End ends a call from outside; false when there is none of that id.
func (m *Manager) End(call string, cause Cause) bool {
	m.mu.RLock()
	c := m.calls[call]
	m.mu.RUnlock()
	if c == nil {
		return false
	}
	return c.post(message{do: func() { c.end(cause, bySwitch) }}, true)
}

// Stats returns the counters.
func (m *Manager) Stats() Stats {
	m.mu.RLock()
	s := Stats{Calls: len(m.calls), Legs: len(m.parties)}
	m.mu.RUnlock()
	s.Setups, s.Total, s.Refused = int(m.count.setups.Load()), m.count.total.Load(), m.count.refused.Load()
	s.Overflows, s.Panics, s.Records = m.count.overflows.Load(), m.count.panics.Load(), m.count.cdrs.Load()
	return s
}

// Stop refuses new calls, ends those that run, and returns when all goroutines are gone. When ctx ends first, dialogs
// that still wait for an answer to their BYE are dropped; every CDR is written in any case.
func (m *Manager) Stop(ctx context.Context) {
	m.mu.Lock()
	m.closed = true
	var all []*Call
	for _, c := range m.calls {
		all = append(all, c)
	}
	m.mu.Unlock()
	for _, c := range all {
		c.must(message{do: func() { c.end(ShuttingDown, bySwitch) }})
	}
	done := make(chan struct{})
	m.runWait(done)
	select {
	case <-done:
	case <-ctx.Done():
		for _, c := range all {
			c.must(message{do: c.drop})
		}
		<-done
	}
	m.workers.stop()
}

// runWait closes done when no call is left, and no connection being opened. It ends with Stop.
func (m *Manager) runWait(done chan struct{}) {
	go func() {
		m.wg.Wait()
		close(done)
	}()
}

func (m *Manager) legOptions(tag string, flow transport.Flow) leg.Options {
	return leg.Options{Tag: tag, Contact: m.o.Paths.Contact(flow, ""), Agent: m.o.Product, Session: mrand.Uint64() >> 33, Codecs: m.o.Codecs,
		TimerC: m.o.Limits.TimerC, Random: mrand.Int64N}
}

// newTag is a tag or Call-ID that nobody can guess: 80 bits.
func newTag() string { return strings.ToLower(rand.Text()[:16]) }

func itoa(n int) string { return strconv.Itoa(n) }

// nothing stands in for what a caller of New left out.
type nothing struct{}

func (nothing) Record(store.Record)                         {}
func (nothing) LegUp(AgentLeg)                              {}
func (nothing) LegHeld(AgentLeg, bool)                      {}
func (nothing) LegDown(AgentLeg)                            {}
func (nothing) Route(string, string, string) (Route, error) { return Route{}, errNoTrunk }
