package edge

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/auth"
	"ringway/sip/call"
	"ringway/sip/location"
	"ringway/sip/proxy"
	"ringway/sip/registrar"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/sip/trunk"
	"ringway/store"
)

// Allow is what the switch understands, the truth for every Allow header.
const Allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REGISTER, MESSAGE"

// known are methods that exist but are not for us: 405 instead of 501 (RFC 3261 §8.2.1, §21.4.6, §21.5.2).
var known = map[sipmsg.RequestMethod]bool{
	sipmsg.SUBSCRIBE: true, sipmsg.NOTIFY: true, sipmsg.PUBLISH: true, sipmsg.CANCEL: true, sipmsg.BYE: true, sipmsg.INFO: true,
}

// Rules are the part of an Edge that a new configuration changes. They are immutable.
type Rules struct {
	Trunks     *trunk.Set
	Algorithms map[uint16][]auth.Algorithm        // challenges by listening port; others take the server's
	Shown      func(account string) Shown         // what others see of an account
	PersonOf   func(account string) string        // whose account it is; "" is nobody's
	Sessions   func(realm string) Session         // what an app session may have, by its domain
	Known      func(account string) bool          // whether an account exists
	Numbered   func(number string) (string, bool) // the only account that has a number
	Realm      string                             // domain of the accounts
	Static     map[string]netip.AddrPort          // where phones are that never register, by account; UDP
	Ours       func(host string) bool             // whether a host is a domain of accounts
}

// Session is what one app session may have at once. 0 calls is no bound, 0 contacts takes the registrar's.
type Session struct{ Calls, Contacts int }

// Shown is what others see of an account, and which figures its calls belong to.
type Shown struct {
	Name, Number string
	Kind         store.CallKind
}

// Options of an Edge. Auth, Registrar and Location are required.
type Options struct {
	Auth      *auth.Server
	Registrar *registrar.Registrar
	Location  *location.Store
	Product   string // value of Server
	// Verified hears of every address that has proven to receive what we send it; Registered of every REGISTER that left
	// its AOR with a binding, refreshes included. They only post; nil: nobody listens.
	Verified   func(netip.AddrPort)
	Registered func(aor string)
	Log        *slog.Logger
	Now        func() time.Time
}

// Edge is transport's Handler, transaction.Core, call.Gatekeeper, call.Phones, call.Trunks and proxy.Directory.
type Edge struct {
	o      Options
	server sipmsg.Header // of every response of ours; nobody changes it
	parts  atomic.Pointer[Parts]
	rules  atomic.Pointer[Rules]
}

// Parts are what is made after the Edge, which they need themselves.
type Parts struct {
	Calls   *call.Manager
	Table   *transaction.Table
	Paths   *transport.Layer
	Forward *proxy.Proxy
}

// New makes an Edge; Use and Apply must follow before traffic.
func New(o Options) *Edge {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Verified == nil {
		o.Verified = func(netip.AddrPort) {}
	}
	if o.Registered == nil {
		o.Registered = func(string) {}
	}
	e := &Edge{o: o}
	if o.Product != "" {
		e.server = sipmsg.NewHeader("Server", o.Product)
	}
	return e
}

// Use completes the Edge: from here on it takes messages.
func (e *Edge) Use(p Parts) { e.parts.Store(&p) }

// Apply makes r the rules for requests from now on.
func (e *Edge) Apply(r *Rules) { e.rules.Store(r) }

// Receive takes a message from the transport. Before Use and Apply there is nobody to take it: its sender repeats it.
func (e *Edge) Receive(msg sipmsg.Message, flow transport.Flow) {
	if p := e.parts.Load(); p != nil && e.rules.Load() != nil {
		p.Table.Receive(msg, flow)
	}
}

// Closed is told of a connection that ended.
func (e *Edge) Closed(flow transport.Flow, err error) {
	if p := e.parts.Load(); p != nil {
		p.Table.Closed(flow, err)
	}
}

// Ack is told of an ACK to a 2xx.
func (e *Edge) Ack(req *sipmsg.Request, flow transport.Flow) { e.parts.Load().Calls.Ack(req, flow) }

