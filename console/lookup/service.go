package lookup

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"ringway/console/fault"
	"ringway/console/outbound"
)

// State of a look-up, as it stands on the card.
type State string

// States.
const (
	Off     State = "off" // nothing is configured, or the caller has no customer id
	Pending State = "pending"
	OK      State = "ok"
	Failed  State = "failed"
)

// Result is how far the look-up for one call has come.
type Result struct {
	State  State
	Record *Record // when OK; it is not to be changed
	Why    string  // when Failed: in words, for the log and the desk
}

// Settings of the look-up; they are replaced as a whole.
type Settings struct {
	Address      *Template         // nil: off
	Source       string            // the template as written: the cache is for this one only
	Headers      map[string]string // sent with each question: they hold secrets
	Timeout      time.Duration     // of one question
	Cache        time.Duration     // how long an answer is good
	AllowPrivate bool
}

// Options of a Service.
type Options struct {
	Deliver func(call string) // says that Result has something new for a call; it only posts; nil: nobody
	Now     func() time.Time
	Log     *slog.Logger
}

// Bounds of a Service.
const (
	atOnce     = 16      // questions under way
	inLine     = 256     // questions that wait for one of these
	maxResults = 10_000  // calls whose results are kept
	cacheBytes = 8 << 20 // of answers
)

// Service looks customers up. Its methods return at once, and may be called from any goroutine.
type Service struct {
	o Options

	mu      sync.Mutex // guards what follows
	s       Settings
	client  *http.Client
	cache   *cache
	breaker breaker
	asked   map[string]*question // by address
	line    []*question          // waiting for room
	running int
	results map[string]*held  // by call
	counts  map[string]uint64 // look-ups by what they came to
	closed  bool

	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup
}

// question is one request, for all calls that want to know the same.
type question struct {
	addr, customer string
	calls          []string
	settings       Settings // in force when it was asked
	client         *http.Client
}

// held is a call's result.
type held struct {
	Result
	customer string
}

// New makes a service without settings: all is off until Apply.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Deliver == nil {
		o.Deliver = func(string) {}
	}
	s := &Service{o: o, cache: newCache(cacheBytes), asked: map[string]*question{}, results: map[string]*held{},
		counts: map[string]uint64{string(OK): 0, string(Failed): 0, "cached": 0, "spared": 0}}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Apply takes new settings. Questions that are under way end as they began; what another address said is forgotten.
func (s *Service) Apply(n Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		s.client.CloseIdleConnections()
	}
	if n.Source != s.s.Source {
		s.cache = newCache(cacheBytes)
	}
	s.s, s.breaker, s.client = n, breaker{}, nil
	if n.Address != nil {
		s.client = outbound.NewClient(outbound.Options{AllowPrivate: n.AllowPrivate, Conns: atOnce})
	}
}

// Close ends all questions.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.line = nil
	client := s.client
	s.mu.Unlock()
	s.stop()
	s.wg.Wait()
	if client != nil {
		client.CloseIdleConnections()
	}
}

// Start looks up the customer of a call. Asked twice for a call that it knows it does nothing.
func (s *Service) Start(q Query) {
	s.mu.Lock()
	state := s.begin(q)
	s.mu.Unlock()
	if state != "" {
		s.o.Deliver(q.Call)
	}
}

