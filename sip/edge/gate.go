package edge

import (
	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/auth"
	"ringway/sip/call"
	"ringway/sip/transport"
	"ringway/store"
)

// Admit decides who a caller is: a carrier by its address, everyone else by digest.
func (e *Edge) Admit(req *sipmsg.Request, flow transport.Flow) (call.Caller, *sipmsg.Response) {
	rules := e.rules.Load()
	if t, ok := rules.Trunks.Match(flow.Remote.Addr()); ok {
		e.o.Verified(flow.Remote)
		return e.carrier(req, t.Name, t.Context), nil
	}
	v := e.o.Auth.Check(req, e.peer(flow))
	switch {
	case v.Response != nil:
		return call.Caller{}, v.Response
	case v.Identity == nil:
		return call.Caller{}, transport.NewResponse(req, 403, "Forbidden")
	}
	e.o.Verified(flow.Remote)
	id := v.Identity
	switch id.Kind {
	case auth.KindTrunk:
		return e.carrier(req, id.Trunk, id.Context), nil
	case auth.KindApp:
		return call.Caller{Kind: store.Customer, Context: id.Context, Number: id.Subject, Name: id.Claims.Name, Claims: id.Claims,
			Session: id.Session, SessionCalls: rules.Sessions(id.Realm).Calls}, nil
	}
	shown := rules.Shown(id.Account)
	return call.Caller{Kind: shown.Kind, Account: id.Account, Agent: rules.PersonOf(id.Account), Context: id.Context, Number: shown.Number, Name: shown.Name}, nil
}

// carrier is a caller behind a trunk: inside the trust boundary only what the trunk may assert counts (RFC 3325 §9.1).
func (e *Edge) carrier(req *sipmsg.Request, name, context string) call.Caller {
	number, display := e.rules.Load().Trunks.CallerOf(name, req)
	return call.Caller{Kind: store.Customer, Trunk: name, Context: context, Number: number, Name: display}
}
