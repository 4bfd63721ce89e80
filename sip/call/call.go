package call

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/rtp"
	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/store"
)

// State is where a call stands; see the diagram of the package.
type State uint8

// States of a call.
const (
	Setup   State = iota // the INVITE is being looked at
	Routing              // the script runs, nobody is joined
	Talking              // caller and somebody hear each other
	Held                 // one of them is on hold
	Ending               // end(cause) ran; the h extension may run
	Done                 // the CDR is written
)

var stateNames = [...]string{"setup", "routing", "talking", "held", "ending", "done"}

// String is the state's name.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "invalid"
}

// message is one thing for the loop: an input of a leg, an event of its media, or a verb of the script.
type message struct {
	p      *party
	in     leg.Input
	server *transaction.Server // of a leg.Request: what answers it
	media  *rtp.Event
	do     func()
}

// Call is one call: what a caller's leg lives through from INVITE to end. See the package comment for who may touch what.
type Call struct {
	m      *Manager
	id     string
	caller Caller        // like info, as it came in: it does not change
	parent string        // the call that this consult belongs to
	callee callee        // whom the switch was asked to call; it does not change
	info   dialplan.Info // as the script sees it
	box    mailbox

	ended    chan struct{} // closed by end: verbs return ErrEnded
	shown    atomic.Pointer[shown]
	lastStep atomic.Pointer[diag.Pos] // the script's

	// Owned by the loop.
	state   State
	cause   Cause
	row     store.Call
	limits  limits
	plan    *dialplan.Plan
	longest time.Duration // answered, as the limits said when it began
	a       *party
	parties []*party // all that have not finished their dialog, a included
	alarms  []*alarm
	clock   *time.Timer // rings for the earliest of them
	txs     leg.Tx

	script   bool    // the script is not over
	rested   *script // the same while it rests on a Dial
	stop     context.CancelFunc
	written  bool // the CDR
	answered bool
	status   int // that the caller's INVITE got, where the leg itself gave it
	limit    *alarm
	left     time.Duration // of the limit on calls that nobody answers, while the caller waits in a queue
	visits   int           // of queues, that the caller is in
	asked    bool          // the script tried to reach somebody: it is more than a feature code
	waiting  []func()      // verbs that wait for the caller's media

	playing   *playing
	music     *music
	digits    []byte // typed and not yet collected
	collects  *collecting
	dials     []*dialing
	bridge    *party         // who the caller talks with; talksWith sets it
	servedBy  string         // the same as Manager.serves keeps it
	joined    bool           // media of a and bridge are joined
	records   bool           // the script wants conversations recorded
	recording *rtp.Recording // of the conversation that runs
	farEnd    bool           // the last conversation was ended by the one called
	lost      Cause          // why the last conversation broke off, "" where somebody ended it
	said      reason         // what the far end said that ended the last conversation, the last Dial, or the call
	refusal   Cause          // what the end of the last Dial means for the caller, where said belongs to a refusal

	authority string                            // the context whose permissions count: the caller's, or of who handed her on
	redirect  atomic.Pointer[dialplan.Redirect] // where the script, which takes it, goes on after a transfer
}

// Snapshot is a call as others may see it.
type Snapshot struct {
	ID      string
	Parent  string // the call that a consult belongs to
	State   State
	Kind    store.CallKind
	Caller  Caller
	Dialled string
	Start   time.Time
	Answer  time.Time
	Legs    int
	With    string // account, agent or trunk that the caller talks with
	For     string // the customer whom the switch was asked to call, by her opaque id
	Callee  string // her name
}

// shown is what others may see of a call and what changes while it runs.
type shown struct {
	state  State
	kind   store.CallKind
	start  time.Time
	answer time.Time
	legs   int
	with   string
}

func (c *Call) now() time.Time { return c.m.o.Now() }

// log is made where it is needed: few calls have anything to say.
func (c *Call) log() *slog.Logger { return c.m.o.Log.With("call", c.id) }

// post hands a message to the loop; it never blocks.
func (c *Call) post(m message, urgent bool) bool {
	ok, wake := c.box.put(m, urgent)
	if wake {
		c.m.workers.give(c)
	}
	return ok
}

// must posts a message for which there is always a place.
func (c *Call) must(m message) {
	if c.box.must(m) {
		c.m.workers.give(c)
	}
}

// work is the call's loop: it takes turns until nothing waits, and lets go of the call when the CDR is written and every
// dialog had its last message. Mailbox.running sees to it that one goroutine at a time does so.
func (c *Call) work() {
	for !c.guard(c.turn) {
		c.setClock()
		if c.box.rest() {
			return // the call is somebody else's from here
		}
	}
	if c.clock != nil {
		c.clock.Stop()
	}
	for _, late := range c.box.close() {
		c.tooLate(&late)
	}
	c.m.forget(c)
}

// tooLate answers a request that came behind the end of its dialog (RFC 3261 §12.2.2): silence would make the far end repeat it.
func (c *Call) tooLate(m *message) {
	if m.server != nil {
		c.m.refuse(m.server, 481)
	}
}

