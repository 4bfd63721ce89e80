package acd

import (
	"slices"
	"time"

	"ringway/store"
)

// State is everything the router knows. It belongs to one goroutine; make it with NewState and change it by Step alone.
type State struct {
	now     time.Time
	spec    *Spec
	seed    uint64
	closing store.VisitResult // what everybody who enters gets, "" while the queues are open
	ignored uint64            // inputs that named nothing we know: counted, never an error

	agents []*agent // sorted by id; the index is the bit in all sets
	byID   map[string]*agent
	queues []*queue // sorted by name
	named  map[string]*queue
	visits map[string]*visit // waiting, offered, connected
	offers map[string]*offer // reserved, ringing, connected
	legs   map[string]*leg
	phones map[string]bool   // accounts that can be rung
	desks  map[string]*agent // hot desks by account

	everyone bitset                       // of people in the specification
	buckets  map[store.AgentBucket]bitset // agents by state
	free     bitset                       // available and not resting
	onShift  bitset                       // kept only where shifts matter
	offsets  []zoneOffset                 // of the zones of people, while they hold
	terms    map[termKey]bitset           // decided terms
	eval     *evaluator
	timers   timers
	clock    timer // edges of shifts and quarters of an hour, where expressions depend on them
	woken    time.Time

	// Work of the running step.
	out      []Output
	freed    []*agent
	waiting  []*visit
	touched  []*agent
	scratch  scratch
	deciding *visit // whose decision is under way: after a panic, the one to take out
}

// agent is one person at work. Its facts are changed by the stimuli; bucket, reason and since only by settle.
type agent struct {
	person  *Person
	index   int
	removed bool // no longer in the specification

	// Facts.
	joined      []*queue // sorted by name
	paused      bool
	pauseReason string
	noReply     bool // let a call ring
	lost        bool // an offer could not reach her, and her phone has not registered since
	desk        string
	legs        []*leg
	offer       *offer    // reserved, ringing or connected
	page        bool      // a desk of hers is open in a browser
	pageReady   bool      // she became ready there
	pageUntil   time.Time // when that ends, no desk being open
	wrap        wrapUp
	disposal    disposal // of the call that she has or had last
	restUntil   time.Time
	dyingUntil  time.Time // dialogs of the last call may still be up
	declines    int       // running
	figures     figures

	// Derived, by settle.
	bucket    store.AgentBucket
	reason    string
	since     time.Time
	idleSince time.Time
	keepIdle  bool // the next time she becomes available, idle time goes on
	dirty     bool
	timer     timer
}

// wrapUp is the work after a call. It runs while until lies ahead.
type wrapUp struct {
	until, since time.Time
	queue, call  string        // call is "" where a restart came between an offer and its answer
	extended     time.Duration // in all
}

// disposal is what an agent said a call was about.
type disposal struct{ call, code, sub string }

// figures are what some strategies count: since midnight of her home zone.
type figures struct {
	day   int
	calls int
	talk  time.Duration
}

// leg is one dialog on a phone of an agent.
type leg struct {
	id, call string
	agent    *agent
	queue    string // of a transferred queue call
	up       time.Time
	held     bool
	heldAt   time.Time     // since when, while held
	heldFor  time.Duration // before that
	spent    bool          // its conversation is over: it is dying and makes nobody busy
}

// queue is one queue at work.
type queue struct {
	*Queue
	removed   bool
	members   bitset
	joined    bitset
	line      []*visit // waiting and offered, in the order of their claims
	timed     bool     // some step depends on the time
	classes   map[string]*class
	active    []*class // those with waiting callers
	last      string   // the agent chosen last: round robin
	lastIndex int      // her place, or where it would be; −1 before the first
}

// visitState is where a visit stands.
type visitState uint8

const (
	visitWaiting visitState = iota
	visitOffered
	visitConnected
	visitOver
)

