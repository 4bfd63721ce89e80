package phone

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

var errSilence = errors.New("no answer")

// registration is one binding at the registrar as a pure state machine (RFC 3261 §10.2):
//
//	           ask                    2xx: until shortly before it expires
//	  idle ─────────▶ trying ─────────────────────────────────────▶ bound
//	   ▲               │  ▲ │ 401, 407: again with credentials        │ refresh due, stream lost
//	   │ refused,      │  │ │ 423: again with Min-Expires             │
//	   │ never bound   │  │ └─▶ trying                                │
//	   └───────────────┘  │                                           │
//	                      ├───────────────────────────────────────────┘
//	                      │ failed after it was bound once: waiting 2, 4 … 60 s, then again
//	leave: from anywhere ─▶ leaving ── any final answer or none ──▶ idle
type registration struct {
	domain, user, name, agent string
	contact                   sipmsg.Uri
	asked                     time.Duration // life to ask for; raised by 423
	callID, tag               string

	state  regState
	wanted bool // it was bound once and nobody took it back
	seq    uint32
	tries  int // answers to challenges and 423 of this attempt
	fails  int // attempts in vain since it was bound
	out    []regOutput
}

// regState is where a registration stands.
type regState uint8

const (
	regIdle regState = iota
	regTrying
	regBound
	regWaiting
	regLeaving
)

var regStateNames = [...]string{"idle", "trying", "bound", "waiting", "leaving"}

// String is the state's name.
func (s regState) String() string {
	if int(s) < len(regStateNames) {
		return regStateNames[s]
	}
	return "invalid"
}

// regInput is one stimulus: a wish, an answer, or the passing of time.
type regInput interface{ regInput() }

type (
	regAsk      struct{}
	regLeave    struct{}
	regTick     struct{}
	regLost     struct{} // the stream that the registrar knows us by is gone
	regResponse struct {
		req       *sipmsg.Request
		res       *sipmsg.Response
		authorize func(*sipmsg.Request, *sipmsg.Response) (sipmsg.Header, error)
	}
	regFailed struct {
		seq uint32
		err error
	}
)

func (regAsk) regInput()      {}
func (regLeave) regInput()    {}
func (regTick) regInput()     {}
func (regLost) regInput()     {}
func (regResponse) regInput() {}
func (regFailed) regInput()   {}

// regOutput is one thing to do.
type regOutput interface{ regOutput() }

type (
	regSend struct{ req *sipmsg.Request }
	regWake struct{ at time.Time } // replaces the last one; zero takes it back
	regDone struct{ err error }    // the outcome of a wish, or of a refresh
)

func (regSend) regOutput() {}
func (regWake) regOutput() {}
func (regDone) regOutput() {}

func newRegistration(o Options, contact sipmsg.Uri) registration {
	return registration{domain: o.Domain, user: o.User, name: o.Name, agent: o.Agent, contact: contact, asked: o.Expires,
		callID: token(), tag: token()}
}

// busy says whether an answer is awaited.
func (r *registration) busy() bool { return r.state == regTrying || r.state == regLeaving }

// abandon gives up whatever is under way.
func (r *registration) abandon() { r.state, r.wanted = regIdle, false }

// step takes one input. What it returns is valid until the next step.
func (r *registration) step(now time.Time, in regInput) []regOutput {
	r.out = r.out[:0]
	switch in := in.(type) {
	case regAsk:
		r.ask()
	case regLeave:
		r.leave()
	case regTick:
		if r.state == regBound || r.state == regWaiting {
			r.attempt(regTrying)
		}
	case regLost:
		if r.state == regBound {
			r.attempt(regTrying)
		}
	case regResponse:
		r.response(now, in)
	case regFailed:
		if r.busy() && in.seq == r.seq {
			r.failed(now, in.err)
		}
	}
	return r.out
}

func (r *registration) emit(o regOutput) { r.out = append(r.out, o) }

// ask wants a binding; one under way answers this wish too.
func (r *registration) ask() {
	if r.state != regTrying {
		r.attempt(regTrying)
	}
}

// leave wants no binding; without one there is nothing to take back.
func (r *registration) leave() {
	r.wanted = false
	r.emit(regWake{})
	switch r.state {
	case regIdle:
		r.emit(regDone{})
	case regLeaving:
	default:
		r.attempt(regLeaving)
	}
}

// attempt begins a REGISTER transaction without credentials: the registrar's nonce may be old.
func (r *registration) attempt(s regState) {
	r.state, r.tries = s, 0
	r.emit(regWake{})
	r.send(nil)
}

