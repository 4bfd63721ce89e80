package phone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/auth"
	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// Phone is one user agent. Its methods may be called from any goroutine; only Register, Unregister and Close wait, so
// these must not be called from a callback.
type Phone struct {
	o       Options
	login   *auth.Client
	layer   *transport.Layer
	table   *transaction.Table
	contact sipmsg.Uri // fixed at Open: the registration and every call show it
	box     mailbox
	wg      sync.WaitGroup
	once    sync.Once
	closing chan struct{}   // closed by Close: hang up and end
	patient context.Context // how long Close waits; set before closing is closed
	life    context.Context // of whoever opens a stream; ended by the loop when it leaves
	cut     context.CancelFunc

	// Owned by the loop.
	flow   transport.Flow
	lost   bool // the stream of flow ended
	reg    registration
	asked  []chan error // who waits for the registration under way
	legs   map[string]*Call
	due    time.Time // when the registration wants to be woken
	ending bool
	txs    leg.Tx // numbers of server transactions
}

// Open binds the phone's socket and starts it; nothing is registered yet. ctx bounds how long the connection to the
// server may take over TCP.
func Open(ctx context.Context, o Options) (*Phone, error) {
	o = o.withDefaults()
	if o.User == "" || o.Domain == "" || !o.Server.IsValid() {
		return nil, errors.New("a phone needs a server, a user and a domain")
	}
	p := &Phone{o: o, box: newMailbox(), closing: make(chan struct{}), legs: map[string]*Call{}}
	p.login = &auth.Client{Realm: o.Domain, User: o.AuthUser, Password: o.Password}
	p.table = transaction.New(transaction.Options{
		Send:  func(f transport.Flow, m sipmsg.Message) error { return p.layer.Send(f, m) },
		Write: func(f transport.Flow, b []byte) error { return p.layer.Write(f, b) },
		Via:   func(f transport.Flow) *sipmsg.ViaHeader { return p.layer.Via(f) },
		Core:  core{p}, Log: o.Log, Now: o.Now, Limits: transaction.Limits{Live: 4096, Lingering: 1024},
	})
	opened := make(chan struct{}) // nothing is handled before Open is done with p
	var err error
	p.layer, err = transport.Open(transport.Options{
		Listen:  []transport.Listener{{Proto: p.proto(), Addr: o.Local}},
		Handler: func(m sipmsg.Message, f transport.Flow) { <-opened; p.table.Receive(m, f) },
		Closed:  func(f transport.Flow, err error) { <-opened; p.table.Closed(f, err); p.streamLost(f) },
		Limits:  transport.Limits{Shards: 1, ReceiveBuffer: 256 << 10, Connections: 64, TrackedSources: 64},
		Log:     o.Log, Now: o.Now,
	})
	if err == nil {
		p.flow, err = p.layer.Connect(ctx, p.proto(), o.Server)
	}
	if err != nil {
		close(opened)
		p.shut()
		return nil, fmt.Errorf("phone %s: %w", p.AOR(), err)
	}
	p.life, p.cut = context.WithCancel(context.Background())
	p.contact = p.layer.Contact(p.flow, o.User)
	p.reg = newRegistration(o, p.contact)
	close(opened)
	p.wg.Add(1)
	go p.runLoop()
	return p, nil
}

func (p *Phone) proto() transport.Proto {
	if p.o.TCP {
		return transport.TCP
	}
	return transport.UDP
}

// AOR is the phone's address of record, as "sip:mei@example.org".
func (p *Phone) AOR() string { return "sip:" + p.o.User + "@" + p.o.Domain }

// Addr is where the phone listens.
func (p *Phone) Addr() netip.AddrPort { return p.layer.Addrs()[0].Addr }

// Close hangs up every call, takes the registration back, and returns when no goroutine of the phone is left. When ctx
// ends first, what still waits for an answer is dropped.
func (p *Phone) Close(ctx context.Context) {
	p.once.Do(func() {
		p.patient = ctx
		close(p.closing)
	})
	p.wg.Wait()
	p.shut()
}

// shut ends what stands below the loop.
func (p *Phone) shut() {
	if p.layer != nil {
		p.layer.Stop()
	}
	p.table.Stop()
}

// runLoop owns everything that changes: it does what is posted, and what is due.
func (p *Phone) runLoop() {
	defer p.wg.Done()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	closing := p.closing
	var patience <-chan struct{}
	for !p.ending || len(p.legs) > 0 || p.reg.busy() {
		timer.Reset(p.untilDue())
		select {
		case <-p.box.wake:
			for _, do := range p.box.take() {
				p.guard(do)
			}
		case <-timer.C:
			p.guard(p.ring)
		case <-closing:
			closing, patience = nil, p.patient.Done()
			p.guard(p.leave)
		case <-patience:
			p.guard(p.abandon)
		}
	}
	for _, do := range p.box.close() {
		p.guard(do) // everything says no now, and whoever waits is told
	}
	p.answerAsked(ErrClosed)
}

// guard does one thing of the loop. A panic costs that thing and not the program that has the phone.
func (p *Phone) guard(do func()) {
	defer func() {
		if r := recover(); r != nil {
			p.o.Log.Error("panic in a phone", "aor", p.AOR(), "err", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	do()
}

// untilDue is how long until the earliest timer of the registration or of a call.
func (p *Phone) untilDue() time.Duration {
	first := p.due
	for _, c := range p.legs {
		if !c.due.IsZero() && (first.IsZero() || c.due.Before(first)) {
			first = c.due
		}
	}
	if first.IsZero() {
		return time.Hour
	}
	return max(first.Sub(p.o.Now()), 0)
}

// ring does what is due.
func (p *Phone) ring() {
	now := p.o.Now()
	for _, c := range p.legs {
		if !c.due.IsZero() && !c.due.After(now) {
			c.due = time.Time{}
			c.step(leg.Tick{})
		}
	}
	if !p.due.IsZero() && !p.due.After(now) {
		p.due = time.Time{}
		p.register(regTick{})
	}
}

// leave is the beginning of the end: no new calls, goodbye to all.
func (p *Phone) leave() {
	p.ending = true
	p.cut()
	for _, c := range p.legs {
		c.step(leg.Hangup{Cause: leg.Cause{Status: 480}})
	}
	p.register(regLeave{})
}

// abandon drops what still waits for an answer.
func (p *Phone) abandon() {
	for _, c := range p.legs {
		c.finish(Event{Kind: Ended, Reason: "closed"})
	}
	p.reg.abandon()
}

// post puts work into the loop.
func (p *Phone) post(do func(), urgent bool) error { return p.box.put(do, urgent) }

// token is a tag or Call-ID that nobody can guess: 80 bits.
func token() string { return strings.ToLower(rand.Text()[:16]) }