// Response is told of a 2xx to INVITE beyond the first.
func (e *Edge) Response(res *sipmsg.Response, flow transport.Flow) {
	e.parts.Load().Calls.Response(res, flow)
}

// Request sends a new request to where it belongs.
func (e *Edge) Request(s *transaction.Server) {
	if e.parts.Load().Calls.Request(s) {
		return
	}
	req := s.Request()
	if refused := unsupported(req); refused != "" {
		e.answer(s, 420, "Bad Extension", sipmsg.NewHeader("Unsupported", refused))
		return
	}
	switch {
	case req.Method == sipmsg.REGISTER:
		e.register(s)
	case req.Method == sipmsg.OPTIONS && req.Recipient.User == "":
		e.options(s)
	case req.Method == sipmsg.MESSAGE || req.Method == sipmsg.OPTIONS:
		e.forward(s)
	case known[req.Method]:
		e.answer(s, 405, "Method Not Allowed", sipmsg.NewHeader("Allow", Allow))
	default:
		e.answer(s, 501, "Not Implemented", sipmsg.NewHeader("Allow", Allow))
	}
}

// unsupported lists what a request outside of calls requires; the registrar knows its own extensions.
func unsupported(req *sipmsg.Request) string {
	if req.Method == sipmsg.REGISTER {
		return ""
	}
	var tags []string
	for _, name := range []string{"Require", "Proxy-Require"} {
		for _, h := range req.GetHeaders(name) {
			tags = append(tags, h.Value())
		}
	}
	return strings.Join(tags, ", ")
}

func (e *Edge) answer(s *transaction.Server, status int, reason string, headers ...sipmsg.Header) {
	res := transport.NewResponse(s.Request(), status, reason)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	e.send(s, res)
}

func (e *Edge) send(s *transaction.Server, res *sipmsg.Response) {
	if e.server != nil {
		res.AppendHeader(e.server)
	}
	if err := s.Respond(res); err != nil {
		e.o.Log.Debug("response not sent", "status", res.StatusCode, "err", err)
	}
}

// options answers for the switch itself (RFC 3261 §11.2).
func (e *Edge) options(s *transaction.Server) {
	e.answer(s, 200, "OK",
		sipmsg.NewHeader("Allow", Allow),
		sipmsg.NewHeader("Accept", "application/sdp"),
		sipmsg.NewHeader("Accept-Encoding", "identity"),
		sipmsg.NewHeader("Accept-Language", "en"),
		sipmsg.NewHeader("Supported", "path, outbound"))
}

// check asks auth who sent s; nil means that s is answered.
func (e *Edge) check(s *transaction.Server) *auth.Identity {
	v := e.o.Auth.Check(s.Request(), e.peer(s.Flow()))
	switch {
	case v.Identity != nil:
		e.o.Verified(s.Flow().Remote)
		return v.Identity
	case v.Response != nil:
		e.send(s, v.Response)
	default:
		e.answer(s, 403, "Forbidden") // silence would only make the far end repeat
	}
	return nil
}

func (e *Edge) peer(f transport.Flow) auth.Peer {
	return auth.Peer{Source: f.Remote.Addr(), Algorithms: e.rules.Load().Algorithms[f.Local.Port()]}
}

func (e *Edge) register(s *transaction.Server) {
	id := e.check(s)
	switch {
	case id == nil:
	case id.AOR == "":
		e.answer(s, 403, "Forbidden") // a carrier has no address of record here
	default:
		owner := registrar.Owner{AOR: id.AOR, Session: id.Session, Credential: id.Expires}
		if id.Kind == auth.KindApp {
			owner.Contacts = e.rules.Load().Sessions(id.Realm).Contacts
		}
		now := e.o.Now()
		res := e.o.Registrar.Handle(now, s.Request(), owner, s.Flow())
		e.send(s, res)
		if res.StatusCode == 200 && e.o.Location.Registered(id.AOR, now) {
			e.o.Registered(id.AOR)
		}
	}
}

func (e *Edge) forward(s *transaction.Server) {
	if id := e.check(s); id != nil {
		e.parts.Load().Forward.Forward(s, proxy.Sender{AOR: id.AOR, Account: id.Account, Context: id.Context})
	}
}