// visit is one stay in a queue:
//
//	waiting ⇄ offered → connected → over          waiting and offered → over (left without an agent)
type visit struct {
	id, call   string
	queue      *queue
	caller     *caller
	byTransfer bool
	state      visitState
	enter      time.Time
	claim      time.Time // enter − head start: the earlier, the larger wait + head start
	seq        uint64    // order of arrival, for equal claims
	step       int
	class      *class // while waiting
	explain    bool   // a decision without an agent is recorded
	decisions  int
	made       int
	offers     []*offer // live
	bans       []ban
	announceAt time.Time
	connect    time.Time
	served     *offer
	left       string // why its conversation ended, where the caller went on
	timer      timer

	serviceLevel, shortAbandon time.Duration // the queue's when it began
}

// ban keeps an agent who declined a caller from being offered that caller again.
type ban struct {
	agent string
	until time.Time
}

// offerState is where an offer stands.
type offerState uint8

const (
	offerReserved offerState = iota
	offerRinging
	offerConnected
	offerOver
)

// offer is one reservation of one agent for one visit:
//
//	reserved → ringing → connected → over         reserved and ringing → over (every other outcome)
type offer struct {
	id       string
	visit    *visit
	agent    *agent
	queue    *queue
	state    offerState
	start    time.Time
	ringing  time.Time
	connect  time.Time
	deadline time.Time // zero once connected and a dialog was seen
	seen     bool      // a dialog of this call was up
	preview  bool      // her phone rings after she accepted
	shown    bool      // her desk showed the card
	accepted bool      // she accepted at her desk
	timer    timer
}

// NewState makes an empty state; the seed drives the strategy random.
func NewState(seed uint64) *State {
	s := &State{seed: seed, spec: &Spec{}, byID: map[string]*agent{}, named: map[string]*queue{}, visits: map[string]*visit{},
		offers: map[string]*offer{}, legs: map[string]*leg{}, phones: map[string]bool{}, desks: map[string]*agent{},
		buckets: map[store.AgentBucket]bitset{}, terms: map[termKey]bitset{}, eval: newEvaluator()}
	s.spec.index()
	s.clock.fire = clockDue{}
	return s
}

// Ignored counts inputs that named no visit, offer, leg or agent that is known: late or repeated, and harmless.
func (s *State) Ignored() uint64 { return s.ignored }

// Now is the time of the last step.
func (s *State) Now() time.Time { return s.now }

func (s *State) emit(o Output) { s.out = append(s.out, o) }

func (s *State) record(r store.Record) { s.emit(Record{r}) }

func (s *State) event(e store.Event) {
	if e.At.IsZero() {
		e.At = s.now
	}
	s.record(store.Record{Event: &e})
}

// agentOf finds who is meant by an agent's id or an account: the hot desk's user comes before the owner.
func (s *State) agentOf(id, account string) *agent {
	if id != "" {
		return s.byID[id]
	}
	if a := s.desks[account]; a != nil {
		return a
	}
	if p := s.spec.PersonOf(account); p != nil {
		return s.byID[p.ID]
	}
	return nil
}

func (a *agent) id() string { return a.person.ID }

func (a *agent) serves(q *queue) bool { return slices.Contains(a.joined, q) }

// before orders visits by wait + head start, the largest first.
func (v *visit) before(w *visit) bool {
	if c := v.claim.Compare(w.claim); c != 0 {
		return c < 0
	}
	return v.seq < w.seq
}

func compareVisits(v, w *visit) int {
	switch {
	case v == w:
		return 0
	case v.before(w):
		return -1
	}
	return 1
}

// insert and withdraw keep a slice of visits in order.
func insert(line []*visit, v *visit) []*visit {
	i, _ := slices.BinarySearchFunc(line, v, compareVisits)
	return slices.Insert(line, i, v)
}

func withdraw(line []*visit, v *visit) []*visit {
	if i, ok := slices.BinarySearchFunc(line, v, compareVisits); ok {
		return slices.Delete(line, i, i+1)
	}
	return line
}
