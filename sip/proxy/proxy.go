package proxy

import (
	"crypto/rand"
	"hash/maphash"
	"log/slog"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// Table is what of the transaction table is needed.
type Table interface {
	Send(req *sipmsg.Request, flow transport.Flow, notify func(transaction.ClientEvent)) (*transaction.Client, error)
}

// Server is what of a server transaction is needed (*transaction.Server).
type Server interface {
	Request() *sipmsg.Request
	Flow() transport.Flow
	Respond(res *sipmsg.Response) error
}

// Vias makes the Via of a request that leaves on a flow, without branch (transport.Layer).
type Vias interface {
	Via(f transport.Flow) *sipmsg.ViaHeader
}

// Directory knows our domains and who lives there. It reads an immutable snapshot and does not block.
type Directory interface {
	// Domain is the canonical domain of a host; false for one that is not ours.
	Domain(host string) (domain string, ours bool)
	// AccountOf is the account behind a URI of ours, by its name or its number; false where it is none.
	AccountOf(u sipmsg.Uri) (account string, ok bool)
	// Known tells whether an address of record exists, registered or not.
	Known(aor string) bool
	// Permits tells whether a sender may send a request of this method to aor. What it does not allow is refused.
	Permits(from Sender, method sipmsg.RequestMethod, aor string) bool
}

// Sender is who a request comes from, as authentication proved it.
type Sender struct {
	AOR     string
	Account string
	Context string
}

// Options of a Proxy. Table, Vias, Location and Directory are required.
type Options struct {
	Table     Table
	Vias      Vias
	Location  *location.Store
	Directory Directory
	Branches  int              // phones that one request is sent to at most; 0 takes 10
	Log       *slog.Logger     // nil discards
	Now       func() time.Time // nil takes time.Now
}

// Proxy forwards requests. Its methods may be called from any goroutine.
type Proxy struct {
	o         Options
	directory atomic.Pointer[Directory]
	seed      maphash.Seed
	secret    string // makes our loop tokens ours
}

// New makes a Proxy.
func New(o Options) *Proxy {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Branches <= 0 {
		o.Branches = 10
	}
	p := &Proxy{o: o, seed: maphash.MakeSeed(), secret: rand.Text()}
	p.Apply(o.Directory)
	return p
}

// Apply makes a new directory current; requests under way go on.
func (p *Proxy) Apply(d Directory) { p.directory.Store(&d) }

// Forward carries the request of s to where its Request-URI is registered, and answers s, at once or later. When no phone
// answers at all it stays silent, and s ends by itself (RFC 4320 §4.2).
func (p *Proxy) Forward(s Server, from Sender) {
	req := s.Request()
	dir := *p.directory.Load()
	if no := p.examine(req, dir); no != nil {
		p.refuse(s, no)
		return
	}
	bindings, no := p.resolve(req, dir, from)
	if no != nil {
		p.refuse(s, no)
		return
	}
	p.fork(s, bindings)
}

func (p *Proxy) refuse(s Server, no *refusal) {
	p.respond(s, transport.NewResponse(s.Request(), no.status, no.reason))
}

func (p *Proxy) respond(s Server, res *sipmsg.Response) {
	if err := s.Respond(res); err != nil {
		p.o.Log.Debug("response not sent", "status", res.StatusCode, "err", err)
	}
}
