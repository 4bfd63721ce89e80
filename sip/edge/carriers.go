package edge

import (
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/call"
)

// Route says how a number is reached through a trunk by a call that began in context.
func (e *Edge) Route(name, number, context string) (call.Route, error) {
	r, err := e.rules.Load().Trunks.Route(name, context, number)
	if err != nil {
		return call.Route{}, err
	}
	if err := r.Acquire(); err != nil {
		return call.Route{}, err
	}
	out := call.Route{Target: r.URI, Proto: r.Hops[0].Proto, Addr: r.Hops[0].Addr, Trusted: r.Trunk.Identity, Release: sync.OnceFunc(r.Trunk.Release)}
	if r.From != "" {
		out.From = sipmsg.Uri{Scheme: "sip", User: r.From, Host: e.rules.Load().Realm}
	}
	if c := r.Trunk.Credentials; c != nil {
		out.Authorize = func(req *sipmsg.Request, res *sipmsg.Response) sipmsg.Header {
			h, err := c.Answer(req, res)
			if err != nil {
				e.o.Log.Warn("trunk challenge not answered", "trunk", name, "err", err)
				return nil
			}
			return h
		}
	}
	return out, nil
}
