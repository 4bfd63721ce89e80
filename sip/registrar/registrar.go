package registrar

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/transport"
)

// Options of a Registrar. Store is required; the zero value of every other field works.
type Options struct {
	Store    *location.Store
	Least    time.Duration // shorter registrations are refused with 423; 0 takes one minute
	Most     time.Duration // longer ones are shortened; 0 takes one hour
	Usual    time.Duration // what a phone gets that does not ask; 0 takes Most
	Contacts int           // bindings of one AOR; 0 takes 5
	Log      *slog.Logger  // nil discards
}

// Registrar answers REGISTER. Its methods may be called from any goroutine.
type Registrar struct {
	store  *location.Store
	limits limits
	log    *slog.Logger
	today  atomic.Pointer[dated]
}

// New makes a Registrar.
func New(o Options) *Registrar {
	r := &Registrar{store: o.Store, log: o.Log, limits: limits{o.Least, o.Most, o.Usual, o.Contacts}}
	l := &r.limits
	if l.least <= 0 {
		l.least = time.Minute
	}
	if l.most <= 0 {
		l.most = time.Hour
	}
	l.most = max(l.most, l.least)
	if l.usual <= 0 {
		l.usual = l.most
	}
	if l.contacts <= 0 {
		l.contacts = 5
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	return r
}

// Handle carries out one REGISTER of an authenticated owner that came over flow, and returns the answer to send.
func (r *Registrar) Handle(now time.Time, req *sipmsg.Request, owner Owner, flow transport.Flow) *sipmsg.Response {
	asked, no := read(req, maxValues)
	if no != nil {
		return refuse(req, no)
	}
	in := input{now: now, req: &asked, owner: owner, flow: flow, limits: r.limits}
	for range attempts {
		var v location.Version
		in.current, v = r.store.Get(owner.AOR, now)
		next, changed, no := decide(in)
		if no != nil {
			r.log.Debug("registration refused", "aor", owner.AOR, "status", no.status, "reason", no.reason)
			return refuse(req, no)
		}
		if !changed || r.store.Replace(owner.AOR, v, next) {
			return r.accept(now, req, &asked, next)
		}
	}
	return refuse(req, &refusal{503, "Registration Contended", [][2]string{{"Retry-After", "1"}}})
}

const (
	attempts  = 16 // decisions that others may overtake before we give up
	maxValues = 20 // Contact values in one request
)

func refuse(req *sipmsg.Request, no *refusal) *sipmsg.Response {
	res := transport.NewResponse(req, no.status, no.reason)
	for _, h := range no.header {
		res.AppendHeader(sipmsg.NewHeader(h[0], h[1]))
	}
	return res
}

// accept lists all current bindings, as §10.3 step 8 wants.
func (r *Registrar) accept(now time.Time, req *sipmsg.Request, asked *request, list []location.Binding) *sipmsg.Response {
	res := transport.NewResponse(req, 200, "OK")
	outbound := false
	for i := range list {
		b := &list[i]
		outbound = outbound || asked.outbound && b.RegID > 0 && b.Flow.Conn != 0
		res.AppendHeader(sipmsg.NewHeader("Contact", contactValue(now, b)))
	}
	if outbound { // RFC 5626 §6
		res.AppendHeader(sipmsg.NewHeader("Require", "outbound"))
	}
	for _, p := range asked.path { // RFC 3327 §5.3
		res.AppendHeader(sipmsg.NewHeader("Path", p))
	}
	res.AppendHeader(extensions)
	res.AppendHeader(r.date(now))
	return res
}

// extensions stands in every answer; nobody changes it.
var extensions = sipmsg.NewHeader("Supported", "path, outbound")

// dated is the Date header of one second.
type dated struct {
	second int64
	header sipmsg.Header
}

// date is the Date header, written once a second.
func (r *Registrar) date(now time.Time) sipmsg.Header {
	d := r.today.Load()
	if d == nil || d.second != now.Unix() {
		d = &dated{now.Unix(), sipmsg.NewHeader("Date", now.UTC().Format(http.TimeFormat))}
		r.today.Store(d)
	}
	return d.header
}

// contactValue writes a binding as a Contact value: the URI as given, its parameters, q and the seconds left.
func contactValue(now time.Time, b *location.Binding) string {
	var s strings.Builder
	s.Grow(len(b.Contact) + len(b.Params) + 24)
	s.WriteByte('<')
	s.WriteString(b.Contact)
	s.WriteByte('>')
	switch {
	case b.Params != "":
		s.WriteString(b.Params)
	case b.InstanceID != "": // after a restart
		s.WriteString(`;+sip.instance="` + b.InstanceID + `"`)
		if b.RegID > 0 {
			s.WriteString(";reg-id=" + strconv.Itoa(b.RegID))
		}
	}
	if b.Q < 1 {
		s.WriteString(";q=" + strconv.FormatFloat(b.Q, 'f', -1, 64))
	}
	left := max((b.Expires.Sub(now)+time.Second-1)/time.Second, 1)
	s.WriteString(";expires=")
	s.WriteString(strconv.FormatInt(int64(left), 10))
	return s.String()
}
