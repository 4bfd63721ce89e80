package proxy

import (
	"strings"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// fork sends the request to all bindings and gathers what they answer.
func (p *Proxy) fork(s Server, bindings []location.Binding) {
	f := &fork{proxy: p, server: s, open: len(bindings)}
	token := p.token(s.Request())
	for i := range bindings {
		b := &bindings[i]
		req, ok := p.branch(s.Request(), b, token)
		if !ok {
			f.ended(nil, 480)
			continue
		}
		if _, err := p.o.Table.Send(req, b.Target(), f.event); err != nil {
			p.o.Log.Debug("request not forwarded", "aor", b.AOR, "err", err)
			f.ended(nil, 480) // a phone that cannot be reached; §16.7 has 503 for servers only
		}
	}
}

// branch is §16.6: the copy for one binding. Header parts of the contact are never applied (RFC 4475 §3.3.14), and our
// user's credentials and assertions stay here.
func (p *Proxy) branch(req *sipmsg.Request, b *location.Binding, token string) (*sipmsg.Request, bool) {
	uri, err := transport.ParseURI(b.Contact)
	flow := b.Target()
	if err != nil || !flow.Remote.IsValid() {
		return nil, false
	}
	uri.Headers = nil
	out := sipmsg.NewRequest(req.Method, uri)
	via := p.o.Vias.Via(flow)
	if via == nil {
		return nil, false
	}
	via.Params.Add(loopParam, token)
	out.AppendHeader(via)
	for _, path := range b.Path { // RFC 3327 §5.3: the route to the phone
		hop, err := transport.ParseURI(strings.Trim(path, "<> "))
		if err != nil {
			return nil, false
		}
		out.AppendHeader(&sipmsg.RouteHeader{Address: hop})
	}
	hops := sipmsg.MaxForwardsHeader(70)
	if m := req.MaxForwards(); m != nil {
		hops = *m - 1
	}
	out.AppendHeader(&hops)
	for _, h := range req.Headers() {
		if !ownHop[sipmsg.HeaderToLower(h.Name())] {
			out.AppendHeader(sipmsg.HeaderClone(h))
		}
	}
	out.SetBody(req.Body())
	return out, true
}

// ownHop are headers that are made anew for each hop, or do not leave.
var ownHop = map[string]bool{
	"route": true, "max-forwards": true, "content-length": true, "l": true,
	"authorization": true, "proxy-authorization": true, "p-asserted-identity": true, "p-preferred-identity": true,
}

// fork is one request on its way to several phones.
type fork struct {
	proxy  *Proxy
	server Server

	mu   sync.Mutex // a leaf; guards all below
	open int        // branches that have not ended
	best *sipmsg.Response
	own  int // status of our own when no phone gave an answer; 0: stay silent
	done bool
}

// event hears of one branch.
func (f *fork) event(e transaction.ClientEvent) {
	switch e.Kind {
	case transaction.Response:
		if e.Response.StatusCode >= 200 { // 1xx to other methods than INVITE go nowhere (RFC 4320 §4.1)
			f.ended(e.Response, 0)
		}
	case transaction.TransportError:
		f.ended(nil, 480)
	default: // Timeout: no late 408 (RFC 4320 §4.2)
		f.ended(nil, 0)
	}
}

// ended takes the end of a branch and answers when that decides the fork.
func (f *fork) ended(res *sipmsg.Response, own int) {
	if res, own := f.gather(res, own); res != nil {
		upstream(res, f.server.Request())
		f.proxy.respond(f.server, res)
	} else if own != 0 {
		f.proxy.refuse(f.server, &refusal{own, "Temporarily Unavailable"})
	}
}

// upstream gives a response the Vias of the request that it answers (§16.7 step 3): without ours, whatever the phone made
// of them.
func upstream(res *sipmsg.Response, req *sipmsg.Request) {
	for res.RemoveHeader("Via") {
	}
	vias := req.GetHeaders("Via")
	res.PrependHeader(vias...)
}

// gather is §16.7 steps 4 to 6 for requests that are not INVITE: the first 2xx at once, else the best when all have ended.
func (f *fork) gather(res *sipmsg.Response, own int) (*sipmsg.Response, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open--
	if f.done {
		return nil, 0
	}
	if own != 0 {
		f.own = own
	}
	if res != nil && res.StatusCode != 408 && (f.best == nil || rank(res.StatusCode) < rank(f.best.StatusCode)) {
		f.best = res
	}
	if res != nil && res.StatusCode < 300 || f.open == 0 {
		f.done = true
		return f.best, f.own
	}
	return nil, 0
}

// rank orders final answers, the best first: 2xx, 6xx, then the lowest class; within 4xx those that the sender can do
// something about (§16.7 step 6). 503 says something of a phone, not of us: it is the worst.
func rank(status int) int {
	switch status {
	case 401, 407, 415, 420, 484:
		return 40
	case 503:
		return 60
	}
	switch class := status / 100; class {
	case 2:
		return 0
	case 6:
		return 10
	case 4:
		return 41
	default:
		return class * 10
	}
}