// turn handles what waits, and what is due; true when the call is over.
func (c *Call) turn() bool {
	batch, overflow := c.box.take()
	if overflow {
		c.m.count.overflows.Add(1)
		c.guard(func() bool { c.end(MailboxFull, bySwitch); return false })
	}
	for i := range batch {
		c.guard(func() bool { c.handle(&batch[i]); return false })
	}
	c.box.giveBack(batch)
	c.ring()
	c.publish()
	return c.state == Done && len(c.parties) == 0 && !c.script
}

// guard runs f; a panic costs this call and no other.
func (c *Call) guard(f func() bool) (done bool) {
	defer func() {
		if r := recover(); r != nil {
			c.m.count.panics.Add(1)
			c.log().Error("panic in a call", "err", fmt.Sprint(r), "stack", string(debug.Stack()))
			done = c.afterPanic()
		}
	}()
	return f()
}

// afterPanic ends the call; when even that panics, what must not be lost is done by hand.
func (c *Call) afterPanic() (done bool) {
	defer func() {
		if r := recover(); r != nil {
			c.log().Error("panic while ending a call", "err", fmt.Sprint(r))
			c.abandon()
			done = true
		}
	}()
	if c.state >= Ending { // it happened on the end path itself
		c.abandon()
		return true
	}
	c.end(Panicked, bySwitch)
	return false
}

// handle does one message.
func (c *Call) handle(m *message) {
	switch {
	case m.do != nil:
		m.do()
	case m.media != nil:
		c.mediaEvent(m.p, *m.media)
	case m.p == nil || m.p.gone: // without a party: the clock, which only wakes
		c.tooLate(m)
	case m.server != nil:
		r := m.in.(leg.Request)
		c.txs++
		r.Tx = c.txs
		m.p.servers = append(m.p.servers, serverTx{tx: r.Tx, server: m.server})
		m.p.step(r)
	default:
		m.p.step(m.in)
	}
}

// begin takes the INVITE: the first message of the loop.
func (c *Call) begin(s *transaction.Server) {
	req := s.Request()
	c.row = c.firstRow(strings.Clone(string(*req.CallID())))
	c.record(store.Record{Call: c.copyRow()})
	c.event(c.startEvent())
	c.a.started()
	c.limitUnanswered(c.m.o.Limits.Unanswered)
	c.txs++
	c.a.servers = append(c.a.servers, serverTx{tx: c.txs, server: s})
	c.a.step(leg.Request{Tx: c.txs, Req: req})
}

// startEvent tells of the call's beginning; of the customer it tells the opaque id only.
func (c *Call) startEvent() store.Event {
	e := store.Event{Kind: store.CallStart, State: string(c.caller.Kind), Agent: c.caller.Agent}
	for key, id := range map[string]string{store.DataCustomer: c.caller.Claims.Customer, store.DataParent: c.parent} {
		if id == "" {
			continue
		}
		if e.Data == nil {
			e.Data = map[string]string{}
		}
		e.Data[key] = id
	}
	return e
}

// limitUnanswered ends the call after d unless it is answered before.
func (c *Call) limitUnanswered(d time.Duration) {
	c.limit.stop()
	c.limit = c.after(d, func() { c.end(NeverAnswer, bySwitch) })
}

// offered starts the script once the INVITE is known to be acceptable.
func (c *Call) offered() {
	if c.state != Setup {
		return
	}
	if why, ok := entry(c.plan, c.caller.Context, c.info.Dialled, c.now()); !ok {
		c.end(why, bySwitch)
		return
	}
	c.state = Routing
	c.startScript()
}

// entry checks that a call may begin where it wants to.
func entry(plan *dialplan.Plan, context, exten string, now time.Time) (Cause, bool) {
	switch {
	case context == "" || plan == nil || !plan.HasContext(context):
		return Forbidden, false
	case !plan.Accepts(context, exten, now):
		return Unallocated, false
	}
	return "", true
}

// publish swaps what others see.
func (c *Call) publish() {
	now := shown{state: c.state, kind: c.row.Kind, start: c.row.Start, answer: c.row.Answer, legs: len(c.parties)}
	if c.bridge != nil {
		now.with = c.bridge.name()
	}
	if was := c.shown.Load(); was == nil || *was != now {
		c.shown.Store(&now)
	}
}

// snapshot is the call as it was after its last turn; false before the first, and once it is over.
func (c *Call) snapshot() (Snapshot, bool) {
	s := c.shown.Load()
	if s == nil || s.state == Done {
		return Snapshot{}, false
	}
	return Snapshot{ID: c.id, Parent: c.parent, State: s.state, Kind: s.kind, Caller: c.caller, Dialled: c.info.Dialled,
		Start: s.start, Answer: s.answer, Legs: s.legs, With: s.with, For: c.callee.customer, Callee: c.callee.name}, true
}