// begin answers what can be answered at once, and asks for the rest. It returns the state that the call has come to.
func (s *Service) begin(q Query) State {
	if s.closed || s.s.Address == nil || q.Customer == "" || s.results[q.Call] != nil || len(s.results) >= maxResults {
		return ""
	}
	h := &held{customer: q.Customer, Result: Result{State: Pending}}
	s.results[q.Call] = h
	now := s.o.Now()
	addr, ok := s.s.Address.URL(&q)
	if !ok {
		h.Result = Result{State: Failed, Why: "the customer's id can't stand in an address"}
		return Failed
	}
	if r, known := s.cache.get(addr, now); known {
		h.Result = Result{State: OK, Record: r}
		s.counts["cached"]++
		return OK
	}
	if a := s.asked[addr]; a != nil {
		a.calls = append(a.calls, q.Call)
		return Pending
	}
	switch {
	case s.running >= atOnce && len(s.line) >= inLine:
		h.Result = Result{State: Failed, Why: "too many look-ups at once"}
		s.counts["spared"]++
		return Failed
	case !s.breaker.admits(now):
		h.Result = Result{State: Failed, Why: "the system that is asked does not answer"}
		s.counts["spared"]++
		return Failed
	}
	a := &question{addr: addr, customer: q.Customer, calls: []string{q.Call}, settings: s.s, client: s.client}
	s.asked[addr] = a
	if s.running < atOnce {
		s.running++
		s.wg.Add(1)
		go s.runQuestions(a)
	} else {
		s.line = append(s.line, a)
	}
	return Pending
}

// runQuestions asks one question after the other, while any waits.
func (s *Service) runQuestions(a *question) {
	defer s.wg.Done()
	for a != nil {
		r, err := s.askSafely(a)
		var told []string
		told, a = s.answered(a, r, err)
		for _, call := range told {
			fault.Contain(s.o.Log, "a customer look-up's answer", func() { s.o.Deliver(call) }) //nolint:errcheck // it is logged
		}
	}
}

// askSafely asks. A fault in reading what a system of others answered costs the look-up, not the switch.
func (s *Service) askSafely(a *question) (r *Record, err error) {
	if broke := fault.Contain(s.o.Log, "a customer look-up", func() { r, err = ask(s.ctx, a) }); broke != nil {
		return nil, broke
	}
	return r, err
}

// answered keeps an answer; it returns the calls that it is for, and the next question.
func (s *Service) answered(a *question, r *Record, err error) (calls []string, next *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Now()
	res := Result{State: OK, Record: r}
	if err != nil {
		res = Result{State: Failed, Why: reason(err)}
	}
	s.counts[string(res.State)]++
	if s.asked[a.addr] == a {
		delete(s.asked, a.addr)
	}
	for _, call := range a.calls {
		if h := s.results[call]; h != nil && h.State == Pending {
			h.Result = res
			calls = append(calls, call)
		}
	}
	if a.client == s.client { // else the settings are new, and this tells nothing about them
		if err == nil && a.customer != "" && s.s.Cache > 0 {
			s.cache.put(&answer{addr: a.addr, customer: a.customer, record: r, until: now.Add(s.s.Cache)})
		}
		if s.breaker.tell(err == nil, now) {
			s.o.Log.Warn("customer look-up: the system's state changed", "answers", err == nil, "err", res.Why)
		}
	}
	if len(s.line) > 0 {
		next, s.line = s.line[0], s.line[1:]
	} else {
		s.running--
	}
	return calls, next
}

// Counts are the questions by what they came to, and the look-ups that the cache answered or that were spared because the
// system does not answer, since New.
func (s *Service) Counts() map[string]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.counts)
}

// Result is how far the look-up for a call has come.
func (s *Service) Result(call string) Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.results[call]; h != nil {
		return h.Result
	}
	return Result{State: Off}
}

// End forgets a call that is over.
func (s *Service) End(call string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.results, call)
}

// Keep forgets all calls but those for which up is true.
func (s *Service) Keep(up func(call string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for call := range s.results {
		if !up(call) {
			delete(s.results, call)
		}
	}
}

// Forget drops what is known of a customer, on cards of calls that are up too.
func (s *Service) Forget(customer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache.forget(customer)
	for _, a := range s.asked {
		if a.customer == customer {
			a.customer, a.calls = "", nil
			delete(s.asked, a.addr)
		}
	}
	for _, h := range s.results {
		if h.customer == customer {
			h.Result = Result{State: Off}
		}
	}
}