// send builds the next REGISTER: the same Call-ID, a rising CSeq (§10.2.4).
func (r *registration) send(credentials sipmsg.Header) {
	r.seq++
	aor := sipmsg.Uri{Scheme: "sip", User: r.user, Host: r.domain}
	req := sipmsg.NewRequest(sipmsg.REGISTER, sipmsg.Uri{Scheme: "sip", Host: r.domain})
	from := &sipmsg.FromHeader{DisplayName: r.name, Address: aor}
	from.Params.Add("tag", r.tag)
	id, forwards := sipmsg.CallIDHeader(r.callID), sipmsg.MaxForwardsHeader(70)
	expires := 0
	if r.state != regLeaving {
		expires = int(r.asked / time.Second)
	}
	contact := &sipmsg.ContactHeader{Address: r.contact}
	contact.Params.Add("expires", strconv.Itoa(expires))
	for _, h := range []sipmsg.Header{from, &sipmsg.ToHeader{DisplayName: r.name, Address: aor}, &id,
		&sipmsg.CSeqHeader{SeqNo: r.seq, MethodName: sipmsg.REGISTER}, &forwards, contact} {
		req.AppendHeader(h)
	}
	if r.agent != "" {
		req.AppendHeader(sipmsg.NewHeader("User-Agent", r.agent))
	}
	if credentials != nil {
		req.AppendHeader(credentials)
	}
	req.SetBody(nil)
	r.emit(regSend{req})
}

// maxTries is how often one attempt answers a challenge or a 423.
const maxTries = 3

// response takes an answer to the REGISTER under way.
func (r *registration) response(now time.Time, in regResponse) {
	if !r.busy() || in.res.StatusCode < 200 || in.res.CSeq().SeqNo != r.seq {
		return
	}
	switch status := in.res.StatusCode; {
	case status < 300:
		r.bound(now, in.res)
	case (status == 401 || status == 407) && r.tries < maxTries:
		r.tries++
		h, err := in.authorize(in.req, in.res)
		if err != nil {
			r.failed(now, fmt.Errorf("%d %s: %w", status, in.res.Reason, err))
			return
		}
		r.send(h)
	case status == 423 && r.tries < maxTries && r.raise(in.res):
		r.tries++
		r.send(nil)
	default:
		r.failed(now, fmt.Errorf("%d %s", status, in.res.Reason))
	}
}

// raise takes over the least life that the registrar grants (§10.2.8).
func (r *registration) raise(res *sipmsg.Response) bool {
	h := res.GetHeader("Min-Expires")
	if h == nil {
		return false
	}
	least, err := strconv.Atoi(h.Value())
	if err != nil || least <= 0 || least > 1<<20 {
		return false
	}
	r.asked = max(r.asked, time.Duration(least)*time.Second)
	return true
}

// bound takes a 2xx.
func (r *registration) bound(now time.Time, res *sipmsg.Response) {
	if r.state == regLeaving {
		r.state = regIdle
		r.emit(regDone{})
		return
	}
	r.state, r.wanted, r.fails = regBound, true, 0
	life := r.granted(res)
	r.emit(regWake{now.Add(life - min(max(life/10, 5*time.Second), life/2))})
	r.emit(regDone{})
}

// granted is the life that the registrar gave our contact: its parameter, else Expires, else what we asked for.
func (r *registration) granted(res *sipmsg.Response) time.Duration {
	for _, h := range res.GetHeaders("contact") {
		c, ok := h.(*sipmsg.ContactHeader)
		if !ok || c.Address.User != r.contact.User || c.Address.Host != r.contact.Host || c.Address.Port != r.contact.Port {
			continue
		}
		if n, err := strconv.Atoi(c.Params.GetOr("expires", "")); err == nil && n > 0 && n <= 1<<20 {
			return time.Duration(n) * time.Second
		}
	}
	if h := res.GetHeader("expires"); h != nil {
		if n, err := strconv.Atoi(h.Value()); err == nil && n > 0 && n <= 1<<20 {
			return time.Duration(n) * time.Second
		}
	}
	return r.asked
}

// failed ends an attempt in vain; a binding that we had is asked for again, later each time.
func (r *registration) failed(now time.Time, err error) {
	switch {
	case r.state == regLeaving || !r.wanted:
		r.state = regIdle
	default:
		r.state = regWaiting
		r.emit(regWake{now.Add(min(2*time.Second<<min(r.fails, 5), time.Minute))})
		r.fails++
	}
	r.emit(regDone{fmt.Errorf("register sip:%s@%s: %w", r.user, r.domain, err)})
}
